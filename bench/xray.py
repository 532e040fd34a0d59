"""What vitrine xray costs: CPU time of watching, and how much longer programs run under control."""
import re
import subprocess
import time

from figures import Figure, Section
from machine import cpu_seconds
from pair import Program

ROUNDS = 5
SECONDS = 5        # of watching, a round
LOOKS = 10         # a second
SEMOPS = 2000      # in a round; the program makes 10,000 a second
CALLS = 500000     # of getppid, in a round
LOAD = (100, 100, 500, 100, 20)  # sets, semaphores of each, processes, asleep in semop, pairs

WATCHED = {
    "text": ("--text", "--watch=%g" % (1 / LOOKS)),
    "json": ("--json", "--watch=%g" % (1 / LOOKS)),
}


def run(pair, quiet):
    section = Section(
        "The X-ray of any program",
        text=Figure("CPU of a core, `vitrine xray --text`, %d looks a second at %d sets of %d "
                    "semaphores and %d processes" % (LOOKS, *LOAD[:3]), "%", 5,
                    "CPU of a core for watching %d sets of %d semaphores" % LOAD[:2]),
        json=Figure("… `vitrine xray --json`", "%", 5, "… as JSON"),
        window=Figure("… the window", "%"),
        semop=Figure("a program that makes 10,000 semops a second, under control, without stops: "
                     "its time as a multiple", "×", 4,
                     "slow-down of 10,000 semops a second under control"),
        other=Figure("a call that is not of System V (getppid), under control: its time as a "
                     "multiple", "×"))
    load = subprocess.Popen([pair.build / "bench" / "bench-xray", "load", *map(str, LOAD)],
                            stdout=subprocess.PIPE, text=True)
    try:
        if load.stdout.readline() != "ready\n":
            raise RuntimeError("bench-xray cannot make its sets and processes")
        section.measure(quiet, ROUNDS, lambda: _watch(pair))
    finally:
        load.terminate()
        load.wait()
        load.stdout.close()
    section.measure(quiet, ROUNDS, lambda: _control(pair))
    return section


def _watch(pair):
    shares = {name: _share(subprocess.Popen([pair.build / "vitrine", "xray", *words],
                                            stdout=subprocess.DEVNULL))
              for name, words in WATCHED.items()}
    window = Program(pair.desktop, pair.build / "vitrine-xray", ["--geometry", "960x700+0+0"],
                     pair.work / "vitrine-xray.log")
    pair.desktop.find_window(window.pid)
    shares["window"] = _share(window.process)
    return shares


def _share(process):
    """The percentage of a core that it uses, from its second second on."""
    time.sleep(1)
    used, start = cpu_seconds(process.pid), time.monotonic()
    time.sleep(SECONDS)
    share = (cpu_seconds(process.pid) - used) / (time.monotonic() - start)
    process.terminate()
    process.wait()
    return 100 * share


def _control(pair):
    return {"semop": _slower(pair, "semop", SEMOPS), "other": _slower(pair, "getppid", CALLS)}


def _slower(pair, what, count):
    words = [pair.build / "bench" / "bench-xray", what, str(count)]
    alone = subprocess.run(words, capture_output=True, text=True, check=True)
    traced = subprocess.run([pair.build / "vitrine", "xray", "--run", "--", *words],
                            capture_output=True, text=True, check=True)
    return _ns(traced) / _ns(alone)


def _ns(done):
    return float(re.search(r"^([\d.]+)$", done.stderr, re.M).group(1))
