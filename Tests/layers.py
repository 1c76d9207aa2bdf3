#!/usr/bin/env python3
"""Checks that modules import what their target names, that folders refer downwards only, and prints the picture.

  Tests/layers.py [--quiet]         exit status 1 where something refers upwards

A folder of a module is a layer. LAYERS has the folders of each module from the lowest to the highest one; folders in one tuple
stand side by side and don't know each other. A reference is the name of a type that is declared at the top level of a file in
another folder; comments and the text of strings don't count.
"""
import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

LAYERS = {
    "CachedRoutesCore": ["HTTP", "Store", "Plan", "Origin", "Invalidation", "Fill", "Respond", "Engine", ""],
}


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


def declared(text):
    """The types that code declares at its top level, but for private ones."""
    names = []
    depth = 0
    for match in re.finditer(r"[{}]|(?<![.\w`])(?:struct|class|enum|actor|protocol|typealias)\s+([A-Z]\w*)", text):
        if match.group() == "{":
            depth += 1
        elif match.group() == "}":
            depth -= 1
        elif depth == 0:
            line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
            if not re.search(r"\b(private|fileprivate)\b", line):
                names.append(match.group(1))
    return names


def sources(module):
    folder = os.path.join(ROOT, "Sources", module)
    for directory, _, files in sorted(os.walk(folder)):
        for name in sorted(files):
            if name.endswith(".swift"):
                path = os.path.join(directory, name)
                with open(path, encoding="utf-8") as file:
                    yield os.path.relpath(path, folder), code(file.read())


def check_folders(module, problems):
    """The folders that each folder refers to."""
    rank = {}
    for number, layer in enumerate(LAYERS[module]):
        for folder in layer if isinstance(layer, tuple) else (layer,):
            rank[folder] = number
    owners = {}
    files = list(sources(module))
    for path, text in files:
        folder = os.path.dirname(path)
        if folder not in rank:
            problems.append(f"Sources/{module}/{path}: the folder is no layer of {module}")
            continue
        for name in declared(text):
            owners[name] = (folder, path)
    edges = {}
    for path, text in files:
        folder = os.path.dirname(path)
        if folder not in rank:
            continue
        edges.setdefault(folder, set())
        for name in sorted(set(re.findall(r"(?<![.\w])[A-Z]\w*", text)) & owners.keys()):
            owner, declaration = owners[name]
            if owner == folder:
                continue
            edges[folder].add(owner)
            if rank[owner] >= rank[folder]:
                problems.append(f"Sources/{module}/{path}: refers upwards to {name} of {declaration}")
    return rank, edges


def check_imports(problems):
    """The modules of the package that each of its modules depends on."""
    dump = subprocess.run(
        ["swift", "package", "--package-path", ROOT, "dump-package"], check=True, capture_output=True, text=True
    )
    targets = {target["name"]: target for target in json.loads(dump.stdout)["targets"]}
    edges = {}
    for name, target in targets.items():
        if target["type"] not in ("regular", "executable") or target.get("path"):
            continue
        named = set()
        for dependency in target["dependencies"]:
            kind = next(key for key in ("byName", "target", "product") if key in dependency)
            named.add(dependency[kind][0])
        module = name.replace("-", "_")
        edges[name] = named & targets.keys()
        for path, text in sources(name):
            for imported in IMPORT.findall(text):
                if imported in SYSTEM or imported in named or imported == module:
                    continue
                problems.append(f"Sources/{name}/{path}: imports {imported}, which its target does not name")
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
    pictures = {module: check_folders(module, problems) for module in LAYERS}
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
