"""Helpers for the tests of the X-ray: a private IPC namespace, and the command."""
import os
import pathlib
import re
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))
from ipc_namespace import own_ipc_namespace  # noqa: E402, F401

BUILD = pathlib.Path(os.environ.get("VITRINE_BUILD", "build/release")).resolve()
PROGRAMS = BUILD / "tests/xray/programs"
PATIENCE = 60
SANITIZED = bool(re.search(r"^VITRINE_SANITIZE:\w+=.+$", (BUILD / "CMakeCache.txt").read_text(),
                           re.M))


def wait_for(look):
    """Calls look() until it returns something true, and returns that; after PATIENCE seconds,
    returns its last result."""
    end = time.monotonic() + PATIENCE
    while not (found := look()) and time.monotonic() < end:
        time.sleep(0.005)
    return found


def xray(*words, commands="", cwd=None):
    return subprocess.run([BUILD / "vitrine", "xray", *map(str, words)], input=commands, text=True,
                          encoding="utf-8", capture_output=True, timeout=100, check=False, cwd=cwd)


def objects(kind):
    """id: key, of all "sem", "shm" or "msg" of this namespace."""
    lines = pathlib.Path("/proc/sysvipc", kind).read_text().splitlines()[1:]
    return {int(line.split()[1]): int(line.split()[0]) for line in lines}
