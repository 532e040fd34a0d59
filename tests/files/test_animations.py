#!/usr/bin/env python3
"""Animated images: their frames go one after the other, at their pace, all under one name."""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
INPUTS = HERE / "inputs"
sys.path += [str(HERE.parent / "tools"), str(HERE.parent / "e2e")]
from support import ToolTest, main  # noqa: E402
from picture import read_png  # noqa: E402

COLOURS = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)]


def square(number):
    """A place in the square of a frame."""
    return 6 + 6 * number, 12


class Animations(ToolTest):
    def frames(self, path, count, *options):
        """The pictures that are received, and what the sender said."""
        receiver = self.start("recv", "-n", str(count), "--name", "numbered", "-o", self.inbox)
        self.wait_status(lambda status: status["consumers"]["value"] == 1)
        out, _ = self.send("--as-pixels", "--when-full=wait", *options, path)
        self.finish(receiver)
        lines = re.findall(r'(?m)^received .*name="([^"]*)" path="([^"]*)"',
                           receiver.log.read_text())
        self.assertEqual(len(lines), count)
        self.assertEqual({name for name, _ in lines}, {path.name})
        return [read_png(pathlib.Path(place).read_bytes()) for _, place in lines], out.decode()

    def pixel(self, image, place):
        width, _, size, pixels = image
        at = (place[1] * width + place[0]) * size
        return tuple(pixels[at:at + size])

    def test_frames_that_go_away(self):
        for ending in ("gif", "webp", "png"):
            with self.subTest(ending):
                images, out = self.frames(INPUTS / ("moving." + ending), 4)
                self.assertIn('kind="animation"', out)
                for number, image in enumerate(images):
                    self.assertEqual(image[:3], (32, 24, 4))
                    self.assertEqual(self.pixel(image, (16, 4)), (200, 100, 50, 255))
                    for other in range(4):
                        pixel = self.pixel(image, square(other))
                        if other == number:
                            self.assertEqual(pixel, COLOURS[number] + (255,))
                        else:
                            self.assertEqual(pixel[3], 0, (number, other))
                # 100, 50 and 200 ms pass between the first and the last.
                self.assertGreater(float(re.search(r"seconds=([\d.]+)", out)[1]), 0.3)

    def test_frames_that_stay(self):
        for ending in ("gif", "png"):
            with self.subTest(ending):
                images, _ = self.frames(INPUTS / ("adding." + ending), 4)
                for number, image in enumerate(images):
                    for other in range(4):
                        self.assertEqual(self.pixel(image, square(other))[:3],
                                         COLOURS[other] if other <= number else (0, 0, 0))

    def test_still(self):
        (image,), out = self.frames(INPUTS / "moving.gif", 1, "--still")
        self.assertEqual(self.pixel(image, square(0)), COLOURS[0] + (255,))
        self.assertIn('note="first of 4 frames"', out)
        _, err = self.send("--still", INPUTS / "moving.gif", status=2)
        self.assertIn("--still requires --as-pixels", err)

    def test_cut_short(self):
        whole = (INPUTS / "moving.gif").read_bytes()
        last = whole.rindex(b"\x21\xf9\x04")  # what comes before the last frame
        cut = self.file("cut.gif", content=whole[:last + 12])
        images, _ = self.frames(cut, 3)
        self.assertEqual(self.pixel(images[2], square(2)), COLOURS[2] + (255,))


if __name__ == "__main__":
    main()
