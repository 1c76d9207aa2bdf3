"""Clients that do not read, trickle or stay, and what becomes of a service and its other clients meanwhile.

Usage: clients.py EXECUTABLE [--clients N] [--buffer BYTES]; the environment is the service's. See Tests/hostile-clients.sh.
"""

import argparse
import http.client
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time

HOST = "127.0.0.1"
PORT = int(os.environ["PORT"])
LARGE = "/api/v1/users?limit=20000"
SMALL = "/api/v1/users?limit=20"
SHUTDOWN = 20
MIB = 1 << 20

arguments = argparse.ArgumentParser()
arguments.add_argument("executable")
arguments.add_argument("--clients", type=int, default=300)
arguments.add_argument("--buffer", type=int, default=64 * MIB)
options = arguments.parse_args()
failures = []


def check(what, holds):
    print(f"  {'holds' if holds else 'FAILS'}: {what}")
    if not holds:
        failures.append(what)


def get(target):
    connection = http.client.HTTPConnection(HOST, PORT, timeout=30)
    connection.request("GET", target)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


class Service:
    """A running process of the service."""

    def __init__(self, descriptors=None, **environment):
        def limit():
            if descriptors:
                resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

        self.process = subprocess.Popen(
            [options.executable],
            env=os.environ | {"CLIENT_BUFFER_BYTES": str(options.buffer)} | environment,
            preexec_fn=limit,
        )
        for _ in range(300):
            try:
                if get("/ready")[0].status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        sys.exit("the service is not ready")

    def status(self, name):
        with open(f"/proc/{self.process.pid}/status") as lines:
            for line in lines:
                if line.startswith(name + ":"):
                    return int(line.split()[1]) * 1024
        return 0

    @property
    def memory(self):
        return self.status("VmRSS")

    @property
    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat") as text:
            fields = text.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def reset_peak(self):
        with open(f"/proc/{self.process.pid}/clear_refs", "w") as file:
            file.write("5")

    def terminate(self):
        """Seconds from the signal to the end."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=120)
        return time.monotonic() - began


def client(target, receive_buffer=4096):
    """A client that sends a request and reads nothing."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.settimeout(30)
    connection.connect((HOST, PORT))
    connection.sendall(f"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    return connection


def latencies(seconds):
    """The milliseconds that hits of an ordinary client take: median and p99."""
    connection = http.client.HTTPConnection(HOST, PORT, timeout=30)
    times = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.perf_counter()
        connection.request("GET", SMALL)
        response = connection.getresponse()
        body = response.read()
        times.append((time.perf_counter() - began) * 1000)
        assert response.status == 200 and body, response.status
        time.sleep(0.001)
    connection.close()
    times.sort()
    return times[len(times) // 2], times[len(times) * 99 // 100], len(times)


def unread():
    print(f"\n{options.clients} clients that read nothing of {LARGE}, CLIENT_BUFFER_BYTES {options.buffer / MIB:.0f} MiB")
    service = Service()
    _, body = get(LARGE)
    print(f"  an answer has {len(body) / 1e6:.1f} MB")
    for _ in range(3):
        get(LARGE)
        get(SMALL)
    time.sleep(1)
    median, p99, count = latencies(8)
    print(f"  others, without them:    median {median:.2f} ms, p99 {p99:.2f} ms, {count} hits")
    before = service.memory
    service.reset_peak()
    clients = []

    def attack():
        for _ in range(options.clients):
            clients.append(client(LARGE))
            time.sleep(0.02)

    thread = threading.Thread(target=attack)
    thread.start()
    # Making and sending so many large answers is work, whoever reads them.
    coming = latencies(8)
    thread.join()
    print(f"  others, while they come: median {coming[0]:.2f} ms, p99 {coming[1]:.2f} ms, {coming[2]} hits")
    median_with, p99_with, count = latencies(8)
    print(f"  others, while they stay: median {median_with:.2f} ms, p99 {p99_with:.2f} ms, {count} hits")
    peak = service.status("VmHWM")
    print(
        f"  memory: {before / MIB:.0f} MiB before, {service.memory / MIB:.0f} MiB with them, {peak / MIB:.0f} MiB at most"
    )
    check("memory grows by no more than twice the setting", peak - before <= 2 * options.buffer)
    check("the others' p99 stays within twice its own, or 2 ms", p99_with <= max(2 * p99, 2))
    for connection in clients:
        connection.close()
    time.sleep(4)
    print(f"  memory after they have left: {service.memory / MIB:.0f} MiB")
    clients = [client(LARGE) for _ in range(20)] + [client(LARGE + "&skip=1") for _ in range(5)]
    time.sleep(1)
    seconds = service.terminate()
    print(f"  SIGTERM with 25 clients that read nothing: ended after {seconds:.1f} s, status {service.process.returncode}")
    check(f"the process ends within {SHUTDOWN} s", seconds <= SHUTDOWN and service.process.returncode == 0)
    for connection in clients:
        connection.close()


def busy():
    print("\nSIGTERM while 24 keep-alive connections are busy")
    service = Service()
    for _ in range(3):
        get(SMALL)
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


def descriptors():
    print("\nA process with 64 file descriptors, and 200 clients")
    service = Service(descriptors=64, HTTP_MAX_CONNECTIONS="1000", DATABASE_POOL_MAX="2")
    old = http.client.HTTPConnection(HOST, PORT, timeout=30)
    old.request("GET", "/health")
    old.getresponse().read()
    clients = []
    for _ in range(200):
        connection = socket.socket()
        connection.setblocking(False)
        connection.connect_ex((HOST, PORT))
        clients.append(connection)
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
    try:
        status = get("/health")[0].status
    except OSError as error:
        status = error
    print(f"  after they have left: {status}")
    check("connections are accepted again", status == 200)
    service.terminate()


unread()
busy()
descriptors()
print(f"\n{'All of it holds' if not failures else 'FAILED: ' + '; '.join(failures)}")
sys.exit(1 if failures else 0)
