#!/usr/bin/env python3
"""vitrine check as a command: its exit statuses, its files, and that it leaves nothing behind."""

import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))
from ipc_namespace import own_ipc_namespace  # noqa: E402

VITRINE = os.path.join(os.environ["VITRINE_BUILD"], "vitrine")
PROGRAMS = os.path.join(os.environ["VITRINE_BUILD"], "tests", "check")


# Reads the largest memory of each process called "detached", again and again.
READER = """if True:
    import ctypes, pathlib, re
    class Part(ctypes.Structure):
        _fields_ = ("base", ctypes.c_void_p), ("size", ctypes.c_size_t)
    libc = ctypes.CDLL(None)
    large = 1 << 30
    room = ctypes.create_string_buffer(1 << 16)
    here = (Part * 1024)(*1024 * [Part(ctypes.addressof(room), len(room))])
    while True:
        for path in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if (path / "comm").read_text() != "detached\\n":
                    continue
                maps = (path / "maps").read_text()
            except OSError:
                continue
            for begin, end in re.findall("^([0-9a-f]+)-([0-9a-f]+) r", maps, re.M):
                if int(end, 16) - int(begin, 16) >= large:
                    there = Part(int(begin, 16), 1024 * len(room))
                    libc.process_vm_readv(int(path.name), here, 1024, ctypes.byref(there), 1, 0)
"""


def program(name):
    return os.path.join(PROGRAMS, name)


def line_of(name, text):
    """The number of the line of a wrong program."""
    source = pathlib.Path(__file__).parent / "programs" / "wrong" / f"{name}.c"
    lines = source.read_text(encoding="utf-8").splitlines()
    return 1 + [line.strip() for line in lines].index(text)


def objects():
    """The objects of this namespace."""
    found = []
    for kind in "sem", "shm", "msg":
        with open(f"/proc/sysvipc/{kind}", encoding="ascii") as file:
            found += [kind + line for line in file.read().splitlines()[1:]]
    return found


class Check(unittest.TestCase):
    def check(self, *words, expected):
        """A search that ends by itself has more time than it needs on a loaded machine."""
        if expected in (1, 3) and not {"--time", "--replay"}.intersection(words):
            words = "--time", "60", *words
        done = subprocess.run([VITRINE, "check", *words], capture_output=True, text=True,
                              timeout=100, check=False)
        self.assertEqual(done.returncode, expected, done.stdout + done.stderr)
        return done.stdout if expected != 2 else done.stderr

    def test_usage(self):
        self.assertIn("no program", self.check(expected=2))
        self.assertIn("must be followed by a program", self.check("--", expected=2))
        self.assertIn("at most 16 programs",
                      self.check(*17 * ("--", "true"), expected=2))
        self.assertIn("does not exist", self.check("--", "./nowhere", expected=2))
        self.assertIn("write -- before", self.check("./nowhere", expected=2))
        self.assertIn("--time", self.check("--time", "soon", "--", "/bin/true", expected=2))
        self.assertIn("--names", self.check("--names", "a:x", "--", "/bin/true", expected=2))

    def test_what_cannot_be_judged(self):
        self.assertIn("no program makes a System V IPC call", self.check("--", "/bin/true", expected=3))
        told = self.check("--steps", "5", "--", program("right/ping_pong"), expected=3)
        self.assertIn("did not end", told)
        told = self.check("--", "/bin/sh", "-c", "while :; do :; done", expected=3)
        self.assertIn("computes without a call", told)
        told = self.check("--", "/bin/sh", "-c", "echo | cat", expected=3)
        self.assertIn("P3 (cat): waits in another system call, such as a read from a pipe", told)

    def test_statically_linked_and_started_by_a_shell(self):
        """A program without a loader; a shell that starts two; a process that its parent leaves."""
        pair = os.path.join(os.environ["VITRINE_BUILD"], "tests", "xray", "programs", "pair_static")
        key = hex(0x77c50000 | os.getpid() & 0xffff)
        few = "--leftovers", "--preemptions", "0"
        self.check(*few, "--", pair, "producer", key, "2", "--", pair, "consumer", key, "2",
                   expected=0)
        pair = shlex.quote(pair)
        both = f"{pair} producer {key} 2 & {pair} consumer {key} 2; wait"
        self.check(*few, "--", "/bin/sh", "-c", both, expected=0)
        left = f"({pair} producer {key} 2 &); exec {pair} consumer {key} 2"
        self.check(*few, "--", "/bin/sh", "-c", left, expected=0)

    def test_standard_input(self):
        """It is empty, so a program that reads it cannot be judged; a file in its place can."""
        path = program("right/ping_pong")
        right = shlex.quote(path)
        told = self.check("--", "/bin/sh", "-c", f"read line; exec {right}", expected=3)
        self.assertIn("standard input", told)
        told = self.check("--", "/bin/sh", "-c", f"read line </dev/tty; exec {right}", expected=3)
        self.assertIn("the terminal", told)
        self.check("--", "/bin/sh", "-c", f"exec {right} </dev/zero", expected=0)
        for reads, expected in (
                ("os.readv(0, [bytearray(1)])", 3),
                ("os.read(os.dup(0), 1)", 3),
                ("os.read(os.open('/dev/stdin', os.O_RDONLY), 1)", 3),
                ("os.read(os.open('/proc/self/fd/0', os.O_RDONLY), 1)", 3),
                ("os.readv(os.open('/dev/tty', os.O_RDWR), [bytearray(1)])", 3),
                ("os.write(os.open('/dev/tty', os.O_RDWR), b'a')", 0),
                ("os.readv(os.open('/dev/null', os.O_RDONLY), [bytearray(1)])", 0)):
            with self.subTest(reads=reads):
                self.check("--", "/usr/bin/python3", "-c",
                           f"import os; {reads}; os.execv({path!r}, [{path!r}])",
                           expected=expected)

    def test_a_schedule_is_kept_and_comes_again(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "schedule")
            told = self.check("--save", path, "--", program("wrong/two_locks"), expected=1)
            self.assertIn("Deadlock, certain", told)
            told = self.check("--replay", path, "--", program("wrong/two_locks"), expected=1)
            self.assertIn("Deadlock, certain", told)
            # Without the fault, the schedule no longer fits: the program was corrected, or is another.
            told = self.check("--replay", path, "--", program("right/ping_pong"), expected=3)
            self.assertRegex(told, r"No verdict: step \d+: .*\nIf the programs have changed")
            self.assertNotIn("Nothing is wrong", told)
            self.assertNotIn("runs", told)
            with open(path, "w", encoding="ascii") as file:
                file.write("# vitrine check: schedule 1\nstep P1\n")
            told = self.check("--replay", path, "--", program("right/ping_pong"), expected=0)
            self.assertIn("Nothing is wrong", told)
            with open(path, "w", encoding="ascii") as file:
                file.write("# vitrine check: schedule 1\nlater P1\n")
            told = self.check("--replay", path, "--", program("right/ping_pong"), expected=2)
            self.assertIn("line 2", told)

    def test_a_parent_that_waits_is_part_of_it(self):
        """Only its children could wake it, and all of them sleep."""
        told = self.check("--", program("wrong/philosophers"), expected=1)
        self.assertIn("Deadlock, certain: P2", told)
        self.assertNotIn("P1 (philosophers) sleeps", told)

    def test_a_race_and_its_schedule(self):
        self.assertIn("cannot be combined",
                      self.check("--races", "--kill", "--", program("right/ping_pong"), expected=2))
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "schedule")
            words = "--", program("wrong/lost_count")
            told = self.check("--races", "--save", path, *words, expected=1)
            self.assertIn("this update is lost", told)
            for line in "number = shared[0];", "shared[0] = number;":
                self.assertIn(f"lost_count.c:{line_of('lost_count', line)} in count()", told)
            # The file says that segments are to be observed.
            told = self.check("--replay", path, *words, expected=1)
            self.assertIn("this update is lost", told)
            with open(path, encoding="utf-8") as file:
                steps = sum(line.startswith("step") for line in file)
            self.check("--races", "--shorter-than", str(steps), *words, expected=0)
        # Without --races it is right: nobody looks at the result.
        self.check(*words, expected=0)

    def replay(self, path, name, *commands):
        """The output of `vitrine xray --replay` for these commands."""
        done = subprocess.run([VITRINE, "xray", "--text", "--replay", path, "--", program(name)],
                              input="\n".join([*commands, "quit"]), capture_output=True, text=True,
                              timeout=100, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_the_window_has_every_option(self):
        """All that --help lists, but for what only concerns the search and its report."""
        handed_on = {"--seed": "7", "--init": "echo a b", "--memory": "512", "--processes": "9",
                     "--output": "70"}
        not_handed_on = {"--kill", "--races", "--time", "--preemptions", "--shorter-than", "--steps",
                         "--jobs",  # of the search; the schedule says whether accesses are watched
                         "--expect", "--leftovers", "--any-status",  # what is a fault
                         "--save", "--json", "--junit", "--window",
                         "--help", "--usage", "--version"}
        said = subprocess.check_output([VITRINE, "check", "--help"], text=True)
        listed = set(re.findall(r"^ +(?:-\w, )?(--[\w-]+)", said, re.MULTILINE))
        self.assertEqual(listed - not_handed_on, {*handed_on, "--names", "--enum", "--replay"})
        given = [option + "=" + value for option, value in handed_on.items()]
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(VITRINE, folder)
            window = pathlib.Path(folder, "vitrine-xray")
            window.write_text('#!/bin/sh\nprintf "%s\\0" "$@"\n', encoding="ascii")
            window.chmod(0o755)
            said = subprocess.check_output(
                [os.path.join(folder, "vitrine"), "check", "--window", "--replay", "a schedule",
                 "--names", "mutex:1,empty", *given, "--", "/bin/echo", "a b"], text=True)
        words = said.split("\0")[:-1]
        self.assertEqual(words[-3:], ["--", "/bin/echo", "a b"])
        self.assertEqual(sorted(words[:-3]),
                         sorted(["--replay", "a schedule", "--names", "mutex,empty", *given]))

    def test_a_replay_has_the_options_of_the_search(self):
        """Without the command, the file that the program needs is not there."""
        with tempfile.TemporaryDirectory() as folder:
            path, file = os.path.join(folder, "schedule"), os.path.join(folder, "a file")
            words = ["--", "/bin/sh", "-c", f'[ -e "{file}" ] && exec "$0"',
                     program("wrong/two_locks")]
            init = f'--init=touch "{file}"'
            self.check(init, "--save", path, *words, expected=1)
            os.unlink(file)
            done = subprocess.run([VITRINE, "xray", "--text", "--replay", path, init, *words],
                                  input="next\nquit\n", capture_output=True, text=True, timeout=100,
                                  check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertTrue(os.path.exists(file))

    def test_a_schedule_is_shown_step_by_step(self):
        before = objects()
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "schedule")
            self.check("--save", path, "--", program("wrong/two_locks"), expected=1)
            with open(path, encoding="utf-8") as file:
                steps = sum(not line.startswith("#") for line in file)
            way = steps * ["next"]
            told = self.replay(path, "wrong/two_locks", *way)
            self.assertNotIn("sleeps in semop", told)  # each is stopped before its second lock
            sleepers = "P1 two_locks sleeps in semop", "P2 two_locks sleeps in semop"
            told = self.replay(path, "wrong/two_locks", *way, "next", "next")
            for words in (*sleepers, "Deadlock, certain"):
                self.assertIn(words, told)
            # Back, off the schedule, on it again, and from the start: the result is the same.
            told = self.replay(path, "wrong/two_locks", *way, "back", "back", "next", "next P1",
                               "back", "next", "restart", *way, "next", "next")
            self.assertEqual(told.count("Deadlock, certain"), 1)
            told = self.replay(path, "right/ping_pong", *way)
            self.assertIn("the programs behave differently each time", told)
            self.check("--window", "--", program("wrong/two_locks"), expected=2)
        self.assertEqual(objects(), before)

    def test_for_programs(self):
        result = json.loads(self.check("--json", "--", program("wrong/two_locks"), expected=1))
        self.assertEqual(result["verdict"], "found")
        self.assertEqual(result["findings"][0]["kind"], "deadlock")
        self.assertEqual(len(result["findings"][0]["steps"]), result["findings"][0]["length"])
        suite = xml.etree.ElementTree.fromstring(
            self.check("--junit", "--", program("wrong/two_locks"), expected=1))
        self.assertEqual(suite.find("testcase/failure").get("type"), "deadlock")
        suite = xml.etree.ElementTree.fromstring(
            self.check("--junit", "--", program("right/ping_pong"), expected=0))
        self.assertIsNone(suite.find("testcase/failure"))

    @unittest.skipIf(os.getuid() != 0, "only root can read segments without touching them")
    def test_a_look_at_a_segment_touches_no_page(self):
        self.check("--", program("right/resident"), expected=0)

    def test_a_reader_of_the_memory_of_a_process_that_ends(self):
        """The kernel detaches the segment only when the reader is done."""
        with subprocess.Popen([sys.executable, "-c", READER]) as reader:
            self.check("--time", "3", "--", program("right/detached"), expected=0)
            reader.kill()

    def copies(self, *programs):
        """Copies the command and programs to a place where every user can run them."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o755)
        return [shutil.copy(path, folder.name) for path in (VITRINE, *map(program, programs))]

    @unittest.skipIf(os.getuid() != 0, "this user is an ordinary one, in all other tests, too")
    def test_an_ordinary_user(self):
        """An ordinary user gets the IPC namespaces within a user namespace."""
        vitrine, locks, right = self.copies("wrong/two_locks", "right/two_at_once")
        for path, expected in ((locks, 1), (right, 0)):
            done = subprocess.run([vitrine, "check", "--time", "30", "--", path], user=65534,
                                  group=65534, extra_groups=(), timeout=60, check=False)
            self.assertEqual(done.returncode, expected)

    def test_without_namespaces(self):
        """Each worker then has its own keys, and still removes what was created."""
        limits = ("for kind in user ipc; do echo 0 >/proc/sys/user/max_${kind}_namespaces; done; "
                  "! unshare --ipc true || exit 9; \"$@\"; code=$?; "
                  "test $(wc -l </proc/sysvipc/sem) = 1 || exit 8; exit $code")
        for path, expected in (("wrong/two_locks", 1), ("right/init_once", 0)):
            words = [VITRINE, "check", "--time", "30", "--", program(path)]
            if "init_once" in path:
                words += ["--", program(path)]
            done = subprocess.run(["unshare", "--user", "--map-root-user", "--ipc", "bash", "-c",
                                   limits, "limits", *words], capture_output=True, text=True,
                                  timeout=60, check=False)
            self.assertEqual(done.returncode, expected, done.stdout + done.stderr)

    def test_nothing_is_left(self):
        before = objects()
        self.check("--", program("wrong/left_set"), expected=1)
        self.assertEqual(objects(), before)
        with subprocess.Popen([VITRINE, "check", "--time", "60", "--kill", "--",
                               program("right/undo_mutex")], stdout=subprocess.PIPE) as child:
            time.sleep(1)
            child.send_signal(signal.SIGINT)
            child.communicate(timeout=30)
        self.assertEqual(objects(), before)


if __name__ == "__main__":
    own_ipc_namespace()
    unittest.main()
