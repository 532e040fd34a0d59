#!/usr/bin/env python3
"""Measures the pair of windows: run.py BUILD FOLDER [PART]... (script/bench calls it).

Prints each table when it is there. When all parts were measured and --write FILE is given, puts
them into FILE between its marks. Exit status 0 also when a goal is missed: a busy machine is no failure.
"""
import argparse
import os
import pathlib
import signal
import sys
import time

import copies
import figures
import latency
import machine
import resources
import stalls
import startup
from pair import Pair

PARTS = {part.__name__: part for part in (startup, stalls, latency, resources, copies)}
BEGIN, END = "<!-- figures: begin -->\n", "<!-- figures: end -->\n"


def measure(names, build, work):
    """The sections of all parts, in order."""
    sections = []
    with Pair(build, work) as pair:
        quiet = machine.Quiet(pair.desktop.processes)
        for name in names:
            print("bench: %s …" % name, file=sys.stderr, flush=True)
            result = PARTS[name].run(pair, quiet)
            result = result if isinstance(result, list) else [result]
            print(figures.table(result), flush=True)
            sections += result
    return sections


def describe(load, seconds):
    """The machine, the day, and how busy it was, in lines of Markdown."""
    priority = os.getpriority(os.PRIO_PROCESS, 0)
    lines = ["Measured on %s in %.0f seconds; load average before it: %.2f%s." % (
        time.strftime("%Y-%m-%d"), seconds, load,
        "; at priority %d" % priority if priority else ""), ""]
    return "\n".join(lines + ["- " + line for line in machine.describe()]) + "\n\n"


def write(path, text):
    """Puts the text between the marks of a page."""
    page = path.read_text()
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise SystemExit("bench: %s: the marks of the figures are not there" % path)
    path.write_text(head + begin + "\n" + text + "\n" + end + tail)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--write", type=pathlib.Path, metavar="FILE")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.parts if name not in PARTS]
    if unknown:
        parser.error("no part %s; there are %s" % (unknown[0], ", ".join(PARTS)))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    arguments.folder.mkdir(parents=True, exist_ok=True)
    load, start = os.getloadavg()[0], time.monotonic()
    sections = measure(arguments.parts or PARTS, arguments.build.resolve(),
                       arguments.folder.resolve())
    head = describe(load, time.monotonic() - start)
    print(head, end="")
    if arguments.write and not arguments.parts:
        write(arguments.write, head + figures.table(sections))
    missed = [figure for section in sections for figure in section.figures.values()
              if figure.values and not figure.met]
    for figure in missed:
        print("bench: missed: %s" % figure.text, file=sys.stderr)


if __name__ == "__main__":
    main()
