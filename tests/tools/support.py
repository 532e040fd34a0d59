"""Helpers for the tests of the command vitrine: a key and a folder for each test, processes that
end with the test, and a check that no IPC object is left. Nothing here sleeps for a fixed time: it
waits for log lines, for `vitrine status --json`, or for the end of a process, for at most 60
seconds.
"""
import ctypes
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
import time
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
import keys  # noqa: E402

BUILD = pathlib.Path(os.environ.get("VITRINE_BUILD", "build/release")).resolve()
VITRINE = str(BUILD / "vitrine")
# Python cannot load a library that was built with sanitizers.
SANITIZED = bool(re.search(r"^VITRINE_SANITIZE:\w+=.+$", (BUILD / "CMakeCache.txt").read_text(),
                           re.MULTILINE))
ASSETS = pathlib.Path(__file__).resolve().parents[2] / "assets"
SEED = int(os.environ.get("VITRINE_TEST_SEED", secrets.randbelow(1 << 30)))
LONG = os.environ.get("VITRINE_TEST_LONG") == "1"
PATIENCE = 60
OTHER_UID = 65533

libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
libc.shmat.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
libc.shmdt.argtypes = (ctypes.c_void_p,)


def wait_for(look):
    """Calls look() until it returns something true, and returns that; after PATIENCE seconds,
    returns its last result."""
    end = time.monotonic() + PATIENCE
    while not (found := look()) and time.monotonic() < end:
        time.sleep(0.005)
    return found


def ipc_objects(key):
    """{"sem": id, "shm": id}: the objects that exist under a key."""
    found = {}
    for kind in ("sem", "shm"):
        for line in pathlib.Path("/proc/sysvipc", kind).read_text().splitlines()[1:]:
            fields = line.split()
            if int(fields[0]) & 0xffffffff == key:
                found[kind] = int(fields[1])
    return found


class Segment:
    """A channel's segment, mapped for writing, for tests that falsify its contents."""

    HEADER, DESCRIPTOR = 512, 512  # bytes; see docs/layout.md
    SIZE, KIND, NAME = 16, 32, 80  # offsets in a descriptor

    def __init__(self, status):
        self.status = status

    def __enter__(self):
        self.base = libc.shmat(self.status["shmid"], None, 0)
        assert self.base != ctypes.c_void_p(-1).value, os.strerror(ctypes.get_errno())
        return self

    def __exit__(self, *_):
        libc.shmdt(self.base)

    def write(self, offset, data):
        data = bytes(data)
        ctypes.memmove(self.base + offset, data, len(data))

    def read(self, offset, size):
        return ctypes.string_at(self.base + offset, size)

    def descriptor(self, slot, field):
        return self.HEADER + slot * self.DESCRIPTOR + field

    def data(self, slot):
        header_size = int.from_bytes(self.read(12, 4), sys.byteorder)
        return header_size + slot * self.status["slot_size"]


class ToolTest(unittest.TestCase):
    command = VITRINE

    def setUp(self):
        self.random = random.Random("%d %s" % (SEED, self.id()))
        self.key = keys.reserve_key()
        self.environment = dict(os.environ, VITRINE_KEY="0x%08x" % self.key, LC_ALL="C.UTF-8")
        self._use_folder(None)
        self.running = []
        self.addCleanup(self._check_nothing_left)
        self.addCleanup(self._end_processes)

    def _use_folder(self, where):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vitrine-tools-", dir=where))
        self.addCleanup(shutil.rmtree, self.folder)
        self.environment["XDG_RUNTIME_DIR"] = str(self.folder)
        self.inbox = self.folder / "inbox"
        self.inbox.mkdir()

    def use_memory(self):
        """Puts the folder into memory if possible, because the channel is tested and not the
        disk."""
        if os.path.isdir("/dev/shm"):
            self._use_folder("/dev/shm")

    # ---- running -------------------------------------------------------------------------------

    def helpers_environment(self):
        """For commands that only help a test: without the search for leaks at their end, which takes
        as long as they do. The tests of these commands search."""
        options = self.environment.get("ASAN_OPTIONS", "")
        return {**self.environment, "ASAN_OPTIONS": options + ":detect_leaks=0"}

    def start(self, *arguments, **more):
        """Starts `vitrine ARGUMENTS`; by default its output and errors go to files."""
        number = len(self.running)
        files = {stream: open(self.folder / ("%d.%s" % (number, stream)), "wb")
                 for stream in ("stdout", "stderr") if stream not in more}
        more.setdefault("stdin", subprocess.DEVNULL)
        more.setdefault("cwd", self.folder)
        process = subprocess.Popen([self.command, *map(os.fspath, map(_text, arguments))],
                                   env=self.environment, **files, **more)
        for file in files.values():  # the limit is 1024 open files
            file.close()
        process.log = self.folder / ("%d.stdout" % number)
        process.errors = self.folder / ("%d.stderr" % number)
        self.running.append(process)
        return process

    def run_tool(self, *arguments, status=0, **more):
        """Runs the command to its end, asserts its exit status, and returns (stdout, stderr)."""
        done = subprocess.run([self.command, *map(os.fspath, map(_text, arguments))],
                              env=more.pop("env", self.environment),
                              cwd=more.pop("cwd", self.folder),
                              capture_output=True, timeout=PATIENCE,
                              **({} if "input" in more or "stdin" in more
                                 else {"stdin": subprocess.DEVNULL}), **more)
        self.assertEqual(done.returncode, status, "%s\n%s\n%s" % (
            arguments, done.stdout[-2000:], done.stderr[-2000:]))
        return done.stdout, done.stderr.decode(errors="replace")

    def send(self, *arguments, **more):
        return self.run_tool("send", *arguments, **more)

    def recv(self, *arguments, **more):
        return self.run_tool("recv", "-o", self.inbox, "--timeout", "0", *arguments, **more)

    def finish(self, process, status=0):
        got = process.wait(PATIENCE)
        self.assertEqual(got, status, process.errors.read_text() if process.errors.exists() else "")

    def wait_line(self, process, text):
        """Waits until the log of the process has a line with this text."""
        if not wait_for(lambda: text in process.log.read_text() or process.poll() is not None) or \
                text not in process.log.read_text():
            self.fail("no %r in:\n%s\n%s" % (text, process.log.read_text(),
                                             process.errors.read_text()))

    # ---- the channel ---------------------------------------------------------------------------

    def status(self):
        done = subprocess.run([VITRINE, "status", "--json"], env=self.helpers_environment(),
                              timeout=PATIENCE, capture_output=True)
        return json.loads(done.stdout)

    def wait_status(self, is_so):
        """Waits until is_so() accepts the result of `vitrine status --json`, and returns the
        status."""
        def look():
            status = self.status()
            return status if status["exists"] and is_so(status) else None
        status = wait_for(look)
        self.assertTrue(status, "the channel never got there: %s" % self.status())
        return status

    def ipc(self):
        return ipc_objects(self.key)

    # ---- files ---------------------------------------------------------------------------------

    def file(self, name, size=1000, content=None):
        path = self.folder / name
        path.write_bytes(self.random.randbytes(size) if content is None else content)
        return path

    def received(self):
        return sorted(path.name for path in self.inbox.iterdir())

    # ---- the end -------------------------------------------------------------------------------

    def _end_processes(self):
        for process in self.running:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.send_signal(signal.SIGTERM)
        for process in self.running:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _check_nothing_left(self):
        left = self.ipc()
        for kind in left:
            subprocess.run(["ipcrm", "-s" if kind == "sem" else "-m", str(left[kind])])
        self.assertFalse(left, "IPC objects are left behind")


def _text(argument):
    return argument if isinstance(argument, (str, bytes, os.PathLike)) else str(argument)


def as_other_user():
    """For preexec_fn: becomes an ordinary user."""
    os.setgroups([])
    os.setgid(OTHER_UID)
    os.setuid(OTHER_UID)


def main():
    """Runs the tests of the calling script; the exit status is 77 if all were skipped."""
    print("seed %d" % SEED, flush=True)
    runner = unittest.TextTestRunner(verbosity=2, stream=sys.stdout)
    result = unittest.main(module="__main__", testRunner=runner, exit=False).result
    if result.skipped and result.wasSuccessful() and len(result.skipped) >= max(result.testsRun, 1):
        sys.exit(77)
    sys.exit(not result.wasSuccessful())
