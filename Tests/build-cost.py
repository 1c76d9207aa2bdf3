#!/usr/bin/env python3
"""Measures what CachedRoutesPlugin adds to the builds of a package that uses it.

  Tests/build-cost.py [--ways none,source,bundle] [--configurations debug,release] [--runs N] [--out FILE]

The package is that of Tests/Plugin with the server, built

  none     from generated files, without the plugin;
  source   with the plugin, whose generator is built as well;
  bundle   with the plugin and a generator from an artifact bundle (Release/generator-bundle.sh).

For each way and configuration: a clean build, two with nothing changed, one after a change in a manifest, one after a change in a
Swift file of the app. Figures are wall time and processor time of all processes, in seconds, the median of the runs; what a way
costs is its figure less that of `none`. Builds of one run follow each other, so that a machine's other work meets all of them.
CACHED_ROUTES_SCRATCH names a folder for build products, which is kept; without it they are removed.
"""
import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CHANGES = ["clean", "second", "nothing", "manifest", "swift"]


def timed(command, log, environment):
    """Runs a command; its wall and processor time. Ends with its output where it fails."""
    before, clock = resource.getrusage(resource.RUSAGE_CHILDREN), os.times().elapsed
    with open(log, "w") as output:
        status = subprocess.call(command, stdout=output, stderr=subprocess.STDOUT, env=environment)
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), os.times().elapsed - clock
    if status != 0:
        sys.exit(f"{' '.join(command)}: status {status}\n{open(log).read()[-3000:]}")
    return {"wall": wall, "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


def edit(path, old, new):
    text = open(path).read()
    if old not in text:
        sys.exit(f"{path} has no '{old}'")
    with open(path, "w") as file:
        file.write(text.replace(old, new, 1))


class UserPackage:
    """A copy of the package of Tests/Plugin, to be built in one way."""

    def __init__(self, folder, way, bundle):
        self.folder, self.way = os.path.join(folder, way), way
        # Without it SwiftPM before 6.4 compiles packages with two traits again whenever it plans a build, or doesn't, by chance.
        self.environment = dict(
            os.environ, CACHED_ROUTES=ROOT, CACHED_ROUTES_GENERATOR=bundle or "source", SWIFT_DETERMINISTIC_HASHING="1"
        )
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(os.path.join(ROOT, "Tests/Plugin/UserPackage"), self.folder)
        self.manifest = os.path.join(self.folder, "Package.swift")
        edit(
            self.manifest, "dependencies: [cachedRoutes],\n            swiftSettings: [.treatAll",
            'dependencies: [cachedRoutes, .product(name: "CachedRoutesServer", package: "CachedRoutes")],\n'
            "            swiftSettings: [.treatAll",
        )

    def scratch(self, configuration):
        return os.path.join(self.folder, f".build-{configuration}")

    def command(self, configuration, verb=("build",)):
        return [
            "swift", *verb, "--package-path", self.folder, "--scratch-path", self.scratch(configuration),
            *(["-c", configuration] if verb == ("build",) else []),
        ]

    def drop_plugin(self, generated):
        """Puts generated files in the manifests' place."""
        text = open(self.manifest).read().replace("            plugins: [plugin]\n", "").replace("],\n        )", "]\n        )")
        with open(self.manifest, "w") as file:
            file.write(text)
        for target in ("App", "Other"):
            sources = os.path.join(self.folder, "Sources", target)
            for folder, _, names in os.walk(sources):
                for name in names:
                    if name.endswith((".yaml", ".sql", ".json")):
                        os.remove(os.path.join(folder, name))
            for path in generated[target]:
                shutil.copy(path, sources)

    def generated(self, configuration, copies):
        """Copies of the files that the plugin made, by target."""
        shutil.rmtree(copies, ignore_errors=True)
        found = {"App": [], "Other": []}
        for folder, _, names in os.walk(os.path.join(self.scratch(configuration), "plugins/outputs")):
            for name in names:
                if name.endswith(".generated.swift"):
                    target = "App" if "/App/" in folder + "/" else "Other"
                    os.makedirs(os.path.join(copies, target), exist_ok=True)
                    found[target].append(shutil.copy(os.path.join(folder, name), os.path.join(copies, target)))
        return found

    def measure(self, configuration):
        scratch = self.scratch(configuration)
        shutil.rmtree(scratch, ignore_errors=True)
        log = os.path.join(self.folder, "build.log")
        timed(self.command(configuration, ("package", "resolve")), log, self.environment)
        build = lambda: timed(self.command(configuration), log, self.environment)
        # SwiftPM keeps two databases of what the generator was built from and needs a second build until they agree.
        figures = {"clean": build(), "second": build(), "nothing": build()}
        routes = os.path.join(self.folder, "Sources/App")
        routes = os.path.join(routes, "routes.generated.swift" if self.way == "none" else "routes.yaml")
        old, new = ("seconds(300)", "seconds(360)") if self.way == "none" else ("ttl: 5m", "ttl: 6m")
        edit(routes, old, new)
        figures["manifest"] = build()
        edit(routes, new, old)
        source = os.path.join(self.folder, "Sources/App/main.swift")
        text = open(source).read()
        with open(source, "w") as file:
            file.write(text + "\nprint(1)\n")
        figures["swift"] = build()
        with open(source, "w") as file:
            file.write(text)
        return figures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ways", default="none,source,bundle")
    parser.add_argument("--configurations", default="debug,release")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--out")
    options = parser.parse_args()
    ways, configurations = options.ways.split(","), options.configurations.split(",")
    if ways == ["none"]:
        parser.error("`none` needs the files that another way generates")
    kept = os.environ.get("CACHED_ROUTES_SCRATCH")
    work = os.path.join(kept, "build-cost") if kept else tempfile.mkdtemp(prefix="build-cost.")
    os.makedirs(work, exist_ok=True)
    try:
        bundle = None
        if "bundle" in ways:
            subprocess.check_call(
                [os.path.join(ROOT, "Release/generator-bundle.sh"), work], stdout=subprocess.DEVNULL,
                env=dict(os.environ, CACHED_ROUTES_SCRATCH=work),
            )
            bundle = os.path.join(work, "cached-routes-generator.artifactbundle")
        results = {}
        # Its files are those that the plugin made before.
        order = sorted(ways, key=lambda way: way == "none")
        for _ in range(options.runs):
            for configuration in configurations:
                generated = None
                for way in order:
                    package = UserPackage(work, way, bundle if way == "bundle" else None)
                    if way == "none":
                        package.drop_plugin(generated)
                    for change, figures in package.measure(configuration).items():
                        results.setdefault(f"{configuration} {way} {change}", []).append(figures)
                    generated = generated or package.generated(configuration, os.path.join(work, "generated"))
                    shutil.rmtree(package.folder)
                    print(f"{configuration} {way} done", file=sys.stderr, flush=True)
        report(results, ways, configurations)
        if options.out:
            with open(options.out, "w") as file:
                json.dump(results, file, indent=1)
    finally:
        if not kept:
            shutil.rmtree(work)


def report(results, ways, configurations):
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; seconds, wall (processor time)")
    for configuration in configurations:
        print(f"\n{configuration:10}" + "".join(f"{change:>18}" for change in CHANGES))
        for way in ways:
            cells = []
            for change in CHANGES:
                runs = results[f"{configuration} {way} {change}"]
                wall, cpu = (statistics.median(run[what] for run in runs) for what in ("wall", "cpu"))
                cells.append(f"{wall:9.1f} ({cpu:6.1f})")
            print(f"{way:10}" + "".join(f"{cell:>18}" for cell in cells))


main()
