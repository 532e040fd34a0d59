#!/usr/bin/env python3
"""The lessons with windows, each on a screen: by themselves, and with the keys that their pages name.
What a lesson claims is asserted from `vitrine status --json` and from the pixels.
"""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(SOURCE / "tests/e2e"))
import page  # noqa: E402
import stage  # noqa: E402
from desktop import Desktop  # noqa: E402
from program import Program  # noqa: E402
from stage import BUILD, keys, wait_for  # noqa: E402

VITRINE = BUILD / "vitrine"
GALLERY = 12  # images


class LessonStage(stage.Stage):
    def setUp(self):
        super().setUp()
        if not (BUILD / "../../assets").exists():
            self.skipTest("the gallery is not beside this build")

    def lesson(self, number, *options, key=None):
        log = self.evidence / ("lesson-%d.log" % len(self.programs))
        program = Program(self.desktop, VITRINE, ["lesson", str(number), "--key",
                                                  hex(key or self.key), *options], log)
        self.programs.append(program)
        return program

    def said_by(self, lesson):
        return lesson.output.read_text()

    def wait_seen(self, lesson, step):
        self.assertTrue(wait_for(lambda: "  %d. seen: " % step in self.said_by(lesson)),
                        self.said_by(lesson) + lesson.said())

    def window(self, name, count=1):
        """The windows of this title, once there are so many and they have joined."""
        found = wait_for(lambda: (lambda windows: windows if len(windows) == count else None)(
            [window for window, _, title in self.desktop.windows() if name in title]))
        self.assertTrue(found, self.desktop.windows())
        return found if count > 1 else found[0]

    def status(self):
        done = subprocess.run([VITRINE, "status", "--json"], capture_output=True,
                              env=self.desktop.environment)
        return json.loads(done.stdout)

    def wait_status(self, is_so):
        def look():
            status = self.status()
            return status if status["exists"] and is_so(status) else None
        status = wait_for(look)
        self.assertTrue(status, self.status())
        return status

    def attachments(self):
        """The column nattch of ipcs -m."""
        table = pathlib.Path("/proc/sysvipc/shm").read_text().splitlines()
        column = table[0].split().index("nattch")
        return next(int(line.split()[column]) for line in table[1:]
                    if int(line.split()[0]) & 0xffffffff == self.key)

    def assert_steps(self, lesson, number):
        told = re.findall(r"^  \d\. (?!seen)(.*)$", self.said_by(lesson), re.M)
        self.assertEqual(told, page.steps(number))

    def end(self, lesson):
        lesson.process.send_signal(signal.SIGINT)
        lesson.wait_exit()
        self.assertEqual(self.ipc(), {})
        self.assertEqual(self.desktop.windows(), [])


class Lessons(LessonStage):

    # ---- with nobody at the keyboard -------------------------------------------------------------

    def test_unattended(self):
        used = {number: keys.reserve_key() for number in (1, 2, 3, 7)}
        lessons = {number: self.lesson(number, "--unattended", key=key)
                   for number, key in used.items()}
        for number, lesson in lessons.items():
            lesson.wait_exit()
            self.assertIn(" seen: ", self.said_by(lesson))
            self.assert_steps(lesson, number)
            self.assertEqual(stage.ipc_objects(used[number]), {})

    # ---- as their pages tell ---------------------------------------------------------------------

    def test_the_producer_sleeps_while_the_buffer_is_full(self):
        lesson = self.lesson(2)
        producer, consumer = self.window("producer"), self.window("consumer")
        self.wait_status(lambda now: now["producers"]["value"] == now["consumers"]["value"] == 1)
        self.desktop.key(consumer, "space")
        self.desktop.key(producer, "a")
        self.wait_seen(lesson, 2)
        now = self.wait_status(lambda now: now["empty"]["ncnt"] == 1)
        self.assertEqual((now["empty"]["value"], now["full"]["value"]), (0, 4))
        self.assertEqual({slot["state"] for slot in now["slots"]}, {"ready"})

        twice = self.lesson(2)
        twice.wait_exit(1)
        self.assertIn("in use: 1 producer, 1 consumer, 0 mirrors", twice.said())

        self.desktop.key(consumer, "space")
        self.wait_seen(lesson, 3)
        self.wait_status(lambda now: now["full"]["value"] == 0)  # else closing it asks
        self.desktop.close_window(producer)  # ends both
        lesson.wait_exit()
        self.assertEqual((self.ipc(), self.desktop.windows()), ({}, []))

    def test_its_windows_have_every_option(self):
        """All that --help lists, but for what is of the lesson itself."""
        wanted = {"--key": hex(self.key), "--lecture": None, "--verbose": None,
                  "--record": str(self.evidence / "run.json")}
        own = {"--unattended", "--help", "--usage", "--version"}
        said = subprocess.check_output([VITRINE, "lesson", "--help"], text=True)
        listed = set(re.findall(r"^ +(?:-\w, )?(--[\w-]+)", said, re.MULTILINE))
        self.assertEqual(listed - own, set(wanted))
        lesson = self.lesson(2, *[word for option, value in wanted.items() if option != "--key"
                                  for word in (option, value) if word])
        self.window("consumer")
        self.window("producer")
        children = pathlib.Path("/proc/%d/task/%d/children" % (lesson.pid, lesson.pid))
        for pid in children.read_text().split():
            words = pathlib.Path("/proc", pid, "cmdline").read_text().split("\0")
            for option, value in wanted.items():
                self.assertIn(option, words)
                if value:
                    self.assertEqual(int(words[words.index(option) + 1], 0) if option == "--key"
                                     else words[words.index(option) + 1],
                                     self.key if option == "--key" else value)
        self.end(lesson)

    def test_it_removes_what_waits_without_a_word(self):
        """Whether a signal or Ctrl+C, which goes to its process group, ends it."""
        for send in (os.kill, os.killpg):
            lesson = self.lesson(2)
            producer, consumer = self.window("producer"), self.window("consumer")
            self.wait_status(lambda now: now["producers"]["value"] == now["consumers"]["value"] == 1)
            self.desktop.key(consumer, "space")
            self.desktop.key(producer, "a")
            self.wait_seen(lesson, 2)
            send(lesson.pid, signal.SIGINT)
            lesson.wait_exit()
            self.assertEqual((self.ipc(), self.desktop.windows()), ({}, []))
            self.assertNotIn("wait", lesson.said())

    def test_two_that_begin_at_once(self):
        """Neither of them finds a channel: one plays, the other says that the key is in use."""
        both = [self.lesson(1), self.lesson(1)]
        ended = wait_for(lambda: [each for each in both if not each.running])
        self.assertEqual(len(ended), 1)
        ended[0].wait_exit(1)
        self.assertIn("is in use", ended[0].said())
        self.window("consumer")
        self.end(next(each for each in both if each.running))

    def test_its_windows_do_not_outlive_it(self):
        lesson = self.lesson(1)
        producer, _ = self.window("producer"), self.window("consumer")
        self.wait_status(lambda now: now["producers"]["value"] == now["consumers"]["value"] == 1)
        # Space does nothing until the first image is loaded.
        self.assertTrue(wait_for(lambda: " seen: " in self.said_by(lesson) or
                                 self.desktop.key(producer, "space"), every=0.5))
        # As its page says: one attachment for each program.
        self.assertTrue(wait_for(lambda: self.attachments() == 2), self.attachments())
        lesson.process.kill()
        lesson.wait_exit(-signal.SIGKILL)
        self.assertTrue(wait_for(lambda: not self.desktop.windows() and not self.ipc()))

    def test_two_consumers_share_and_the_mirror_takes_none(self):
        consumers = [self.consumer(place=(640, 20 + 400 * i)) for i in (0, 1)]
        mirror = self.consumer("--mirror", place=(0, 420))
        producer = self.producer("--publish", SOURCE / "assets")
        producer.wait("published", seq=GALLERY)
        self.wait_status(lambda now: now["full"]["value"] == 0 and now["empty"]["value"] == 3)

        def look():
            return [[int(event["seq"]) for event in each.events("shown")] for each in consumers]
        self.assertTrue(wait_for(lambda: sum(map(len, look())) >= GALLERY))
        shown = look()
        self.assertEqual(sorted(shown[0] + shown[1]), list(range(1, GALLERY + 1)))
        mirror.wait("shown", seq=GALLERY)

    def test_the_kernel_undoes_what_a_killed_producer_did(self):
        lesson = self.lesson(5)
        producer = self.window("producer")
        before = self.wait_status(lambda now: now["producers"]["value"] ==
                                  now["consumers"]["value"] == 1)

        def writes(now):
            if any(slot["state"] == "writing" for slot in now["slots"]):
                return True
            # Space does nothing until the first image is loaded, which only the window's log says.
            self.desktop.key(producer, "space", "period")
            return False
        now = self.wait_status(writes)
        self.assertEqual(now["empty"]["value"], before["empty"]["value"] - 1)
        self.wait_seen(lesson, 1)
        self.desktop.key(producer, "k", "k")
        self.wait_seen(lesson, 3)
        now = self.wait_status(lambda now: now["producers"]["value"] == 0)
        self.assertEqual(now["empty"]["value"], before["empty"]["value"])
        self.assertEqual({slot["state"] for slot in now["slots"]}, {"empty"})
        self.assertTrue(lesson.running)
        self.assert_steps(lesson, 5)
        self.end(lesson)

    # ---- tears, on the screen --------------------------------------------------------------------

    def grounds(self, window):
        """The colours down the left edge of a window: one if the picture is whole."""
        shot = self.desktop.screenshot(window)
        return [shot.pixel(2, y) for y in range(2, shot.height - 2, 4)]

    def signal_all(self, pid, number):
        """Sends a signal to the process and its children."""
        children = pathlib.Path("/proc/%d/task/%d/children" % (pid, pid)).read_text().split()
        for one in (pid, *map(int, children)):
            os.kill(one, number)

    def test_the_torn_image_is_torn_on_the_screen(self):
        pair = Program(self.desktop, BUILD / "lessons/04-unlocked", ["1000"],
                       self.evidence / "pair.log")
        read, written = self.window("read"), self.window("written")

        def look():
            # The windows are stopped, so that the screen is not read while they draw.
            self.signal_all(pair.pid, signal.SIGSTOP)
            try:
                colours = self.grounds(read)
                is_still = colours == self.grounds(read)
            finally:
                self.signal_all(pair.pid, signal.SIGCONT)
            changes = sum(one != other for one, other in zip(colours, colours[1:]))
            return colours if is_still and changes == 1 else None
        torn = wait_for(look)
        self.assertTrue(torn, "no torn image on the screen")
        self.desktop.close_window(written)  # ends both
        pair.wait_exit()

    def test_its_twin_is_not(self):
        pair = Program(self.desktop, BUILD / "lessons/04-locked", ["1000"], self.evidence / "pair.log")
        read = self.window("read")
        whole = set()

        def look():
            colours = self.grounds(read)
            # The screen may have been read while the window was drawing: look again without that.
            if len(set(colours)) > 1:
                self.signal_all(pair.pid, signal.SIGSTOP)
                self.desktop.settle()
                colours = self.grounds(read)
                self.signal_all(pair.pid, signal.SIGCONT)
            self.assertEqual(len(set(colours)), 1, "a torn image is on the screen")
            whole.add(colours[0])
            return len(whole) > 2
        self.assertTrue(wait_for(look))
        self.desktop.close_window(read)  # ends both
        pair.wait_exit()
        self.assertIn(" times: 0 torn, ", pair.output.read_text())


class Projector(LessonStage):
    """A desktop of 1024 x 768 that is scaled to 150 %."""

    def make_desktop(self):
        desktop = Desktop(1024, 768)
        desktop.environment["VITRINE_SCALE"] = "1.5"
        return desktop

    def place(self, window):
        """left, top, right, bottom, with the decoration."""
        x, y, width, height = self.desktop.geometry(window)
        left, right, top, bottom = self.desktop.frame(window)
        return x - left, y - top, x + width + right, y + height + bottom

    def test_four_windows_fit(self):
        """Lesson 3: side by side, wholly on the screen."""
        lesson = self.lesson(3)
        self.wait_status(lambda now: now["consumers"]["value"] == 2 and
                         now["mirrors"]["value"] == 1)
        windows = [window for window, _, _ in self.desktop.windows()]
        self.assertEqual(len(windows), 4)

        def fit():
            places = [self.place(window) for window in windows]
            inside = all(left >= 0 and top >= 0 and right <= 1024 and bottom <= 768
                         for left, top, right, bottom in places)
            return inside and not any(
                one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
                for i, one in enumerate(places) for other in places[:i])
        self.assertTrue(wait_for(fit), [self.place(window) for window in windows])
        self.end(lesson)


if __name__ == "__main__":
    stage.main()
