"""What limits the figures: where processor time is spent (perf), and the system calls (strace)."""
import os
import re
import shutil
import signal
import subprocess
import tempfile

from figures import Table, number
from pair import read_fields

ROUNDS = 1
SIZES = {"16 KB": (16384, 1.0), "1080p": (1920 * 1080 * 4, 1.0), "24 MP": (6000 * 4000 * 4, 3.0)}
MOST = 6  # symbols of a profile
PRESSES = 8
OWN = ("total", "clock_nanosleep", "wait4")  # strace's sum, and calls of the measuring process


def run(pair, quiet):
    return [_calls(pair), *(_profile(pair, name, *size) for name, size in SIZES.items()),
            _windows(pair)]


def _growth(pair, size, seconds):
    return [str(pair.build / "bench/bench-growth"), "4", str(size), "1", "1", "0", "0", "0",
            str(seconds)]


def _calls(pair):
    """System calls per frame. Under strace everything is slow, but the number of calls is the
    same."""
    title = "System calls a frame, in place, one producer and one consumer"
    if not shutil.which("strace"):
        return Table(title, (), [], "Left out: strace is not installed.")
    rows = []
    for name in ("16 KB", "1080p"):  # with few large frames, the calls of the start would dominate
        size = SIZES[name][0]
        with tempfile.NamedTemporaryFile("r") as counts:
            done = subprocess.run(["strace", "-f", "-c", "-o", counts.name,
                                   *_growth(pair, size, 0.5)], stdout=subprocess.PIPE, text=True,
                                  check=True)
            frames = read_fields(done.stdout)["total"]
            calls = re.findall(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+) +(\d*) +(\w+)$", counts.read(), re.M)
        often = sorted(((int(count), int(vain or 0), call) for count, vain, call in calls
                        if call not in OWN and int(count) > 0.4 * frames), reverse=True)
        rows.append((name, ", ".join("%s %s" % (call, number((count - vain) / frames)) + (
            " and %s in vain" % number(vain / frames) if vain > 0.05 * frames else "")
            for count, vain, call in often)))
    return Table(title, ("frames of", "calls"), rows, "In vain: calls with `IPC_NOWAIT` that "
                 "fail with EAGAIN, before a sleep that is likely to be short.")


RECORD = ("perf", "record", "-q", "-e", "cpu-clock", "-F", "4000", "-o")


def _profile(pair, name, size, seconds):
    return _recorded("Where the processor time goes: %s, in place" % name, lambda data: (
        subprocess.run([*RECORD, data, "-D", "%.0f" % (500 * seconds),  # after the start
                        *_growth(pair, size, seconds)], capture_output=True)))


def _windows(pair):
    """Both windows, while images of 24 megapixels are sent from one to the other."""
    paths = pair.images("24MP")
    consumer = pair.program("vitrine-consumer")
    producer = pair.program("vitrine-producer", *paths)
    producer.wait_all("loaded", "path", paths)

    def record(data):
        perf = subprocess.Popen([*RECORD, data, "-p", "%d,%d" % (producer.pid, consumer.pid)],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for press in range(PRESSES):
            producer.key(("Home", "End")[press % 2])
            producer.key("space")
            consumer.wait("shown")
        perf.send_signal(signal.SIGINT)
        perf.wait()
    table = _recorded("Where the processor time goes: both windows, %d images of 24 megapixels" %
                      PRESSES, record)
    pair.end_programs()
    return table


def _recorded(title, record):
    """A profile of record(file)."""
    if not shutil.which("perf"):
        return Table(title, (), [], "Left out: perf (linux-perf) is not installed.")
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        record(data)
        if not os.path.exists(data):
            return Table(title, (), [], "Left out: perf cannot record on this machine.")
        report = subprocess.run(["perf", "report", "-i", data, "--stdio", "--no-children", "-q",
                                 "-s", "dso,symbol", "--percent-limit", "1"],
                                capture_output=True, text=True).stdout
    found = re.findall(r"^ *([\d.]+)% +(\S+) +\[(.)\] (\S+)", report, re.M)[:MOST]
    rows = [("`%s`" % symbol, "kernel" if where == "k" else dso, "%s %%" % share)
            for share, dso, where, symbol in found]
    return Table(title, ("function", "in", "share"), rows)
