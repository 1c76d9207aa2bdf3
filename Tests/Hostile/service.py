"""A running process of the example's service, and how others fare with it. For the commands of this folder."""

import http.client
import os
import resource
import signal
import subprocess
import sys
import time

HOST = "127.0.0.1"
MIB = 1 << 20


def get(port, target, headers={}):
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    connection.request("GET", target, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


class Service:
    """A running process of the service, whose environment is this one's and what is given."""

    def __init__(self, executable, port, descriptors=None, log=None, waits=True, **environment):
        def limit():
            if descriptors:
                resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

        self.port = port
        output = open(log, "w") if log else None
        self.process = subprocess.Popen(
            [executable],
            env=os.environ | {"HOST": HOST, "PORT": str(port)} | environment,
            preexec_fn=limit,
            stdout=output,
            stderr=output,
        )
        if waits and not self.becomes_ready(30):
            sys.exit("the service is not ready")

    def becomes_ready(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.is_running:
            try:
                if get(self.port, "/ready")[0].status == 200:
                    return True
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.1)
        return False

    @property
    def is_running(self):
        return self.process.poll() is None

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
    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

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


class Times:
    """The times of requests, in milliseconds."""

    def __init__(self, times):
        self.times = sorted(times)

    def part(self, share):
        return self.times[min(len(self.times) - 1, int(len(self.times) * share))] if self.times else 0

    @property
    def median(self):
        return self.part(0.5)

    @property
    def p99(self):
        return self.part(0.99)

    def __str__(self):
        return f"median {self.median:6.2f} ms, p99 {self.p99:6.2f} ms, at most {self.part(1):6.1f} ms of {len(self.times)}"


def measure(seconds, requests):
    """Sends the requests, a port and a target each, in turn, so that they meet the same moments.

    Returns the times of each.
    """
    connections = [http.client.HTTPConnection(HOST, port, timeout=30) for port, _ in requests]
    times = [[] for _ in requests]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for index, (_, target) in enumerate(requests):
            began = time.perf_counter()
            connections[index].request("GET", target)
            response = connections[index].getresponse()
            body = response.read()
            times[index].append((time.perf_counter() - began) * 1000)
            assert response.status == 200 and body, response.status
        time.sleep(0.001)
    for connection in connections:
        connection.close()
    return [Times(one) for one in times]
