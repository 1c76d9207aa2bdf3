#!/usr/bin/env python3
"""Checks that modules, those of tests too, import what their target names, that folders refer downwards only, that time is
given, and prints the picture.

  Tests/layers.py [--quiet]         exit status 1 where something refers upwards

A folder of a module is a layer. LAYERS has the folders of each module from the lowest to the highest one; folders in one tuple
stand side by side and don't know each other. Comments and the text of strings don't count. A folder refers to another one by

- the name of a type, function, constant or variable that is declared at the top level of a file there;
- the name of a member or nested type that an extension there adds to a type of another folder or module.

Code of the modules in GIVEN_TIME asks no clock of the system's, and sleeps by none: the clock is that of an event loop
(`eventLoop.now`, `eventLoop.sleep`) or a `WallClock`, or the time is a parameter. Tests move it then. The files in ASKING own a
clock: that of the time of day, and those of the threads that wait for PostgreSQL's sockets.

Names are all that is compared, not types. A function, a constant or a member is therefore only found to be referred to where
nothing else in the package has its name, or behind the name of the type that has it (`Type.member`), and a member of a value only
where the standard library has no such name either (COMMON).
"""
import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

LAYERS = {
    "RouteModel": ["", "Declarations"],
    "HTTPConnections": ["Platform", ""],
    "HTTPFrontend": ["Platform", ("Clients", "Requests", "Routing"), "EarlyResponses"],
    "RedisClient": [
        "Platform", "Configuration", "Protocol", "Cluster", "Connection", "Sentinel", "Client", "Tracking",
    ],
    "PostgresClient": [
        "Errors", "Platform", "Configuration", "Values", "JSON", "Parameters", "Statements", "Connection", "Triggers",
        "Inspection", ("Listener", "Pool"), "",
    ],
    "CachedRoutesCore": [
        "Rows", "HTTP", "Store", "Plan", "Origin", "Invalidation", "Fill", "Respond", "StartCheck", "Engine", "",
    ],
    "RouteManifest": [
        "Diagnostics", "Model", ("SQL", "YAML"), "Lock", "Reading", "Settings", "Routes", "Checks/SQL", "Checks", "",
    ],
    "RouteCheck": ["Facts", "Findings", "Reports", ""],
    "RouteServing": ["Watching", "Routes", "Reloading"],
    "RouteDocuments": ["Tree", ("OpenAPI", "Schema", "Listing")],
}

GIVEN_TIME = [
    "CachedRoutes", "CachedRoutesCore", "CachedRoutesHummingbird", "CachedRoutesPostgres", "CachedRoutesRedis",
    "CachedRoutesServer", "ClientSupport", "HTTPConnections", "HTTPFrontend", "PostgresClient", "RedisClient",
    "RouteServing",
]
ASKING = {
    "CachedRoutesCore/Store/WallClock.swift",
    "PostgresClient/Connection/Connection.swift",
    "PostgresClient/Connection/Pipeline.swift",
    "PostgresClient/Connection/Connector.swift",
    "PostgresClient/Connection/ReactorLoop.swift",
    "PostgresClient/Listener/PostgresListener.swift",
    "PostgresClient/Pool/ConnectionPool.swift",
    "RedisClient/Platform/System.swift",
}
SYSTEM_TIME = re.compile(
    r"\.now\(\)|\b(?:NIODeadline|DispatchTime|DispatchWallTime|Date)\.now\b|(?<![\w)\]}?!>`])\.now\b|\bDate\(\)"
    r"|\bDate\(timeIntervalSinceNow\b|\bTask\s*(?:<[^>]*>)?\s*\.\s*sleep\b|\b(?:Continuous|Suspending)Clock\b"
    r"|\b(?:clock_gettime|gettimeofday|mach_absolute_time|CFAbsoluteTimeGetCurrent|systemUptime|nanosleep)\b"
    r"|\bu?sleep\(\d|\bThread\.sleep\b|(?<![.\w])time\(nil\)"
)


def code(text):
    """The text without comments and without the contents of string literals, but with what is interpolated into them."""
    out = []
    index = 0
    while index < len(text):
        if text.startswith("//", index):
            end = text.find("\n", index)
            index = len(text) if end < 0 else end
            continue
        if text.startswith("/*", index):
            index = after_comment(text, index)
            continue
        literal = re.match(r'(#*)("""(?=[ \t]*\n)|")', text[index : index + 12])
        if literal:
            contents, index = after_literal(text, index, *literal.groups())
            out.append('""' + contents)
            continue
        out.append(text[index])
        index += 1
    return "".join(out)


def after_comment(text, index):
    depth = 0
    while index < len(text):
        if text.startswith("/*", index):
            depth += 1
            index += 2
        elif text.startswith("*/", index):
            depth -= 1
            index += 2
            if depth == 0:
                break
        else:
            index += 1
    return index


def after_literal(text, index, hashes, quotes):
    """The code that is interpolated into a literal, and the index behind it."""
    out = []
    escape = "\\" + hashes
    index += len(hashes) + len(quotes)
    while index < len(text) and not text.startswith(quotes + hashes, index):
        if not text.startswith(escape, index):
            index += 1
            continue
        index += len(escape)
        if text[index : index + 1] != "(":
            index += 1
            continue
        start = index + 1
        depth = 0
        while index < len(text):
            literal = re.match(r'(#*)("""(?=[ \t]*\n)|")', text[index : index + 12])
            if literal:
                _, index = after_literal(text, index, *literal.groups())
                continue
            depth += {"(": 1, ")": -1}.get(text[index], 0)
            index += 1
            if depth == 0:
                break
        out.append(" " + code(text[start : index - 1]) + " ")
    return "".join(out), index + len(quotes) + len(hashes)


class Declaration:
    """A name that code declares at the top level of a file, or in the body of the type or the extension of `owner`."""

    def __init__(self, kind, name, owner, extends, is_private):
        self.kind = kind
        self.name = name
        self.owner = owner
        self.extends = extends
        self.is_private = is_private
        self.module = self.folder = self.path = ""

    @property
    def is_type(self):
        return self.kind in TYPES

    @property
    def spelling(self):
        return f"{self.owner}.{self.name}" if self.owner else self.name


TYPES = {"struct", "class", "enum", "actor", "protocol", "typealias"}
KEYWORD = re.compile(
    r"[{}]|(?<![.\w`])(struct|class|enum|actor|protocol|typealias|extension|func|var|let|case)\b"
    r"[ \t]+(?:`?([A-Za-z_][\w.]*)`?)?"
)


def declared(text):
    """The declarations outside of functions."""
    found = []
    # For each open brace the type in whose body it is, whether that is an extension, and whether it is private; None for the
    # body of a function.
    bodies = []
    header = None
    for match in KEYWORD.finditer(text):
        if match.group() == "{":
            bodies.append(header)
            header = None
            continue
        if match.group() == "}":
            if bodies:
                bodies.pop()
            continue
        kind, name = match.groups()
        if bodies and bodies[-1] is None or not name or kind == "class" and name in ("func", "var"):
            continue
        owner, extends, is_private = bodies[-1] if bodies else ("", False, False)
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        is_private = is_private or re.search(r"\b(private|fileprivate)\b(?!\()", line) is not None
        if kind == "extension":
            header = (name, True, is_private)
            continue
        if kind in TYPES - {"typealias"}:
            header = (f"{owner}.{name}" if owner else name, extends, is_private)
        names = [name]
        if kind == "case":
            end = text.find("\n", match.end())
            rest = re.sub(r"\([^()]*\)", "", text[match.end() : end if end >= 0 else len(text)])
            names += re.findall(r",\s*`?(\w+)", rest)
        found += [Declaration(kind, name, owner, extends, is_private) for name in names]
    return found


def sources(module):
    return swift_files(os.path.join("Sources", module))


def swift_files(folder):
    folder = os.path.join(ROOT, folder)
    for directory, _, files in sorted(os.walk(folder)):
        for name in sorted(files):
            if name.endswith(".swift"):
                path = os.path.join(directory, name)
                with open(path, encoding="utf-8") as file:
                    yield os.path.relpath(path, folder), code(file.read())


def check_folders(module, everything, problems):
    """The folders that each folder refers to."""
    rank = {}
    for number, layer in enumerate(LAYERS[module]):
        for folder in layer if isinstance(layer, tuple) else (layer,):
            rank[folder] = number
    files = [(path, os.path.dirname(path), text) for path, text in sources(module)]
    for path, folder, _ in files:
        if folder not in rank:
            problems.append(f"Sources/{module}/{path}: the folder is no layer of {module}")
    files = [file for file in files if file[1] in rank]
    edges = {folder: set() for _, folder, _ in files}
    references = References(module, everything, rank)
    for path, folder, text in files:
        for declaration in references.found(folder, text):
            edges[folder].add(declaration.folder)
            if rank[declaration.folder] >= rank[folder]:
                problems.append(
                    f"Sources/{module}/{path}: refers upwards to {declaration.spelling} of {declaration.path}"
                )
    return rank, edges


def check_time(problems):
    for module in GIVEN_TIME:
        for path, text in sources(module):
            if f"{module}/{path}" in ASKING:
                continue
            for found in sorted(set(SYSTEM_TIME.findall(text))):
                problems.append(f"Sources/{module}/{path}: {found} is a clock of the system's; time is given")


def declarations(module):
    for path, text in sources(module):
        for one in declared(text):
            one.module, one.folder, one.path = module, os.path.dirname(path), path
            yield one


class References:
    """Finds the declarations of a module that a text refers to."""

    def __init__(self, module, everything, rank):
        self.rank = rank
        # By name, the folders of its declarations in the package; None for one of another module.
        self.folders = {}
        for one in everything:
            if not one.is_private:
                folder = one.folder if one.module == module and one.folder in rank else None
                self.folders.setdefault(one.name, set()).add(folder)
        own = [one for one in everything if one.module == module and one.folder in rank and not one.is_private]
        self.types = {one.name: one for one in own if one.is_type and not one.owner}
        self.values = {}
        # Members that an extension adds to a type of another folder or module, by name and by type and name.
        self.members = {}
        self.qualified = {}
        for one in own:
            owner = self.types.get(one.owner.split(".")[0])
            if not one.owner and not one.is_type:
                self.values.setdefault(one.name, []).append(one)
            elif one.extends and (owner is None or owner.folder != one.folder):
                self.members.setdefault(one.name, []).append(one)
                self.qualified.setdefault((one.owner, one.name), []).append(one)
        self.homes = {}
        for one in own:
            self.homes.setdefault((one.owner, one.name), set()).add(one.folder)

    def found(self, folder, text):
        """The declarations of other folders."""
        words = set(re.findall(r"(?<![.\w])[A-Za-z_]\w*", text))
        found = [self.types[name] for name in words & self.types.keys()]
        for key in set(re.findall(r"(?<![.\w])([A-Z]\w*(?:\.[A-Z]\w*)*)\.(\w+)", text)) & self.qualified.keys():
            found += [one for one in self.qualified[key] if self.is_meant(one, folder, self.homes[key])]
        # A name is not meant as the label of an argument, nor where the file has it for something of its own.
        own = {one.name for one in declared(text) if one.is_private}
        local = re.findall(r"\b(?:let|var|for|case|in)\s+(\w+)|(\w+)\s*:", text)
        bare = words - own - {name for names in local for name in names}
        dotted = set(re.findall(r"\.([A-Za-z_]\w*)", text)) - own - COMMON
        for names, table in ((bare, self.values), (bare | dotted, self.members)):
            for name in names & table.keys():
                found += [one for one in table[name] if self.is_meant(one, folder, self.folders[name])]
        return sorted({one for one in found if one.folder != folder}, key=lambda one: (one.path, one.spelling))

    def is_meant(self, declaration, folder, folders):
        """Tells whether a name that these folders declare is the one of a declaration: there is no other, or all are above."""
        if None in folders or folder in folders:
            return False
        return folders == {declaration.folder} or all(self.rank[other] >= self.rank[folder] for other in folders)


# Names that values of the standard library, Foundation or SwiftNIO have too.
COMMON = {"append", "bytes", "count", "description", "first", "hash", "init", "isEmpty", "map", "read", "text", "write"}


def check_imports(problems):
    """The modules of the package that each of its modules depends on."""
    dump = subprocess.run(
        ["swift", "package", "--package-path", ROOT, "dump-package"], check=True, capture_output=True, text=True
    )
    targets = {target["name"]: target for target in json.loads(dump.stdout)["targets"]}
    edges = {}
    for name, target in targets.items():
        if target["type"] not in ("regular", "executable", "test"):
            continue
        named = set()
        for dependency in target["dependencies"]:
            kind = next(key for key in ("byName", "target", "product") if key in dependency)
            named.add(dependency[kind][0])
        folder = target.get("path") or os.path.join("Tests" if target["type"] == "test" else "Sources", name)
        known = {dependency.replace("-", "_") for dependency in named | {name}} | SYSTEM
        if folder.startswith("Tests"):
            known.add("Testing")
        if folder.startswith("Sources"):
            edges[name] = named & targets.keys()
        for path, text in swift_files(folder):
            for imported in IMPORT.findall(text):
                if imported not in known:
                    problems.append(f"{folder}/{path}: imports {imported}, which its target does not name")
    return edges


IMPORT = re.compile(
    r"^[ \t]*(?:@\w+(?:\([^)]*\))?[ \t]+)*(?:(?:public|package|internal|private|fileprivate)[ \t]+)?import[ \t]+"
    r"(?:(?:struct|class|enum|func|protocol|var|let|typealias)[ \t]+)?(\w+)",
    re.MULTILINE,
)
SYSTEM = {
    "Foundation", "FoundationEssentials", "Synchronization", "Glibc", "Musl", "Darwin", "Android", "Dispatch", "Swift",
    "_Concurrency",
}


def main():
    problems = []
    modules = check_imports(problems)
    check_time(problems)
    everything = [one for name in modules for one in declarations(name)]
    pictures = {module: check_folders(module, everything, problems) for module in LAYERS}
    if "--quiet" not in sys.argv:
        print("Modules, and those of the package that they know:")
        for name in sorted(modules):
            print(f"  {name:26} {' '.join(sorted(modules[name]))}")
        for module, (rank, edges) in pictures.items():
            print(f"\n{module}, from the highest layer to the lowest, and the layers that each knows:")
            for folder in sorted(rank, key=lambda folder: (-rank[folder], folder)):
                print(f"  {folder or '(top)':26} {' '.join(sorted(edges.get(folder, ()), key=lambda f: -rank[f]))}")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
