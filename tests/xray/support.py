"""What the tests of the X-ray share: an IPC namespace of their own, and the command."""
import ctypes
import os
import pathlib
import subprocess
import sys
import time

BUILD = pathlib.Path(os.environ.get("VITRINE_BUILD", "build/release")).resolve()
PROGRAMS = BUILD / "tests/xray/programs"
PATIENCE = 60


def wait_for(look):
    """What look() gives, once that is true; or what it gives after PATIENCE seconds."""
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


def own_ipc_namespace():
    """Sets are told apart by what was there before, so nobody else may make any meanwhile."""
    new_ipc, new_user = 0x08000000, 0x10000000
    libc = ctypes.CDLL(None, use_errno=True)
    uid, gid = os.getuid(), os.getgid()
    if libc.unshare(new_ipc) == 0:
        return
    if libc.unshare(new_ipc | new_user) != 0:
        print("no IPC namespace of its own: " + os.strerror(ctypes.get_errno()))
        sys.exit(77)
    pathlib.Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    pathlib.Path("/proc/self/setgroups").write_text("deny")
    pathlib.Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
