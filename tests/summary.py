#!/usr/bin/env python3
"""Sums up a run of script/test: summary.py FOLDER PRESET...

Reads FOLDER/PRESET.xml (ctest's JUnit report) of each preset and FOLDER/ipc-left (the IPC objects
that the run left behind, one per line; each is a failure). Prints the slowest tests, the seeds, the
skipped and failed tests, and the line "N passed, N failed, N skipped". A part of a test that was
left out because a program or module is not installed counts as a skipped test, too. Ends with 1 if
a test failed, if there was none, or, with CI=true, if something was skipped.
"""
import os
import pathlib
import re
import sys
import xml.etree.ElementTree


class Test:
    def __init__(self, preset, case):
        self.name = "%s %s" % (preset, case.get("name"))
        self.seconds = float(case.get("time"))
        self.output = case.findtext("system-out") or ""
        self.skipped = case.find("skipped") is not None
        self.failed = not self.skipped and case.get("status") != "run"


def read_tests(folder, preset):
    path = folder / (preset + ".xml")
    if not path.exists():
        return []
    return [Test(preset, case) for case in xml.etree.ElementTree.parse(path).iter("testcase")]


def print_list(heading, lines):
    if lines:
        print("== " + heading, *lines, sep="\n   ")


def seeds(tests):
    """The seeds that the tests printed, without duplicates."""
    said = {}
    for test in tests:
        for line in re.findall(r"(?m)^.*\bseed\b.*$", test.output):
            said.setdefault(line.strip(), []).append(test.name)
    return ["%s  (%s)" % (line, names[0] if len(names) == 1 else "%d tests" % len(names))
            for line, names in said.items()]


def parts_left_out(tests):
    """What was left out within tests that passed, since something is not installed. unittest and
    pytest print the reason."""
    found = []
    for test in tests:
        for reason in re.findall(r"(?mi)^.*\bskipped\b.*?(not installed: [^'\"\n]*)", test.output):
            found.append("%s: %s" % (test.name, reason.strip()))
    return found


def main(folder, presets):
    folder = pathlib.Path(folder)
    tests = [test for preset in presets for test in read_tests(folder, preset)]
    left = (folder / "ipc-left").read_text().splitlines()
    failed = [test.name for test in tests if test.failed]
    skipped = [test.name for test in tests if test.skipped]
    left_out = parts_left_out(test for test in tests if not test.skipped)
    slowest = sorted(tests, key=lambda test: -test.seconds)[:10]

    print_list("slowest", ["%6.1f s  %s" % (test.seconds, test.name) for test in slowest])
    print_list("seeds", seeds(tests))
    print_list("skipped", skipped + left_out)
    print_list("IPC objects left behind (kind, key, id, mode, size)", left)
    print_list("failed (evidence in %s)" % folder, failed)

    passed = len(tests) - len(failed) - len(skipped)
    print("%d passed, %d failed, %d skipped" % (passed, len(failed) + len(left),
                                               len(skipped) + len(left_out)))
    strict = os.environ.get("CI") == "true"
    return 1 if failed or left or not passed or (strict and (skipped or left_out)) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
