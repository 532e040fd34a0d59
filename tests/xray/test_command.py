#!/usr/bin/env python3
"""Normal use of vitrine xray: its statements about objects agree with the kernel, those about
programs under control are true, and errors are one line.
"""
import ctypes
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from support import BUILD, PROGRAMS, objects, own_ipc_namespace, wait_for, xray

WORKER = PROGRAMS / "worker"
PAIR = PROGRAMS / "pair"
SOURCE = pathlib.Path(__file__).resolve().parent / "programs/pair.c"
KEY = 0x77070000 | os.getpid() & 0xffff


POSIX_WAITER = """if True:
    import ctypes, sys
    libc = ctypes.CDLL(None)
    libc.sem_open.restype = ctypes.c_void_p
    sys.exit(libc.sem_wait(ctypes.c_void_p(libc.sem_open(sys.argv[1].encode(), 0))))
"""
SHOP = """#include <sys/sem.h>
static int set;
static inline int P(int number)
{
	struct sembuf operation = {(unsigned short)number, -1, 0};
	return semop(set, &operation, 1);
}
static inline void produce(void)
{
	P(0); // here
}
int main(void)
{
	set = semget(IPC_PRIVATE, 1, 0600);
	produce();
	return 0;
}
"""
# Each takes one, tells the other by a third semaphore, and waits for it: there is no other schedule.
TWO_LOCKS = """if True:
    import ctypes, os
    libc = ctypes.CDLL(None)
    made = libc.semget(0, 4, 0o600)
    libc.semctl(made, 0, 17, (ctypes.c_ushort * 4)(1, 1, 0, 0))
    def op(semaphore, by):
        libc.semop(made, (ctypes.c_short * 3)(semaphore, by, 0), 1)
    mine = 1 if os.fork() == 0 else 0
    op(mine, -1)
    op(2 + mine, 1)
    op(3 - mine, -1)
    op(1 - mine, -1)
"""


class Command(unittest.TestCase):
    def setUp(self):
        self.before = set(objects("sem"))

    def tearDown(self):
        for made in set(objects("sem")) - self.before:
            subprocess.run(["ipcrm", "-s", str(made)], check=True)

    def begin(self, *words):
        """A worker that sleeps in semop, and the id of its set."""
        worker = subprocess.Popen([WORKER, *words])
        self.addCleanup(worker.wait)
        self.addCleanup(worker.kill)
        end = time.monotonic() + 30
        wchan = pathlib.Path(f"/proc/{worker.pid}/wchan")
        while "semtimedop" not in wchan.read_text() and time.monotonic() < end:
            time.sleep(0.01)
        return worker, max(set(objects("sem")) - self.before)

    def test_a_set_and_its_sleeper(self):
        worker, made = self.begin("make", "1,0,7", "op", "0-1", "op", "2-1,1-1u")
        seen = json.loads(xray("--json", "--sem", made, "--enum", SOURCE).stdout)
        self.assertEqual([(s["name"], s["value"], s["ncnt"], s["pid"])
                          for s in seen["sets"][0]["semaphores"]],
                         [("mutex", 0, 0, worker.pid), ("empty", 0, 1, worker.pid),
                          ("full", 7, 0, worker.pid)])
        sleeper, = [s for s in seen["sleepers"] if s["pid"] == worker.pid]
        self.assertEqual(sleeper["operations"][sleeper["blocked_at"]],
                         {"semaphore": 1, "op": -1, "undo": True})
        said = xray("--sem", made, "--names", "mutex,empty,full").stdout
        self.assertRegex(said, rf"empty +0   last: worker {worker.pid}   1 process waits")
        self.assertIn(f"worker {worker.pid} sleeps in semop on set {made}: wants full −1, "
                      "empty −1 U; empty is 0", said)

    def test_of_chosen_objects_only_their_sleepers(self):
        before = set(objects("msg"))
        receiver = subprocess.Popen([PROGRAMS / "worker", "queue", "receive"])
        self.addCleanup(receiver.wait)
        queue, = wait_for(lambda: set(objects("msg")) - before)
        self.addCleanup(subprocess.run, ["ipcrm", "-q", str(queue)], check=True)
        sleeper, made = self.begin("make", "0", "op", "0-1")
        self.assertTrue(wait_for(lambda: f"worker {receiver.pid} sleeps in msgrcv" in
                                 xray("--msg", queue).stdout))
        self.assertNotIn(f"worker {sleeper.pid}", xray("--msg", queue).stdout)
        self.assertNotIn(f"worker {receiver.pid}", xray("--sem", made).stdout)

    def test_names_are_fit_for_a_terminal(self):
        _, made = self.begin("make", "0", "op", "0-1")
        said = xray("--sem", made, "--names", "\x1b[31mred\x07").stdout
        self.assertNotIn("\x1b", said)
        self.assertIn("%1B[31mred%07", said)

    def test_two_sets_of_one_semaphore_take_one_name_each(self):
        _, one = self.begin("make", "0", "op", "0-1")
        self.before.add(one)
        self.addCleanup(self.before.discard, one)
        _, other = self.begin("make", "0", "op", "0-1")
        said = xray("--sem", one, "--sem", other, "--names", "mutex,items").stdout
        self.assertRegex(said, r"mutex +0[^\n]*\n[^\n]*\n  items +0")
        subprocess.run(["ipcrm", "-s", str(one)], check=True)

    def test_a_posix_semaphore_and_who_waits(self):
        """sem_open(): its value, and the processes that wait, without a right to more than reading."""
        libc = ctypes.CDLL(None, use_errno=True)
        libc.sem_open.restype = ctypes.c_void_p
        name = f"/vitrine-xray-{os.getpid()}"
        at = ctypes.c_void_p(libc.sem_open(name.encode(), os.O_CREAT | os.O_EXCL, 0o600, 1))
        self.assertTrue(at.value)
        self.addCleanup(libc.sem_unlink, name.encode())
        named = self.named(name)
        self.assertEqual((named["value"], named["has_waiters"]), (1, False))
        libc.sem_wait(at)
        waiter = subprocess.Popen([sys.executable, "-c", POSIX_WAITER, name])
        self.addCleanup(waiter.wait)
        self.addCleanup(waiter.kill)
        self.assertTrue(wait_for(lambda: self.named(name)["has_waiters"]))
        self.assertEqual(self.named(name)["value"], 0)
        libc.sem_post(at)
        self.assertEqual(waiter.wait(30), 0)
        self.assertEqual(self.named(name)["value"], 0)
        self.assertFalse(self.named(name)["has_waiters"])

    def named(self, name):
        found, = [one for one in json.loads(xray("--json").stdout)["posix"]
                  if one["name"].lstrip("/") == name.lstrip("/")]
        return found

    def test_a_program_in_python(self):
        """The program forks after semget, and both processes take two semaphores, in different
        orders."""
        said = xray("--run=5", "--names", "red,blue", "--", sys.executable, "-c", TWO_LOCKS)
        self.assertEqual(said.returncode, 1, said.stdout + said.stderr)
        self.assertRegex(said.stdout, r"(?s)wants blue −1 and blue is 0, which P2 took.*"
                                      r"wants red −1 and red is 0, which P1 took")

    def test_source_lines_of_every_compiler(self):
        """Inlined functions, namespaces, and what clang leaves out; P() is passed over."""
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder, "shop.c")
            source.write_text(SHOP, encoding="ascii")
            line = SHOP.splitlines().index("\tP(0); // here") + 1
            for compiler in ("cc", "c++", "clang"):
                for level in ("-O0", "-O2"):
                    with self.subTest(compiler=compiler, level=level):
                        if not shutil.which(compiler):
                            self.skipTest(f"not installed: {compiler}")
                        program = source.with_suffix("")
                        subprocess.run([compiler, "-g", level, "-D_GNU_SOURCE", "-o", program,
                                        *(("-x", "c++") if compiler == "c++" else ()), source],
                                       check=True)
                        said = xray("--run=5", "--", program)
                        self.assertIn(f"sleeps at shop.c:{line} in produce() because", said.stdout)

    @unittest.skipUnless(shutil.which("c++"), "not installed: c++")
    def test_names_of_the_linker(self):
        """Without -g, only the linker knows the functions: it calls them _Z1Pi and _ZN4Shop4soldEv."""
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder, "shop.cc")
            source.write_text(SHOP.replace("static inline ", "")
                              .replace("void produce(", "struct Shop { void sold(int); };\n"
                                       "void Shop::sold(")
                              .replace("produce();", "Shop().sold(1);")
                              .replace("(void)\n{\n\tP(0)", "(int)\n{\n\tP(0)"),
                              encoding="ascii")
            program = source.with_suffix("")
            subprocess.run(["c++", "-O0", "-o", program, source], check=True)
            said = xray("--run=5", "--", program)
            self.assertIn("sleeps in Shop::sold() because", said.stdout)

    def pair(self, *how):
        key = f"{KEY:#x}"
        return ("--names", "mutex,empty,full", "--", PAIR, "producer", key, 4, *how,
                "--", PAIR, "consumer", key, 4)

    def test_a_deadlock_step_by_step(self):
        said = xray(*self.pair("wrong"), commands="next P1\n" * 17 + "run\nquit\n")
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assertIn("Deadlock, certain: P1 (pair) sleeps", said.stdout)
        self.assertIn("wants empty −1 and empty is 0", said.stdout)
        self.assertIn("wants mutex −1 and mutex is 0, which P1 took", said.stdout)

    def test_kill_and_what_the_kernel_takes_back(self):
        said = xray("--names", "mutex,empty", "--", WORKER, "make", "1,3", "op", "1-2u", "op",
                    "0-1", commands="next\n" * 3 + "kill P1\nquit\n").stdout
        self.assertIn("if it died now, the kernel would do empty +2", said)
        self.assertIn("was ended by signal 9", said)
        made = max(set(objects("sem")) - self.before)
        seen = json.loads(xray("--json", "--sem", made).stdout)
        self.assertEqual([s["value"] for s in seen["sets"][0]["semaphores"]], [1, 3])

    def test_back(self):
        said = xray(*self.pair(), commands="next\n" * 9 + "show\nnext\nback\nquit\n").stdout
        lines = re.sub(r"(set|segment) \d+", r"\1 N", said).splitlines()
        was = [at for at, line in enumerate(lines) if line == lines[-3]]
        self.assertTrue(lines[-3].startswith("P1 pair is stopped before"))
        self.assertIn(lines[-3:], [lines[at:at + 3] for at in was[:-1]])
        self.assertNotIn("do not repeat", said)

    def test_run_alone_judges(self):
        said = xray("--run", *self.pair())
        self.assertEqual((said.returncode, "has ended, exit status 0" in said.stdout), (0, True))
        said = xray("--run", "--", WORKER, "make", "0", "op", "0-1")
        self.assertEqual(said.returncode, 1)
        self.assertIn("certain: P1 (worker) sleeps at worker.c:", said.stdout)

    def test_what_cannot_be(self):
        for words, code, why in (
                (("--", "./no-such-program"), 1, "does not exist; compile it first"),
                (("--", SOURCE), 1, "is not executable"),
                (("--", WORKER, "make", "0", "forks"), 1, "does a program fork without end?"),
                (("--",), 2, "followed by a program"),
                (17 * ("--", "true"), 2, "at most 16 programs"),
                (("program",), 2, "write -- before each program"),
                (("--run",), 2, "needs programs"),
                (("--sem", "x"), 2, "give an id"),
                (("--names", "a,,b"), 2, "a name is empty"),
                (("--enum", "/dev/null"), 2, "has no enum"),
                (("--sem", "999999999"), 0, "there is no such object")):
            with self.subTest(words):
                run = ("--run",) if "forks" in words else ()
                said = xray(*run, *words)
                self.assertEqual(said.returncode, code, said.stdout + said.stderr)
                self.assertIn(why, said.stdout + said.stderr)

    def test_commands_that_end(self):
        """As of a background job, whose input is /dev/null: it says why it ends."""
        said = xray("--", WORKER, "make", "0", "op", "0-1")
        self.assertEqual(said.returncode, 0)
        self.assertIn("there are no more commands, so all programs are killed", said.stdout)
        self.assertNotIn("no more commands", xray("--", "true", commands="run\n").stdout)

    def test_nothing_outlives_it(self):
        process = subprocess.Popen([BUILD / "vitrine", "xray", "--", WORKER, "make", "0", "op",
                                    "0-1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   text=True, encoding="utf-8")
        process.stdout.readline()
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
        controlled = int(children.split()[0])
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdin.close()
        process.stdout.close()
        end = time.monotonic() + 30
        while pathlib.Path(f"/proc/{controlled}").exists() and time.monotonic() < end:
            time.sleep(0.01)
        self.assertFalse(pathlib.Path(f"/proc/{controlled}").exists())


if __name__ == "__main__":
    own_ipc_namespace()
    unittest.main()
