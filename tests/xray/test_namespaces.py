#!/usr/bin/env python3
"""Containers: what vitrine xray says outside of an IPC or PID namespace about processes inside, and
inside of one. The same ids name other objects there, and the same pids other processes.
"""
import ctypes
import json
import pathlib
import re
import subprocess
import sys
import unittest

from support import BUILD, PROGRAMS, objects, own_ipc_namespace, wait_for, xray

libc = ctypes.CDLL(None, use_errno=True)
VITRINE = BUILD / "vitrine"
CONTAINER = ("unshare", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc")
ATTACHED = """if True:
    import ctypes, sys
    libc = ctypes.CDLL(None)
    libc.shmat.restype = ctypes.c_void_p
    libc.shmat(libc.shmget(0, 4096, 0o600), None, 0)
    print("attached", flush=True)
    sys.stdin.read()
"""


def can_unshare():
    return subprocess.run([*CONTAINER, "true"], capture_output=True, check=False).returncode == 0


@unittest.skipUnless(can_unshare(), "needs root to make an IPC and a PID namespace")
class Namespaces(unittest.TestCase):
    def setUp(self):
        self.addCleanup(self.remove_all)
        self.remove_all()
        for kind in ("sem", "shm"):  # the next one gets the id of the first one in a new namespace
            pathlib.Path(f"/proc/sys/kernel/{kind}_next_id").write_text("0")

    def remove_all(self):
        for kind, option in (("sem", "-s"), ("shm", "-m"), ("msg", "-q")):
            for made in objects(kind):
                subprocess.run(["ipcrm", option, str(made)], check=True)

    def start(self, *words, **more):
        process = subprocess.Popen([*map(str, words)], **more)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def worker(self, *words):
        """A worker that sleeps in semop in another IPC namespace: its pid, and its set's id."""
        process = self.start("unshare", "--ipc", PROGRAMS / "worker", *words)
        wchan = pathlib.Path(f"/proc/{process.pid}/wchan")
        self.assertTrue(wait_for(lambda: "semtimedop" in wchan.read_text()))
        listed = subprocess.run(["nsenter", "-t", str(process.pid), "--ipc", "ipcs", "-s"],
                                capture_output=True, text=True, check=True).stdout
        return process.pid, int(re.search(r"^0x\w+ (\d+)", listed, re.M).group(1))

    def test_a_sleeper_of_another_namespace(self):
        """Its set has the id of one of ours, which it does not use."""
        own = libc.semget(0, 3, 0o600)
        pid, made = self.worker("make", "1,0,7", "op", "1-1")
        self.assertEqual(made, own)
        seen = json.loads(xray("--json").stdout)
        self.assertEqual([s["ncnt"] for s in seen["sets"][0]["semaphores"]], [0, 0, 0])
        sleeper, = [s for s in seen["sleepers"] if s["pid"] == pid]
        self.assertTrue(sleeper["is_outside"])
        self.assertNotIn("object", sleeper)
        said = xray("--text").stdout
        self.assertIn(f"worker {pid} sleeps in semop, in another IPC namespace: `nsenter -t {pid} "
                      "--ipc vitrine xray` shows it", said)
        self.assertNotIn("worker", xray("--text", "--sem", own).stdout)
        # What it advises shows it.
        said = subprocess.run(["nsenter", "-t", str(pid), "--ipc", VITRINE, "xray", "--text"],
                              capture_output=True, text=True, check=True).stdout
        self.assertIn(f"worker {pid} sleeps in semop on set {made}: wants 1 −1; 1 is 0", said)

    def test_a_segment_of_another_namespace(self):
        libc.shmget(0, 4096, 0o600)
        other = self.start("unshare", "--ipc", sys.executable, "-c", ATTACHED,
                           stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(other.stdout.close)
        self.addCleanup(other.stdin.close)
        self.assertEqual(other.stdout.readline(), b"attached\n")
        segment, = json.loads(xray("--json").stdout)["segments"]
        self.assertEqual((segment["nattch"], segment["attached"]), (0, []))

    def test_inside_of_a_container(self):
        """A process of a container, watched there: its pid and name are those of the container."""
        said = subprocess.run(
            [*CONTAINER, "sh", "-c", '"$0" make 1,0 op 1-1 & '
             'while ! grep -q semtimedop /proc/$!/wchan; do :; done; echo "pid $!"; '
             '"$1" xray --text; kill $!', PROGRAMS / "worker", VITRINE],
            capture_output=True, text=True, check=True).stdout
        pid = re.match(r"pid (\d+)\n", said).group(1)
        self.assertIn(f"worker {pid} sleeps in semop on set 0: wants 1 −1; 1 is 0", said)
        self.assertRegex(said, rf"1 +0   last: worker {pid}   1 process waits")

    def test_control_inside_of_a_container(self):
        """Also as process 1, which gets no signals by default and inherits orphans."""
        pair = ("--names", "mutex,empty,full", "--", PROGRAMS / "pair", "producer", "0x7d", "4",
                "wrong", "--", PROGRAMS / "pair", "consumer", "0x7d", "4")
        for _ in range(3):
            done = subprocess.run([*CONTAINER, VITRINE, "xray", "--text", *pair],
                                  input="next P1\n" * 17 + "run\nquit\n", capture_output=True,
                                  text=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("Deadlock, certain: P1 (pair) sleeps", done.stdout)
            self.assertIn("mutex is 0, which P1 took", done.stdout)

    def test_a_program_that_leaves_the_namespace(self):
        """Its objects have ids of ours: they are not shown as ours, and ours are not removed."""
        own = libc.semget(0, 3, 0o600)
        said = xray("--", "unshare", "--ipc", PROGRAMS / "worker", "make", "1,0", "op", "1-1",
                    commands="run 30\nrestart\nrun 30\nquit\n")
        self.assertIn(own, objects("sem"), said.stdout)
        self.assertIn("it is in another IPC namespace, whose objects cannot be shown", said.stdout)
        self.assertIn("probably: P1 (worker) sleeps", said.stdout)
        self.assertNotIn(f"set {own}:", said.stdout)

    def test_a_proc_of_another_namespace(self):
        """Without --mount-proc, the numbers in /proc belong to other processes."""
        libc.semget(0, 1, 0o600)
        bare = ("unshare", "--pid", "--fork", "--kill-child", VITRINE, "xray", "--text")
        done = subprocess.run(bare, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0)
        self.assertIn("semaphore set", done.stdout)
        self.assertIn("/proc: it shows another PID namespace", done.stderr)
        done = subprocess.run([*bare, "--run", "--", "true"], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("mount -t proc proc /proc", done.stderr)


if __name__ == "__main__":
    own_ipc_namespace()
    unittest.main()
