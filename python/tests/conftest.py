"""What the tests share: the library of the build under test, a key of their own, patience."""
import os
import pathlib
import subprocess
import sys
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("VITRINE_BUILD", ROOT / "build/release")).resolve()
os.environ["VITRINE_LIBRARY"] = str(BUILD / "libvitrine.so")
os.environ["PYTHONPATH"] = str(ROOT / "python")
os.environ.pop("VITRINE_KEY", None)
sys.path[:0] = [str(ROOT / "python"), str(ROOT / "tests/e2e")]
sys.path.append(str(ROOT / "tests"))

import keys  # noqa: E402
import vitrine  # noqa: E402, the library must be named first


def ipc_objects(key):
    found = {}
    for kind in ("sem", "shm"):
        for line in pathlib.Path("/proc/sysvipc", kind).read_text().splitlines()[1:]:
            fields = line.split()
            if int(fields[0]) & 0xffffffff == key:
                found[kind] = fields[1]
    return found


@pytest.fixture
def key():
    """A key that nobody uses; after the test nothing may be left under it."""
    number = keys.reserve_key()
    yield number
    wait_for(lambda: not ipc_objects(number), 2)
    left = ipc_objects(number)
    for kind, identity in left.items():
        subprocess.run(["ipcrm", "-s" if kind == "sem" else "-m", identity], check=True)
    assert not left, "IPC objects are left behind"


@pytest.fixture
def script(key, tmp_path):
    """Starts a Python script that finds vitrine, np and KEY; its output is a pipe of text."""
    started = []

    def start(text, **environment):
        path = tmp_path / f"script{len(started)}.py"
        path.write_text("import os, signal, sys, vitrine\nimport numpy as np\n"
                        f"KEY = {key}\n{text}")
        process = subprocess.Popen([sys.executable, str(path)], stdout=subprocess.PIPE, text=True,
                                   stderr=subprocess.PIPE, env={**os.environ, **environment})
        started.append(process)
        return process
    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def wait_for(question, timeout=30.0):
    """The first true answer, or None when the time is over."""
    end = time.monotonic() + timeout
    while not (answer := question()):
        if time.monotonic() > end:
            return None
        time.sleep(0.005)
    return answer


def is_alive(pid):
    """A zombie is not: in some containers PID 1 waits for nobody."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] not in "ZX"
    except OSError:
        return False


def states(key):
    """How many slots are in which state: {"ready": 1, "empty": 3}."""
    found = {}
    for slot in vitrine.status(key).slots:
        found[slot.state] = found.get(slot.state, 0) + 1
    return found
