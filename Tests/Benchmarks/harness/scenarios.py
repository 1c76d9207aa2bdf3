"""The scenarios: which servers take part, and one run of each.

A run is a dictionary. `problems` lists, in sentences, why its figures must not be counted; an empty list is a good run.
"""

import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from . import client, processes, quiet, wrk

OURS = ("before-router", "router", "own", "near", "memory")
STATIC = ("before-router-static", "router-static", "own-static")
HITS = OURS + STATIC + ("article", "fastapi-cache2", "go", "rust", "nginx", "varnish", "nginx-static", "hummingbird")
MISSES = ("before-router", "router", "own", *STATIC, "article", "fastapi-cache2", "go", "rust")
SMALL, LARGE = 20, 20000
PAGES_OF_MISS = 20  # as in wrk.lua
STAMPEDE = 64
# Entries live for 60 s; hits have to be measured within them.
LIFETIME = 58


@dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    servers: tuple
    kind: str  # hit, miss, cold or stampede
    limit: int
    threads: int = 1
    connections: int = 1
    seconds: int = 60  # a run takes no longer, whatever the options say
    gzip: bool = False
    # What ratios are made of: a key of a run, and whether more of it is better.
    figure: str = "rate"
    more_is_better: bool = True
    # The scenario whose peers this one is compared with where they take no part in it.
    reference: str = ""


ALL = (
    Scenario("small", "3 KB hits, 64 connections", HITS, "hit", SMALL, 2, 64),
    Scenario(
        "single", "3 KB hits, one connection", HITS, "hit", SMALL, seconds=4, figure="p50", more_is_better=False
    ),
    Scenario("small-gzip", "3 KB hits, gzip, 64 connections", OURS, "hit", SMALL, 2, 64, gzip=True, reference="small"),
    Scenario("large1", "3.5 MB hits, one connection", HITS, "hit", LARGE, 1, 1, seconds=5),
    Scenario("large8", "3.5 MB hits, 8 connections", HITS, "hit", LARGE, 2, 8, seconds=6),
    Scenario(
        "large8-gzip", "3.5 MB hits, gzip, 8 connections", OURS, "hit", LARGE, 2, 8, 6, gzip=True, reference="large8"
    ),
    Scenario("miss", "3 KB misses, 64 connections", MISSES, "miss", SMALL, 2, 64, seconds=8),
    Scenario(
        "misslarge", "20,000-row misses, one at a time", MISSES + ("libpq",), "cold", LARGE,
        figure="milliseconds", more_is_better=False,
    ),
    Scenario(
        "stampede", "64 requests at once for one cold key, 3.5 MB",
        MISSES + ("go-coalesced", "nginx", "varnish"), "stampede", LARGE,
        connections=STAMPEDE, figure="last", more_is_better=False,
    ),
)  # fmt: skip
by_name = {scenario.name: scenario for scenario in ALL}


class Runner:
    """Runs scenarios against a server that is up."""

    def __init__(self, settings, sizes, seconds, gate, burst_limit):
        self.settings, self.sizes, self.gate, self.burst_limit = settings, sizes, gate, burst_limit
        self.seconds = seconds
        self.nonces = (f"r{number}" for number in count(1))

    def run(self, scenario, live):
        return getattr(self, scenario.kind)(scenario, live)

    def wait_until_quiet(self, live):
        if self.gate:
            quiet.wait_until_quiet(self.roots(live))

    def roots(self, live):
        return [*live.all, self.settings.postgres, self.settings.redis]

    # ----------------------------------------------------------------------------------------------------- the measuring

    def measured(self, live, load):
        """Runs the load; adds CPU per 1,000 requests, peak memory, Postgres' queries and what others used meanwhile."""
        self.settings.forget_queries()
        processes.forget_peak_memory(live.own)
        spin = quiet.spin_milliseconds()
        parts = {"server": live.all, "redis": [self.settings.redis], "postgres": [self.settings.postgres]}
        before = {part: processes.cpu_seconds(roots) for part, roots in parts.items()}
        watch = quiet.Watch(self.roots(live))
        result = load()
        result |= watch.stop()
        thousands = result["requests"] / 1000
        for part, roots in parts.items():
            used = processes.cpu_seconds(roots) - before[part]
            result[f"cpu_{part}"] = used / thousands if thousands else None
        result["memory"] = processes.peak_memory_mb(live.own)
        result["queries"] = self.settings.queries()
        result["spin"] = (spin + quiet.spin_milliseconds()) / 2
        return result

    # -------------------------------------------------------------------------------------------------------------- hits

    def hit(self, scenario, live):
        fields = {"Accept-Encoding": "gzip"} if scenario.gzip else {}
        self.wait_until_quiet(live)
        url = live.url(scenario.limit, next(self.nonces))
        stored = time.time()
        warm = self.warm(url, fields)
        seconds = min(self.seconds, scenario.seconds)
        if warm.milliseconds > 150:  # a few slow answers: look longer
            seconds = min(18, 3 * seconds)
        else:
            wrk.run(url, scenario.threads, scenario.connections, min(2, seconds), fields)
        quiet.settle(live.all)
        load = lambda: wrk.run(url, scenario.threads, scenario.connections, seconds, fields)
        result = self.measured(live, load)
        last = client.fetch(url, fields)
        result |= {"body_bytes": len(warm.body), "head_bytes": warm.head_bytes}
        result["problems"] = [
            *load_problems(result),
            *self.hit_problems(scenario, live, warm, last, result),
            *([f"the entry was older than {LIFETIME} s"] if time.time() - stored > LIFETIME else []),
        ]
        return result

    def warm(self, url, fields):
        """Asks until the answer is stored, and all workers have seen it; returns the last answer."""
        client.fetch(url, fields)
        time.sleep(0.3)  # the cache is written in the background
        for _ in range(3):
            client.fetch(url, fields)
        return client.fetch(url, fields)

    def hit_problems(self, scenario, live, warm, last, result):
        for answer in (warm, last):
            if answer.status != 200:
                yield f"status {answer.status}"
            if live.server.kind == "ours" and "; hit" not in answer.fields.get("cache-status", ""):
                yield f"no hit: Cache-Status {answer.fields.get('cache-status')}"
            if scenario.gzip and answer.fields.get("content-encoding") != "gzip":
                yield "the body is not gzip"
            if not scenario.gzip and len(answer.body) != self.sizes[live.server.name, scenario.limit]:
                yield f"a body of {len(answer.body):,} bytes"
        if last.body != warm.body:
            yield "the body is another one than before the run"
        heads = (warm.head_bytes + last.head_bytes) / 2
        wrong = wrk.wrong_size(result, heads + len(warm.body), scenario.connections)
        if wrong:
            yield wrong
        if result["queries"] > 0:
            yield f"{result['queries']} queries during hits"

    # ------------------------------------------------------------------------------------------------------------ misses

    def miss(self, scenario, live):
        self.wait_until_quiet(live)
        expected = self.miss_bytes(live)
        seconds = min(self.seconds, scenario.seconds)

        def load(length):
            return wrk.run(live.target, scenario.threads, scenario.connections, length, seed=next(self.nonces))

        load(min(2, seconds))
        quiet.settle(live.all)
        self.settings.empty_redis()
        result = self.measured(live, lambda: load(seconds))
        quiet.settle(live.all)
        result["stored"] = min(1, self.settings.entries() / max(1, result["requests"]))
        result["problems"] = load_problems(result)
        # Answers that were not stored have fewer fields.
        wrong = wrk.wrong_size(result, expected, scenario.connections, slack=64)
        if wrong:
            result["problems"].append(wrong)
        if result["queries"] < result["requests"]:
            result["problems"].append(f"{result['queries']} queries for {result['requests']} misses")
        return result

    def miss_bytes(self, live):
        """The mean size of a miss, head and body."""
        sizes = []
        for page in range(PAGES_OF_MISS):
            answer = client.fetch(live.url(SMALL, next(self.nonces), skip=page * SMALL))
            sizes.append(answer.head_bytes + len(answer.body))
        return statistics.mean(sizes)

    def cold(self, scenario, live):
        """Five requests for keys that nobody has asked for, one after the other."""
        self.wait_until_quiet(live)
        times, problems = [], []
        client.fetch(live.url(scenario.limit, next(self.nonces)))
        quiet.settle(live.all)

        def load():
            for _ in range(5):
                answer = client.fetch(live.url(scenario.limit, next(self.nonces)))
                times.append(answer.milliseconds)
                problems.extend(self.answer_problems(live, scenario, answer.status, len(answer.body)))
                quiet.settle(live.all)  # the write in the background has ended
            return {"requests": 5}

        result = self.measured(live, load)
        if result["queries"] != 5:
            problems.append(f"{result['queries']} queries for 5 misses")
        return {**result, "milliseconds": statistics.median(times), "times": times, "problems": sorted(set(problems))}

    def answer_problems(self, live, scenario, status, size):
        if status != 200:
            yield f"status {status}"
        elif size != self.sizes[live.server.name, scenario.limit]:
            yield f"a body of {size:,} bytes"

    # ---------------------------------------------------------------------------------------------------------- stampede

    def stampede(self, scenario, live):
        client.fetch(live.url(scenario.limit, next(self.nonces)))
        quiet.settle(live.all)
        self.wait_until_quiet(live)
        self.settings.empty_redis()
        time.sleep(0.3)
        bursts = []

        def load():
            bursts.append(client.burst(live.url(scenario.limit, next(self.nonces)), STAMPEDE, self.burst_limit))
            if len(bursts[0].seconds) == STAMPEDE:
                quiet.settle(live.all)
            return {"requests": len(bursts[0].seconds)}

        result = self.measured(live, load)
        burst = bursts[0]
        result |= {
            "first": min(burst.seconds, default=None),
            "last": max(burst.seconds, default=None),
            "answered": sum(status == 200 for status in burst.statuses),
        }
        problems = []
        if len(burst.seconds) < STAMPEDE:
            problems.append(f"{STAMPEDE - len(burst.seconds)} of {STAMPEDE} not answered within {self.burst_limit} s")
        for status, size in zip(burst.statuses, burst.sizes):
            problems.extend(self.answer_problems(live, scenario, status, size))
        return {**result, "problems": sorted(set(problems))}


def load_problems(result):
    problems = []
    if result["requests"] == 0:
        problems.append("no answer at all")
    if result["errors"]:
        problems.append(f"{result['errors']} errors of connections")
    if result["non_2xx"]:
        problems.append(f"{result['non_2xx']} answers with an error status")
    return problems


def probe_libpq(scenario, roots):
    """libpq's own time for the rows, in a process of its own."""
    watch = quiet.Watch(roots)
    spin = quiet.spin_milliseconds()
    command = [sys.executable, "-B", str(Path(__file__).with_name("libpq.py")), "9", str(scenario.limit)]
    times = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return {
        "requests": len(times), "milliseconds": statistics.median(times), "times": times, "problems": [],
        "spin": spin, **watch.stop(),
    }  # fmt: skip
