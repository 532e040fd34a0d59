"""What a frame costs as a channel grows; see growth.c."""
import os
import random
import statistics
import subprocess

from figures import Table, number
import plots
from pair import read_fields

ROUNDS = 5
SECONDS = 0.1
SMALL = 16384
PLAIN = {"slots": 4, "bytes": SMALL, "producers": 1, "consumers": 1, "mirrors": 0, "holding": 0,
         "stopped": 0}
POWERS = (1, 2, 4, 8, 16, 32, 64)
# name: the parameter that grows, its values, other differences from PLAIN
SWEEPS = {
    "slots": ("slots", POWERS[1:], {}),
    "holding": ("holding", (0,) + POWERS[:4], {"slots": 16}),
    "stopped": ("stopped", (0,) + POWERS[:5], {}),
    "consumers": ("consumers", POWERS, {}),
    "mirrors": ("mirrors", (0,) + POWERS, {}),
    "producers": ("producers", POWERS[:5], {}),
    "bytes": ("bytes", tuple(1 << k for k in range(10, 29, 2)), {}),
}
TITLES = {
    "slots": "slots", "holding": "stopped consumers that hold an image (16 slots)",
    "stopped": "stopped mirrors", "consumers": "consumers that share the images",
    "mirrors": "mirrors that copy what they see", "producers": "producers", "bytes": "bytes a frame",
}


def run(pair, quiet):
    points = {(name, value): [] for name, (_, values, _) in SWEEPS.items() for value in values}
    order = list(points)
    for number_of_round in range(ROUNDS):
        random.Random(number_of_round).shuffle(order)  # a quiet minute must not favour one sweep
        for name, value in order:
            if number_of_round >= 3 and value == 1 << 28:
                continue  # each time a gigabyte is cleared
            fields, _ = quiet.round(lambda: _point(pair, name, value))
            points[name, value].append(fields)
    _plot(pair.plots, points)
    return [_table(name, points) for name in SWEEPS]


def _point(pair, name, value):
    what, _, more = SWEEPS[name]
    shape = {**PLAIN, **more, what: value}
    output = subprocess.run(
        [pair.build / "bench/bench-growth", *map(str, shape.values()), str(SECONDS)],
        stdout=subprocess.PIPE, text=True, check=True, env=os.environ).stdout
    return read_fields(output)


def _median(points, name, value, field):
    return statistics.median(fields[field] for fields in points[name, value])


def _size(value):
    for unit in ("B", "KiB", "MiB"):
        if value < 1024:
            break
        value //= 1024
    return "%d %s" % (value, unit)


def _table(name, points):
    rows = [(_size(value) if name == "bytes" else value,
             number(_median(points, name, value, "published")),
             number(_median(points, name, value, "seen")) if name == "mirrors" else "",
             "%s µs" % number(_median(points, name, value, "cpu_us")))
            for value in SWEEPS[name][1]]
    head = (TITLES[name], "frames/s", "seen by mirrors/s", "CPU a frame, all processes")
    if name != "mirrors":
        head, rows = (head[0], head[1], head[3]), [(row[0], row[1], row[3]) for row in rows]
    return Table("Growth: %s" % TITLES[name], head, rows,
                 "![frames/s and CPU a frame](plots/growth-%s.svg)" % name)


def _plot(folder, points):
    for name, (_, values, _) in SWEEPS.items():
        cpu = [(value, _median(points, name, value, "cpu_us")) for value in values]
        wall = [(value, 1e6 / max(_median(points, name, value, "published"), 1e-9))
                for value in values]
        plots.lines(folder / ("growth-%s.svg" % name), "What a frame costs", TITLES[name], "µs",
                    [("CPU, all processes", cpu), ("time from frame to frame", wall)],
                    log_x=0 not in values, log_y=name in ("bytes", "mirrors", "producers"),
                    x_text=_size if name == "bytes" else None)
