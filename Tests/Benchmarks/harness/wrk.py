"""Runs wrk, and tells whether the bytes that it received are those of the right answers."""

import json
import os
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).with_name("wrk.lua")


def run(url, threads, connections, seconds, fields=None, seed=None):
    command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", str(SCRIPT)]
    for name, value in (fields or {}).items():
        command += ["-H", f"{name}: {value}"]
    environment = {**os.environ, **({"MISS_SEED": seed} if seed else {})}
    output = subprocess.run([*command, url], check=False, capture_output=True, text=True, env=environment)
    if "@@" not in output.stdout:
        raise RuntimeError(f"wrk failed: {output.stdout}{output.stderr}")
    found = json.loads(output.stdout[output.stdout.index("@@") + 2 :])
    return {**found, "rate": found["requests"] / (found["microseconds"] / 1e6)}


def wrong_size(result, answer_bytes, connections, slack=8):
    """A sentence where the bytes are not those of so many answers of this size, head and body.

    Heads differ by a few bytes (Age, request numbers), and each connection may be in the middle of one more answer.
    """
    requests = result["requests"]
    least = requests * (answer_bytes - slack)
    most = (requests + connections) * (answer_bytes + slack)
    if least <= result["bytes"] <= most:
        return None
    return f"{result['bytes'] / max(1, requests):,.1f} bytes per answer instead of {answer_bytes:,.1f}"
