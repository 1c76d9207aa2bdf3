"""A mixed load of a service for some minutes, and what it takes of memory and descriptors. See Tests/soak.sh.

Usage: soak.py EXECUTABLE MINUTES SECONDS_OF_A_MINUTE; the environment is the service's.
"""

import collections
import http.client
import multiprocessing
import os
import queue
import random
import socket
import statistics
import struct
import sys
import time

from service import HOST, MIB, Service, Times, get

PORT = int(os.environ["PORT"])
EXECUTABLE, MINUTES, MINUTE = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
# How much more of each the last minute may have than the one at half time.
MORE_MEMORY = 32 * MIB
MORE_DESCRIPTORS = 16
LARGE = "/api/v1/users?limit=20000"
SMALL = "/api/v1/users?limit=20"
# Nothing that is written purges it, nor those of the users above 500.
KEPT = "/api/v1/users/700"

ANSWERED = {"measured", "hits", "purged lists", "misses", "conditional", "writes", "writes with purges", "large hits"}


class Client:
    """A connection that is opened again when it is lost."""

    def __init__(self, counts):
        self.counts = counts
        self.connection = None

    def ask(self, kind, method, target, body=None, headers={}):
        if body is not None:
            headers = headers | {"Content-Type": "application/json"}
        for attempt in (1, 2):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection(HOST, PORT, timeout=30)
                self.connection.request(method, target, body, headers)
                response = self.connection.getresponse()
                text = response.read()
                break
            except (OSError, http.client.HTTPException):
                self.connection.close()
                self.connection = None
                if attempt == 2:
                    self.counts[f"{kind} without an answer"] += 1
                    return None, b""
        self.counts[kind] += 1
        if response.status >= 500:
            self.counts[f"{kind} {response.status}"] += 1
        return response, text


def socket_with(request, receive_buffer=None):
    connection = socket.socket()
    if receive_buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.settimeout(10)
    connection.connect((HOST, PORT))
    connection.sendall(request.encode())
    return connection


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def head(target, more=""):
    return f"GET {target} HTTP/1.1\r\nHost: a\r\n{more}\r\n"


def every(worker):
    """Runs a worker's turns until the parent says that it is over, and hands its counts on once a second."""

    def run(number, over, results):
        random.seed(number)
        counts = collections.Counter()
        turn = worker(counts, results)
        reported = time.monotonic()
        while not over.is_set():
            try:
                turn()
            except OSError:
                counts[f"{worker.__name__}: lost connections"] += 1
                time.sleep(0.05)
            if time.monotonic() - reported > 1:
                results.put(("counts", dict(counts)))
                counts.clear()
                reported = time.monotonic()

    return run


def reads_and_writes(counts, _):
    client = Client(counts)
    tags = {}
    mine = []

    def turn():
        kind = random.random()
        if kind < 0.5:
            client.ask("hits", "GET", random.choice([f"/api/v1/users/{random.randint(501, 1000)}", "/api/v1/usage", "/api/v1/users/newest"]))
        elif kind < 0.55:
            # Each change of any user purges it, so that it is made again most of the time.
            client.ask("purged lists", "GET", SMALL)
        elif kind < 0.65:
            client.ask("misses", "GET", f"/api/v1/users?limit={random.randint(1, 300)}&skip={random.randint(0, 19000)}")
        elif kind < 0.8:
            target = f"/api/v1/users/{random.randint(1, 50)}"
            response, _ = client.ask("conditional", "GET", target, headers={"If-None-Match": tags.get(target, '"a"')})
            if response is not None and response.headers.get("ETag"):
                tags[target] = response.headers["ETag"]
            if response is not None and response.status == 304:
                counts["304"] += 1
        elif kind < 0.9:
            target = f"/api/v1/users/{random.randint(1, 500)}"
            client.ask("writes with purges", "PATCH", target, f'{{"bio": "{random.random()}"}}')
        elif kind < 0.95 or not mine:
            email = f"soak-{os.getpid()}-{time.monotonic_ns()}@example.com"
            response, text = client.ask("writes", "POST", "/api/v1/users", f'{{"email": "{email}", "full_name": "A"}}')
            if response is not None and response.status == 201:
                mine.append(response.headers.get("Location") or text.decode().split('"id":')[1].split(",")[0])
        else:
            client.ask("writes", "DELETE", f"/api/v1/users/{mine.pop()}")
        time.sleep(0.002)

    return turn


def odd_clients(counts, _):
    slow = collections.deque()

    def turn():
        kind = random.random()
        if kind < 0.3:
            # Leaves before its answer is there: another key each time, so that it is made.
            target = f"/api/v1/users?limit={random.randint(1000, 5000)}&skip={random.randint(0, 15000)}"
            socket_with(head(target)).close()
            counts["left"] += 1
        elif kind < 0.5:
            connection = socket_with(head(LARGE))
            connection.recv(1000)
            reset(connection)
            counts["reset in a body"] += 1
        elif kind < 0.7:
            connection = socket_with("GET /api/v1/us")
            (reset if random.random() < 0.5 else socket.socket.close)(connection)
            counts["reset in a head"] += 1
        elif kind < 0.8:
            slow.append((socket_with(head(LARGE), 4096), time.monotonic()))
            counts["slow readers"] += 1
        # They take a little, and some of them are gone by then.
        for connection, _ in slow:
            try:
                connection.settimeout(0.001)
                connection.recv(2000)
            except OSError:
                pass
        while slow and time.monotonic() - slow[0][1] > 20:
            slow.popleft()[0].close()
        time.sleep(0.2)

    return turn


def large_reads(counts, _):
    client = Client(counts)

    def turn():
        client.ask("large hits", "GET", LARGE, headers=random.choice([{}, {"Accept-Encoding": "gzip"}]))
        time.sleep(0.25)

    return turn


def meter(counts, results):
    client = Client(counts)

    def turn():
        began = time.perf_counter()
        client.ask("measured", "GET", KEPT)
        results.put(("time", (time.perf_counter() - began) * 1000))
        time.sleep(0.005)

    return turn


def main():
    service = Service(EXECUTABLE, PORT, CLIENT_BUFFER_BYTES="64MiB")
    for _ in range(3):
        get(PORT, LARGE)
    over, results = multiprocessing.Event(), multiprocessing.Queue()
    workers = [reads_and_writes, reads_and_writes, reads_and_writes, odd_clients, large_reads, meter]
    processes = [
        multiprocessing.Process(target=every(worker), args=(number, over, results)) for number, worker in enumerate(workers)
    ]
    for process in processes:
        process.start()
    print(f"{'minute':>6} {'memory':>8} {'at most':>8} {'descriptors':>11} {'median':>8} {'p99':>8} {'answers':>8}  of them")
    minutes = []
    for minute in range(1, MINUTES + 1):
        end = time.monotonic() + MINUTE
        counts, times, memory, descriptors = collections.Counter(), [], [], []
        while time.monotonic() < end and service.is_running:
            deadline = min(end, time.monotonic() + 0.5)
            while (left := deadline - time.monotonic()) > 0:
                try:
                    name, value = results.get(timeout=left)
                except queue.Empty:
                    break
                if name == "time":
                    times.append(value)
                else:
                    counts.update(value)
            if service.is_running:
                memory.append(service.memory)
                descriptors.append(service.descriptors)
        if not service.is_running:
            print(f"FAILED: the service has ended with status {service.process.returncode}")
            break
        minutes.append((statistics.median(memory), statistics.median(descriptors)))
        all_times = Times(times)
        details = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()) if name != "measured")
        answers = sum(count for name, count in counts.items() if name in ANSWERED)
        print(
            f"{minute:6} {minutes[-1][0] / MIB:4.0f} MiB {max(memory) / MIB:4.0f} MiB {minutes[-1][1]:11.0f} "
            f"{all_times.median:5.2f} ms {all_times.p99:5.1f} ms {answers:8}  {details}",
            flush=True,
        )
    over.set()
    deadline = time.monotonic() + 15
    while any(process.is_alive() for process in processes) and time.monotonic() < deadline:
        try:
            results.get(timeout=0.1)
        except queue.Empty:
            pass
    for process in processes:
        if process.is_alive():
            process.terminate()
    if not service.is_running:
        return 1
    seconds = service.terminate()
    print(f"SIGTERM: ended after {seconds:.1f} s with status {service.process.returncode}")
    half = minutes[(len(minutes) - 1) // 2]
    last = minutes[-1]
    failures = []
    if last[0] > half[0] + MORE_MEMORY:
        failures.append(f"memory has grown from {half[0] / MIB:.0f} to {last[0] / MIB:.0f} MiB since half time")
    if last[1] > half[1] + MORE_DESCRIPTORS:
        failures.append(f"descriptors have grown from {half[1]:.0f} to {last[1]:.0f} since half time")
    if service.process.returncode != 0 or seconds > 20:
        failures.append("SIGTERM has not ended the process in time")
    print("FAILED: " + "; ".join(failures) if failures else "Neither memory nor descriptors have grown since half time")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
