#!/usr/bin/env python3
"""A file of each format, made by the tools that people make them with, through the real decoder
process: its libraries do all they need under its filter of system calls and its limits."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from decoding import BUILD, Image, decoded, difference

SIZE = 320, 240


def picture():
    """Two gradients and tiles."""
    width, height = SIZE
    red = Image.linear_gradient("L").rotate(90).resize(SIZE)
    green = Image.linear_gradient("L").resize(SIZE)
    blue = Image.frombytes("L", (8, 6), bytes(40 + 160 * ((i + i // 8) % 2) for i in range(48)))
    return Image.merge("RGB", (red, green, blue.resize((width, height), Image.BICUBIC)))


# Format: what makes it of {png}; None: Pillow does.
TOOLS = {
    "png": None, "jpg": None, "gif": None, "tif": None, "webp": None, "bmp": None, "ppm": None,
    "tga": None, "pcx": None, "ico": None,
    "heic": ["heif-enc", "-q", "90", "-o", "{out}", "{png}"],
    "avif": ["heif-enc", "-A", "-q", "90", "-o", "{out}", "{png}"],
    "jxl": ["cjxl", "--quiet", "-d", "0.5", "{png}", "{out}"],
    "xpm": None, "svg": None,
}
PACKAGES = {"heif-enc": "libheif-examples", "cjxl": "libjxl-tools"}
NEEDS = {"heic": "heif", "avif": "heif", "jxl": "jxl", "svg": "svg"}
EXACT = {"png", "tif", "bmp", "ppm", "tga", "pcx", "ico", "xpm"}
PALETTE = {"gif": 56}  # 255 colours
LOSSY = 24


def xpm(image):
    """The text of an image with a palette of 16 colours."""
    colours = bytes(image.getpalette())[:48].ljust(48, b"\0")
    lines = ["%d %d 16 1" % image.size]
    lines += ["%x c #%s" % (i, colours[3 * i:3 * i + 3].hex()) for i in range(16)]
    lines += [bytes(image.crop((0, y, image.width, y + 1)).tobytes()).hex()[1::2]
              for y in range(image.height)]
    return "/* XPM */\nstatic char *made[] = {\n%s};\n" % ",\n".join(
        '"%s"' % line for line in lines)


class Codecs(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.picture = picture()
        self.png = self.folder / "picture.png"
        self.picture.save(self.png, compress_level=1)
        self.few = self.picture.resize((64, 48)).quantize(16)
        self.missing = set()

    def make(self, suffix):
        """The path of a file, or None if the tool or the decoder is missing."""
        path, command = self.folder / ("made." + suffix), TOOLS[suffix]
        if suffix in NEEDS and not (BUILD / ("vitrine-decoder-" + NEEDS[suffix])).exists():
            return None
        if suffix == "svg":
            path.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d"><rect '
                            'width="100%%" height="100%%" fill="#204060"/><text x="20" y="120" '
                            'font-size="70" fill="#fff">Vitrine</text></svg>' % SIZE)
        elif suffix == "xpm":
            path.write_text(xpm(self.few))
        elif command is None:
            image = self.picture.resize((64, 64)) if suffix == "ico" else self.picture
            image.save(path)
        elif shutil.which(command[0]) is None:
            self.missing.add(PACKAGES[command[0]])
            return None
        else:
            subprocess.run([word.format(png=self.png, out=path) for word in command], check=True,
                           timeout=60, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return path

    def check(self, suffix, found):
        if suffix == "svg":
            self.assertEqual(found.size, SIZE, found.note)
            white = sum(byte == 255 for byte in found.pixels[::4])
            self.assertTrue(2_000 < white < 30_000, white)
            return
        expected = self.few if suffix == "xpm" else self.picture
        if suffix == "ico":
            expected = expected.resize(found.size)
        self.assertEqual(found.size, expected.size, found.note)
        most = 1 if suffix in EXACT else PALETTE.get(suffix, LOSSY)
        self.assertLessEqual(difference(found, expected.convert("RGBA")), most)

    def test_each(self):
        made = {suffix: path for suffix in TOOLS if (path := self.make(suffix)) is not None}
        self.assertIn("png", made)
        for suffix, found in zip(made, decoded(made.values())):
            with self.subTest(suffix):
                self.assertEqual(found.note, "")
                self.check(suffix, found)
        if self.missing:
            self.skipTest("not installed: " + ", ".join(sorted(self.missing)))


if __name__ == "__main__":
    unittest.main()
