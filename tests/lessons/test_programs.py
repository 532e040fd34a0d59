#!/usr/bin/env python3
"""The programs of the lessons without a display: what each one claims, what its page says that it
prints, and that it leaves nothing, on Ctrl+C and with somebody else's object under its key as well.
"""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(SOURCE / "tests/tools"))
import page  # noqa: E402
import support  # noqa: E402
from ipc_namespace import own_ipc_namespace  # noqa: E402
from support import BUILD, PATIENCE, libc  # noqa: E402

PROGRAMS = BUILD / "lessons"
LESSONS = 14
IPC_CREAT, IPC_EXCL, IPC_RMID = 0o1000, 0o2000, 0


def private_sets():
    """The ids of the sets without a key."""
    lines = pathlib.Path("/proc/sysvipc/sem").read_text().splitlines()[1:]
    return {fields[1] for fields in map(str.split, lines) if fields[0] == "0"}


def all_objects():
    """{(kind, id)}: everything that ipcs lists."""
    return {(kind, line.split()[1]) for kind in ("sem", "shm", "msg")
            for line in pathlib.Path("/proc/sysvipc", kind).read_text().splitlines()[1:]}


class Programs(support.ToolTest):
    def setUp(self):
        super().setUp()
        for name in ("DISPLAY", "WAYLAND_DISPLAY"):
            self.environment.pop(name, None)

    def program(self, name, *arguments, status=0):
        """What it prints; a program with a key gets the test's."""
        done = subprocess.run([PROGRAMS / name, *arguments], env=self.environment, text=True,
                              capture_output=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout.strip() if status == 0 else done.stderr

    @staticmethod
    def plain(text):
        """The words of a text; numbers of looks and the like differ from run to run."""
        return re.sub(r" +", " ", re.sub(r"\d+", "N", text))

    def assert_as_on_page(self, said, written):
        self.assertEqual(self.plain(said), self.plain(written))

    # ---- lesson 4 --------------------------------------------------------------------------------

    def test_without_semaphores_images_tear(self):
        said = self.program("04-unlocked", "3")
        torn = int(re.search(r"(\d+) torn", said).group(1))
        self.assertGreater(torn, 0)
        self.assert_as_on_page(said, page.outputs(4)["04-unlocked"])

    def test_with_two_semaphores_none_does(self):
        said = self.program("04-locked", "3")
        self.assertEqual(said, "the reader looked 3 times: 0 torn, 3 whole")
        self.assert_as_on_page(said, page.outputs(4)["04-locked"])

    def test_without_a_pause_most_are_torn(self):
        said = self.program("04-unlocked", "200", "0")
        looks, torn = map(int, re.search(r"looked (\d+) times: (\d+) torn", said).groups())
        self.assertGreater(torn, looks / 2, said)

    # ---- lessons 5 and 6 -------------------------------------------------------------------------

    def test_each_prints_what_its_page_says(self):
        written = {**page.outputs(5), **page.outputs(6)}
        self.assertGreaterEqual(len(written), 7)
        for name, text in written.items():
            with self.subTest(name):
                said = self.program(name, *([hex(self.key)] if self.takes_key(name) else []))
                self.assertEqual(said, text)

    @staticmethod
    def takes_key(name):
        return name == "05-kill" or name.startswith(("06-init", "06-leftover"))

    def test_mistake_and_twin(self):
        claims = {
            "06-init-wrong": "LOST", "06-init-right": "full is 1: nothing is lost",
            "06-order-wrong": "DEADLOCK: both sleep", "06-order-right": "1000 images went across",
            "06-undo-wrong": "GONE", "06-undo-right": "the image is still there",
            "06-overflow-wrong": "32767 images are taken; the next one: Numerical result out of "
                                 "range (ERANGE)",
            "06-overflow-right": "100000 images are taken",
            "06-leftover-wrong": "Invalid argument (EINVAL)",
            "06-leftover-right": "it stays as it is: a living program uses it",
        }
        self.assertEqual(set(claims), {path.name for path in PROGRAMS.glob("06-*")})
        for name, claim in claims.items():
            with self.subTest(name):
                said = self.program(name, *([hex(self.key)] if self.takes_key(name) else []))
                self.assertIn(claim, said)
                self.assertEqual(self.ipc(), {})

    def test_kill_in_every_state(self):
        lines = self.program("05-kill", hex(self.key)).splitlines()[1:]
        rest = lines[0].removeprefix("at rest").split()
        self.assertEqual([line.split()[2:] for line in lines if "kill -9" in line], [rest] * 5)
        self.assertEqual(self.ipc(), {})

    # ---- lessons 8 to 14 -------------------------------------------------------------------------

    def test_plays_print_what_their_pages_say(self):
        for number in range(8, LESSONS + 1):
            with self.subTest(number):
                if number == 9 and support.SANITIZED:
                    continue  # vitrine check limits memory to less than a sanitizer needs
                before = all_objects()
                said, _ = self.run_tool("lesson", str(number), "--unattended", "--key",
                                        hex(self.key))
                played = dict(re.findall(r"^\$ ([^\n]+)\n(.*?)(?=^\$ |\Z)", said.decode(), re.M | re.S))
                written = page.sessions(number)
                self.assertEqual(set(played), {command for command, _ in written})
                for command, parts in written:
                    for part in parts:
                        self.assertIn(self.plain(part), self.plain(played[command]))
                self.assertEqual(all_objects() - before, set())

    @unittest.skipUnless(os.geteuid() == 0, "only root can become somebody else")
    def test_the_programs_need_no_root(self):
        for program in sorted(PROGRAMS.glob("1[0-4]-*-right")) + [PROGRAMS / "14-errors",
                                                                  PROGRAMS / "14-ftok"]:
            with self.subTest(program.name):
                done = subprocess.run([program], cwd="/", capture_output=True, text=True,
                                      preexec_fn=support.as_other_user, timeout=60)
                self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)

    def test_the_report_names_lines_of_the_program(self):
        said, _ = self.run_tool("lesson", "8", "--unattended", "--key", hex(self.key))
        sleeps = re.search(rb"sleeps at 08-ring-wrong.c:(\d+) in insert\(\)", said)
        self.assertTrue(sleeps, said)
        line = (SOURCE / "examples/lessons/08-ring-wrong.c").read_text().splitlines()[
            int(sleeps.group(1)) - 1]
        self.assertIn("EMPTY", line)

    # ---- signals ---------------------------------------------------------------------------------

    def children(self, process, count):
        """The pids of its children, when there are that many."""
        path = pathlib.Path("/proc/%d/task/%d/children" % (process.pid, process.pid))
        self.assertTrue(support.wait_for(lambda: len(path.read_text().split()) == count))
        return path.read_text().split()

    def test_ctrl_z_and_fg(self):
        process = subprocess.Popen([PROGRAMS / "04-locked", "2"], env=self.environment,
                                   stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)  # its children end with it
        # A child that is forked between the two signals gets only the first one: Linux does not add
        # a SIGCONT whose action is the default one to the signals that wait for the end of a fork.
        self.children(process, 2)
        for _ in range(20):
            os.killpg(process.pid, signal.SIGSTOP)
            os.killpg(process.pid, signal.SIGCONT)
            time.sleep(0.01)
        said = process.communicate(timeout=PATIENCE)[0]
        self.assertEqual((process.returncode, said),
                         (0, "the reader looked 2 times: 0 torn, 2 whole\n"))

    def test_an_interrupt_of_the_program_alone_ends_its_children(self):
        """kill -INT reaches one process; Ctrl+C would reach all of them."""
        before = private_sets()
        process = subprocess.Popen([PROGRAMS / "08-ring-wrong"], env=self.environment)
        pids = self.children(process, 2)
        self.assertTrue(support.wait_for(lambda: all(
            "semtimedop" in pathlib.Path("/proc", pid, "wchan").read_text() for pid in pids)))
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(PATIENCE), 1)
        self.assertFalse([pid for pid in pids if pathlib.Path("/proc", pid).exists()])
        self.assertEqual(private_sets() - before, set())

    # ---- bad input -------------------------------------------------------------------------------

    def test_somebody_elses_objects_are_left_alone(self):
        create = IPC_CREAT | IPC_EXCL | 0o600
        semid, shmid = libc.semget(self.key, 3, create), libc.shmget(self.key, 4096, create)
        try:
            for name, there in (("06-init-wrong", "sem"), ("06-init-right", "sem"),
                                ("06-leftover-wrong", "shm"), ("06-leftover-right", "shm")):
                said = self.program(name, hex(self.key), status=1)
                self.assertIn("key 0x%08x is in use" % self.key, said)
                self.assertIn(there, self.ipc())
            _, said = self.run_tool("lesson", "1", "--key", hex(self.key), "--unattended", status=1)
            self.assertIn("give another --key", said)
        finally:
            libc.semctl(semid, 0, IPC_RMID)
            libc.shmctl(shmid, IPC_RMID, None)

    def test_ctrl_c_leaves_nothing(self):
        before = private_sets()
        process = subprocess.Popen([PROGRAMS / "04-locked", "1000"], env=self.environment,
                                   stdout=subprocess.DEVNULL, start_new_session=True)
        made = support.wait_for(lambda: private_sets() - before)
        self.assertTrue(made)
        os.killpg(process.pid, signal.SIGINT)
        process.wait(PATIENCE)
        self.assertTrue(support.wait_for(lambda: not made & private_sets()))

    @unittest.skipIf(support.SANITIZED, "vitrine check limits memory to less than a sanitizer needs")
    def test_lesson_9_goes_on_after_a_lost_update(self):
        """Its first program shows a lost update or not, as the kernel's schedule has it: here always."""
        programs = self.folder / "lessons"
        programs.mkdir()
        for path in PROGRAMS.iterdir():
            (programs / path.name).symlink_to(path)
        loses = programs / "09-count-wrong"
        loses.unlink()
        loses.write_text("#!/bin/sh\necho 1\nexit 1\n")
        loses.chmod(0o755)
        command = shutil.copy(support.VITRINE, self.folder)
        done = subprocess.run([command, "lesson", "9", "--unattended"], env=self.environment,
                              capture_output=True, text=True, timeout=4 * PATIENCE)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("$ vitrine check --names mutex -- 09-count-right", done.stdout)

    # ---- the pages -------------------------------------------------------------------------------

    def test_what_a_page_links_to_is_there(self):
        pages = list(page.PAGES.glob("*.md"))
        self.assertEqual(len(pages), LESSONS + 1)
        for path in pages:
            for link in re.findall(r"\]\(([^)]+)\)", path.read_text()):
                self.assertTrue((path.parent / link).exists(), "%s: %s" % (path.name, link))

    # ---- the command -----------------------------------------------------------------------------

    def test_list_and_wrong_numbers(self):
        said, _ = self.run_tool("lesson")
        self.assertEqual(said.count(b"vitrine lesson "), LESSONS)
        programs, sources = re.search(r"export PATH=(.*):\$PATH\n.* are in (.*)\n", said.decode()
                                      ).groups()
        self.assertTrue(PROGRAMS.samefile(programs))
        self.assertTrue((pathlib.Path(sources) / "lesson.c").exists())
        for number in ("0", "15", "x"):
            self.run_tool("lesson", number, status=2)
        _, said = self.run_tool("lesson", "8", "--record", self.folder / "run", status=2)
        self.assertIn("nothing to record", " ".join(said.split()))

    def test_unattended(self):
        help_text, _ = self.run_tool("lesson", "--help")
        self.assertIn(b"$VITRINE_KEY and shared_memory.key are not used", re.sub(rb"\s+", b" ",
                                                                               help_text))
        for number in ("4", "5", "6"):
            said, _ = self.run_tool("lesson", number, "--unattended", "--key", hex(self.key))
            self.assertEqual(self.ipc(), {})
            names = re.findall(r"^\$ (\S+)$", said.decode(), re.M)
            self.assertEqual(sorted(names), sorted(path.name for path in PROGRAMS.glob(
                "0%s-*" % number)))


if __name__ == "__main__":
    own_ipc_namespace()  # a program that is killed cannot remove its set
    support.main()
