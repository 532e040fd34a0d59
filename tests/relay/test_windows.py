#!/usr/bin/env python3
"""Two keys in place of two machines: Space in the producer's window here changes the picture in the
consumer's window there; only a broker connects them."""
import json
import pathlib
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
import stage  # noqa: E402
from broker import Broker, find  # noqa: E402
from program import Program  # noqa: E402
from stage import BUILD, keys, wait_for  # noqa: E402


class Windows(stage.Stage):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if find() is None:
            raise unittest.SkipTest("mosquitto is not installed")

    def setUp(self):
        super().setUp()
        self.broker = Broker(self.evidence)
        self.addCleanup(self.broker.stop)
        self.keys = ["0x%08x" % keys.reserve_key() for _ in range(2)]

    def relay(self, *options):
        relay = self.start(Program, "vitrine", "relay", *options)
        relay.wait("connected")
        return relay

    def tearDown(self):
        self._end_programs()
        for key in (*self.keys, "0x%08x" % self.key):  # images may still wait there
            subprocess.run([BUILD / "vitrine", "clean", "-k", key, "--force"],
                           stdout=subprocess.DEVNULL)
            self.assertFalse(stage.ipc_objects(int(key, 16)))

    def status(self, key):
        return json.loads(subprocess.run([BUILD / "vitrine", "status", "--json", "-k", key],
                                         check=True, stdout=subprocess.PIPE).stdout)

    def student(self, key, place):
        """A student's machine: a relay and a window."""
        relay = self.relay("--from", self.broker.url(), "-k", key)
        return relay, self.consumer("-k", key, place=place)

    def test_space_here_shows_it_there(self):
        (first, picture), (second, other) = self.image("one.png"), self.image("two.png")
        sender = self.relay("--to", self.broker.url())
        relay, window = self.student(self.keys[0], (640, 20))
        producer = self.producer(first, second)
        producer.wait_all("loaded", "path", [first, second])
        producer.key("Home", "space")
        window.wait("shown", name="one.png")
        window.wait_shows(picture)
        producer.key("Right", "space")
        window.wait("shown", name="two.png")
        window.wait_shows(other)
        # A student who joins later, on another machine, sees it at once.
        _, late = self.student(self.keys[1], (640, 320))
        late.wait("shown", name="two.png")
        late.wait_shows(other)
        # The teacher leaves: the picture stays, and there is no producer any more.
        sender.process.terminate()
        sender.wait_exit()
        relay.wait("sender", state="left")
        for key in self.keys:
            self.assertTrue(wait_for(lambda: self.status(key)["producers"]["value"] == 0))
        late.wait_shows(other)
        window.wait_shows(other)
        self.keep_screen()

    def keep_screen(self):
        """Saves a screenshot for people who want to see it."""
        self.desktop.save_screenshot(self.evidence / "left.png")


if __name__ == "__main__":
    stage.main()
