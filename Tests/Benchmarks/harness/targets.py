"""What the project wants to reach, as ratios of figures that were measured in one run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """`measured` is a ratio, or a number, for a Results; None where a part of it was not measured."""

    text: str
    measured: object
    least: float | None = None
    most: float | None = None
    stretch: bool = False

    def verdict(self, results):
        value = self.measured(results)
        if value is None:
            return "–", "not measured"
        met = (self.least is None or value >= self.least) and (self.most is None or value <= self.most)
        return f"{value:.2f}", "met" if met else "not met"


def ratio(over, under):
    """Two figures, each a scenario, a server, and a key of its runs."""

    def measured(results):
        upper, lower = over(results), under(results)
        return upper / lower if upper is not None and lower else None

    return measured


def figure(scenario, server, key):
    return lambda results: results.median(scenario, server, key)


def rate(scenario, server):
    return figure(scenario, server, "rate")


def cpu(scenario, server):
    return figure(scenario, server, "cpu_server")


OWN = "own"

# Scenario and checks, in the order of the table.
TARGETS = (
    ("3 KB hit from Redis, the server without a framework, 64 connections", (
        Check("≥ 1.7 × Go", ratio(rate("small", OWN), rate("small", "go")), least=1.7),
        Check("≥ 0.85 × Rust", ratio(rate("small", OWN), rate("small", "rust")), least=0.85),
        Check("ahead of Varnish", ratio(rate("small", OWN), rate("small", "varnish")), least=1),
    )),
    ("3 KB hit from the near cache", (
        Check("≥ 0.9 × nginx proxy_cache", ratio(rate("small", "near"), rate("small", "nginx")), least=0.9),
    )),
    ("3 KB hit from Redis, in the router", (
        Check("≥ 0.8 × Hummingbird constant", ratio(rate("small", "router"), rate("small", "hummingbird")), least=0.8),
    )),
    ("3 KB miss, 64 connections", (
        Check("≥ 1.4 × Go", ratio(rate("miss", OWN), rate("miss", "go")), least=1.4),
        Check("≥ 0.8 × Rust", ratio(rate("miss", OWN), rate("miss", "rust")), least=0.8),
        Check("CPU ≤ 1.6 × Rust's", ratio(cpu("miss", OWN), cpu("miss", "rust")), most=1.6),
    )),
    ("one connection, p50, Redis", (
        Check("≤ 1.15 × Rust", ratio(figure("single", OWN, "p50"), figure("single", "rust", "p50")), most=1.15),
    )),
    ("3.5 MB hit from Redis, 8 connections", (
        Check("≥ 1.6 × Go", ratio(rate("large8", OWN), rate("large8", "go")), least=1.6),
        Check("gzip: ≥ 4 × Go's identity", ratio(rate("large8-gzip", OWN), rate("large8", "go")), least=4),
    )),
    ("3.5 MB hit, near cache", (
        Check("≥ 0.95 × Hummingbird constant", ratio(rate("large8", "near"), rate("large8", "hummingbird")), least=0.95),
    )),
    ("20,000-row miss", (
        Check(
            "≤ 1.25 × libpq alone", most=1.25,
            measured=ratio(figure("misslarge", OWN, "milliseconds"), figure("misslarge", "libpq", "milliseconds")),
        ),
    )),
    ("64 cold requests for 3.5 MB", (
        Check("1 query", figure("stampede", OWN, "queries"), least=1, most=1),
        Check(
            "last answer ≤ 1 × Go's coalesced one", most=1,
            measured=ratio(figure("stampede", OWN, "last"), figure("stampede", "go-coalesced", "last")),
        ),
    )),
    ("against the article's design", (
        Check("3 KB hits: ≥ 20 ×", ratio(rate("small", OWN), rate("small", "article")), least=20),
        Check("misses: ≥ 12 ×", ratio(rate("miss", OWN), rate("miss", "article")), least=12),
        Check("3.5 MB hits: ≥ 50 ×", ratio(rate("large8", OWN), rate("large8", "article")), least=50),
        Check(
            "20,000-row misses: ≥ 20 ×", least=20,
            measured=ratio(figure("misslarge", "article", "milliseconds"), figure("misslarge", OWN, "milliseconds")),
        ),
    )),
)  # fmt: skip


def table(results):
    lines = ["### Targets", "", "| scenario | target | measured | |", "|---|---|---:|---|"]
    for scenario, checks in TARGETS:
        for check in checks:
            value, verdict = check.verdict(results)
            text = f"stretch: {check.text}" if check.stretch else check.text
            lines.append(f"| {scenario} | {text} | {value} | {verdict} |")
            scenario = ""
    return lines
