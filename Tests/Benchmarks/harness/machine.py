"""Describes the machine and the versions of everything that takes part."""

import json
import os
import platform
import re
import subprocess
from pathlib import Path

from .settings import HERE

PYTHON_PACKAGES = ("fastapi", "starlette", "uvicorn", "uvloop", "httptools", "redis", "asyncpg", "SQLAlchemy")
PYTHON_PACKAGES += ("sqlmodel", "orjson", "pydantic", "fastapi-cache2")


def said(*command):
    """The first line that a command prints, wherever it prints it; None where there is no such command."""
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[0].strip() if lines else None


def number(text):
    """The version in a line such as `nginx version: nginx/1.22.1`."""
    found = re.search(r"\d+(\.\d+)+", text or "")
    return found.group(0) if found else None


def field_of(path, pattern):
    try:
        found = re.search(pattern, Path(path).read_text(), re.MULTILINE)
    except OSError:
        return None
    return found.group(1).strip() if found else None


def machine():
    kilobytes = int(field_of("/proc/meminfo", r"^MemTotal:\s+(\d+)") or 0)
    return {
        "cpu": field_of("/proc/cpuinfo", r"^model name\s*:\s*(.+)$") or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(kilobytes / (1 << 20), 1),
        "system": field_of("/etc/os-release", r'^PRETTY_NAME="?([^"\n]+)'),
        "kernel": platform.release(),
    }


def swift_packages():
    try:
        pins = json.loads((HERE / "Package.resolved").read_text())["pins"]
    except (OSError, ValueError, KeyError):
        return {}
    versions = {pin["identity"]: pin["state"].get("version") for pin in pins}
    return {name: versions[name] for name in ("hummingbird", "swift-nio") if versions.get(name)}


def python_packages(settings):
    program = (
        "import importlib.metadata as m, json, sys\n"
        "found = {}\n"
        "for name in sys.argv[1:]:\n"
        "    try: found[name] = m.version(name)\n"
        "    except m.PackageNotFoundError: pass\n"
        "print(json.dumps(found))"
    )
    printed = said(settings.tools / "python/bin/python", "-c", program, *PYTHON_PACKAGES)
    try:
        return json.loads(printed or "{}")
    except ValueError:
        return {}


def git(*arguments):
    try:
        done = subprocess.run(["git", "-C", str(HERE), *arguments], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def revision():
    """The commit of this project, marked where files differ from it."""
    commit = git("rev-parse", "--short=12", "HEAD")
    changed = git("status", "--porcelain", "--untracked-files=no")
    return f"{commit} with changes" if commit and changed else commit


def versions(settings):
    found = {
        "CachedRoutes": revision(),
        "swift": number(said("swift", "--version")),
        **swift_packages(),
        "redis": number(said("redis-server", "--version")),
        "postgres": number(settings.sql("SHOW server_version")),
        "nginx": number(said("nginx", "-v")),
        "varnish": number(said("varnishd", "-V")),
        "go": number(said("go", "version")),
        "rust": number(said("rustc", "--version")),
        "wrk": number(said("wrk", "-v")),
        "python": platform.python_version(),
        **python_packages(settings),
    }
    return {name: version for name, version in found.items() if version}
