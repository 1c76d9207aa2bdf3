"""Whether the machine is quiet: what others use while something is measured, and waiting until they don't."""

import os
import time
from pathlib import Path

from . import processes

# Runs in which others, or the host, took more than this many cores are repeated.
DISTURBED = 0.2


def machine_seconds():
    """CPU seconds of the whole machine so far, and those that the host gave to others."""
    fields = list(map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]))
    # Interrupt time counts: the kernel charges it to the process that it interrupts.
    return (sum(fields[0:3]) + fields[5] + fields[6]) / processes.TICK, fields[7] / processes.TICK


def own_seconds(roots):
    """CPU seconds of what the benchmark started: the given trees, this process, and children it has waited for."""
    return processes.cpu_seconds(roots) + sum(os.times()[:4])


class Watch:
    """What others use between its making and `stop`, in cores."""

    def __init__(self, roots):
        self.roots = roots
        self.busy, self.stolen = machine_seconds()
        self.own, self.began = own_seconds(roots), time.time()

    def stop(self):
        busy, stolen = machine_seconds()
        own, wall = own_seconds(self.roots), time.time() - self.began
        foreign = max(0.0, ((busy - self.busy) - (own - self.own)) / wall)
        return {"foreign": foreign, "steal": (stolen - self.stolen) / wall}


def wait_until_quiet(roots, limit=90):
    end = time.time() + limit
    while time.time() < end:
        watch = Watch(roots)
        time.sleep(0.6)
        if watch.stop()["foreign"] < 0.08:
            return
        time.sleep(0.5)


def settle(roots, limit=60):
    """Waits until the trees have nothing left to do."""
    end = time.time() + limit
    while time.time() < end:
        before = processes.cpu_seconds(roots)
        time.sleep(0.3)
        if processes.cpu_seconds(roots) - before < 0.02:
            return


def spin_milliseconds():
    """The time of a fixed piece of work: shows when the host itself runs slower."""
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        sum(i * i for i in range(200_000))
        best = min(best, time.perf_counter() - began)
    return best * 1000
