"""A result file: written while the runs go on, read for the tables."""

import json
import os
import statistics
from pathlib import Path

FORMAT = 1
# What medians are made of.
FIGURES = (
    "rate", "p50", "p90", "p99", "max", "milliseconds", "first", "last", "answered", "queries", "stored", "cpu_server",
    "cpu_redis", "cpu_postgres", "memory", "body_bytes", "foreign", "steal", "spin",
)  # fmt: skip


class Results:
    """The runs by scenario and server. Figures come from good runs alone, those without problems."""

    def __init__(self, document):
        self.document = document
        self.by = {}
        for run in document["runs"]:
            if run["kept"]:
                self.by.setdefault((run["scenario"], run["server"]), []).append(run)

    @staticmethod
    def read(path):
        document = json.loads(Path(path).read_text())
        if document.get("format") != FORMAT:
            raise ValueError(f"{path} is not a result file of format {FORMAT}")
        return Results(document)

    def servers(self, scenario):
        return [server for found, server in self.by if found == scenario]

    def runs(self, scenario, server):
        return self.by.get((scenario, server), [])

    def good(self, scenario, server):
        return [run for run in self.runs(scenario, server) if not run["problems"]]

    def values(self, scenario, server, figure, of_all=False):
        runs = self.runs(scenario, server) if of_all else self.good(scenario, server)
        return [run[figure] for run in runs if run.get(figure) is not None]

    def median(self, scenario, server, figure, of_all=False):
        values = self.values(scenario, server, figure, of_all)
        return statistics.median(values) if values else None

    def problems(self, scenario, server):
        """Every sentence, in the order of the runs, once."""
        return list(dict.fromkeys(p for run in self.runs(scenario, server) for p in run["problems"]))

    def medians(self):
        found = {}
        for scenario, server in self.by:
            figures = {figure: self.median(scenario, server, figure) for figure in FIGURES}
            entry = {figure: value for figure, value in figures.items() if value is not None}
            entry["runs"] = len(self.runs(scenario, server))
            entry["good_runs"] = len(self.good(scenario, server))
            found.setdefault(scenario, {})[server] = entry
        return found


def write(path, document):
    """The file is whole at any time: a new one takes the place of the old one."""
    document["medians"] = Results(document).medians()
    part = Path(f"{path}.part")
    part.write_text(json.dumps(document, indent=1) + "\n")
    os.replace(part, path)
