#!/usr/bin/env python3
"""Runs vitrine check on wrong and right programs, and reports the results.

    table.py --vitrine build/release/vitrine --programs build/release/tests/check [--quick] [--races]
             [--least] [--markdown]

vitrine check must find the fault of each wrong program, of the right kind. The schedule that it
prints must have the known minimum length, and must lead to the fault again. It must
find nothing in a right program. --markdown writes the table of docs/check.md.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

SECONDS = 60  # of a search: two processors find each fault within ten, a loaded machine later

# name: (kind that must be found, steps of the shortest schedule, options, programs' arguments).
# By default it is one program without arguments.
WRONG = {
    "order_producer": ("deadlock", 11, [], [[]]),
    "order_consumer": ("deadlock", 6, ["--leftovers"], [["producer"], ["consumer"]]),
    "two_locks": ("deadlock", 7, [], [[]]),
    "two_sets": ("deadlock", 9, [], [[]]),
    "missing_v_last": ("sleeps", 15, [], [[]]),
    "missing_v_early": ("sleeps", 13, [], [[]]),
    "lost_wakeup_flag": ("sleeps", 11, [], [[]]),
    "lost_wakeup_count": ("sleeps", 7, [], [[]]),
    "lost_wakeup_signal": ("sleeps", 10, [], [[]]),
    "lost_wakeup_quit": ("sleeps", 9, [], [[]]),
    "no_mutex": ("status", 14, [], [[]]),
    "mutex_short": ("status", 20, [], [[]]),
    "read_outside": ("status", 16, [], [[]]),
    "init_overwrites": ("sleeps", 4, [], [["maker"], ["giver"]]),
    "init_twice": ("bound", 8, ["--leftovers", "--names", "mutex:1"], [[], []]),
    "undo_delivers": ("undo", 10, [], [[]]),
    "undo_barrier": ("undo", 10, [], [[]]),
    "range_sum": ("error", 8, [], [[]]),
    "range_count": ("error", 5, [], [[]]),
    "left_set": ("left", 10, [], [[]]),
    "left_nobody_last": ("left", 15, [], [[]]),
    "busy_nowait": ("busy", 12, [], [[]]),
    "busy_getval": ("busy", 12, [], [[]]),
    "busy_memory": ("busy", 0, [], [[]]),
    "eintr_mutex": ("eintr", 10, [], [[]]),
    "eintr_gives_up": ("status", 12, [], [[]]),
    "fork_before_attach": ("status", 6, [], [[]]),
    "fork_before_values": ("sleeps", 8, [], [[]]),
    "philosophers": ("deadlock", 10, [], [[]]),
    "philosophers_four": ("deadlock", 12, ["--leftovers"], [["0"], ["1"], ["2"], ["3"]]),
    "writer_starves": ("starved", 0, [], [[]]),
    "small_ones_first": ("starved", 0, [], [[]]),
    "barrier_reused": ("deadlock sleeps status", 17, [], [[]]),
    "barrier_count": ("bound", 10, ["--names", "mutex:1,door:0"], [[]]),
    "three_in_a_ring": ("deadlock", 10, [], [[]]),
    "reader_keeps_room": ("sleeps", 16, [], [[]]),
    "readers_both_first": ("bound", 0, ["--names", "mutex:1,room:1"], [[]]),
    "removed_under": ("removed", 8, [], [[]]),
    "removed_by_first": ("status", 8, [], [[], []]),
    "double_v": ("bound", 8, ["--names", "mutex:1"], [[]]),
    "bound_slots": ("bound", 6, ["--names", "empty:2,full:2"], [[]]),
    "output_order": ("output", 13, ["--expect", "hello\nworld\n"], [[]]),
    "output_lost": ("output", 16, ["--expect", "sum 2\n"], [[]]),
    "kill_mutex": ("deadlock sleeps", 9, ["--kill"], [[]]),
    "kill_pair": ("deadlock sleeps", 7, ["--kill"], [[]]),
    "queue_type": ("deadlock sleeps", 10, [], [[]]),
    "queue_steals": ("deadlock sleeps", 8, [], [[]]),
    "race_increment": ("race", 6, ["--races"], [[]]),
    "race_other_mutex": ("race", 8, ["--races"], [[]]),
    "race_beside_mutex": ("race", 6, ["--races"], [[]]),
    "race_outside": ("race", 10, ["--races"], [[]]),
    "race_init": ("race", 6, ["--races"], [[]]),
    "race_after_fork": ("race", 5, ["--races"], [[]]),
    "race_read": ("race", 5, ["--races"], [[]]),
    "race_memcpy": ("race", 8, ["--races"], [[]]),
    "race_two_units": ("race", 8, ["--races"], [[]]),
    "race_mmap": ("race", 2, ["--races"], [[]]),
    "race_posix": ("race", 0, ["--races"], [["writer"], ["reader"]]),
    "lost_count": ("lost", 13, ["--races"], [[]]),
    "crash_early": ("crash", 7, [], [[]]),
    "status_assert": ("status", 16, [], [[]]),
}

RIGHT = {
    "pair_fork": ([], [[]]),
    "pair_programs": ([], [["producer"], ["consumer"]]),
    "two_locks": ([], [[]]),
    "two_at_once": ([], [[]]),
    "counter": ([], [[]]),
    "ping_pong": ([], [[]]),
    "init_once": ([], [[], []]),
    "barrier": ([], [[]]),
    "philosophers": ([], [[]]),
    "philosophers_at_once": ([], [[]]),
    "readers_writer": ([], [[]]),
    "eintr_looped": ([], [[]]),
    "signal_waited": ([], [[]]),
    "undo_mutex": (["--kill"], [[]]),
    "queue_types": ([], [[]]),
    "queue_many": ([], [[]]),
    "pipeline": ([], [[]]),
    "threads": ([], [[]]),
    "timed": ([], [[]]),
    "kills_its_child": ([], [[]]),
    "kills_its_group": ([], [[]]),
    "alarm_ends": ([], [[]]),
    "pids": ([], [[]]),
    "handler_gives": ([], [[]]),
    "ids": ([], [[]]),
    "sandboxed": ([], [[]]),
    "ignored_children": ([], [[]]),
    "pipe_before": ([], [[]]),
    "polite": ([], [[]]),
    "atomics": (["--races"], [[]]),
    "segment_buffers": (["--races"], [[]]),
    "urandom": ([], [[]]),
    "shared_condition": (["--races"], [[]]),
    "zero_lock": (["--races"], [[]]),
    "pipe_order": (["--races"], [[]]),
    "posix_semaphore": (["--races"], [[]]),
}

# Pairs of programs in the build: the textbook's, and homework made from it.
PAIRS = ("homework", "textbook", "textbook_vitrine")
WRONG["homework"] = ("deadlock", 26, [], [["tests/xray/programs/homework", "5"],
                                          ["textbook/consumer", "5"]])
RIGHT["textbook"] = (["--leftovers"], [["textbook/producer", "2"], ["textbook/consumer", "2"]])
RIGHT["textbook_vitrine"] = (["--leftovers"], [["textbook/producer_vitrine", "2"],
                                               ["textbook/consumer_vitrine", "2"]])


class Bench:
    def __init__(self, arguments, folder):
        self.vitrine = arguments.vitrine
        self.races = arguments.races
        self.least = arguments.least
        self.programs = arguments.programs
        self.build = os.path.dirname(os.path.abspath(arguments.vitrine))
        self.folder = folder

    def command(self, kind, name, options, programs):
        words = list(options)
        if "--expect" in words:
            at = words.index("--expect") + 1
            path = os.path.join(self.folder, name + ".expected")
            with open(path, "w", encoding="utf-8") as file:
                file.write(words[at])
            words[at] = path
        for program in programs:
            if name in PAIRS:
                words += ["--", os.path.join(self.build, program[0])] + program[1:]
            else:
                words += ["--", os.path.join(self.programs, kind, name)] + program
        return words

    def run(self, own, words):
        done = subprocess.run([self.vitrine, "check"] + own + words, capture_output=True, text=True,
                              timeout=120, check=False)
        try:
            return done.returncode, json.loads(done.stdout), done.stderr
        except json.JSONDecodeError:
            return done.returncode, {}, done.stdout + done.stderr


def find(result, kinds):
    for finding in result.get("findings", []):
        if finding["reproduced"] and finding["kind"] in kinds.split():
            return finding
    return None


def prove_least(bench, words, finding, kinds):
    """Runs all schedules with fewer steps. Returns whether none leads to a fault of this kind."""
    status, result, _ = bench.run(["--json", "--time=60", f"--shorter-than={finding['length']}"],
                                  words)
    found = find(result, kinds)
    if found is not None:
        print(f"{finding['kind']}: {found['length']} steps instead of {finding['length']}",
              file=sys.stderr)
    return status in (0, 1) and found is None and "fewer than" in result.get("searched", "")


def try_wrong(bench, name, row, replays):
    kinds, least, options, programs = row
    words = bench.command("wrong", name, options, programs)
    schedule = os.path.join(bench.folder, name + ".schedule")
    begin = time.monotonic()
    status, result, error = bench.run(["--json", f"--time={SECONDS}", "--save", schedule], words)
    took = time.monotonic() - begin
    finding = find(result, kinds)
    again = 0
    for _ in range(replays if finding else 0):
        again += bench.run(["--json", "--replay", schedule], words)[0] == 1
    faults = []
    if finding is None:
        faults.append(f"exit {status}, found {[f['kind'] for f in result.get('findings', [])]}: "
                      f"{result.get('reason')} {error}".strip())
    elif least and finding["length"] > least:
        faults.append(f"{finding['length']} steps instead of {least}")
    if finding and again != replays:
        faults.append(f"reproduced in {again} of {replays} replays")
    is_least = finding is not None and bench.least and prove_least(bench, words, finding, kinds)
    return {"name": name, "kind": finding["kind"] if finding else "—", "took": took,
            "is_least": is_least,
            "length": finding["length"] if finding else 0, "least": least, "again": again,
            "runs": result.get("runs", 0), "faults": faults,
            "sentence": finding["sentence"] if finding else ""}


def try_right(bench, name, row):
    options, programs = row
    if bench.races and "--kill" not in options:
        options = options + ["--races"]
    words = bench.command("right", name, options, programs)
    status, result, error = bench.run(["--json", "--time=5"], words)
    faults = []
    if status != 0:
        faults.append(f"exit {status}: {result.get('reason')} "
                      f"{[f['sentence'] for f in result.get('findings', [])]} {error}".strip())
    return {"name": name, "runs": result.get("runs", 0), "took": result.get("seconds", 0),
            "searched": result.get("searched", ""), "faults": faults}


def print_markdown(wrong, right):
    print("| wrong program | found as | steps | least | runs | seconds | reproduced |")
    print("|---|---|--:|--:|--:|--:|--:|")
    for row in wrong:
        least = row["length"] if row["is_least"] else row["least"]
        print(f"| {row['name']} | {row['kind']} | {row['length']} | {least or 'unknown'} "
              f"| {row['runs']} | {row['took']:.1f} | {row['again']} |")
    print("\n| right program | searched | runs | seconds |")
    print("|---|---|--:|--:|")
    for row in right:
        print(f"| {row['name']} | {row['searched'].split(':')[0]} | {row['runs']} "
              f"| {row['took']:.1f} |")


# One of each kind, which is what script/test has time for.
QUICK_WRONG = ["homework", "order_consumer", "lost_wakeup_count", "lost_wakeup_signal", "no_mutex", "undo_delivers", "busy_nowait",
               "eintr_mutex", "removed_under", "kill_mutex", "race_increment", "lost_count"]
QUICK_RIGHT = ["handler_gives", "alarm_ends", "sandboxed", "two_at_once", "signal_waited", "urandom", "pids", "ids", "ignored_children", "pipe_before",
               "eintr_looped", "polite", "queue_many", "textbook", "segment_buffers"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--vitrine", required=True)
    parser.add_argument("--programs", required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--races", action="store_true", help="of the right programs, too")
    parser.add_argument("--least", action="store_true",
                        help="prove that no shorter schedule shows the fault")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    wanted_wrong = arguments.names or (QUICK_WRONG if arguments.quick else list(WRONG))
    wanted_right = arguments.names or (QUICK_RIGHT if arguments.quick else list(RIGHT))
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(arguments, folder)
        replays = 2 if arguments.quick else 10
        wrong = [try_wrong(bench, name, WRONG[name], replays)
                 for name in wanted_wrong if name in WRONG]
        right = [try_right(bench, name, RIGHT[name]) for name in wanted_right if name in RIGHT]
    if arguments.markdown:
        print_markdown(wrong, right)
    if arguments.least:
        proven = [row["name"] for row in wrong if row["is_least"]]
        print(f"least for {len(proven)} of {len(wrong)}; not shown for:",
              *(row["name"] for row in wrong if row["name"] not in proven), file=sys.stderr)
    failed = 0
    for row in wrong + right:
        for fault in row["faults"]:
            print(f"{row['name']}: {fault}", file=sys.stderr)
            failed += 1
    print(f"{len(wrong)} wrong programs, {len(right)} right ones, {failed} surprises",
          file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
