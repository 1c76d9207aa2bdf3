"""Shows how much memory this project's server takes while hits of a large body are sent, and what it keeps after them."""

import time

from . import client, processes
from .servers import by_name, running

MEGABYTES = 50
# Where hits are answered, and the path of the route that has a body of so many megabytes.
CASES = (("before-router", "/before/text"), ("router", "/api/v1/text"))
CONNECTIONS = 1, 4, 8
# The memory of large replies is used again for ten seconds.
AFTERWARDS = 12
# Redis copies several such bodies before it sends the first.
ENVIRONMENT = {"REDIS_COMMAND_TIMEOUT": "2s"}
BLOCK = 1 << 16


def hits(url, count):
    """So many hits at once, whose clients read nothing until all answers have begun; checks each of them."""
    connections = [client.connect(url, 60) for _ in range(count)]
    try:
        for connection in connections:
            connection.sendall(client.request_bytes(url, {}))
        answers = [client.Pending() for _ in connections]
        for connection, answer in zip(connections, answers):
            answer.take(connection.recv(BLOCK))
        time.sleep(1)  # a server that would buffer without bound does it now
        for connection, answer in zip(connections, answers):
            while not answer.complete:
                block = connection.recv(BLOCK)
                if not block:
                    raise SystemExit("bench.py: an answer ended too early")
                answer.take(block)
            if answer.status != 200 or "; hit" not in answer.fields.get("cache-status", ""):
                cache_status = answer.fields.get("cache-status")
                raise SystemExit(f"bench.py: no hit for {count} clients: {answer.status} {cache_status}")
    finally:
        for connection in connections:
            connection.close()


def measure(settings, name, path, count):
    """Resident memory before, at the peak, and afterwards, in MB."""
    with running(by_name[name], settings, ENVIRONMENT) as live:
        url = f"http://127.0.0.1:{live.port}{path}?megabytes={MEGABYTES}"
        client.fetch(url)
        time.sleep(1)  # the cache is written in the background
        hits(url, 1)
        time.sleep(AFTERWARDS)
        before = processes.resident_memory_mb(live.own)
        processes.forget_peak_memory(live.own)
        hits(url, count)
        peak = processes.peak_memory_mb(live.own)
        time.sleep(AFTERWARDS)
        return before, peak, processes.resident_memory_mb(live.own)


def report(settings):
    lines = [
        f"Hits of {MEGABYTES} MB whose clients begin to read after a second; MB of resident memory.",
        "",
        "| server | connections | before | at the peak | for a connection, in bodies | 12 s after |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, path in CASES:
        for count in CONNECTIONS:
            before, peak, after = measure(settings, name, path, count)
            bodies = (peak - before) * (1 << 20) / (MEGABYTES * 1_000_000) / count
            lines.append(f"| {name} | {count} | {before:.0f} | {peak:.0f} | {bodies:.2f} | {after:.0f} |")
    return "\n".join(lines)
