"""The tables of a result file, as Markdown."""

from . import scenarios, servers, targets

# Ratios to these stand beside each row.
REFERENCES = (
    ("go", "× Go"), ("rust", "× Rust"), ("article", "× article"), ("varnish", "× Varnish"), ("nginx", "× nginx"),
    ("hummingbird", "× constant"),
)  # fmt: skip


def number(value, places=0):
    return "–" if value is None else f"{value:,.{places}f}"


def column(figure, places=0, scale=1.0, of_all=False):
    def cell(results, scenario, server):
        value = results.median(scenario.name, server, figure, of_all)
        return number(None if value is None else value * scale, places)

    return cell


def rate_range(results, scenario, server):
    rates = results.values(scenario.name, server, "rate")
    places = 1 if scenario.limit > scenarios.SMALL else 0
    return f"{number(min(rates), places)}–{number(max(rates), places)}" if rates else "–"


def kilobytes(results, scenario, server):
    return number((results.median(scenario.name, server, "body_bytes") or 0) / 1000, 1)


def good_runs(results, scenario, server):
    good, runs = results.good(scenario.name, server), results.runs(scenario.name, server)
    return f"{len(good)} of {len(runs)}"


def comparison(results, scenario, server, reference):
    """How many times as good as the reference in the scenario, or in the one that stands for it."""
    own = results.median(scenario.name, server, scenario.figure)
    other = results.median(scenario.name, reference, scenario.figure)
    if other is None and scenario.reference:
        other = results.median(scenario.reference, reference, scenario.figure)
    if not own or not other:
        return "–"
    return f"{own / other if scenario.more_is_better else other / own:.2f}"


def columns(scenario):
    """Heading and cell of each column between the server and the ratios."""
    large = scenario.limit > scenarios.SMALL
    if scenario.kind == "cold":
        return [
            ("ms", column("milliseconds", 1)),
            ("server CPU ms", column("cpu_server", 1)),
            ("Postgres CPU ms", column("cpu_postgres", 1)),
            ("peak MB", column("memory")),
        ]
    if scenario.kind == "stampede":
        return [
            ("queries", column("queries", of_all=True)),
            ("answered 200", column("answered", of_all=True)),
            ("first s", column("first", 2, of_all=True)),
            ("last s", column("last", 2, of_all=True)),
            ("peak MB", column("memory", of_all=True)),
        ]
    found = [
        ("requests/s", column("rate", 1 if large else 0)),
        # Seconds for 1,000 requests are milliseconds for one.
        ("server CPU µs", column("cpu_server", 0 if large else 1, 1e3)),
        ("range", rate_range),
        ("p50 ms", column("p50", 3, 1e-3)),
        ("p99 ms", column("p99", 3, 1e-3)),
        ("Redis CPU µs", column("cpu_redis", 0 if large else 1, 1e3)),
    ]
    if scenario.kind == "miss":
        found.append(("Postgres CPU µs", column("cpu_postgres", 0 if large else 1, 1e3)))
        found.append(("stored %", column("stored", 0, 100)))
    found.append(("peak MB", column("memory")))
    if scenario.kind == "hit":
        found.append(("body KB", kilobytes))
    return found


def conditions(results, scenario, names):
    """A sentence about the runs: how many, and how quiet it was."""
    good = [len(results.good(scenario.name, name)) for name in names]
    runs = [run for name in names for run in results.runs(scenario.name, name)]
    spins = [run["spin"] for run in runs]
    text = f"Medians of the good runs, {min(good)} or more of each server."
    if min(good) < 3:
        text += " **Fewer than 3 are not a result to rely on.**"
    return (
        f"{text} Meanwhile other processes took at most {max(run['foreign'] for run in runs):.2f} cores and the host at most"
        f" {max(run['steal'] for run in runs):.2f}; the fixed loop took {min(spins):.0f} to {max(spins):.0f} ms."
    )


def table(results, scenario):
    order = [server.name for server in servers.ALL]
    names = sorted(results.servers(scenario.name), key=order.index)
    if not names:
        return []
    shown = columns(scenario) + [
        (title, lambda *where, reference=reference: comparison(*where, reference)) for reference, title in REFERENCES
    ]
    shown.append(("good runs", good_runs))
    lines = [f"### {scenario.name}: {scenario.title}", ""]
    lines.append("| server | " + " | ".join(title for title, _ in shown) + " |")
    lines.append("|---|" + "---:|" * len(shown))
    for name in names:
        cells = [cell(results, scenario, name) for _, cell in shown]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    lines += ["", conditions(results, scenario, names), ""]
    for name in names:
        problems = results.problems(scenario.name, name)
        if problems:
            lines.append(f"- **{name}, not counted:** {'; '.join(problems)}")
    return lines + [""] if lines[-1] else lines


def heading(document):
    machine, versions, options = document["machine"], document["versions"], document["options"]
    listed = ", ".join(f"{name} {version}" for name, version in versions.items())
    where = f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gib']} GiB, {machine['system']}"
    how = f"{options['rounds']} round{'s' if options['rounds'] > 1 else ''}, at most {options['seconds']} s a run"
    return [f"{where}, Linux {machine['kernel']}. {document['date']}. {how}.", "", f"Versions: {listed}.", ""]


def legend():
    lines = ["| server | what |", "|---|---|"]
    return lines + [f"| {server.name} | {server.title} |" for server in servers.ALL] + [""]


def report(results):
    lines = heading(results.document)
    for scenario in scenarios.ALL:
        lines += table(results, scenario)
    lines += [*targets.table(results), "", *legend()]
    return "\n".join(lines)
