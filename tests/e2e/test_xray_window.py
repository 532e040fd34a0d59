#!/usr/bin/env python3
"""The window of vitrine xray: its keys step, run, kill and restart programs under control; it
explains a deadlock, marks changes in a segment, and also shows other programs.
"""
import pathlib
import subprocess
import sys

import stage
from program import Program

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "tools"))
from ipc_namespace import own_ipc_namespace  # noqa: E402

PROGRAMS = stage.BUILD / "tests/xray/programs"
RED, AMBER, BLUE = (0xf0, 0x70, 0x5f), (0xf2, 0xb1, 0x34), (0x5b, 0x9c, 0xf5)
NAMES = ("--names", "mutex,empty,full")


class XrayWindow(stage.Stage):
    def xray(self, *words):
        return self.command("xray", "--window", "--geometry", "1000x740+0+0", *words)

    def command(self, *words):
        log = self.evidence / "xray.log"
        program = Program(self.desktop, stage.BUILD / "vitrine", words, log, cwd=self.images)
        self.programs.append(program)
        program.window = self.desktop.find_window(program.pid)
        self.desktop.activate(program.window)
        return program

    def pair(self, *how):
        self.addCleanup(self.clean)
        return self.xray(*NAMES, "--", PROGRAMS / "pair", "producer", hex(self.key), 3, *how,
                         "--", PROGRAMS / "pair", "consumer", hex(self.key), 3)

    def press(self, xray, *keys):
        self.desktop.key(xray.window, *keys)

    def quit(self, xray):
        self.press(xray, "q")
        xray.wait_exit()

    def has(self, xray, colour, size):
        """True if a spot of this colour is visible."""
        self.assertTrue(stage.wait_for(lambda: self.desktop.screenshot(xray.window).find(
            stage.Picture.plain(*size, *colour))), colour)

    def clean(self):
        for kind, made in self.ipc().items():
            subprocess.run(["ipcrm", "-s" if kind == "sem" else "-m", str(made)], check=True)

    def test_a_deadlock(self):
        xray = self.pair("wrong")
        self.assertIsNone(self.desktop.x.property(xray.window, "XdndAware"))
        self.press(xray, *14 * ["Return"])
        xray.wait("step", steps=14)
        self.press(xray, "r")
        said = xray.wait("deadlock")["sentence"]
        self.assertIn("Deadlock, certain: P1 (pair) sleeps at pair.c:", said)
        self.assertIn("mutex is 0, which P1 took", said)
        self.has(xray, RED, (300, 2))  # the verdict's edge
        self.press(xray, "BackSpace", "n", "Return")  # anew: there is none
        xray.wait("step", steps=1)
        self.quit(xray)

    def test_a_deadlock_in_a_container(self):
        """User, PID, IPC and mount namespaces of their own, as in a container without root."""
        container = ["--user", "--map-root-user", "--ipc", "--pid", "--fork", "--kill-child",
                     "--mount", "--mount-proc"]
        if subprocess.run(["unshare", *container, "true"], capture_output=True).returncode != 0:
            self.skipTest("needs the right to make user namespaces")
        xray = Program(self.desktop, "unshare",
                       [*container, stage.BUILD / "vitrine", "xray", "--window", *NAMES, "--",
                        PROGRAMS / "pair", "producer", hex(self.key), 3, "wrong", "--",
                        PROGRAMS / "pair", "consumer", hex(self.key), 3],
                       self.evidence / "xray.log")
        self.programs.append(xray)
        xray.window = stage.wait_for(lambda: next(
            (window for window, _, title in self.desktop.windows() if "X-ray" in title), None))
        self.press(xray, *14 * ["Return"])
        xray.wait("step", steps=14)
        self.press(xray, "r")
        self.assertIn("Deadlock, certain: P1 (pair) sleeps at pair.c:",
                      xray.wait("deadlock")["sentence"])
        self.quit(xray)

    def test_a_schedule(self):
        """Saves a schedule with vitrine check --save, and steps through it with --replay --window,
        forward and back."""
        two_locks = stage.BUILD / "tests/check/wrong/two_locks"
        saved = self.images / "two_locks.schedule"
        check = ["check", "--save", saved, "--", two_locks]
        subprocess.run([stage.BUILD / "vitrine", *check], stdout=subprocess.DEVNULL, check=False)
        steps = sum(not line.startswith("#") for line in saved.read_text().splitlines())
        xray = self.command("check", "--window", "--replay", saved, "--", two_locks)
        self.press(xray, *steps * ["space"])
        xray.wait("step", process=2)
        self.press(xray, "space", "space")
        self.assertIn("Deadlock, certain", xray.wait("deadlock")["sentence"])
        self.has(xray, RED, (300, 2))
        self.press(xray, "BackSpace", "BackSpace", "n", "space")
        self.quit(xray)

    def test_memory_and_kill(self):
        xray = self.pair()
        self.press(xray, "m")
        for step in range(1, 12):
            self.press(xray, "Return")
            xray.wait("step", steps=step)
            if any(xray.events("changed")):
                break
        self.has(xray, AMBER, (40, 10))  # an int that changed
        self.press(xray, "v", "v", "v", "plus", "minus", "c", "Tab", "k")
        self.press(xray, "Up", "Down", "Return")  # of the other one
        xray.wait("step", process=2)
        self.press(xray, "s", "bracketright", "bracketright")
        xray.wait("step", process=2)
        self.quit(xray)

    def test_curves_in_lecture_mode(self):
        """Two steps of a textbook's producer: empty falls, full rises."""
        textbook = stage.BUILD / "textbook"
        xray = self.command("xray", "--window", "--geometry", "1000x740+0+0", *NAMES, "--lecture",
                            "--", textbook / "producer", "9", "--", textbook / "consumer", "9")
        self.press(xray, *24 * ["space"])
        xray.wait("step", steps=24)
        self.has(xray, AMBER, (18, 5))
        self.has(xray, BLUE, (60, 5))
        self.press(xray, "n", "ctrl+l")
        self.quit(xray)

    def test_others(self):
        """Shows 20 sets of 60 semaphores, each with a sleeper; they are removed while they are
        shown."""
        workers = [self.desktop.start([PROGRAMS / "worker", "make", ",".join(["3"] * 59 + ["0"]),
                                       "op", "59-1"]) for _ in range(20)]
        xray = self.xray()
        self.has(xray, RED, (20, 1))  # the frame of one that somebody waits for
        self.press(xray, "Next", "Next", "Prior", "F1", "Escape", "m")

        def sets():
            return pathlib.Path("/proc/sysvipc/sem").read_text().splitlines()[1:]
        self.assertTrue(stage.wait_for(lambda: len(sets()) == len(workers)))
        for line in sets():
            subprocess.run(["ipcrm", "-s", line.split()[1]], check=True)
        for worker in workers:
            worker.wait(60)
            self.desktop.processes.remove(worker)
        self.quit(xray)

    def test_of_chosen_objects_only_their_sleepers(self):
        def sets():
            return {int(line.split()[1]) for line in
                    pathlib.Path("/proc/sysvipc/sem").read_text().splitlines()[1:]}
        made = []
        for operation in ("0+1", "0-1"):
            before = sets()
            self.desktop.start([PROGRAMS / "worker", "make", "0,0", "op", operation])
            made += stage.wait_for(lambda: sets() - before)
        for number in made:
            self.addCleanup(subprocess.run, ["ipcrm", "-s", str(number)], check=True)
        quiet, awaited = made
        xray = self.xray("--sem", str(awaited))
        self.has(xray, RED, (20, 1))
        self.has(xray, AMBER, (1, 1))  # the sentence about the sleeper
        self.quit(xray)
        xray = self.xray("--sem", str(quiet))
        self.has(xray, RED, (3, 1))  # the figure of the second semaphore, which is 0
        self.assertFalse(self.desktop.screenshot(xray.window).find(
            stage.Picture.plain(1, 1, *AMBER)))
        self.quit(xray)


if __name__ == "__main__":
    own_ipc_namespace()
    stage.main()
