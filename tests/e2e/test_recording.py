#!/usr/bin/env python3
"""Ctrl+R in the consumer starts and ends a recording of the channel."""
import pathlib
import shutil
import signal
import subprocess
import unittest

import stage
from test_stream import BLUE, GREEN, HEADER, HEIGHT, RED, WHITE, WIDTH, frame

needs_ffmpeg = unittest.skipUnless(shutil.which("ffmpeg") and shutil.which("ffprobe"),
                                   "not installed: ffmpeg")


# An encoder that writes on for longer than the window waits for one that writes nothing.
SLOW_ENCODER = """#!/bin/sh
for path; do :; done
cat >"$path"
for i in $(seq 17); do sleep 1; echo >>"$path"; done
echo whole >>"$path"
"""


class Recording(stage.Stage):
    def setUp(self):
        super().setUp()
        self.videos = self.images / "videos"
        self.videos.mkdir()

    def live(self):
        """A producer with a stream that the test writes, and a consumer that shows it."""
        producer = self.producer("-", stdin=subprocess.PIPE)
        consumer = self.consumer("--save-to", self.videos)
        self.write(producer, HEADER, frame(RED, GREEN))
        consumer.wait("shown", seq=1)
        return producer, consumer

    def write(self, program, *parts):
        program.process.stdin.write(b"".join(parts))
        program.process.stdin.flush()

    def film(self, path):
        """The film's size, and the colour at the left of its first and its last frame."""
        said = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "stream=width,height", "-of",
                               "csv=p=0", path], stdout=subprocess.PIPE, check=True, timeout=60).stdout
        pixels = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "rawvideo", "-pix_fmt",
                                 "yuv420p", "-"], stdout=subprocess.PIPE, check=True, timeout=60).stdout
        size = WIDTH * HEIGHT + 2 * ((WIDTH + 1) // 2) * ((HEIGHT + 1) // 2)
        self.assertEqual(len(pixels) % size, 0)
        return tuple(map(int, said.decode().strip().rstrip(",").split(","))), \
            [pixels[at + WIDTH // 4] for at in (0, len(pixels) - size)], len(pixels) // size

    @needs_ffmpeg
    def test_from_key_to_key(self):
        producer, consumer = self.live()
        consumer.key("ctrl+r")
        path = pathlib.Path(consumer.wait("recording")["path"])
        self.assertEqual(path.parent, self.videos.resolve())
        # The recorder is a mirror: frames are recorded only after it has joined.
        self.assertTrue(stage.wait_for(lambda: self.status()["mirrors"]["value"] == 1))
        for left, right in ((BLUE, WHITE), (RED, GREEN), (WHITE, BLUE)):
            self.write(producer, frame(left, right))
        # The stream ends after two seconds without a frame; on a busy machine it may end before.
        self.assertTrue(stage.wait_for(lambda: sum(
            int(event["shown"]) for event in consumer.events("stream-ended")) == 4))
        self.assertTrue(stage.wait_for(lambda: path.exists()))
        self.desktop.save_screenshot(self.evidence / "recording.png")
        consumer.key("ctrl+r")
        self.assertEqual(consumer.wait("recorded")["path"], str(path))
        size, luma, count = self.film(path)
        self.assertEqual(size, (WIDTH, HEIGHT))
        self.assertLess(abs(luma[-1] - WHITE[0]), 8)
        self.assertGreater(count, 3)
        consumer.key("ctrl+r")  # another one, which ends when the window closes
        consumer.wait("recording")
        self.assertTrue(stage.wait_for(lambda: self.status()["mirrors"]["value"] == 1))
        consumer.key("q")
        consumer.wait_exit()
        self.assertEqual(len(list(consumer.events("recorded"))), 2)
        self.assertEqual(len(list(self.videos.iterdir())), 2)

    @needs_ffmpeg
    def test_killed(self):
        """The recording ends when the window is killed."""
        _, consumer = self.live()
        consumer.key("ctrl+r")
        consumer.wait("recording")
        self.assertTrue(stage.wait_for(lambda: self.status()["mirrors"]["value"] == 1))
        consumer.process.send_signal(signal.SIGKILL)
        consumer.wait_exit(-signal.SIGKILL)
        self.assertTrue(stage.wait_for(lambda: self.status()["mirrors"]["value"] == 0))

    def test_the_window_waits_for_a_slow_encoder(self):
        programs = self.images / "bin"
        programs.mkdir()
        (programs / "ffmpeg").write_text(SLOW_ENCODER)
        (programs / "ffmpeg").chmod(0o755)
        self.desktop.environment["PATH"] = f"{programs}:/usr/bin:/bin"
        _, consumer = self.live()
        consumer.key("ctrl+r")
        path = pathlib.Path(consumer.wait("recording")["path"])
        self.assertTrue(stage.wait_for(path.exists))
        consumer.key("q")
        consumer.wait_exit()
        self.assertTrue(path.read_bytes().endswith(b"whole\n"))

    def test_without_ffmpeg(self):
        programs = self.images / "bin"  # all but ffmpeg
        programs.mkdir()
        for path in [*pathlib.Path("/usr/local/bin").iterdir(), *pathlib.Path("/usr/bin").iterdir()]:
            if path.name != "ffmpeg" and not (programs / path.name).is_symlink():
                (programs / path.name).symlink_to(path)
        self.desktop.environment["PATH"] = str(programs)
        _, consumer = self.live()
        consumer.key("ctrl+r")
        consumer.wait_said("not recorded", "sudo apt install ffmpeg")
        self.assertEqual(list(self.videos.iterdir()), [])


if __name__ == "__main__":
    stage.main()
