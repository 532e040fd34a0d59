#!/usr/bin/env python3
"""Files that make a decoder crash, or decode without end: the windows and the other files go on.

The windows are copies, each in a folder with the double of tests/decoder/double.c in the decoder's
place.
"""
import os
import pathlib
import shutil
import signal

import stage
from program import Window


def children(pid):
    """The child processes that any thread of a process has started."""
    found = []
    for task in pathlib.Path("/proc/%d/task" % pid).iterdir():
        try:
            found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            pass  # the thread has just ended
    return found


def is_gone(pid):
    """True if there is no such process, or only a zombie."""
    try:
        return pathlib.Path("/proc/%d/stat" % pid).read_text().rpartition(") ")[2][0] in "ZX"
    except OSError:
        return True


class Decoder(stage.Stage):
    def window(self, name, *arguments, decoder="tests/vitrine-decoder-double", x=0):
        folder = self.images / ("bin-" + name)
        folder.mkdir()
        shutil.copy(stage.BUILD / name, folder)
        if decoder:
            shutil.copy(stage.BUILD / decoder, folder / "vitrine-decoder")
        log = self.evidence / ("%d-%s.log" % (len(self.programs) + 1, name))
        place = "%dx%d+%d+20" % (*stage.WINDOW, x)
        program = Window(self.desktop, folder / name, ["--geometry", place, *arguments], log)
        self.programs.append(program)
        return program

    def bad(self, misbehaviour):
        """A file that is an image, but whose comment makes the double misbehave."""
        path = self.images / (misbehaviour + ".ppm")
        path.write_bytes(b"P6\n# misbehave: %s\n8 8\n255\n" % misbehaviour.encode() + b"pix" * 64)
        return path

    def test_two_of_twenty_are_bad(self):
        good = [self.image("%02d.png" % number)[0] for number in range(18)]
        last, picture = self.image("99.png")
        crash, hang = self.bad("abort"), self.bad("hang")
        paths = [*good[:5], crash, *good[5:9], hang, *good[9:]]
        producer = self.window("vitrine-producer", "--slots", "32", "--decode-timeout", "600",
                               *paths)
        producer.wait_all("loaded", "path", good)
        producer.wait_said(str(crash), "the decoder crashed (SIGABRT)")

        # One decoder still hangs; a dropped file is still shown and published.
        self.drop(producer, last)
        producer.wait_all("loaded", "path", [last])
        producer.wait_shows(picture)
        producer.key("space")
        producer.wait("published", name=last.name)
        self.assertNotIn(str(hang), producer.said())
        producer.key("Home", *["space", "Right"] * 9)  # up to the one that hangs
        producer.wait_all("published", "name", [path.name for path in good[:9]])
        producer.close(asks=True)
        consumer = self.consumer()
        consumer.wait_all("shown", "name", [path.name for path in [*good[:9], last]])

    def test_one_that_never_ends_is_stopped(self):
        good, _ = self.image("good.png")
        hang = self.bad("hang half-way")
        producer = self.window("vitrine-producer", "--decode-timeout", "1", hang, good)
        producer.wait_said(str(hang), "was stopped after 1 s", "--decode-timeout")
        producer.wait_all("loaded", "path", [good])
        producer.key("a")
        producer.wait("published", name=good.name)
        self.consumer().wait("shown", name=good.name)

    def hanging(self):
        """The hanging decoders of a window."""
        hang = self.bad("hang")
        producer = self.window("vitrine-producer", "--decode-timeout", "600", hang)
        decoders = stage.wait_for(lambda: children(producer.pid))
        self.assertTrue(decoders)
        return producer, decoders

    def test_the_window_closes_at_once(self):
        producer, decoders = self.hanging()
        producer.close()
        self.assertTrue(all(is_gone(pid) for pid in decoders))

    def test_a_killed_window_leaves_no_decoder(self):
        producer, decoders = self.hanging()
        os.kill(producer.pid, signal.SIGKILL)
        producer.wait_exit(-signal.SIGKILL)
        self.assertTrue(stage.wait_for(lambda: all(is_gone(pid) for pid in decoders)))
        self.producer().close()  # takes away what the dead one left of the channel

    def test_bytes_that_crash_the_consumers_decoder(self):
        image, picture = self.image("after.png")
        crash = self.bad("abort")
        consumer = self.window("vitrine-consumer", x=640)
        self.desktop.run(stage.BUILD / "vitrine", "send", crash, image, check=True)
        consumer.wait("shown", name=crash.name, **{"as": "card"})
        consumer.wait("shown", name=image.name, width=picture.width)
        consumer.wait_shows(picture)

    def test_no_decoder_is_installed(self):
        image, _ = self.image("image.png")
        producer = self.window("vitrine-producer", image, decoder=None)
        producer.wait_said(str(image), "vitrine-decoder: No such file", "install")
        producer.close()


if __name__ == "__main__":
    stage.main()
