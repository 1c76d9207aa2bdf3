"""What processes use, read from /proc, and how they are ended."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def all_processes():
    """For each process: its parent, its CPU ticks with those of the children it has waited for, when it started."""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                text = Path(f"/proc/{name}/stat").read_text()
            except OSError:
                continue
            fields = text[text.rindex(")") + 2 :].split()
            found[int(name)] = (int(fields[1]), sum(map(int, fields[11:15])), fields[19])
    return found


def tree(root, processes=None):
    """The process and all that descend from it."""
    processes = processes or all_processes()
    members, grew = {root}, True
    while grew:
        grew = False
        for process, (parent, _, _) in processes.items():
            if parent in members and process not in members:
                members.add(process)
                grew = True
    return [process for process in members if process in processes]


def cpu_seconds(roots):
    """User and system time of the trees so far."""
    processes = all_processes()
    return sum(processes[p][1] for root in roots for p in tree(root, processes)) / TICK


def forget_peak_memory(roots):
    for root in roots:
        for process in tree(root):
            try:
                Path(f"/proc/{process}/clear_refs").write_text("5")
            except OSError:
                pass


def peak_memory_mb(roots):
    """The sum of the processes' peaks; pages that several of them share count for each."""
    return _memory_mb(roots, "VmHWM")


def resident_memory_mb(roots):
    """The sum of what the processes have now; pages that several of them share count for each."""
    return _memory_mb(roots, "VmRSS")


def _memory_mb(roots, figure):
    total = 0
    for root in roots:
        for process in tree(root):
            try:
                found = re.search(rf"{figure}:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
            except OSError:
                continue
            total += int(found.group(1)) if found else 0
    return total / 1024


def end(process, seconds=10):
    """Ends a process that this one started, and what descends from it: TERM, and KILL for what is still there."""
    before = all_processes()
    members = {p: before[p][2] for p in tree(process.pid, before)}
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        pass
    time.sleep(0.05)
    for member, started in members.items():
        # The start time tells whether the id has been given to another process meanwhile.
        now = all_processes().get(member)
        if now and now[2] == started:
            try:
                os.kill(member, signal.SIGKILL)
            except ProcessLookupError:
                pass
    process.wait()
