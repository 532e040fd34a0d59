"""A private IPC namespace, for tests that look at, count or remove all System V objects."""
import ctypes
import os
import pathlib
import sys


def own_ipc_namespace():
    """Enters a new IPC namespace, or skips the test."""
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
