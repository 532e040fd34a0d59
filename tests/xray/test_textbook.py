#!/usr/bin/env python3
"""The textbook's pair hands pictures over as the books say, and is blocked by a kill as they say;
the same pair on libvitrine is not. Homework with its two P in the wrong order hangs, and the X-ray
says why.
"""
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import unittest

from support import BUILD, PROGRAMS, objects, own_ipc_namespace, wait_for, xray

TEXTBOOK = BUILD / "textbook"
NAMES = ("--names", "mutex,empty,full")


def pictures(count):
    return [(number, 0x203040 + number * 0x010203) for number in range(1, count + 1)]


def shown(said):
    """[(number, colour)] that a consumer printed."""
    return [(int(number), int(colour, 16))
            for number, colour in re.findall(r"^picture (\d+): colour (\w{6})$", said, re.M)]


class Textbook(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = scratch.name
        self.env = dict(os.environ, VITRINE_KEY="0x7e870001")
        self.addCleanup(self.remove_all)

    def remove_all(self):
        for kind, option in (("sem", "-s"), ("shm", "-m")):
            for made in objects(kind):
                subprocess.run(["ipcrm", option, str(made)], check=True)

    def start(self, program, *words):
        process = subprocess.Popen([program, *map(str, words)], cwd=self.folder, env=self.env,
                                   stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def end(self, process):
        said = process.communicate(timeout=60)[0]
        self.assertEqual(process.returncode, 0)
        return said

    def test_hands_over_and_leaves_nothing(self):
        for twin in ("", "_vitrine"):
            for order in (("producer", "consumer"), ("consumer", "producer")):
                with self.subTest(twin=twin, order=order):
                    pair = {name: self.start(TEXTBOOK / (name + twin), 11) for name in order}
                    self.end(pair["producer"])
                    self.assertEqual(shown(self.end(pair["consumer"])), pictures(11))
                    self.assertEqual((objects("sem"), objects("shm")), ({}, {}))

    def test_pictures_wait_for_a_consumer(self):
        for twin in ("", "_vitrine"):
            with self.subTest(twin=twin):
                self.end(self.start(TEXTBOOK / ("producer" + twin), 3))
                self.assertEqual(shown(self.end(self.start(TEXTBOOK / ("consumer" + twin), 3))),
                                 pictures(3))
                self.assertEqual((objects("sem"), objects("shm")), ({}, {}))

    def test_two_of_each(self):
        each = [self.start(TEXTBOOK / name, 20)
                for name in ("consumer", "producer", "producer", "consumer")]
        colours = [colour for process in each for _, colour in shown(self.end(process))]
        self.assertEqual(sorted(colours), sorted(2 * [colour for _, colour in pictures(20)]))

    def test_a_signal_does_not_end_its_sleep(self):
        consumer = self.start(TEXTBOOK / "consumer", 1)
        wchan = pathlib.Path(f"/proc/{consumer.pid}/wchan")
        for _ in range(3):
            self.assertTrue(wait_for(lambda: "semtimedop" in wchan.read_text()))
            consumer.send_signal(signal.SIGSTOP)
            consumer.send_signal(signal.SIGCONT)
        self.end(self.start(TEXTBOOK / "producer", 1))
        self.assertEqual(shown(self.end(consumer)), pictures(1))

    def test_bad_words(self):
        for name in ("producer", "consumer"):
            for words in (("x",), ("0",), ("1", "2")):
                said = subprocess.run([TEXTBOOK / name, *words], capture_output=True, text=True,
                                      check=False)
                self.assertEqual((said.returncode, said.stderr),
                                 (2, f"usage: {name} [COUNT]\n"))

    def test_kill_of_the_textbook_blocks_the_other_one(self):
        """The producer dies with the mutex: the consumer waits for ever."""
        pair = (*NAMES, "--", TEXTBOOK / "producer", 2, "--", TEXTBOOK / "consumer", 2)
        said = xray(*pair, commands="next P1\n" * 12 + "quit\n", cwd=self.folder).stdout
        self.remove_all()
        did = re.findall(r"^P1 producer did .*$", said, re.M)
        second = [at for at, step in enumerate(did) if "semop: mutex −1" in step][1] + 1
        said = xray(*pair, commands="next P1\n" * second + "kill P1\nrun 30\nquit\n",
                    cwd=self.folder).stdout
        self.assertIn("P1 producer was ended by signal 9", said)
        self.assertRegex(said, r"Sleeps for ever, certain: P2 \(consumer\) sleeps at consumer\.c:"
                         r"\d+ in take_out\(\) because it wants mutex −1 and mutex is 0, and no process "
                         "is left")

    def test_kill_of_the_twin_breaks_nothing(self):
        """Both are killed again and again; each picture that was published is shown."""
        seen = set()
        producer = self.start(TEXTBOOK / "producer_vitrine", 60)
        for _ in range(8):
            consumer = self.start(TEXTBOOK / "consumer_vitrine", 60)
            for _ in range(3):
                seen.update(shown(consumer.stdout.readline()))
            consumer.kill()
            seen.update(shown(consumer.communicate()[0]))
        producer.kill()
        producer.wait()
        published = max(number for number, _ in seen)
        self.assertEqual({number for number, _ in seen}, set(range(1, published + 1)))
        # Neither lost anything: a new pair continues with the images that wait.
        consumer = self.start(TEXTBOOK / "consumer_vitrine", 20)
        self.end(self.start(TEXTBOOK / "producer_vitrine", 20))
        numbers = [number for number, _ in shown(self.end(consumer))]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 20)))
        self.assertLessEqual(numbers[0], published + 1)

    def test_the_homework_that_hangs(self):
        """P(mutex) before P(empty): said in one sentence, with the lines."""
        said = xray(*NAMES, "--", PROGRAMS / "homework", 9, "--", TEXTBOOK / "consumer", 9,
                    commands="next P1\n" * 24 + "run 30\nquit\n", cwd=self.folder).stdout
        sentence, = set(re.findall(r"Deadlock, certain: [^\0]*?given back\.", said))
        sentence = " ".join(sentence.split())
        self.assertRegex(sentence, r"P1 \(homework\) sleeps at homework\.c:\d+ in insert\(\) because "
                         "it wants empty −1 and empty is 0")
        self.assertRegex(sentence, r"P2 \(consumer\) sleeps at consumer\.c:\d+ in take_out\(\) because"
                         " it wants mutex −1 and mutex is 0, which P1 took")

    def test_the_files_are_short(self):
        for file in pathlib.Path(__file__).parents[2].glob("examples/textbook/*.[ch]"):
            self.assertLess(len(file.read_text("utf-8").splitlines()), 150, file)


if __name__ == "__main__":
    own_ipc_namespace()
    unittest.main()
