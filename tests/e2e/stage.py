"""The base of end-to-end tests: a screen, a key, a producer, a consumer, and their logs.

A test is a method of a Stage (a unittest.TestCase). Each class of tests has its own screen, and each
test its own key and a folder for evidence, build/tests/PRESET/NAME (VITRINE_EVIDENCE/NAME): the
programs' logs and, if it failed, a screenshot and the state of IPC. At the end of a test, both
programs must have exited successfully, and no IPC object may be left. Nothing here sleeps for a fixed time: it waits for log
lines, pixels and /proc, for at most 30 seconds.
"""
import json
import os
import pathlib
import random
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
import unittest
import urllib.parse

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
import keys  # noqa: E402
from desktop import Desktop, missing_tools, wait_for  # noqa: E402, F401, for the tests
from picture import Picture  # noqa: E402
from program import Window  # noqa: E402

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("VITRINE_BUILD", SOURCE / "build/release")).resolve()
EVIDENCE = pathlib.Path(os.environ.get("VITRINE_EVIDENCE", BUILD / "evidence")).resolve()
SEED = int(os.environ.get("VITRINE_TEST_SEED", secrets.randbelow(1 << 30)))

# In a window of this size, a picture of the usual size is completely visible at 100 %.
WINDOW = (620, 480)
PICTURE = (330, 210)


FULL = 2  # the semaphore's number

_desktops = {}  # class of tests: its screen


def ipc_objects(key):
    """{"sem": id, "shm": id}: the objects that exist under a key."""
    found = {}
    for kind in ("sem", "shm"):
        for line in pathlib.Path("/proc/sysvipc", kind).read_text().splitlines()[1:]:
            fields = line.split()
            if int(fields[0]) & 0xffffffff == key:
                found[kind] = int(fields[1])
    return found


class Stage(unittest.TestCase):
    tools = ()  # more tools that a class of tests needs

    @classmethod
    def setUpClass(cls):
        missing = missing_tools(*cls.tools)
        if missing:
            raise unittest.SkipTest("not installed: " + ", ".join(missing))

    def setUp(self):
        self.name = self.id().replace("__main__.", "")
        self.evidence = EVIDENCE / ("e2e." + self.name)
        shutil.rmtree(self.evidence, ignore_errors=True)
        self.evidence.mkdir(parents=True)
        self.random = random.Random("%d %s" % (SEED, self.name))
        self.key = keys.reserve_key()
        self.images = pathlib.Path(tempfile.mkdtemp(prefix="vitrine-images-"))
        self.addCleanup(shutil.rmtree, self.images)
        self.programs = []
        self.addCleanup(self._check_nothing_left)
        self.desktop = self._take_desktop()
        self.desktop.environment["VITRINE_KEY"] = "0x%08x" % self.key
        self.addCleanup(self.desktop.renew)
        self.addCleanup(self._end_programs)

    def make_desktop(self):
        """Makes the screen of a class of tests; one that needs another kind overrides it."""
        return Desktop()

    def _take_desktop(self):
        """The screen of this class, without a trace of the tests before; a new one after a test that
        failed."""
        desktop = _desktops.get(type(self))
        if not desktop or desktop.spoiled:
            desktop = _desktops[type(self)] = self.make_desktop()
            desktop.__enter__()
            self.addClassCleanup(desktop.close)
        return desktop

    # ---- the cast --------------------------------------------------------------------------------

    def start(self, kind, name, *arguments, **more):
        log = self.evidence / ("%d-%s.log" % (len(self.programs) + 1, name))
        program = kind(self.desktop, BUILD / name, arguments, log, **more)
        self.programs.append(program)
        return program

    def producer(self, *arguments, place=(0, 20), **more):
        return self.start(Window, "vitrine-producer", "--geometry",
                          "%dx%d+%d+%d" % (*WINDOW, *place), *arguments, **more)

    def consumer(self, *arguments, place=(640, 20), **more):
        return self.start(Window, "vitrine-consumer", "--geometry",
                          "%dx%d+%d+%d" % (*WINDOW, *place), *arguments, **more)

    # ---- properties ------------------------------------------------------------------------------

    def image(self, name, size=PICTURE, folder=None):
        """Writes a PNG file with a random pattern. Returns its path and its Picture."""
        picture = Picture.pattern(*size, self.random.randrange(1 << 16))
        path = (folder or self.images) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture.to_png())
        return path, picture

    def drop(self, window, *what, options=()):
        """Drops paths (as URIs) or other strings (as they are) on a window, by XDND."""
        words = ["file://" + urllib.parse.quote(os.fsencode(each)) if isinstance(each, pathlib.Path)
                 else each for each in what]
        self.desktop.run(BUILD / "tests/xdnd_source", *options, hex(window.window), *words,
                         check=True)

    def ipc(self):
        return ipc_objects(self.key)

    def semaphores(self):
        """[(value, ncnt, zcnt, pid)] of every semaphore of the key's set, by ipcs."""
        run = subprocess.run(["ipcs", "-s", "-i", str(self.ipc()["sem"])], capture_output=True,
                             check=True, text=True)
        rows = re.findall(r"^(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*$", run.stdout, re.M)
        return [tuple(map(int, row[1:])) for row in rows]

    def wait_full(self, images):
        """Until so many images wait in the channel, or in the textbook's buffer."""
        self.assertTrue(wait_for(lambda: self.semaphores()[FULL][0] == images))

    def status(self):
        run = subprocess.run([BUILD / "vitrine", "status", "--json", "--key", "0x%08x" % self.key],
                             capture_output=True, check=True)
        return json.loads(run.stdout)

    # ---- the end ---------------------------------------------------------------------------------

    def _end_programs(self):
        for program in self.programs:
            if program.running:
                program.process.send_signal(signal.SIGCONT)
                program.process.send_signal(signal.SIGTERM)
        for program in self.programs:
            if program.process in self.desktop.processes:
                program.wait_exit()

    def _check_nothing_left(self):
        left = self.ipc()
        for kind in left:
            subprocess.run(["ipcrm", "-s" if kind == "sem" else "-m", str(left[kind])])
        self.assertFalse(left, "IPC objects are left behind")

    def keep_evidence(self):
        """Called after a test has failed, while everything still exists; and again if its end fails as
        well, when nothing is to be seen any more."""
        if self.desktop.spoiled:
            return
        for kind in ("sem", "shm"):
            shutil.copyfile("/proc/sysvipc/" + kind, self.evidence / kind)  # without its mode, 0444
        self.desktop.spoiled = True
        if self.desktop.processes:
            self.desktop.save_screenshot(self.evidence / "screen.png")
        print("%s failed; evidence is in %s" % (self.name, self.evidence), file=sys.stderr)


class _Result(unittest.TextTestResult):
    def addFailure(self, test, error):
        super().addFailure(test, error)
        self._keep(test)

    def addError(self, test, error):
        super().addError(test, error)
        self._keep(test)

    @staticmethod
    def _keep(test):
        """An error here must not prevent the test's cleanup, which removes its IPC objects."""
        if isinstance(test, Stage) and hasattr(test, "desktop"):
            try:
                test.keep_evidence()
            except Exception:
                traceback.print_exc()


def main():
    """Runs the tests of the calling script; the exit status is 77 if all were skipped."""
    print("seed %d" % SEED, flush=True)
    runner = unittest.TextTestRunner(resultclass=_Result, verbosity=2, stream=sys.stdout)
    program = unittest.main(module="__main__", testRunner=runner, exit=False)
    result = program.result
    if result.skipped and result.wasSuccessful() and len(result.skipped) >= max(result.testsRun, 1):
        sys.exit(77)
    sys.exit(not result.wasSuccessful())
