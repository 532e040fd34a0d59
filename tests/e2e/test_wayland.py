#!/usr/bin/env python3
"""Both windows on Wayland, with no X server, no Xwayland and no graphics card."""
import unittest

import stage
import sway
from program import Program

PRODUCER, CONSUMER = "vitrine-producer", "vitrine-consumer"


class Wayland(stage.Stage):
    @classmethod
    def setUpClass(cls):
        if sway.missing():
            raise unittest.SkipTest("not installed: " + ", ".join(sway.missing()))

    def make_desktop(self):
        return sway.Sway()

    def open(self, name, *arguments):
        program = self.start(Program, name, *arguments)
        event = program.wait("window")
        self.desktop.wait_window(name)
        self.assertEqual(event["display"], "wayland")
        return program, event

    def test_space_shows_the_very_pixels(self):
        path, picture = self.image("a.png")
        consumer, _ = self.open(CONSUMER)
        producer, _ = self.open(PRODUCER, path)
        producer.wait("loaded")
        self.desktop.key(CONSUMER, "1")  # 100 %
        self.desktop.key(PRODUCER, "space")
        consumer.wait("shown", seq=1, name="a.png")

        def inside():
            return self.desktop.screen().crop(*self.desktop.wait_window(CONSUMER))
        self.assertTrue(stage.wait_for(lambda: inside().find(picture)))

    def test_at_least_half_the_screen_wide(self):
        _, event = self.open(PRODUCER)
        self.assertGreaterEqual(int(event["width"]), 1280 // 2 - 24)


if __name__ == "__main__":
    stage.main()
