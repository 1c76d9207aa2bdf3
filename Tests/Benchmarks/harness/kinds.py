"""What a hit costs this project's server with each kind of Redis: alone, with TLS, and clusters. All in one run, by turns."""

import statistics
import subprocess
import time

from . import client, processes, wrk
from .servers import CONNECTIONS, Launch, free_port

PATH = "/tagged/users?skip=40&limit=20"
CLIENTS, SECONDS = 64, 1
SLOTS = 16384


def redis(launch, name, *options):
    """A Redis on a free port."""
    port = free_port()
    folder = launch.settings.folder / name
    folder.mkdir()
    command = ["redis-server", "--bind", "127.0.0.1", "--port", port, "--dir", folder, "--save", "", *options]
    launch.wait_for(name, launch.spawn(name, command), port)
    return port


def cli(port, *words):
    command = ["redis-cli", "-h", "127.0.0.1", "-p", *map(str, (port, *words))]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def with_tls(launch):
    """A Redis with TLS, and the environment by which the server finds and trusts it."""
    folder, port = launch.settings.folder, free_port()
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "tls.key", "-out", folder / "tls.crt"]
    subprocess.run([str(word) for word in command], capture_output=True, check=True)
    redis(
        launch, "redis-tls", "--tls-port", port, "--tls-cert-file", folder / "tls.crt",
        "--tls-key-file", folder / "tls.key", "--tls-auth-clients", "no",
    )  # fmt: skip
    return {"REDIS_URL": f"rediss://localhost:{port}", "REDIS_TLS_CA_FILE": folder / "tls.crt"}


def cluster(launch, count):
    """A cluster of so many primaries without replicas, and the environment by which the server finds it."""
    options = ("--cluster-enabled", "yes", "--cluster-node-timeout", "60000")
    ports = [redis(launch, f"redis-{number}-of-{count}", *options) for number in range(count)]
    for number, port in enumerate(ports):
        cli(port, "cluster", "set-config-epoch", number + 1)
        cli(port, "cluster", "addslotsrange", number * SLOTS // count, (number + 1) * SLOTS // count - 1)
        if number:
            cli(port, "cluster", "meet", "127.0.0.1", ports[0])
    end = time.time() + 30
    while not all(f"cluster_size:{count}" in cli(p, "cluster", "info") and "state:ok" in cli(p, "cluster", "info") for p in ports):
        if time.time() > end:
            raise SystemExit("bench.py: the cluster does not come about")
        time.sleep(0.1)
    return {"REDIS_URL": "redis+cluster://" + ",".join(f"127.0.0.1:{port}" for port in ports)}


def start(launch, name, environment):
    """This project's server with a Redis, and the URL of a hit."""
    port = free_port()
    own = {"HOST": "127.0.0.1", "PORT": port, "DATABASE_URL": launch.settings.database_url, "BENCHMARK_SERVER": "own"}
    own["DATABASE_POOL_MAX"] = CONNECTIONS
    process = launch.spawn(f"server-{name}", [launch.settings.products / "benchmark-server"], {**own, **environment})
    launch.wait_for(f"server-{name}", process, port)
    url = f"http://127.0.0.1:{port}{PATH}"
    end = time.time() + 10
    while "; hit" not in client.fetch(url).fields.get("cache-status", ""):
        if time.time() > end:
            raise SystemExit(f"bench.py: no hits with {name}")
        time.sleep(0.2)
    return process.pid, url


def cost(process, url):
    """The server's processor time for a hit, in microseconds."""
    before = processes.cpu_seconds([process])
    found = wrk.run(url, 1, CLIENTS, SECONDS)
    used = processes.cpu_seconds([process]) - before
    if found["errors"] or found["non_2xx"]:
        raise SystemExit("bench.py: a request failed")
    return used / found["requests"] * 1e6


def report(settings, rounds):
    launch = Launch(settings)
    try:
        kinds = [("plain", {"REDIS_URL": settings.redis_url}), ("TLS", with_tls(launch))]
        for count in 1, 2, 3:
            kinds.append((f"cluster of {count} {'primary' if count == 1 else 'primaries'}", cluster(launch, count)))
        live = [(name, *start(launch, name.replace(" ", "-"), environment)) for name, environment in kinds]
        costs = {name: [] for name, _, _ in live}
        # The first round does not count. Each begins where the last one has ended.
        for turn in range(rounds + 1):
            for name, process, url in live if turn % 2 == 0 else reversed(live):
                found = cost(process, url)
                if turn:
                    costs[name].append(found)
    finally:
        launch.stop()
    lines = [
        f"Hits of an entry with three tag versions, {CLIENTS} connections; processor time of the server for a hit,"
        f" medians of {rounds} rounds of {SECONDS} s. Each is compared with the plain Redis of its round: a machine has its moods.",
        "",
        "| Redis | µs | times plain | lowest | highest |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, found in costs.items():
        ratio = statistics.median(one / plain for one, plain in zip(found, costs["plain"]))
        lines.append(f"| {name} | {statistics.median(found):.1f} | {ratio:.2f} | {min(found):.1f} | {max(found):.1f} |")
    return "\n".join(lines)
