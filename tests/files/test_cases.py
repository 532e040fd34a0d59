#!/usr/bin/env python3
"""Small files, made by hand, of the kinds that were once refused or shown wrong: their right pixels,
and what is said of them. `vitrine send --as-pixels` decodes them as the windows do."""
import pathlib
import re
import sys
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
INPUTS = HERE / "inputs"
sys.path += [str(HERE.parent / "tools"), str(HERE.parent / "e2e")]
from support import BUILD, ToolTest, main  # noqa: E402
from picture import read_png  # noqa: E402

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)
BROWN = (200, 100, 50)
CLEAR = None  # transparent, of whatever colour
# A gradient of 48 x 32: red to the right, green down, blue in tiles; as it lies in its file.
GRADIENT = {(0, 0): (0, 0, 200), (24, 16): (130, 131, 40), (47, 31): (255, 255, 40)}

HAS_SVG = (BUILD / "vitrine-decoder-svg").exists()
HAS_HEIF = (BUILD / "vitrine-decoder-heif").exists()

# File: (size, {place: colour}, note). Colours of lossy files are right within 4.
SHOWN = {
    "no-eoi.jpg": ((640, 480), {(0, 0): (0, 1, 200), (639, 479): (255, 254, 40)}, ""),
    "no-eoi-then-trailer.jpg": ((640, 480), {(639, 479): (255, 254, 40)}, ""),
    "cut.jpg": ((640, 480), {(0, 0): (0, 1, 200), (639, 479): (128, 128, 128)},
                "incomplete: the file ends early"),
    "grey1-trns.png": ((16, 2), {(0, 0): (0, 0, 0), (15, 0): CLEAR}, ""),
    "grey4-trns.png": ((16, 2), {(0, 0): (0, 0, 0), (8, 0): (136, 136, 136), (15, 0): CLEAR}, ""),
    "grey8-trns.png": ((16, 2), {(0, 0): (0, 0, 0), (8, 0): (136, 136, 136), (15, 0): CLEAR}, ""),
    "a.tga": ((4, 2), {(3, 1): BROWN}, ""),
    "A.TGA": ((4, 2), {(3, 1): BROWN}, ""),
    "late.svg": ((40, 20), {(20, 10): RED}, ""),
    "float32.tif": ((48, 32), {(0, 0): (0, 0, 0), (47, 31): WHITE},
                    "values 0 to 1"),
    "uint32.tif": ((48, 32), {(0, 0): (0, 0, 0)}, "values 0 to 4."),
    "16.ppm": ((48, 32), GRADIENT, ""),
    "16.pgm": ((48, 32), {(0, 0): (0, 0, 0), (47, 0): WHITE}, ""),
    "rgb.pam": ((48, 32), GRADIENT, ""),
    "small-first.ico": ((48, 48), {(24, 24): BLUE}, ""),
    "png-only.ico": ((256, 256), {(0, 0): (0, 0, 200), (255, 255): (255, 255, 40)}, ""),
    "a.cur": ((16, 16), {(8, 8): RED}, ""),
    "orientation-long.jpg": ((480, 640), {(479, 0): (0, 1, 200), (0, 639): (255, 254, 40)}, ""),
    "raw-profile.png": ((32, 48), {(31, 0): (0, 0, 200), (0, 47): (255, 255, 40)}, ""),
    "1bit.bmp": ((8, 2), {(0, 0): BLUE, (4, 1): RED}, ""),
    "no-padding-at-the-end.bmp": ((5, 5), {(0, 0): BROWN, (4, 0): BROWN, (4, 4): BROWN}, ""),
    "a b.png": ((48, 32), GRADIENT, ""),
    "offset-frame.gif": ((8, 8), {(0, 0): CLEAR, (4, 4): BLUE, (7, 7): CLEAR}, ""),
    "no-iend.png": ((48, 32), GRADIENT, "incomplete: the file ends early"),
    "idat-crc.png": ((48, 32), GRADIENT, "damaged: "),
    "newline.qoi": ((1, 1), {(0, 0): RED}, ""),
    "comment-first.xpm": ((2, 1), {(0, 0): BLUE, (1, 0): RED}, ""),
    "gray50.xpm": ((2, 1), {(0, 0): (127, 127, 127), (1, 0): RED}, ""),
    "navy.xpm": ((2, 1), {(0, 0): (0, 0, 128), (1, 0): RED}, ""),
    "SlateBlue.xpm": ((2, 1), {(0, 0): (106, 90, 205), (1, 0): RED}, ""),
    "orange.xpm": ((2, 1), {(0, 0): (255, 165, 0), (1, 0): RED}, ""),
    "a.xcf": ((20, 10), {}, ""),  # its layer does not say that it is visible
    "a.pnm": ((48, 32), GRADIENT, ""),
    "ico-without-extension": ((16, 16), {(8, 8): RED}, ""),
    "xpm-without-extension": ((2, 1), {(1, 0): RED}, ""),
}
# What librsvg draws, and else is said not to be drawn.
DRAWN = {
    "prefix.svg": ((40, 20), {(20, 10): RED}, ""),
    "utf-16.svg": ((40, 20), {(20, 10): RED}, ""),
    "a.svgz": ((40, 20), {(20, 10): RED}, ""),
    "percent.svg": ((60, 30), {(10, 15): RED, (50, 15): CLEAR}, ""),
    "use.svg": ((40, 20), {(9, 4): (0, 0, 0), (2, 4): CLEAR}, ""),
    "image.svg": ((48, 32), GRADIENT, ""),
}
# File: what the reason has.
REFUSED = {
    "a.avif": ["AVIF", "cannot be opened|can be opened"],
    "a.heic": ["HEIC", "cannot be opened|can be opened"],
    "a-heic.jpg": ["HEIC", "cannot be opened|can be opened"],
    "page.html": ["is not an image", "text/html"],
    "readme.md": ["is not an image", "text/markdown"],
    "a.xbm": ["XBM", "convert FILE"],
}
# As files: the media type that they are sent with.
TYPES = {
    "a.pnm": "image/x-portable-pixmap",
    "ico-without-extension": "image/vnd.microsoft.icon",
    "xpm-without-extension": "image/x-xpixmap",
    "page.html": "text/html",
    "readme.md": "text/markdown",
}


class Cases(ToolTest):
    def decoded(self, paths):
        """[(width, height, bytes a pixel, pixels, note)] of files that are sent as pixels."""
        receiver = self.start("recv", "-n", str(len(paths)), "--name", "numbered", "-o", self.inbox)
        self.wait_status(lambda status: status["consumers"]["value"] == 1)
        out, _ = self.send("--as-pixels", *paths)
        self.finish(receiver)
        # What is noted of an image comes before the line that it is published, and perhaps one that
        # no slot is free.
        notes = re.findall(r'(?m)^(?:noted .*note="(.*)"\n(?:(?!published ).*\n)*)?published ',
                           out.decode())
        places = re.findall(r'(?m)^received .*path="([^"]*)"', receiver.log.read_text())
        self.assertEqual((len(notes), len(places)), (len(paths), len(paths)))
        return [(*read_png(pathlib.Path(place).read_bytes()), note)
                for place, note in zip(places, notes)]

    def check(self, found, shape, places, note, tolerance):
        width, height, size, pixels, found_note = found
        self.assertEqual((width, height), shape)
        for (x, y), expected in places.items():
            at = (y * width + x) * size
            colour = tuple(pixels[at:at + size])
            if expected is CLEAR:
                self.assertEqual(colour[3:], (0,), (x, y))
                continue
            self.assertEqual(colour[3:], (255,) if size == 4 else (), (x, y))
            self.assertTrue(all(abs(a - b) <= tolerance for a, b in zip(colour, expected)),
                            "(%d, %d) is %s and not %s" % (x, y, colour, expected))
        self.assertTrue(found_note.startswith(note) if note else not found_note, found_note)

    def check_all(self, cases):
        found = self.decoded([INPUTS / name for name in cases])
        for (name, (shape, places, note)), image in zip(cases.items(), found):
            with self.subTest(name):
                self.check(image, shape, places, note, 4 if name.endswith(".jpg") else 1)

    def test_shown(self):
        self.check_all(SHOWN)

    def test_drawn(self):
        if not HAS_SVG:
            self.skipTest("built without librsvg")
        self.check_all(DRAWN)
        # Text, with the glyphs of a font.
        ((width, height, size, pixels, _),) = self.decoded([INPUTS / "text.svg"])
        self.assertEqual((width, height, size), (100, 50, 4))
        black = sum(alpha > 128 for alpha in pixels[3::4])
        self.assertTrue(60 < black < 500, black)

    def test_refused(self):
        for name, words in REFUSED.items():
            with self.subTest(name):
                _, err = self.send("--as-pixels", INPUTS / name, status=1)
                for word in words:
                    self.assertRegex(err, word)

    def test_types(self):
        out, _ = self.send("--when-full=drop-oldest", *(INPUTS / name for name in TYPES))
        self.assertEqual(dict(re.findall(r'name="(.*?)" type="(.*?)"', out.decode())), TYPES)
        self.recv()

    def test_uris(self):
        uri = "file://" + urllib.parse.quote(str(INPUTS / "a b.png"))
        for image in self.decoded([uri, uri.replace("file://", "file://localhost"),
                                   uri.replace("file://", "FILE:")]):
            self.check(image, (48, 32), GRADIENT, "", 0)
        _, err = self.send("file://server" + str(INPUTS / "a b.png"), status=2)
        self.assertIn("is on another machine", err)


if __name__ == "__main__":
    main()
