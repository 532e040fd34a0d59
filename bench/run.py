#!/usr/bin/env python3
"""Measures everything: run.py BUILD FOLDER [PART]... (script/bench calls it).

Prints each table when it is complete. If all parts were measured and --write FILE is given, puts
them into FILE between its marks, and the plots beside it. The exit status is 0 even if a goal is
missed, because a busy machine is not a failure.
"""
import argparse
import os
import pathlib
import signal
import subprocess
import sys
import time
import traceback

import copies
import decoding
import evidence
import figures
import growth
import latency
import loops
import machine
import races
import resources
import schedules
import stalls
import startup
import streams
import viewers
import xray
from pair import Pair

PARTS = {part.__name__: part for part in (
    races, growth, loops, latency, startup, viewers, stalls, streams, decoding, resources, copies,
    schedules, xray, evidence)}
BEGIN, END = "<!-- figures: begin -->\n", "<!-- figures: end -->\n"
QUICK = 2  # rounds


def attempt(name, pair, quiet):
    """The sections of a part, or one that says that it failed, so that the others are still
    measured."""
    try:
        result = PARTS[name].run(pair, quiet)
    except (AssertionError, LookupError, OSError, RuntimeError, ValueError,
            subprocess.SubprocessError) as error:
        traceback.print_exc()
        pair.end_programs()
        return [figures.Table(name.capitalize(), (), [], "Left out: it failed (%s)." % error)]
    return result if isinstance(result, list) else [result]


def measure(names, build, work, plots):
    """The sections of all parts, in order."""
    sections = []
    with Pair(build, work, plots) as pair:
        quiet = machine.Quiet(pair.desktop.processes)
        for name in names:
            start = time.monotonic()
            print("bench: %s …" % name, file=sys.stderr, flush=True)
            result = attempt(name, pair, quiet)
            print("".join(section.text() + "\n" for section in result), flush=True)
            sections += result
            print("bench: %s took %.0f s" % (name, time.monotonic() - start), file=sys.stderr)
    return sections


def describe(load, seconds):
    """The machine, the day, and how busy it was, in lines of Markdown."""
    priority = os.getpriority(os.PRIO_PROCESS, 0)
    lines = ["Measured on %s in %.0f seconds; load average before it: %.2f%s." % (
        time.strftime("%Y-%m-%d"), seconds, load,
        "; at priority %d" % priority if priority else ""), ""]
    return "\n".join(lines + ["- " + line for line in machine.describe()]) + "\n\n"


def goals(sections):
    """All goals, in one table."""
    bars = [bar for section in sections for bar in section.bars]
    rows = [(bar.what, bar.value, bar.spread, bar.limit, bar.goal,
             "yes" if bar.met else "**no**") for bar in bars]
    return figures.titled("Goals", figures.table(
        ("what", "figure", "quartiles", "limit here", "goal", "reached"), rows)) + "\n" if rows else ""


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
    parser.add_argument("--quick", action="store_true", help="two rounds of everything")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.parts if name not in PARTS]
    if unknown:
        parser.error("no part %s; there are %s" % (unknown[0], ", ".join(PARTS)))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    for part in PARTS.values() if arguments.quick else ():
        part.ROUNDS = min(part.ROUNDS, QUICK)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    page = arguments.write if not arguments.parts else None
    plots = (page.resolve().parent if page else arguments.folder.resolve()) / "plots"
    load, start = os.getloadavg()[0], time.monotonic()
    sections = measure(arguments.parts or PARTS, arguments.build.resolve(),
                       arguments.folder.resolve(), plots)
    head = describe(load, time.monotonic() - start) + goals(sections)
    print(head, end="")
    if page:
        write(page, head + "\n".join(section.text() for section in sections))


if __name__ == "__main__":
    main()
