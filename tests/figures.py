#!/usr/bin/env python3
"""Puts the figures of a run into a page: figures.py PAGE REPORT...

REPORT is ctest's JUnit report. The figures of a test are the last line "figures: …" of its output,
or else the number of its tests. In PAGE

- a row of a table whose cell before the last names tests in backticks gets, as its last cell, the
  figures of the first of them that has any;
- the fenced block after <!-- output of TEST --> becomes that test's output;
- the line after <!-- measured --> becomes the date and the machine.

Figures of tests that were not run stay unchanged. script/test --long does this for
docs/reliability.md.
"""
import datetime
import os
import pathlib
import platform
import re
import sys
import xml.etree.ElementTree


def outputs(reports):
    """The output of each test that was run and passed."""
    said = {}
    for report in reports:
        for case in xml.etree.ElementTree.parse(report).iter("testcase"):
            if case.get("status") == "run":
                said[case.get("name")] = case.findtext("system-out") or ""
    return said


def figures_of(said):
    found = re.findall(r"figures: (.+)", said)
    if found:
        return re.sub(r"\d{5,}", lambda number: f"{int(number[0]):,}", found[-1].strip())
    count = re.findall(r"\[  PASSED  \] (\d+) test|^Ran (\d+) test", said, re.MULTILINE)
    return "%s tests" % max(count[-1]) if count else None


def fill_row(line, said):
    cells = line.rstrip().rstrip("|").split("|")
    if not line.startswith("|") or len(cells) < 4:
        return line
    for name in re.findall(r"`([^`]+)`", cells[-2]):
        if figures_of(said.get(name, "")):
            return "|".join([*cells[:-1], " %s |" % figures_of(said[name])])
    return line


def machine():
    processor = re.search(r"(?m)^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text())
    return "%d × %s, Linux %s" % (os.cpu_count(), processor[1] if processor else platform.machine(),
                                  re.match(r"[\d.]+", platform.release())[0])


def fill(page, said):
    page = "\n".join(fill_row(line, said) for line in page.split("\n"))
    for name, output in said.items():
        page = re.sub(r"(<!-- output of %s -->\n+```\w*\n).*?(\n```)" % re.escape(name),
                      lambda found: found[1] + output.strip() + found[2], page, flags=re.DOTALL)
    return re.sub(r"(<!-- measured -->\n).*", lambda found: "%sLast run: %s, on %s." % (
        found[1], datetime.date.today().isoformat(), machine()), page)


def main(page, *reports):
    path = pathlib.Path(page)
    said = outputs([report for report in reports if os.path.exists(report)])
    if said:
        path.write_text(fill(path.read_text(), said))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
