#!/usr/bin/env python3
"""gcc's analyzer over the sources, by the commands they are built with: analyze.py BUILD GCC

The analyzer follows every path through a function, and finds memory that is used after it was
freed, or read before it was written, and files that are never closed. gcc 12 cannot follow a
pointer into a list, so its warnings about leaks and lists outside of the library are ignored;
LeakSanitizer checks those. With ccache, if CMAKE_C_COMPILER_LAUNCHER names it, a source is analyzed again only if it or
a header has changed. Exit status 0: it found nothing.
"""
import concurrent.futures
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "common/ipc"
ABOVE = [ROOT / folder for folder in ("common", "decoder", "producer", "consumer", "tools", "xray")]
LEFT_OUT = ["-Wno-analyzer-malloc-leak",  # an element of a list that was just made larger
            "-Wno-analyzer-double-free",  # reallocarray of a list in a loop
            "-Wno-analyzer-possible-null-dereference"]  # asked in the condition of the outer loop


def command(entry, gcc):
    """What compiles one source of ours, changed so that it analyzes; None for other sources."""
    source = pathlib.Path(entry["directory"], entry["file"]).resolve()
    words = shlex.split(entry["command"])
    while not words[0].endswith("cc") and "/" in words[1]:
        del words[0]  # a compiler cache
    words[0] = gcc
    at = words.index("-o")
    del words[at:at + 2]
    words += ["-fanalyzer", "-Werror", "-O1", "-g0"]
    words[:0] = filter(None, [os.environ.get("CMAKE_C_COMPILER_LAUNCHER")])
    if LIBRARY in source.parents:
        return source, words
    if any(folder in source.parents for folder in ABOVE):
        return source, words + LEFT_OUT
    return None


def analyze(job):
    source, words = job
    with tempfile.NamedTemporaryFile(suffix=".o") as output:
        return source, subprocess.run([*words, "-o", output.name], cwd=ROOT, text=True,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


def main(build, gcc):
    entries = json.loads(pathlib.Path(build, "compile_commands.json").read_text())
    jobs = {job[0]: job for job in (command(entry, gcc) for entry in entries) if job}
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for source, done in pool.map(analyze, jobs.values()):
            if done.returncode != 0:
                print("%s:\n%s" % (source.relative_to(ROOT), done.stdout))
                failed += 1
    print("%d sources, %d with findings" % (len(jobs), failed))
    return 1 if failed or not jobs else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
