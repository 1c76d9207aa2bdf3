"""The servers that are compared: how each is started, asked and stopped."""

import contextlib
import os
import random
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass, field

from . import processes
from .settings import HERE

# Postgres connections that each server may have, over all of its workers.
CONNECTIONS = 16
WORKERS = 2
PEERS = HERE / "peers"


@dataclass(frozen=True)
class Server:
    name: str
    title: str
    kind: str  # ours, peer, proxy, constant, or probe: not a server, see libpq.py
    start: object  # called with a Launch and a port
    path: str = "/api/v1/users"
    files: tuple = ()  # of a constant server: the paths of the small and of the large body


@dataclass
class Running:
    server: Server
    port: int
    process: subprocess.Popen
    others: list = field(default_factory=list)  # what the server needs beside it: a proxy's origin

    @property
    def own(self):
        return [self.process.pid]

    @property
    def all(self):
        return [self.process.pid, *(other.pid for other in self.others)]

    @property
    def target(self):
        return f"http://127.0.0.1:{self.port}{self.server.path}"

    def url(self, limit, nonce=None, skip=0):
        """The page; a nonce makes the key of this request another one, and nothing else."""
        if self.server.kind == "constant":
            return f"http://127.0.0.1:{self.port}{self.server.files[limit > 20]}"
        return f"{self.target}?skip={skip}&limit={limit}" + (f"&n={nonce}" if nonce else "")


# ------------------------------------------------------------------------------------------------ starting and stopping


def free_port():
    """A loopback port that nobody has, from below the range that systems give to outgoing connections."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass


class Launch:
    """Starts processes for one server, with a log each, and stops them."""

    def __init__(self, settings, environment=None):
        self.settings = settings
        self.environment = environment or {}
        self.started = []

    def spawn(self, name, command, environment=None, folder=None):
        own = {**self.environment, **(environment or {})}
        with open(self.settings.folder / f"{name}.log", "ab") as log:
            process = subprocess.Popen(
                [str(word) for word in command],
                env={**os.environ, **{key: str(value) for key, value in own.items()}},
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        # For run.sh, should this process die.
        pid_file = self.settings.folder / "started" / f"{name}.pid"
        pid_file.write_text(f"{process.pid}\n")
        self.started.append((process, pid_file))
        return process

    def wait_for(self, name, process, port, seconds=30):
        end = time.time() + seconds
        while time.time() < end and process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                return
            time.sleep(0.05)
        log = (self.settings.folder / f"{name}.log").read_text(errors="replace")
        raise RuntimeError(f"{name} did not start:\n" + "\n".join(log.splitlines()[-15:]))

    def configuration(self, template, name, **values):
        """A configuration file, with @NAME@ filled in."""
        text = template.read_text()
        for key, value in values.items():
            text = text.replace(f"@{key}@", str(value))
        path = self.settings.folder / name
        path.write_text(text)
        return path

    def stop(self):
        for process, pid_file in reversed(self.started):
            processes.end(process)
            pid_file.unlink(missing_ok=True)
        self.started.clear()


@contextlib.contextmanager
def running(server, settings, environment=None):
    """The server, alone with what it needs, on a free port and with an empty Redis."""
    settings.empty_redis()
    launch = Launch(settings, environment)
    try:
        yield server.start(launch, server, free_port())
    finally:
        launch.stop()


# ------------------------------------------------------------------------------------------------------------- each one


def start_ours(launch, server, port):
    environment = {"HOST": "127.0.0.1", "PORT": port, "DATABASE_POOL_MAX": CONNECTIONS}
    environment["DATABASE_URL"] = launch.settings.database_url
    if server.name.startswith("own") or server.name in ("near", "memory"):
        environment["BENCHMARK_SERVER"] = "own"
    if server.name != "memory":
        environment["REDIS_URL"] = launch.settings.redis_url
    products = launch.settings.static_products if server.name.endswith("-static") else launch.settings.products
    process = launch.spawn(server.name, [products / "benchmark-server"], environment)
    launch.wait_for(server.name, process, port)
    return Running(server, port, process)


def start_python(launch, server, port):
    environment = {"DATABASE_URL": launch.settings.database_url, "REDIS_URL": launch.settings.redis_url}
    environment["DB_POOL"] = CONNECTIONS // WORKERS
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    command = [launch.settings.tools / "python/bin/uvicorn", "main:app", "--host", "127.0.0.1", "--port", port]
    command += ["--workers", WORKERS, "--loop", "uvloop", "--http", "httptools", "--no-access-log"]
    command += ["--log-level", "warning"]
    process = launch.spawn(server.name, command, environment, PEERS / server.name)
    launch.wait_for(server.name, process, port)
    return Running(server, port, process)


def start_go(launch, server, port):
    environment = {"DATABASE_URL": launch.settings.database_url, "REDIS_URL": launch.settings.redis_url}
    environment |= {"DB_POOL": CONNECTIONS, "PORT": port, "COALESCE": int(server.name == "go-coalesced")}
    process = launch.spawn(server.name, [launch.settings.tools / "go-users"], environment)
    launch.wait_for(server.name, process, port)
    return Running(server, port, process)


def start_rust(launch, server, port):
    environment = {"DATABASE_URL": launch.settings.database_url, "DB_POOL": CONNECTIONS, "PORT": port}
    environment["REDIS_ADDR"] = launch.settings.redis_url.removeprefix("redis://")
    process = launch.spawn(server.name, [launch.settings.tools / "rust/release/rust-users"], environment)
    launch.wait_for(server.name, process, port)
    return Running(server, port, process)


def start_origin(launch):
    return start_python(launch, by_name["article"], free_port())


def start_nginx(launch, server, port):
    origin = start_origin(launch)
    cache = launch.settings.memory_folder / "nginx"
    shutil.rmtree(cache, ignore_errors=True)
    cache.mkdir(parents=True)
    if os.geteuid() == 0:
        shutil.chown(cache, "www-data")
    configuration = launch.configuration(
        PEERS / "nginx/cache.conf.in", "nginx.conf",
        FOLDER=launch.settings.folder, CACHE=cache, PORT=port, ORIGIN=origin.port,
    )  # fmt: skip
    running = run_nginx(launch, server, port, configuration)
    running.others = [origin.process]
    return running


def start_static(launch, server, port):
    configuration = launch.configuration(
        PEERS / "nginx/static.conf.in", "nginx-static.conf", FOLDER=launch.settings.folder, PORT=port
    )
    return run_nginx(launch, server, port, configuration)


def run_nginx(launch, server, port, configuration):
    command = ["nginx", "-c", configuration]
    if os.geteuid() == 0:
        command += ["-g", "user www-data;"]
    process = launch.spawn(server.name, command)
    launch.wait_for(server.name, process, port)
    return Running(server, port, process)


def start_varnish(launch, server, port):
    origin = start_origin(launch)
    configuration = launch.configuration(PEERS / "varnish/default.vcl.in", "default.vcl", ORIGIN=origin.port)
    command = ["varnishd", "-F", "-a", f"127.0.0.1:{port}", "-f", configuration]
    command += ["-n", launch.settings.folder / "varnish", "-s", "malloc,1g", "-T", "none"]
    process = launch.spawn(server.name, command)
    launch.wait_for(server.name, process, port)
    return Running(server, port, process, [origin.process])


def start_constant(launch, server, port):
    bodies = launch.settings.folder / "bodies"
    environment = {"PORT": port, "BODY_SMALL": bodies / "small.json", "BODY_LARGE": bodies / "large.json"}
    process = launch.spawn(server.name, [launch.settings.products / "benchmark-constant"], environment)
    launch.wait_for(server.name, process, port)
    return Running(server, port, process)


OURS = (
    Server("before-router", "CachedRoutes, Redis, before the router", "ours", start_ours, "/before/users"),
    Server("router", "CachedRoutes, Redis, in the router", "ours", start_ours),
    Server(
        "before-router-static", "CachedRoutes, Redis, before the router, Swift linked statically", "ours", start_ours,
        "/before/users",
    ),
    Server("router-static", "CachedRoutes, Redis, in the router, Swift linked statically", "ours", start_ours),
    Server("own", "CachedRoutes, Redis, its own server", "ours", start_ours),
    Server("own-static", "CachedRoutes, Redis, its own server, Swift linked statically", "ours", start_ours),
    Server("near", "CachedRoutes, Redis, near cache, its own server", "ours", start_ours, "/near/users"),
    Server("memory", "CachedRoutes, memory, its own server", "ours", start_ours, "/before/users"),
)  # fmt: skip
OTHERS = (
    Server("article", "FastAPI as in the article", "peer", start_python),
    Server("fastapi-cache2", "FastAPI, fastapi-cache2", "peer", start_python),
    Server("go", "Go: net/http, redigo, pgx", "peer", start_go),
    Server("go-coalesced", "the same, one query for a key", "peer", start_go),
    Server("rust", "Rust: hyper, tokio-postgres, one pipelined connection to Redis", "peer", start_rust),
    Server("nginx", "nginx proxy_cache", "proxy", start_nginx),
    Server("varnish", "Varnish", "proxy", start_varnish),
    Server("nginx-static", "nginx, files", "constant", start_static, files=("/small.json", "/large.json")),
    Server("hummingbird", "Hummingbird, constants", "constant", start_constant, files=("/small", "/large")),
    Server("libpq", "libpq alone: fetches the rows", "probe", None),
)
ALL = OURS + OTHERS
by_name = {server.name: server for server in ALL}
