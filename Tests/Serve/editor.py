#!/usr/bin/env python3
"""Saves manifests, statements and locks, mostly broken ones, while `cached-routes serve --watch` serves them.

  PORT=… FOLDER=… DATABASE_URL=… Tests/Serve/editor.py EXECUTABLE [--saves N] [--seed S]

Each right save has a column that no other has, and must be served with it within BOUND seconds. So must a manifest that is created at
the end, and it must be gone when it is removed.
"""
import argparse
import json
import os
import random
import subprocess
import sys
import time
import urllib.error
import urllib.request

BOUND = 10
PORT = int(os.environ["PORT"])
MANIFEST = "Sources/App/routes.yaml"
STATEMENT = "Sources/App/sql/listed.sql"
LOCK = "Sources/App/routes.lock.json"
LATER = "Sources/App/later.routes.yaml"


def texts(number):
    """The right contents of the manifest and of the statement with a number."""
    return {
        MANIFEST: f"""version: 1
namespace: editor
routes:
  inline:
    get: /inline
    sql: SELECT generate_series AS id, {number} AS number FROM generate_series(1, 3) LIMIT 3
    public: true
  listed: {{ get: /listed, sql-file: sql/listed.sql, public: true, cache: {{ ttl: {number % 50 + 1}s }} }}
  usage: {{ get: /usage, handler: swift }}
""",
        STATEMENT: f"SELECT 'ü' AS text, {number} AS number\nLIMIT 1\n",
    }


def get(path):
    """The status and the body of a response; None while there is none."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=BOUND) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return None, b""


def save(chance, path, data):
    """Writes a file as one of several editors does."""
    style = chance.choice(["place", "rename", "truncate", "unlink", "chunks"])
    if style == "rename":
        with open(path + ".new~", "wb") as file:
            file.write(data)
        os.replace(path + ".new~", path)
        return
    if style == "unlink":
        if os.path.exists(path):
            os.unlink(path)
        time.sleep(chance.uniform(0, 0.05))
    if style == "truncate":
        open(path, "wb").close()
        time.sleep(chance.uniform(0, 0.12))
    with open(path, "r+b" if style == "place" and os.path.exists(path) else "wb", buffering=0) as file:
        count = 4 if style == "chunks" else 1
        size = len(data) // count + 1
        for start in range(0, len(data), size):
            file.write(data[start : start + size])
            if count > 1:
                time.sleep(chance.uniform(0, 0.03))
        file.truncate(len(data))


def broken(chance, data):
    """Contents that are most likely wrong."""
    kind = chance.choice(["delete", "double", "garbage", "cut", "empty", "swap"])
    at = chance.randrange(max(1, len(data)))
    length = chance.randrange(1, 20)
    if kind == "delete":
        return data[:at] + data[at + length :]
    if kind == "double":
        return data[: at + length] + data[at:]
    if kind == "garbage":
        return data[:at] + bytes(chance.randrange(256) for _ in range(length)) + data[at:]
    if kind == "cut":
        return data[:at]
    if kind == "empty":
        return b""
    return data[:at] + data[at : at + length][::-1] + data[at + length :]


def measure(process):
    """The number of descriptors and the resident memory in MiB of a process, as far as the system tells."""
    folder = f"/proc/{process.pid}"
    if not os.path.isdir(folder):
        return None
    with open(f"{folder}/statm", encoding="ascii") as file:
        pages = int(file.read().split()[1])
    return len(os.listdir(f"{folder}/fd")), pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def wait_for(number):
    """Waits until both routes have the column of a number, and returns the seconds that it took."""
    start = time.monotonic()
    while time.monotonic() - start < BOUND:
        answers = [get(path) for path in ("/inline", "/listed")]
        try:
            if all(status == 200 and json.loads(body)[0]["number"] == number for status, body in answers):
                return time.monotonic() - start
        except (ValueError, LookupError):
            pass
        time.sleep(0.005)
    for status, body in answers:
        print(f"  {status} {body[:500]!r}", file=sys.stderr)
    return None


def wait_for_status(path, status):
    """Waits until a path has a status; tells whether it has."""
    start = time.monotonic()
    while get(path)[0] != status:
        if time.monotonic() - start > BOUND:
            print(f"GET {path} is not {status}: {get(path)}", file=sys.stderr)
            return False
        time.sleep(0.02)
    print(f"GET {path} is {status} after {(time.monotonic() - start) * 1000:.0f} ms")
    return True


def later():
    """A manifest that is created while serve runs, and removed."""
    with open(LATER, "w", encoding="utf-8") as file:
        file.write("version: 1\nnamespace: later\nroutes: { later: { get: /later, sql: SELECT 1 AS one LIMIT 1 } }\n")
    if not wait_for_status("/later", 200):
        return False
    os.unlink(LATER)
    return wait_for_status("/later", 404) and wait_for_status("/inline", 200)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("executable")
    parser.add_argument("--saves", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    options = parser.parse_args()
    chance = random.Random(options.seed)
    print(f"{options.saves} saves, seed {options.seed}", flush=True)

    os.chdir(os.environ["FOLDER"])
    os.makedirs("Sources/App/sql")
    for path, text in texts(0).items():
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    subprocess.run([options.executable, "check", "--write", "--manifest", MANIFEST], check=True)
    with open(LOCK, "rb") as file:
        lock = file.read()
    environment = dict(os.environ, LOG_LEVEL="error")
    with open("serve.log", "wb") as log:
        process = subprocess.Popen(
            [options.executable, "serve", "--watch", "--port", str(PORT)], stderr=log, env=environment
        )
    try:
        status = edit(options, chance, lock, process)
        with open("serve.log", "rb") as log:
            lines = log.read().splitlines()
        print(f"{sum(b' reloaded in ' in line for line in lines)} reloads, {len(lines)} lines")
    finally:
        process.terminate()
        ended = process.wait(timeout=30)
    if ended != 0:
        print(f"serve ended with status {ended}", file=sys.stderr)
        status = 1
    return status


def edit(options, chance, lock, process):
    start = time.monotonic()
    while get("/ready")[0] != 200:
        if process.poll() is not None or time.monotonic() - start > 60:
            with open("serve.log", encoding="utf-8", errors="replace") as log:
                print(log.read(), file=sys.stderr)
            return 1
        time.sleep(0.05)
    delays = []
    before = None
    for number in range(1, options.saves + 1):
        right = {path: text.encode() for path, text in texts(number).items()}
        if number % 10 != 0 and number != options.saves:
            path = chance.choice([MANIFEST, MANIFEST, MANIFEST, STATEMENT, STATEMENT, LOCK])
            save(chance, path, broken(chance, right.get(path, lock)))
            if chance.random() < 0.1:
                os.unlink(path)
            time.sleep(chance.uniform(0, 0.2))
            continue
        files = list(right.items())
        if not os.path.exists(LOCK) or chance.random() < 0.5:
            files.append((LOCK, lock))
        else:
            os.unlink(LOCK)
        chance.shuffle(files)
        for path, data in files:
            save(chance, path, data)
        delay = wait_for(number)
        if process.poll() is not None:
            print(f"after {number} saves serve has ended with status {process.returncode}", file=sys.stderr)
            return 1
        if delay is None:
            print(f"save {number} is not served", file=sys.stderr)
            return 1
        delays.append(delay * 1000)
        if before is None and number >= 50:
            before = measure(process)
    if not later():
        return 1
    after = measure(process)
    delays.sort()
    print(
        f"{len(delays)} right saves were served after p50 {delays[len(delays) // 2]:.0f} ms, "
        f"p99 {delays[len(delays) * 99 // 100]:.0f} ms, at most {delays[-1]:.0f} ms"
    )
    if before and after:
        print(f"descriptors {before[0]} -> {after[0]}, memory {before[1]:.1f} -> {after[1]:.1f} MiB")
        if after[0] > before[0] + 8 or after[1] > before[1] + 32:
            print("they have grown", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
