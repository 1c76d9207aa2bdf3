"""What run.sh tells bench.py through the environment: where things are, and the servers that everything shares."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    folder: Path  # logs, configurations, process ids; removed at the end
    memory_folder: Path  # where nginx keeps its cache: a file system in memory
    products: Path  # the executables that Swift has built
    static_products: Path  # those that have Swift's runtime and libraries in themselves
    tools: Path  # the Python environment and the Go program
    database_url: str
    postgres: int  # process ids
    redis: int
    redis_port: int

    @property
    def redis_url(self):
        return f"redis://127.0.0.1:{self.redis_port}/0"

    def sql(self, statement):
        """What psql prints; PGHOST and the like tell it where."""
        command = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip("\n")

    def empty_redis(self):
        command = ["redis-cli", "-h", "127.0.0.1", "-p", str(self.redis_port), "flushall"]
        subprocess.run(command, capture_output=True, check=True)

    def entries(self):
        """How many keys Redis has."""
        command = ["redis-cli", "-h", "127.0.0.1", "-p", str(self.redis_port), "dbsize"]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-1])

    def forget_queries(self):
        self.sql("SELECT pg_stat_statements_reset()")

    def queries(self):
        """How often the table has been asked by a server since `forget_queries`."""
        return int(
            self.sql(
                "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements"
                " WHERE query ~* 'from users' AND query !~ 'pg_stat_statements|row_to_json'"
            )
        )


def from_environment():
    value = os.environ
    return Settings(
        folder=Path(value["BENCHMARK_FOLDER"]),
        memory_folder=Path(value["BENCHMARK_MEMORY_FOLDER"]),
        products=Path(value["BENCHMARK_PRODUCTS"]),
        static_products=Path(value["BENCHMARK_STATIC_PRODUCTS"]),
        tools=Path(value["BENCHMARK_TOOLS"]),
        database_url=value["DATABASE_URL"],
        postgres=int(value["BENCHMARK_POSTGRES"]),
        redis=int(value["BENCHMARK_REDIS"]),
        redis_port=int(value["BENCHMARK_REDIS_PORT"]),
    )
