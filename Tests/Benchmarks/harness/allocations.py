"""Counts what the servers allocate for a request. Unlike times, the counts are nearly the same on every machine and run."""

import struct
import time

from . import bodies, client, quiet
from .scenarios import SMALL
from .servers import by_name, running

# What is asked, of which server, and what Cache-Status has to say of each answer.
CASES = (
    ("before-router", "hit", "; hit"),
    ("near", "hit", "; hit"),
    ("memory", "hit", "; hit"),
    ("router", "hit", "; hit"),
    ("router", "miss", "; fwd=uri-miss"),
    # What the framework needs for a body that is there.
    ("hummingbird", "hit", ""),
)
WARM_UP, REQUESTS = 200, 2000
COUNTERS = "malloc", "calloc", "realloc", "aligned", "bytes"


def count(settings, name, kind, expected):
    """Allocations and bytes per request, one request at a time on one connection."""
    counters = settings.folder / f"allocations-{name}-{kind}"
    counters.unlink(missing_ok=True)
    preload = {
        "LD_PRELOAD": settings.tools / "count-allocations.so",
        "ALLOCATION_COUNTERS": counters,
    }
    numbers = iter(range(WARM_UP + REQUESTS))

    def ask(connection, live):
        nonce = f"{kind}-{next(numbers)}" if kind == "miss" else "hit"
        answer = client.ask(connection, live.url(SMALL, nonce))
        if answer.status != 200 or expected not in answer.fields.get("cache-status", ""):
            raise SystemExit(f"bench.py: {name} gave no {kind}: {answer.status} {answer.fields.get('cache-status')}")

    def read():
        return struct.unpack(f"={len(COUNTERS)}q", counters.read_bytes()[: 8 * len(COUNTERS)])

    with running(by_name[name], settings, preload) as live:
        if kind == "hit":
            client.fetch(live.url(SMALL, "hit"))
            time.sleep(0.3)  # the cache is written in the background
        with client.connect(live.target, 60) as connection:
            for _ in range(WARM_UP):
                ask(connection, live)
            quiet.settle(live.all)
            before = read()
            for _ in range(REQUESTS):
                ask(connection, live)
            quiet.settle(live.all)
            after = read()
    used = dict(zip(COUNTERS, ((new - old) / REQUESTS for old, new in zip(before, after))))
    return sum(used[name] for name in COUNTERS[:4]), used["bytes"]


def report(settings):
    bodies.write_constants(settings)
    lines = ["| server | | allocations | bytes |", "|---|---|---:|---:|"]
    for case in CASES:
        allocations, size = count(settings, *case)
        lines.append(f"| {case[0]} | {case[1]} | {allocations:.1f} | {size:,.0f} |")
    return "\n".join(lines)
