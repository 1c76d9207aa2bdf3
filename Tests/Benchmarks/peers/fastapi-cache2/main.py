"""fastapi-cache2's decorator and Redis backend on the same route.

The key builder is the one in the library's README: method, path and all
query parameters, sorted.
"""
import os
from contextlib import asynccontextmanager
from datetime import datetime
from typing import AsyncGenerator, List

import redis.asyncio as aioredis
from fastapi import Depends, FastAPI, Query
from fastapi_cache import FastAPICache
from fastapi_cache.backends.redis import RedisBackend
from fastapi_cache.decorator import cache
from sqlalchemy import DateTime
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlmodel import Field, SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

TTL = int(os.environ.get("CACHE_TTL", "60"))
engine = create_async_engine(
    os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://", 1),
    pool_size=int(os.environ.get("DB_POOL", "16")),
    max_overflow=0,
)
SessionLocal = async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)


async def get_async_session() -> AsyncGenerator[AsyncSession, None]:
    async with SessionLocal() as session:
        yield session


class User(SQLModel):
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


def request_key_builder(
    func, namespace="", *, request=None, response=None, args=None, kwargs=None
):
    return ":".join(
        [
            namespace,
            request.method.lower(),
            request.url.path,
            repr(sorted(request.query_params.items())),
        ]
    )


@asynccontextmanager
async def lifespan(app: FastAPI):
    client = aioredis.from_url(os.environ["REDIS_URL"])
    FastAPICache.init(
        RedisBackend(client), prefix="fastapi-cache", key_builder=request_key_builder
    )
    yield
    await client.aclose()


app = FastAPI(lifespan=lifespan)


@app.get("/api/v1/users", response_model=List[User])
@cache(expire=TTL)
async def get_pagination_cache(
    skip: int = Query(0),
    limit: int = Query(20),
    session: AsyncSession = Depends(get_async_session),
):
    result = await session.exec(
        select(UserRow).order_by(UserRow.id).offset(skip).limit(limit)
    )
    return result.all()
