#!/usr/bin/env python3
"""Runs a fuzzer and reports what it did: run.py [--seconds N] [--keep FOLDER] PROGRAM

PROGRAM is build/asan/tests/fuzz_segment, fuzz_text, fuzz_file or fuzz_stream. It starts from
tests/fuzz/corpus and, for segments, from seeds.py. New inputs are saved in FOLDER, if one is given.
An input on which the program fails is saved in $VITRINE_EVIDENCE, with the command to run it again.
The program's IPC objects and files are removed in any case. Exit status 0: it found nothing.
"""
import argparse
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
import keys  # noqa: E402
import seeds  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
LIMITS = ["-rss_limit_mb=1024", "-malloc_limit_mb=256"]
LARGEST = {"segment": 4096, "text": 8192, "file": 4096, "stream": 4096}


class Fuzzer:
    """A running fuzzer, with its own folder and its own key."""

    def __init__(self, program):
        self.program = pathlib.Path(program).resolve()
        self.name = re.sub("^.*?_", "", self.program.name)
        shared = pathlib.Path("/dev/shm")
        self.folder = pathlib.Path(tempfile.mkdtemp(
            prefix="vitrine-fuzz-", dir=shared if shared.is_dir() else None))
        self.key = keys.reserve_key()

    def __enter__(self):
        for name in ("new", "failed", "seeds", "written"):
            (self.folder / name).mkdir()
        if self.name == "segment":
            seeds.main(self.folder / "seeds")
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)
        for option in ("-S", "-M"):
            subprocess.run(["ipcrm", option, "0x%08x" % self.key], stderr=subprocess.DEVNULL,
                           check=False)

    def run(self, *options, inputs=()):
        """Runs the fuzzer to its end and returns its report."""
        environment = dict(
            os.environ, VITRINE_FUZZ_KEY="0x%08x" % self.key,
            VITRINE_FUZZ_FOLDER=str(self.folder / "written"), SDL_VIDEODRIVER="dummy",
            UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1")
        command = [str(self.program), *LIMITS, *options,
                   "-artifact_prefix=%s/" % (self.folder / "failed"), *map(str, inputs)]
        done = subprocess.run(command, env=environment, cwd=self.folder, text=True, errors="replace",
                              stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, check=False)
        return done.returncode, done.stderr

    def fuzz(self, seconds, seed, timeout=20):
        """An input that takes longer than `timeout` seconds is a failure."""
        return self.run(
            "-timeout=%d" % timeout, "-max_total_time=%d" % seconds, "-seed=%d" % seed, "-use_value_profile=1",
            "-max_len=%d" % LARGEST[self.name], "-print_final_stats=1", "-reload=0",
            inputs=[self.folder / "new", HERE / "corpus" / self.name, self.folder / "seeds"])


def summary(report, seconds):
    """One line: the executions, and how much of the code they reached."""
    runs = re.search(r"stat::number_of_executed_units: *(\d+)", report)
    peak = re.search(r"stat::peak_rss_mb: *(\d+)", report)
    edges = re.findall(r"cov: (\d+) ft: (\d+)", report)
    all_edges = re.search(r"\((\d+) inline 8-bit counters\)", report)
    if not (runs and peak and edges and all_edges):
        return "no statistics"
    return "%s executions in %d s, %s of %s edges, %s features, at most %s MiB" % (
        runs[1], seconds, edges[-1][0], all_edges[1], edges[-1][1], peak[1])


def keep_evidence(fuzzer, report):
    folder = pathlib.Path(os.environ.get("VITRINE_EVIDENCE", ".")) / "fuzz"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / (fuzzer.name + ".txt")).write_text(report)
    for path in (fuzzer.folder / "failed").iterdir():
        shutil.copy(path, folder)
        print("run it again: %s %s" % (fuzzer.program, folder / path.name))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--keep", type=pathlib.Path)
    arguments = parser.parse_args()
    seed = int(os.environ.get("VITRINE_TEST_SEED", random.SystemRandom().randrange(1, 1 << 31)))
    seed = seed % ((1 << 32) - 1) + 1  # libFuzzer: 0 is "choose one"
    print("seed %d" % seed, flush=True)
    with Fuzzer(arguments.program) as fuzzer:
        status, report = fuzzer.fuzz(arguments.seconds, seed)
        print("figures: %s" % summary(report, arguments.seconds))
        if arguments.keep:
            shutil.copytree(fuzzer.folder / "new", arguments.keep, dirs_exist_ok=True)
        if status != 0:
            print("\n".join(line for line in report.splitlines()
                            if "NEW " not in line and "REDUCE" not in line))
            keep_evidence(fuzzer, report)
    return 0 if status == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
