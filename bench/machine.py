"""The machine of a benchmark: its description, and how much other programs use of it."""
import os
import pathlib
import re
import resource
import time

LIMIT = 0.10     # of all cores: if other programs use more, the round is repeated
PATIENCE = 60.0  # seconds per run, in total, for waiting until it is quiet and for repeated rounds
TICK = os.sysconf("SC_CLK_TCK")


def describe():
    """The lines of the machine's description, without its name."""
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())
    virtual = " (virtual machine)" if " hypervisor" in pathlib.Path("/proc/cpuinfo").read_text() \
        else ""
    system = next((line.split("=", 1)[1].strip('"') for line in
                   pathlib.Path("/etc/os-release").read_text().splitlines()
                   if line.startswith("PRETTY_NAME=")), "Linux")
    kernel = re.match(r"\d+\.\d+\.\d+", os.uname().release)
    return [
        "CPU: %s, %d cores%s" % (cpu.group(1) if cpu else os.uname().machine, os.cpu_count(),
                                 virtual),
        "memory: %.0f GiB" % (int(memory.group(1)) / 2**20),
        "system: %s, Linux %s" % (system, kernel.group(0) if kernel else "?"),
    ]


def cpu_seconds(pid):
    """CPU time that a process and all its threads have used, to the nanosecond."""
    return time.clock_gettime_ns((~pid << 3) | 2) / 1e9  # clock_getcpuclockid(3)


def _machine_seconds():
    """CPU time that was not idle, on all cores, stolen time included."""
    fields = [int(word) for word in
              pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    user, nice, system, _, _, irq, softirq, steal = fields[:8]
    return (user + nice + system + irq + softirq + steal) / TICK


def _own_seconds(processes):
    """CPU time of this program and its children: the `processes`, and those that have ended."""
    used = sum(resource.getrusage(who)[0] + resource.getrusage(who)[1]
               for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    for process in processes:
        if process.poll() is None:
            stat = pathlib.Path("/proc/%d/stat" % process.pid).read_text()
            used += sum(map(int, stat.rpartition(")")[2].split()[11:15])) / TICK
    return used


class Quiet:
    """Watches how much other programs use, and repeats disturbed rounds."""

    def __init__(self, processes):
        self.processes = processes  # the caller's list: always those that run now
        self.left = PATIENCE

    def _start(self):
        return time.monotonic(), _machine_seconds(), _own_seconds(self.processes)

    def _others(self, start):
        """The share of all cores that others used since `start`, 0 to 1."""
        now = self._start()
        elapsed, machine, own = (after - before for after, before in zip(now, start))
        return min(max((machine - own) / max(elapsed, 0.01) / os.cpu_count(), 0.0), 1.0)

    def wait(self):
        """Waits until others use little, or the patience is used up."""
        while self.left > 0:
            start = self._start()
            time.sleep(0.25)
            if self._others(start) <= LIMIT:
                return
            self.left -= 0.25

    def round(self, measure):
        """(result of measure(), others' share) of a quiet round, or else of the quietest one."""
        best = None
        while True:
            self.wait()
            start = self._start()
            values = measure()
            share = self._others(start)
            if best is None or share < best[1]:
                best = values, share
            if share <= LIMIT or self.left <= 0:
                return best
            self.left -= time.monotonic() - start[0]
