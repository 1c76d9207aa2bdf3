"""Two result files beside each other."""

from . import scenarios, servers
from .tables import number

# For each kind of scenario: heading, key, places, scale.
FIGURES = {
    "hit": (("requests/s", "rate", 1, 1), ("p50 ms", "p50", 3, 1e-3), ("server CPU µs", "cpu_server", 1, 1e3)),
    "miss": (("requests/s", "rate", 1, 1), ("p50 ms", "p50", 3, 1e-3), ("server CPU µs", "cpu_server", 1, 1e3)),
    "cold": (("ms", "milliseconds", 1, 1), ("server CPU ms", "cpu_server", 1, 1)),
    "stampede": (("last s", "last", 3, 1), ("queries", "queries", 0, 1)),
}


def rows(old, new, scenario, server):
    for title, key, places, scale in FIGURES[scenario.kind]:
        before, after = (results.median(scenario.name, server, key) for results in (old, new))
        if before is None and after is None:
            continue
        ratio = f"{after / before:.2f}" if before and after is not None else "–"
        shown = [number(None if value is None else value * scale, places) for value in (before, after)]
        yield f"| {server} | {title} | {shown[0]} | {shown[1]} | {ratio} |"


def compare(old, new):
    order = [server.name for server in servers.ALL]
    lines = []
    for scenario in scenarios.ALL:
        names = {*old.servers(scenario.name), *new.servers(scenario.name)}
        found = [row for name in sorted(names, key=order.index) for row in rows(old, new, scenario, name)]
        if found:
            lines += [
                f"### {scenario.name}: {scenario.title}",
                "",
                "| server | | old | new | new / old |",
                "|---|---|---:|---:|---:|",
            ]
            lines += [*found, ""]
    if old.document["machine"] != new.document["machine"]:
        lines.append("**The two were not measured on the same machine.**")
    return "\n".join(lines)
