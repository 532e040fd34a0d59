"""What the programs use: CPU while nothing happens, their memory and that of the segment."""
import pathlib
import re
import time

from figures import Figure, Section
from machine import cpu_seconds
from pair import PLACES, ipc_objects

ROUNDS = 5
IDLE_SECONDS = 4.0  # per round: twenty seconds in total
NEEDED = 320 * 240 * 4 / 2**20  # MiB that the newest image needs
STATES = {"fresh": "nothing published", "large": "with one image of 24 megapixels",
          "small": "two seconds after a small one followed"}
PARTS = {"Rss": "resident", "Pss": "… its share (Pss)", "Shared": "… shared with others"}


def run(pair, quiet):
    return [_idle(pair, quiet), _memory(pair, quiet)]


# ---- CPU -----------------------------------------------------------------------------------------

def _idle(pair, quiet):
    section = Section(
        "Idle, both programs together, %d seconds" % (ROUNDS * IDLE_SECONDS),
        nothing=Figure("CPU with nothing loaded", "% of a core", 0.2,
                       "idle, both windows, nothing loaded"),
        image=Figure("CPU with an image shown in both", "% of a core", 0.2,
                     "idle, both windows, an image shown"))
    _start(pair)
    section.measure(quiet, ROUNDS, lambda: {"nothing": _rest(pair)})
    pair.end_programs()
    _start(pair, *pair.images("1080p"))
    _publish(pair, "Home")
    section.measure(quiet, ROUNDS, lambda: {"image": _rest(pair)})
    pair.end_programs()
    return section


def _rest(pair):
    def used():
        return sum(cpu_seconds(program.pid) for program in pair.programs)
    time.sleep(0.5)
    start, before = time.monotonic(), used()
    time.sleep(IDLE_SECONDS)
    return 100 * (used() - before) / (time.monotonic() - start)


# ---- memory --------------------------------------------------------------------------------------

def _memory(pair, quiet):
    section = Section("Memory")
    for state, when in STATES.items():
        for name in PLACES:
            for part, text in PARTS.items():
                text = "`%s`, %s: %s" % (name, when, text) if part == "Rss" else text
                section.figures[state + name + part] = Figure(text, "MiB")
        section.figures[state] = Figure("segment, %s: resident" % when, "MiB",
                                        NEEDED + 1 if state == "small" else None,
                                        "segment's memory two seconds after 24 megapixels and a "
                                        "small image" if state == "small" else None)
    section.measure(quiet, ROUNDS, lambda: _life(pair))
    return section


def _life(pair):
    """Loads two files, publishes the large one, then the small one. Returns all sizes, {name of
    figure: MiB}."""
    _start(pair, pair.images("24MP")[0], pair.images("small")[1])
    values = _sizes(pair, "fresh")
    _publish(pair, "Home")
    values.update(_sizes(pair, "large"))
    _publish(pair, "End")
    time.sleep(2)
    values.update(_sizes(pair, "small"))
    pair.end_programs()
    return values


def _sizes(pair, state):
    values = {state: _segment(pair.key)}
    for program in pair.programs:
        text = pathlib.Path("/proc/%d/smaps_rollup" % program.pid).read_text()
        kib = {name: int(number) for name, number in re.findall(r"(\w+):\s+(\d+) kB", text)}
        kib["Shared"] = kib["Shared_Clean"] + kib["Shared_Dirty"]
        for part in PARTS:
            values[state + program.name + part] = kib[part] / 1024
    return values


def _segment(key):
    """The resident size of the key's segment, MiB."""
    number = ipc_objects(key)["shm"]
    for line in pathlib.Path("/proc/sysvipc/shm").read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[1]) == number:
            return int(fields[14]) / 2**20
    raise RuntimeError("the segment has gone")


# ---- both ----------------------------------------------------------------------------------------

def _start(pair, *paths):
    pair.program("vitrine-consumer")
    producer = pair.program("vitrine-producer", *paths)
    producer.wait_all("loaded", "path", paths)


def _publish(pair, key):
    consumer, producer = pair.programs
    producer.key(key)
    producer.key("space")
    consumer.wait("shown")
    time.sleep(0.3)  # then the history has its copy, and the view its smaller version
