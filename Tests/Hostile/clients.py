"""Clients that do not read, trickle or stay, and what becomes of a service and its other clients meanwhile.

Usage: clients.py EXECUTABLE [--clients N] [--buffer BYTES] [--only NAME]; the environment is the service's. See
Tests/hostile-clients.sh.
"""

import argparse
import http.client
import os
import socket
import subprocess
import sys
import threading
import time

from service import HOST, MIB, Service, get, measure

PORT = int(os.environ["PORT"])
# A process of its own beside the one that is under attack: same machine, same Redis, same Postgres.
OTHER = int(os.environ["OTHER_PORT"])
LARGE = "/api/v1/users?limit=20000"
SMALL = "/api/v1/users?limit=20"
SHUTDOWN = 20
# Beyond the setting: two event loops' buffers for replies of Redis, one reply and one response under way on each, and what the
# allocator keeps.
CONSTANT = 32 * MIB

arguments = argparse.ArgumentParser()
arguments.add_argument("executable")
arguments.add_argument("--clients", type=int, default=300)
arguments.add_argument("--buffer", type=int, default=64 * MIB)
arguments.add_argument("--only")
options = arguments.parse_args()
failures = []


def check(what, holds):
    print(f"  {'holds' if holds else 'FAILS'}: {what}", flush=True)
    if not holds:
        failures.append(what)


def start(port=PORT, **more):
    return Service(options.executable, port, CLIENT_BUFFER_BYTES=f"{options.buffer // 1024}KiB", **more)


def generator(count, pause, target=LARGE):
    """Clients that read nothing, in a process of their own."""
    program = os.path.join(os.path.dirname(__file__), "unread.py")
    return subprocess.Popen(
        [sys.executable, program, str(PORT), target, str(count), str(pause)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def unread():
    print(f"\n{options.clients} clients that read nothing of {LARGE}, CLIENT_BUFFER_BYTES {options.buffer / MIB:.0f} MiB")
    service, other = start(), start(OTHER)
    for port in (PORT, OTHER):
        for _ in range(4):
            _, body = get(port, LARGE)
            get(port, SMALL)
    print(f"  an answer has {len(body) / 1e6:.1f} MB")
    time.sleep(1)
    names = ("a hit of the service", "its /health", "a hit of another process", "that one's /health")
    requests = ((PORT, SMALL), (PORT, "/health"), (OTHER, SMALL), (OTHER, "/health"))

    def phase(title, seconds):
        print(f"  {title}:")
        all_times = measure(seconds, requests)
        for name, times in zip(names, all_times):
            print(f"    {name:25} {times}", flush=True)
        return all_times

    without = phase("without them", 8)
    before = service.memory
    service.reset_peak()
    clients = generator(options.clients, 0.02)
    coming = phase("while they come", options.clients * 0.022)
    clients.stdout.readline()
    staying = phase("while they stay", 8)
    peak = service.status("VmHWM")
    print(
        f"  memory: {before / MIB:.0f} MiB before, {service.memory / MIB:.0f} MiB with them, {peak / MIB:.0f} MiB at most"
    )
    check(
        f"memory grows by no more than the setting and {CONSTANT / MIB:.0f} MiB", peak - before <= options.buffer + CONSTANT
    )
    for when, times in (("they come", coming), ("they stay", staying)):
        # Another process has the same two cores and the same Redis, and no such clients.
        bound = max(2 * without[0].p99, 2, 2 * times[2].p99)
        check(
            f"while {when}, the p99 of others is within twice its own, 2 ms, or twice another process's: "
            f"{times[0].p99:.2f} ms of {bound:.2f} ms",
            times[0].p99 <= bound,
        )
    clients.stdin.close()
    clients.wait()
    left = service.memory
    time.sleep(13)
    print(f"  memory after they have left: {left / MIB:.0f} MiB, and 13 s later {service.memory / MIB:.0f} MiB")
    check("memory goes back, but for 32 MiB", service.memory - before <= 32 * MIB)
    several = [generator(20, 0), generator(5, 0, LARGE + "&skip=1")]
    for clients in several:
        clients.stdout.readline()
    time.sleep(1)
    seconds = service.terminate()
    print(f"  SIGTERM with 25 clients that read nothing: ended after {seconds:.1f} s, status {service.process.returncode}")
    check(f"the process ends within {SHUTDOWN} s", seconds <= SHUTDOWN and service.process.returncode == 0)
    for clients in several:
        clients.stdin.close()
        clients.wait()
    other.terminate()


def busy():
    print("\nSIGTERM while 24 keep-alive connections are busy")
    service = start()
    for _ in range(3):
        get(PORT, SMALL)
    cut, ended, running = [], [], []

    def ask(target):
        connection = http.client.HTTPConnection(HOST, PORT, timeout=30)
        while True:
            try:
                connection.request("GET", target)
                response = connection.getresponse()
                response.read()
            except (OSError, http.client.HTTPException) as error:
                cut.append(f"{target}: {error!r}")
                return
            running.append(1)
            if response.headers.get("Connection") == "close":
                ended.append(target)
                return

    threads = [threading.Thread(target=ask, args=(t,)) for t in [SMALL, "/api/v1/users/7", "/health"] * 8]
    for thread in threads:
        thread.start()
    while len(running) < 500:
        time.sleep(0.01)
    seconds = service.terminate()
    for thread in threads:
        thread.join()
    print(f"  {len(ended)} connections ended with an answer that says so, {len(cut)} were cut; ended after {seconds:.1f} s")
    for text in cut[:3]:
        print(f"    {text}")
    check("no connection is cut", not cut)


def crowd(count):
    """Connections that nobody waits for."""
    clients = []
    for _ in range(count):
        connection = socket.socket()
        connection.setblocking(False)
        connection.connect_ex((HOST, PORT))
        clients.append(connection)
    return clients


def recovers(service, log):
    """What has to be so after clients have taken all descriptors and left."""
    end = time.monotonic() + 5
    status = None
    while status != 200 and time.monotonic() < end and service.is_running:
        try:
            status = get(PORT, "/health")[0].status
        except (OSError, http.client.HTTPException) as error:
            status = error
    print(f"  after they have left: {status}")
    check("connections are accepted again", status == 200)
    with open(log) as text:
        lines = [line for line in text if "can't be accepted" in line]
    check("the log has said so once", len(lines) == 1)


def descriptors():
    print("\nA process with 64 file descriptors, and 200 clients")
    log = os.path.join(os.environ["FOLDER"], "descriptors.log")
    service = start(descriptors=64, log=log, HTTP_MAX_CONNECTIONS="1000", DATABASE_POOL_MAX="2")
    old = http.client.HTTPConnection(HOST, PORT, timeout=30)
    old.request("GET", "/health")
    old.getresponse().read()
    clients = crowd(200)
    time.sleep(1)
    began = service.cpu_seconds
    answered = 0
    end = time.monotonic() + 3
    while time.monotonic() < end:
        try:
            old.request("GET", "/health")
            answered += old.getresponse().read() != b""
        except (OSError, http.client.HTTPException):
            break
        time.sleep(0.05)
    used = service.cpu_seconds - began
    print(f"  3 s: the connection of before got {answered} answers, the process used {used:.2f} s of a core")
    check("an old connection is served", answered > 30)
    check("no core spins", used < 1)
    for connection in clients:
        connection.close()
    recovers(service, log)
    service.terminate()


def early():
    # From hardly enough to start, up to some for clients.
    for limit in (28, 32, 40, 64):
        print(f"\nA process with {limit} file descriptors, and clients that come before it listens")
        log = os.path.join(os.environ["FOLDER"], f"early-{limit}.log")
        service = start(
            descriptors=limit, log=log, waits=False, HTTP_MAX_CONNECTIONS="1000", DATABASE_POOL_MIN="0", DATABASE_POOL_MAX="2"
        )
        clients = []
        end = time.monotonic() + 10
        while len(clients) < 100 and time.monotonic() < end and service.is_running:
            connection = socket.socket()
            if connection.connect_ex((HOST, PORT)) == 0:
                clients.append(connection)
            else:
                connection.close()
        time.sleep(1)
        if not service.is_running:
            # What can't open its own files can't listen; nobody has connected then.
            check("the process lives, or has not listened", not clients)
            with open(log) as text:
                print("    " + text.read().strip().splitlines()[-1][:200])
            continue
        began = service.cpu_seconds
        time.sleep(2)
        used = service.cpu_seconds - began
        print(f"  {len(clients)} clients, {service.descriptors} descriptors; in 2 s it used {used:.2f} s of a core")
        check("no core spins", used < 0.7)
        for connection in clients:
            connection.close()
        recovers(service, log)
        service.terminate()


for scenario in (unread, busy, descriptors, early):
    if options.only in (None, scenario.__name__):
        scenario()
print(f"\n{'All of it holds' if not failures else 'FAILED: ' + '; '.join(failures)}")
sys.exit(1 if failures else 0)
