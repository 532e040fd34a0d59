#!/usr/bin/env python3
"""Streams: both windows show frames from a pipe; the tray remains usable; what remains when a
stream ends."""
import os
import subprocess

import stage
from picture import Picture

WIDTH, HEIGHT = stage.PICTURE
# Limited-range Y, U, V of BT.601, and their colours on the screen.
RED, GREEN, BLUE, WHITE = (81, 90, 240), (145, 54, 34), (41, 240, 110), (235, 128, 128)
SHOWN = {RED: (255, 0, 0), GREEN: (0, 255, 0), BLUE: (0, 0, 255), WHITE: (255, 255, 255)}
TOLERANCE = 6
BAR = 54  # pixels of the status bar, about

HEADER = b"YUV4MPEG2 W%d H%d F25:1 C420jpeg\n" % (WIDTH, HEIGHT)


def frame(left, right):
    """A frame of two colours side by side, equally wide."""
    def plane(width, height, which):
        half = width // 2
        row = bytes([left[which]]) * half + bytes([right[which]]) * (width - half)
        return row * height
    chroma = ((WIDTH + 1) // 2, (HEIGHT + 1) // 2)
    return b"FRAME\n" + plane(WIDTH, HEIGHT, 0) + plane(*chroma, 1) + plane(*chroma, 2)


class Streams(stage.Stage):
    def streaming(self, *arguments):
        """A producer that reads a stream from the test."""
        return self.producer("-", *arguments, stdin=subprocess.PIPE)

    def write(self, program, *parts):
        program.process.stdin.write(b"".join(parts))
        program.process.stdin.flush()

    def is_shown(self, program, left, right, below):
        """True if both colours are in the middle of the area above the lowest `below` pixels."""
        screenshot = program.screenshot()
        y = (screenshot.height - below) // 2
        seen = [screenshot.pixel(screenshot.width // 2 + dx, y) for dx in (-40, 40)]
        return all(abs(a - b) <= TOLERANCE for colour, pixel in zip((left, right), seen)
                   for a, b in zip(SHOWN[colour], pixel))

    def wait_colours(self, program, left, right, below=BAR):
        self.desktop.activate(program.window)
        self.assertTrue(stage.wait_for(lambda: self.is_shown(program, left, right, below)),
                        "%s does not show the frame" % program.name)

    def test_frames_are_in_both_windows(self):
        producer, consumer = self.streaming(), self.consumer()
        self.write(producer, HEADER, frame(RED, GREEN))
        producer.wait("stream", kind="YUV4MPEG2", format="YU12", width=WIDTH, height=HEIGHT)
        consumer.wait("shown", seq=1, name="stdin", width=WIDTH, height=HEIGHT)
        self.wait_colours(consumer, RED, GREEN)
        self.write(producer, frame(BLUE, WHITE))
        self.wait_colours(consumer, BLUE, WHITE)
        # The tray takes a part of the producer's window.
        self.wait_colours(producer, BLUE, WHITE, below=BAR + 140)
        producer.process.stdin.close()
        producer.wait("stream-ended", sent=2, dropped=0)
        # It is as many streams for the consumer as there were pauses of two seconds.
        def total(field):
            return sum(int(event[field]) for event in consumer.events("stream-ended"))
        self.assertTrue(stage.wait_for(lambda: total("shown") == 2))
        self.assertEqual(total("dropped"), 0)
        self.wait_colours(consumer, BLUE, WHITE)  # the last frame stays
        producer.key("q")
        producer.wait_exit()

    def test_history_has_one_frame(self):
        path, picture = self.image("still.png")
        producer, consumer = self.streaming("--publish", path), self.consumer()
        consumer.wait("shown", name="still.png")
        for left, right in ((RED, GREEN), (GREEN, BLUE), (BLUE, RED), (WHITE, BLUE)):
            self.write(producer, *([HEADER] if left == RED else []), frame(left, right))
            self.wait_colours(consumer, left, right)
        consumer.key("Left")
        consumer.wait_shows(picture)
        consumer.key("Right")
        self.wait_colours(consumer, WHITE, BLUE)
        consumer.key("s")
        saved = Picture.from_png(open(consumer.wait("saved")["path"], "rb").read())
        self.addCleanup(os.unlink, next(consumer.events("saved"))["path"])
        self.assertEqual((saved.width, saved.height), (WIDTH, HEIGHT))
        self.assertEqual(saved.pixel(10, 10), (255, 255, 255))
        producer.process.stdin.close()

    def test_pause_and_tray(self):
        path, picture = self.image("still.png")
        producer, consumer = self.streaming(path), self.consumer()
        producer.wait("loaded", path=path)
        self.write(producer, HEADER, frame(RED, GREEN))
        self.wait_colours(consumer, RED, GREEN)
        self.wait_colours(producer, RED, GREEN, below=BAR + 140)
        producer.key("space")
        producer.wait("paused")
        producer.key("l")  # the tray's image is shown, and Space publishes it
        producer.key("space")
        producer.wait("published", name="still.png")
        consumer.wait_shows(picture)
        producer.key("l", "space")
        producer.wait("resumed")
        self.write(producer, frame(BLUE, WHITE))
        self.wait_colours(consumer, BLUE, WHITE)
        producer.process.stdin.close()

    def test_one_file(self):
        path, picture = self.image("still.png")
        producer, consumer = self.streaming(), self.consumer()
        self.write(producer, path.read_bytes())
        producer.process.stdin.close()
        consumer.wait("shown", name="stdin")
        consumer.wait_shows(picture)
        producer.wait("stream-ended", sent=1)

    def test_stalls_and_quits(self):
        producer = self.streaming()
        self.write(producer, HEADER, frame(RED, GREEN), frame(RED, GREEN)[:1000])
        self.wait_full(1)
        self.assertTrue(stage.wait_for(producer.rests), "it waits for the stream without a pause")
        producer.key("q")
        producer.wait_exit()
        self.assertEqual(producer.said(), "vitrine-producer: 1 image waits in channel 0x%08x: the "
                         "next consumer will get it\n" % self.key)
        producer.process.stdin.close()
        consumer = self.consumer()
        consumer.wait("shown", seq=1)

    def test_bad_streams(self):
        for stream, words, status in ((HEADER + frame(RED, RED)[:99], "middle of frame 1", 1),
                                      (b"", "empty", 1),
                                      (HEADER + frame(RED, RED) + b"FROM", "middle of frame 2", 0)):
            producer = self.streaming()
            self.write(producer, stream)
            producer.process.stdin.close()
            producer.wait_said("stdin: ", words)
            producer.key("q")
            producer.wait_exit(status)
        consumer = self.consumer()
        self.wait_colours(consumer, RED, RED)


if __name__ == "__main__":
    stage.main()
