#!/usr/bin/env python3
"""Checks that the papers name files and folders that exist.

  Tests/papers.py                   exit status 1 where a name leads nowhere
"""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAPERS = ["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"]
NAMED = re.compile(r"`([\w+*./-]+\.(?:swift|py|sh|md|yaml|c|h)|(?:Sources|Tests|Examples|Plugins|[A-Z]\w+)/[\w+*./-]+)`")


def files():
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if not name.startswith(".build") and name != ".git"]
        for name in folders + names:
            yield os.path.relpath(os.path.join(folder, name), ROOT)


def main():
    known = {"/" + path for path in files()}
    problems = []
    for paper in PAPERS:
        with open(os.path.join(ROOT, paper), encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                for name in NAMED.findall(line):
                    pattern = re.compile(".*/" + re.escape(name.rstrip("/")).replace("\\*", "[^/]*"))
                    if not any(pattern.fullmatch(path) for path in known):
                        problems.append(f"{paper}:{number}: there is no {name}")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
