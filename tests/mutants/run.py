#!/usr/bin/env python3
"""Removes one property of the library or the decoder at a time, and checks that a test detects it:

    tests/mutants/run.py --check                 every mutant still fits the source (the gate)
    tests/mutants/run.py BUILD [--jobs N]        all of them (script/test --long)
    tests/mutants/run.py BUILD NAME...           these

The list is in properties.py. The script copies the tree to a separate folder and builds it there,
once unchanged and once for each mutant, but only the programs of the tests that should detect it. A
mutant is FOUND if one of those tests fails. This script fails if a mutant does not compile, or if
it SURVIVES, unless properties.py says why it may. BUILD is a build folder, for example
build/release. The script uses its generator and compiler, and writes nothing there.
"""
import argparse
import functools
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

from properties import MUTANTS

ROOT = pathlib.Path(__file__).resolve().parents[2]
LEAST = 60
SOURCES = (".c", ".h")
NOT_SOURCE = ("build", ".git", "tests", "docs")


# ---- edits ---------------------------------------------------------------------------------------


def squeezed(text):
    """The text without white space, and the position in `text` of each of its characters."""
    places = [at for at, character in enumerate(text) if not character.isspace()]
    return "".join(text[at] for at in places), places


def changed(text, old, new):
    """`text` with `old` replaced. `old` must occur exactly once; line breaks do not matter."""
    flat, places = squeezed(text)
    wanted = squeezed(old)[0]
    count = flat.count(wanted)
    if count != 1:
        raise LookupError(f"it is there {count} times, not once:\n\t{old}")
    start = flat.index(wanted)
    return text[:places[start]] + new + text[places[start + len(wanted) - 1] + 1:]


@functools.cache
def source_files(root):
    """{name: the files of that name} outside of the tests, in any folder."""
    found = {}
    for folder in root.iterdir():
        for path in folder.rglob("*") if folder.is_dir() and folder.name not in NOT_SOURCE else ():
            found.setdefault(path.name, []).append(path)
    return found


def source_file(root, name):
    """The one file of that name; "recv/film.c": in a folder of that name."""
    found = [path for path in source_files(root).get(pathlib.Path(name).name, []) if path.match(name)]
    if len(found) != 1:
        raise LookupError(f"there are {len(found)} files of the name {name}")
    return found[0]


def apply(root, mutant):
    """Edits a copy. Returns the file and its previous text."""
    path = source_file(root, mutant.file)
    before = path.read_text(encoding="utf-8")
    path.write_text(changed(before, mutant.old, mutant.new), encoding="utf-8")
    return path, before


def check(known_tests):
    """Checks that each mutant fits the source and names tests that exist. Returns the number of
    faults."""
    faults = 0
    for mutant in MUTANTS:
        try:
            text = source_file(ROOT, mutant.file).read_text(encoding="utf-8")
            if changed(text, mutant.old, mutant.new) == text:
                raise LookupError("it changes nothing")
            if known_tests is not None and not any(re.fullmatch(mutant.tests, test)
                                                   for test in known_tests):
                raise LookupError(f"there is no test {mutant.tests}")
        except LookupError as fault:
            faults += 1
            print(f"{mutant.name} ({mutant.file}): {fault}")
    names = [mutant.name for mutant in MUTANTS]
    if len(names) != len(set(names)) or len(names) < LEAST:
        faults += 1
        print(f"{len(names)} mutants, {len(set(names))} names: at least {LEAST} are wanted")
    print(f"{len(names)} mutants, {faults} faults" +
          (": tests/mutants/properties.py has to follow the source" if faults else ""))
    return faults


# ---- building and testing ------------------------------------------------------------------------


def tests_of(build):
    """{test: the program that it runs} of a build folder, whether built or not."""
    pattern = re.compile(r'^add_test\((?:\[=\[(.+?)\]=\]|"?([^\s"]+)"?) '
                         r'"[^"]+/alone\.sh" "([^"]+)"', re.M)
    return {test or plain: pathlib.Path(program).name for file in build.rglob("CTestTestfile.cmake")
            for test, plain, program in pattern.findall(file.read_text(encoding="utf-8"))}


class Copy:
    """A copy of the tree and its own build folder."""

    def __init__(self, folder, build, jobs):
        self.root = folder / "tree"
        self.build = folder / "build"
        self.jobs = jobs
        shutil.copytree(ROOT, self.root, symlinks=True,
                        ignore=shutil.ignore_patterns("build", ".git", "__pycache__"))
        cache = (build / "CMakeCache.txt").read_text(encoding="utf-8")
        self.compiler = re.search(r"^CMAKE_C_COMPILER:\w+=(.*)$", cache, re.M)[1]
        self.environment = {**os.environ, "CCACHE_BASEDIR": str(folder), "CCACHE_NOHASHDIR": "1"}
        if shutil.which("ccache"):
            self.environment["CMAKE_C_COMPILER_LAUNCHER"] = "ccache"

    def run(self, *command):
        return subprocess.run([str(word) for word in command], env=self.environment, text=True, errors="replace",
                              cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def configure(self):
        done = self.run("cmake", "-S", self.root, "-B", self.build, "-G", "Ninja",
                        "-DCMAKE_BUILD_TYPE=RelWithDebInfo", "-DVITRINE_MAN=OFF",
                        f"-DCMAKE_C_COMPILER={self.compiler}",
                        "-DVITRINE_TEST_PATIENCE=1")  # a mutant may make a test wait for ever
        if done.returncode != 0:
            sys.exit(done.stdout)
        self.tests = tests_of(self.build)

    def make(self, tests):
        """Builds what these tests run (a Python script may run anything). Returns None, or what
        went wrong."""
        targets = {self.tests[test] for test in tests}
        if any(target.startswith("python") for target in targets):
            targets = {"all"}
        done = self.run("cmake", "--build", self.build, "--parallel", self.jobs, "--target",
                        *sorted(targets))
        return None if done.returncode == 0 else done.stdout

    def failing(self, tests):
        """The first of these tests that fails; None: all pass."""
        pattern = "^(" + "|".join(re.escape(test) for test in tests) + ")$"
        done = self.run("ctest", "--test-dir", self.build, "-R", pattern,
                        "--stop-on-failure", "--output-on-failure", "--no-tests=error",
                        "--parallel", self.jobs)
        if done.returncode == 0:
            return None
        failed = re.search(r"^\s*\d+ - (\S+) \((\w+)", done.stdout, re.M)
        if failed is None:  # the test could not be run
            sys.exit(f"mutants: the tests cannot be run:\n{done.stdout}")
        # a mutant may make a test wait for ever; but so may a busy machine
        return failed[1] + (", which timed out" if failed[2] == "Timeout" else "")


def hunt(copy, mutant):
    """The test that found the mutant; None if it survived."""
    tests = [test for test in copy.tests if re.fullmatch(mutant.tests, test)]
    path, before = apply(copy.root, mutant)
    try:
        fault = copy.make(tests)
        if fault:
            sys.exit(f"mutants: {mutant.name} does not compile:\n{fault}")
        return copy.failing(tests)
    finally:
        path.write_text(before, encoding="utf-8")


def hunt_all(copy, mutants):
    """Tries the mutants. Returns the number of unexpected results."""
    tests = {test for mutant in mutants for test in copy.tests
             if re.fullmatch(mutant.tests, test)}
    fault = copy.make(tests) or copy.failing(tests)
    if fault:
        sys.exit(f"mutants: without any change this fails already: {fault}")
    found, survivors = 0, []
    for mutant in mutants:
        started = time.monotonic()
        by = hunt(copy, mutant)
        found += by is not None
        verdict = f"found by {by}" if by else "SURVIVES"
        if by is None and mutant.may_survive:
            verdict += f", as it may: {mutant.may_survive}"
        elif by is None:
            survivors.append(mutant.name)
        print(f"{mutant.name}: {verdict} ({time.monotonic() - started:.0f} s)", flush=True)
    print(f"figures: {len(mutants)} mutants, {found} found, "
          f"{len(mutants) - found - len(survivors)} change nothing")
    if survivors:
        print(f"mutants: no test notices: {' '.join(survivors)}")
    return len(survivors)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only whether all of them fit")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="programs at once")
    parser.add_argument("build", nargs="?", type=pathlib.Path, help="build/release")
    parser.add_argument("names", nargs="*", help="of mutants; all if there is none")
    arguments = parser.parse_intermixed_args()
    if arguments.check:
        return check(tests_of(arguments.build) if arguments.build else None) > 0
    if arguments.build is None:
        parser.error("which build folder? For example build/release")
    unknown = set(arguments.names) - {mutant.name for mutant in MUTANTS}
    if unknown:
        parser.error(f"there is no mutant {' '.join(sorted(unknown))}")
    mutants = [mutant for mutant in MUTANTS if not arguments.names or mutant.name in arguments.names]
    with tempfile.TemporaryDirectory(prefix="vitrine-mutants-") as folder:
        os.chmod(folder, 0o755)  # tests become other users, which need access
        copy = Copy(pathlib.Path(folder), arguments.build, arguments.jobs)
        copy.configure()
        return hunt_all(copy, mutants) > 0


if __name__ == "__main__":
    sys.exit(main())
