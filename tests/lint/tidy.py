#!/usr/bin/env python3
"""clang-tidy over the sources of some folders: tidy.py BUILD CLANG-TIDY CHECKS FOLDER...

A process for each source would spend a quarter of its time with starting, so each has as many as there
are for a processor. But the analyzer (clang-analyzer-*), which remembers names of the source before,
finds what is not there in the next one: with it each source has a process. CHECKS are added to those
of .clang-tidy. Exit status 0: it found nothing.
"""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main(build, tidy, checks, *folders):
    folders = [ROOT / folder for folder in folders]
    entries = json.loads(pathlib.Path(build, "compile_commands.json").read_text())
    paths = {pathlib.Path(entry["directory"], entry["file"]).resolve() for entry in entries}
    sources = sorted(path for path in paths if any(folder in path.parents for folder in folders))
    processors = os.cpu_count()
    count = min(len(sources), processors if "-clang-analyzer-*" in checks.split(",") else len(sources))

    def look_at(share):
        return subprocess.run([tidy, "-quiet", f"-checks={checks}", "-p", build, *share], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)

    failed = 0
    with concurrent.futures.ThreadPoolExecutor(processors) as pool:
        for done in pool.map(look_at, (sources[at::count] for at in range(count))):
            if done.returncode != 0:
                print(done.stdout + done.stderr)
                failed += 1
    print("%d sources" % len(sources))
    return 1 if failed or not sources else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
