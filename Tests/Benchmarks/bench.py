#!/usr/bin/env python3
"""Measures the servers side by side. run.sh starts what it needs and calls it; --compare and --report need nothing.

Rounds go through the servers forwards, then backwards. Each server is started for its run and stopped after it, so that
only one is there while it is measured. A run that others have disturbed is repeated, at most twice, and the quietest is
kept.
"""

import sys

sys.dont_write_bytecode = True

import argparse
import signal
import time
from pathlib import Path

import chart
from harness import allocations, bodies, compare, kinds, machine, memory, quiet, results, scenarios, servers, settings, tables


def log(text):
    print(text, file=sys.stderr, flush=True)


def names(text, known, what):
    chosen = text.split(",") if text else list(known)
    for name in chosen:
        if name not in known:
            raise SystemExit(f"bench.py: there is no {what} {name}; there are {', '.join(known)}")
    return chosen


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenarios", default="", help="some of " + ", ".join(scenarios.by_name))
    parser.add_argument("--servers", default="", help="some of " + ", ".join(servers.by_name))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=8, help="the length of a run; some scenarios take less")
    parser.add_argument("--burst-limit", type=int, default=20, help="give up on a stampede after so many seconds")
    parser.add_argument("--no-gate", action="store_true", help="do not wait for a quiet machine, repeat no run")
    parser.add_argument("--out", help="the result file")
    parser.add_argument("--allocations", action="store_true", help="count this project's allocations, and nothing else")
    parser.add_argument("--memory", action="store_true", help="show what hits of 50 MB take, and nothing else")
    parser.add_argument("--redis-kinds", action="store_true", help="compare hits from kinds of Redis, and nothing else")
    parser.add_argument("--compare", nargs=2, metavar=("OLD", "NEW"), help="print two result files side by side")
    parser.add_argument("--report", metavar="FILE", help="print the tables of a result file, and draw its chart again")
    options = parser.parse_args()
    options.scenarios = names(options.scenarios, scenarios.by_name, "scenario")
    options.servers = names(options.servers, servers.by_name, "server")
    if options.rounds < 1 or not 1 <= options.seconds <= 20:
        parser.error("--rounds starts at 1, --seconds goes from 1 to 20")
    return options


# ------------------------------------------------------------------------------------------------------------- one run


def attempts(scenario, server, runner, gate):
    """The runs that it took; the quietest is marked as the one to keep."""
    found = []
    for _ in range(3 if gate else 1):
        found.append(run_once(scenario, server, runner))
        if found[-1]["foreign"] + found[-1]["steal"] < quiet.DISTURBED:
            break
    best = min(found, key=lambda run: run["foreign"] + run["steal"])
    for run in found:
        run["kept"] = run is best
    return found


def run_once(scenario, server, runner):
    if server.kind == "probe":
        return scenarios.probe_libpq(scenario, [runner.settings.postgres, runner.settings.redis])
    with servers.running(server, runner.settings) as live:
        return runner.run(scenario, live)


def sentence(scenario, server, turn, run):
    """A line about a run while the benchmark goes on."""
    if scenario.kind == "stampede":
        figures = f"{run['queries']} queries, {run['answered']} answered, last {run['last'] or 0:.2f} s"
    elif scenario.kind == "cold":
        figures = f"{run['milliseconds']:.1f} ms"
    else:
        figures = f"{run['rate']:,.1f}/s, p50 {run['p50'] / 1000:.3f} ms, p99 {run['p99'] / 1000:.3f} ms"
    disturbed = f"others {run['foreign']:.2f}, host {run['steal']:.2f}"
    problems = f"  NOT COUNTED: {'; '.join(run['problems'])}" if run["problems"] else ""
    again = "" if run["kept"] else "  (disturbed: repeated)"
    return f"{scenario.name:11} {turn + 1} {server.name:14} {figures}  ({disturbed}){again}{problems}"


# ---------------------------------------------------------------------------------------------------------- all of them


def measure(options, where):
    found = settings.from_environment()
    bodies.write_constants(found)
    verifier = bodies.Verifier(found, log)
    chosen = [servers.by_name[name] for name in options.servers]
    plan = [scenarios.by_name[name] for name in options.scenarios]
    taking_part = [server for server in chosen if any(server.name in scenario.servers for scenario in plan)]
    wrong = verifier.check(taking_part)
    if wrong:
        raise SystemExit(f"bench.py: other answers than the table has: {', '.join(wrong)}")
    document = {
        "format": results.FORMAT,
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "machine": machine.machine(),
        "versions": machine.versions(found),
        "options": {
            "rounds": options.rounds, "seconds": options.seconds, "scenarios": options.scenarios,
            "servers": options.servers, "burst_limit": options.burst_limit, "gate": not options.no_gate,
        },
        "runs": [],
    }  # fmt: skip
    runner = scenarios.Runner(found, verifier.sizes, options.seconds, not options.no_gate, options.burst_limit)
    for scenario in plan:
        order = [server for server in chosen if server.name in scenario.servers]
        for turn in range(options.rounds):
            for server in order if turn % 2 == 0 else reversed(order):
                for attempt, run in enumerate(attempts(scenario, server, runner, not options.no_gate)):
                    run = {"scenario": scenario.name, "server": server.name, "round": turn, "attempt": attempt, **run}
                    document["runs"].append(run)
                    log(sentence(scenario, server, turn, run))
        results.write(where, document)
    return results.Results(document)


def show(found, where):
    print(tables.report(found))
    picture = Path(where).with_suffix(".svg")
    if chart.write(found, picture):
        log(f"the chart: {picture}")


def main():
    # So that a server that is up is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = arguments()
    if options.compare:
        print(compare.compare(*(results.Results.read(path) for path in options.compare)))
    elif options.report:
        show(results.Results.read(options.report), options.report)
    elif options.allocations:
        print(allocations.report(settings.from_environment()))
    elif options.memory:
        print(memory.report(settings.from_environment()))
    elif options.redis_kinds:
        print(kinds.report(settings.from_environment(), max(options.rounds, 7)))
    else:
        if not options.out:
            raise SystemExit("bench.py: --out names the result file")
        show(measure(options, options.out), options.out)
        log(f"the results: {options.out}")


if __name__ == "__main__":
    main()
