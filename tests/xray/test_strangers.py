#!/usr/bin/env python3
"""vitrine xray with objects and programs of other users: its numbers are the kernel's, it changes
nothing, and each object that is strange, gone or not accessible gets one line.
"""
import ctypes
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import tempfile
import unittest

from support import (BUILD, PROGRAMS, SANITIZED, objects, own_ipc_namespace, wait_for,
                     xray)

LESSONS = BUILD / "lessons"
libc = ctypes.CDLL(None, use_errno=True)
IPC_CREAT, GETVAL, GETPID, GETNCNT, GETZCNT = 0o1000, 12, 11, 14, 15


def cpu_of_children():
    """CPU time of the commands that have ended, which depends less on how busy the machine is."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Strangers(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.addCleanup(self.remove_all)

    def remove_all(self):
        for kind, command in (("sem", libc.semctl), ("shm", libc.shmctl), ("msg", libc.msgctl)):
            for made in objects(kind):
                command(made, 0, 0) if kind == "sem" else command(made, 0, None)

    def begin(self, *words, sleeps=True):
        worker = subprocess.Popen([PROGRAMS / "worker", *words])
        self.addCleanup(worker.wait)
        self.addCleanup(worker.kill)
        wchan = pathlib.Path(f"/proc/{worker.pid}/wchan")
        if sleeps:
            self.assertTrue(wait_for(
                lambda: re.search("semtimedop|msgrcv|msgsnd", wchan.read_text())))
        return worker

    def seen(self, *words):
        said = xray("--json", *words)
        self.assertEqual((said.returncode, said.stderr), (0, ""))
        return json.loads(said.stdout)

    def test_every_number_is_the_kernels(self):
        for words in (("make", "1,0,7", "op", "1-1"), ("make", "5", "op", "0-0"),
                      ("make", "0,2", "op", "1-2u,0-1u")):
            self.begin(*words)
        for each in self.seen()["sets"]:
            for number, semaphore in enumerate(each["semaphores"]):
                asked = [libc.semctl(each["id"], number, command)
                         for command in (GETVAL, GETPID, GETNCNT, GETZCNT)]
                self.assertEqual([semaphore[name] for name in ("value", "pid", "ncnt", "zcnt")],
                                 asked)

    def test_it_only_reads(self):
        """The X-ray runs under its own control: none of its calls changes anything."""
        self.begin("make", "1,0", "op", "1-1")
        subprocess.run(["ipcmk", "-M", "4096", "-Q"], check=True, stdout=subprocess.DEVNULL)
        before = {kind: pathlib.Path("/proc/sysvipc", kind).read_text()
                  for kind in ("sem", "shm", "msg")}
        said = xray("--text", "--", BUILD / "vitrine", "xray", "--text",
                    commands="next\n" * 60 + "quit\n").stdout
        calls = set(re.findall(r" did (\w+(?: [A-Z_]+)?)", said))
        self.assertIn("semctl GETALL", calls)
        self.assertLessEqual(calls, {"semctl GETALL", "semctl GETPID", "semctl GETNCNT",
                                     "semctl GETZCNT", "semctl IPC_STAT"})
        self.assertEqual(before, {kind: pathlib.Path("/proc/sysvipc", kind).read_text()
                                  for kind in before})

    def test_restart_removes_what_was_made_under_control(self):
        """A set that existed before stays, whatever the programs do with it. What the last run
        made stays too, unless the program still runs at the end.
        """
        key = 0x77070aaa
        old = libc.semget(key, 1, IPC_CREAT | 0o600)
        code = ("import ctypes; c=ctypes.CDLL(None); s=c.semget(%d,1,%d); c.semctl(s,0,16,1);"
                "c.semget(0,1,0o600); c.shmget(0,4096,0o600)" % (key, IPC_CREAT | 0o600))
        for commands, left in (("run\nrestart\nrun\nback\nquit\n", 0),
                               ("run\nrestart\nrun\nquit\n", 1)):
            said = xray("--text", "--", "python3", "-c", code, commands=commands)
            made = set(objects("sem")) - {old}
            self.assertIn(old, objects("sem"))
            self.assertEqual(len(made), left, said.stdout)
            self.assertEqual(len(objects("shm")), left, said.stdout)

    def test_32000_objects(self):
        """In seconds, whatever is shown: with names, with keys, with a segment and files beside."""
        limits = pathlib.Path("/proc/sys/kernel/sem")
        count = min(int(limits.read_text().split()[3]), 32000)
        made = 0
        while made < count and libc.semget(0x10000000 + made, 1, IPC_CREAT | 0o600) >= 0:
            made += 1
        first = min(objects("sem"))
        self.assertEqual(libc.semop(first, (ctypes.c_short * 3)(0, 1, 0), 1), 0)
        segments = [libc.shmget(0x10000000 + number, 4096, IPC_CREAT | 0o600)
                    for number in range(1000)]
        before = cpu_of_children()
        self.assertEqual(len(self.seen("--sem", first)["sets"]), 1)
        seen = self.seen("--names", "mutex,empty,full")
        self.assertEqual((len(seen["sets"]), len(seen["segments"])), (made, len(segments)))
        said = xray("--text", "--names", "mutex,empty,full").stdout
        self.assertEqual(said.count("semaphore set "), made)
        self.assertLess(cpu_of_children() - before, 30 if SANITIZED else 6)

    def test_ids_that_are_all_new(self):
        """Between two looks each set is removed, and another one made."""
        made = [libc.semget(0, 1, 0o600) for _ in range(4000)]
        watching = subprocess.Popen([BUILD / "vitrine", "xray", "--json", "--watch=0.001"],
                                    stdout=subprocess.PIPE, text=True)
        self.addCleanup(watching.stdout.close)
        self.addCleanup(watching.wait)
        self.addCleanup(watching.kill)
        lines = iter(watching.stdout.readline, "")
        self.assertEqual({each["id"] for each in json.loads(next(lines))["sets"]}, set(made))
        for each in made:
            libc.semctl(each, 0, 0)
        new = {libc.semget(0, 1, 0o600) for _ in range(4000)}
        self.assertFalse(new & set(made))
        self.assertTrue(any({each["id"] for each in json.loads(line)["sets"]} == new
                            for line in lines))

    def test_names_of_processes_are_fit_for_a_terminal(self):
        strange = self.folder / "a\x1b[31m\nb"
        shutil.copy(PROGRAMS / "worker", strange)
        worker = subprocess.Popen([strange, "make", "0", "op", "0-1"])
        self.addCleanup(worker.wait)
        self.addCleanup(worker.kill)
        self.assertTrue(wait_for(lambda: "semtimedop" in
                                 pathlib.Path(f"/proc/{worker.pid}/wchan").read_text()))
        said = xray("--text").stdout
        self.assertNotIn("\x1b", said)
        self.assertIn("a%1B[31m", said)
        under = xray("--text", "--run=1", "--", strange, "make", "0", "op", "0-1").stdout
        self.assertNotIn("\x1b", under)
        self.assertIn("a%1B[31m%0Ab", under)

    def test_programs_that_cannot_be(self):
        (self.folder / "text").write_text("no program\n")
        (self.folder / "text").chmod(0o755)
        self.assertIn("is not a program", xray("--run", "--", self.folder / "text").stderr)
        for line, why in (("#!/no/such", "names the interpreter “/no/such”, which does not exist"),
                          ("#!/bin/sh\r", "its lines end as on Windows")):
            (self.folder / "text").write_text(line + "\n", newline="")
            self.assertIn(why, xray("--run", "--", self.folder / "text").stderr)
        (self.folder / "text").write_bytes((PROGRAMS / "worker").read_bytes()[:4096])
        self.assertIn("the file may be damaged", xray("--run", "--", self.folder / "text").stderr)
        suid = self.folder / "suid"
        shutil.copy(PROGRAMS / "worker", suid)
        suid.chmod(0o4755)
        said = xray("--run", "--", suid, "make", "0")
        self.assertEqual(said.returncode, 1)
        self.assertIn("set-uid", said.stderr)
        other = self.folder / "other"
        program = bytearray((PROGRAMS / "worker").read_bytes())
        program[18] ^= 0x10  # e_machine
        other.write_bytes(program)
        other.chmod(0o755)
        said = xray("--run", "--", other)
        self.assertEqual(said.returncode, 1)
        self.assertIn("of another architecture", said.stderr)
        said = xray("--run", "--", "true")
        self.assertEqual(said.returncode, 0)
        self.assertIn("has ended, exit status 0", said.stdout)

    def test_closed_output(self):
        done = subprocess.run(["sh", "-c", '"$0" xray --text >&-', BUILD / "vitrine"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("standard output", done.stderr)
        said = xray("--run", "--", "sh", "-c", "exec >&- 2>&-; exec \"$0\" make 1 op 0-1",
                    PROGRAMS / "worker")
        self.assertEqual(said.returncode, 0, said.stdout)

    def test_under_another_tracer(self):
        """As by strace -f: the program cannot be traced twice, and the reason is said."""
        said = xray("--run", "--", "sh", "-c", 'exec "$0" xray --run -- true', BUILD / "vitrine")
        self.assertRegex(said.stderr, r"true: is already traced by process \d+ \(vitrine\)")
        self.assertIn("start vitrine xray outside of it", said.stderr)

    def test_already_traced(self):
        """A program that asks to be traced is already under control: it gets an error, and
        continues."""
        code = "import ctypes; import sys; sys.exit(ctypes.CDLL(None).ptrace(0,0,0,0) == 0)"
        said = xray("--run", "--", "python3", "-c", code)
        self.assertIn("has ended, exit status 0", said.stdout)

    def test_sets_that_vanish(self):
        made = [libc.semget(0, 50, 0o600) for _ in range(200)]
        watching = subprocess.Popen([BUILD / "vitrine", "xray", "--json", "--watch=0.001"],
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        watching.stdout.readline()
        for each in made:
            libc.semctl(each, 0, 0)
        lines = iter(watching.stdout.readline, "")
        self.assertTrue(any(json.loads(line)["sets"] == [] for line in lines))
        watching.terminate()
        self.assertEqual(watching.communicate()[1], "")

    @unittest.skipIf(os.getuid() != 0, "needs root to be two users")
    def test_another_user(self):
        """Reports what the mode forbids, shows what it permits, and disturbs no program."""
        self.begin("make", "1,0", "op", "1-1")
        said = subprocess.run(
            [BUILD / "vitrine", "xray", "--text"], capture_output=True, text=True, check=False,
            user=65534, group=65534, extra_groups=[], cwd="/")
        if said.returncode == 126 or "Permission denied" in said.stderr:
            self.skipTest("another user cannot reach this build")
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assertIn("no permission to read it; only its owner or root may", said.stdout)

    def test_the_mistakes_of_lesson_6(self):
        """The programs make the same mistake under control, except for the one that needs 32,767
        items."""
        for program in sorted(LESSONS.glob("06-*-wrong")):
            if "overflow" in program.name:
                continue
            with self.subTest(program.name):
                said = xray("--run", "--", program)
                self.assertEqual(said.returncode, 0, said.stdout)
                self.assertIn(f"P1 {program.name} has ended, exit status 0", said.stdout)


if __name__ == "__main__":
    own_ipc_namespace()
    unittest.main()
