"""The article's design: FastAPI, SQLModel on asyncpg, a Redis key per request, orjson both ways.

What it does per request, as the article describes it: key from method, path and sorted query; TTL and GET in one
pipeline; on a hit decode, validate and encode again; on a miss query, answer, and encode and SET in a background task.
"""
import os
from contextlib import asynccontextmanager
from datetime import datetime
from typing import List
from urllib.parse import urlencode

import orjson
import redis.asyncio as redis
from fastapi import BackgroundTasks, Depends, FastAPI, Request
from fastapi.encoders import jsonable_encoder
from sqlalchemy import DateTime
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlmodel import Field, SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

TTL = int(os.environ.get("CACHE_TTL", "60"))
store = redis.Redis.from_pool(redis.ConnectionPool.from_url(os.environ["REDIS_URL"]))
engine = create_async_engine(
    os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://", 1),
    pool_size=int(os.environ.get("DB_POOL", "16")),
    max_overflow=0,
)
sessions = async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)


class User(SQLModel):
    """The answer's shape; the table's own class as response_model makes pydantic warn for every row of a hit."""

    id: int
    email: str
    full_name: str
    is_active: bool
    created_at: datetime
    bio: str


class UserRow(SQLModel, table=True):
    __tablename__ = "users"
    id: int = Field(primary_key=True)
    email: str
    full_name: str
    is_active: bool
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    bio: str


@asynccontextmanager
async def lifespan(_: FastAPI):
    await store.ping()
    yield
    await store.aclose()


app = FastAPI(lifespan=lifespan)


async def session():
    async with sessions() as s:
        yield s


def key_of(request: Request) -> str:
    query = urlencode(sorted(request.query_params.items()), doseq=True)
    return f"{request.method.lower()}:{request.url.path}:{query}"


async def remember(key: str, rows) -> None:
    body = orjson.dumps(rows, default=jsonable_encoder, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY)
    await store.set(key, body, ex=TTL)


async def page(db: AsyncSession, skip: int, limit: int):
    return (await db.exec(select(UserRow).order_by(UserRow.id).offset(skip).limit(limit))).all()


@app.get("/api/v1/users", response_model=List[User])
async def users(request: Request, tasks: BackgroundTasks, skip: int = 0, limit: int = 20, db: AsyncSession = Depends(session)):
    key = key_of(request)
    _, found = await store.pipeline().ttl(key).get(key).execute()
    if found:
        return orjson.loads(found)
    rows = await page(db, skip, limit)
    tasks.add_task(remember, key, rows)
    return rows
