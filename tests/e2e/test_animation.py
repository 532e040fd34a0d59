#!/usr/bin/env python3
"""Animations: the producer plays the chosen one, and publishing it sends its frames."""
import struct

import stage

COLOURS = [(200, 30, 30), (30, 160, 30), (30, 30, 200), (220, 200, 40)]
SIZE = (120, 80)


def gif(colours, delay):
    """An animation of plain frames; `delay` of each in hundredths of a second."""
    palette = b"".join(bytes(colour) for colour in colours).ljust(3 * 128, b"\0")
    blocks = [b"GIF89a", struct.pack("<HHBBB", *SIZE, 0xf6, 0, 0), palette,
              b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"]
    for number in range(len(colours)):
        # Codes of 8 bits: one for each pixel, and one that clears the table before it overflows.
        codes = b""
        for start in range(0, SIZE[0] * SIZE[1], 100):
            codes += b"\x80" + bytes([number]) * min(100, SIZE[0] * SIZE[1] - start)
        codes += b"\x81"
        blocks += [b"!\xf9\x04\x04" + struct.pack("<H", delay) + b"\0\0",
                   b"," + struct.pack("<HHHHB", 0, 0, *SIZE, 0), b"\x07"]
        blocks += [bytes([len(codes[at:at + 255])]) + codes[at:at + 255]
                   for at in range(0, len(codes), 255)]
        blocks.append(b"\0")
    return b"".join(blocks) + b";"


class Animation(stage.Stage):
    def animation(self, name="moving.gif", delay=20):
        path = self.images / name
        path.write_bytes(gif(COLOURS, delay))
        return path

    def colour(self, program):
        """The colour of the frame in the middle, above the tray; None: something else is there."""
        shot = program.screenshot()
        column = [shot.pixel(shot.width // 2, y) for y in range(100, 300, 5)]
        seen = [pixel for pixel in column if pixel in COLOURS]
        return COLOURS.index(seen[0]) if len(seen) >= 5 and len(set(seen)) == 1 else None

    def wait_colour(self, program, wanted):
        self.assertTrue(stage.wait_for(lambda: self.colour(program) == wanted),
                        "it shows %s, not %d" % (self.colour(program), wanted))

    def wait_frame(self, producer, **which):
        """Waits until a paused producer shows a frame. Returns the frame's number."""
        number = int(producer.wait("frame", **which)["number"])
        self.wait_colour(producer, (number - 1) % 4)
        return number

    def wait_all_colours(self, program):
        self.desktop.activate(program.window)
        seen = set()
        stage.wait_for(lambda: seen.add(self.colour(program)) or seen >= set(range(4)))
        self.assertGreaterEqual(seen, set(range(4)), "it does not play")

    def test_it_plays_and_steps(self):
        producer = self.producer(self.animation())
        self.wait_all_colours(producer)
        self.assertFalse(list(producer.events("published")))
        producer.key("p")
        producer.wait("paused")
        number = self.wait_frame(producer)
        for step in range(1, 6):
            producer.key("n")
            self.wait_frame(producer, number=number + step)
        producer.key("n", "n", "n")
        self.wait_frame(producer, number=number + 8)
        producer.key("p")
        producer.wait("resumed")
        self.wait_all_colours(producer)

    def test_publishing_sends_its_frames(self):
        other, picture = self.image("other.png")
        paths = [self.animation(), other]
        producer, consumer = self.producer(*paths), self.consumer()
        producer.wait_all("loaded", "path", paths)
        producer.key("Home", "space")
        producer.wait("stream", name="moving.gif", kind="animation", when_full="drop-oldest")
        consumer.wait("shown", name="moving.gif")
        self.wait_all_colours(consumer)
        self.wait_all_colours(producer)
        producer.key("space")
        producer.wait("paused")
        producer.key("space")
        producer.wait("resumed")
        producer.key("Right")  # it goes on
        self.wait_all_colours(consumer)
        producer.key("space")
        producer.wait("stream-ended")
        producer.wait("published", name="other.png")
        consumer.wait_shows(picture)

    def test_only_the_frame(self):
        for options, key in (((), "s"), (("--still",), "space")):
            producer, consumer = self.producer(*options, self.animation()), self.consumer()
            self.wait_all_colours(producer)
            producer.key("p")
            shown = self.wait_frame(producer) % 4
            producer.key("n")
            self.wait_frame(producer)
            producer.key(key)
            producer.wait("published", name="moving.gif", width=SIZE[0])
            consumer.wait("shown", name="moving.gif")
            self.desktop.activate(consumer.window)
            self.wait_colour(consumer, shown)
            self.assertFalse(list(producer.events("stream")))
            producer.close()
            consumer.close()

    def test_one_with_others_behind_it_is_an_image(self):
        other, _ = self.image("other.png")
        paths = [self.animation(), other, self.animation("last.gif")]
        producer, consumer = self.producer(*paths), self.consumer()
        producer.wait_all("loaded", "path", paths)
        producer.key("a")
        for name in ("moving.gif", "other.png"):
            producer.wait("published", name=name)
        producer.wait("stream", name="last.gif")
        self.wait_all_colours(consumer)
        producer.key("End", "Delete")
        producer.wait("stream-ended")


if __name__ == "__main__":
    stage.main()
