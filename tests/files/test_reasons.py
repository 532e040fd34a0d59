#!/usr/bin/env python3
"""What is refused is named: by its bytes, or by its name if its bytes are damaged or unknown; and
formats that other programs open have the command that converts them."""
import pathlib
import shutil
import tempfile
import unittest

from decoding import Image, decoded

INPUTS = pathlib.Path(__file__).resolve().parent / "inputs"
# Files, and the name of their format.
NAMES = {"small-first.ico": "icon", "png-only.ico": "icon", "a.cur": "cursor", "rgb.pam": "PAM",
         "16.pgm": "PGM", "a.pnm": "PPM", "newline.qoi": "QOI", "a.xcf": "XCF", "a b.png": "PNG",
         "cut.jpg": "JPEG", "moving.gif": "GIF", "moving.webp": "WebP", "1bit.bmp": "BMP",
         "uint32.tif": "TIFF", "navy.xpm": "XPM", "a.tga": "TGA", "text.svg": "SVG"}
# The endings of formats that are not opened, their names, and the command that converts them.
ELSEWHERE = {"xbm": ("XBM", "convert FILE"), "msp": ("Microsoft Paint", "python3 -c"),
             "ps": ("PostScript", "gs -q"), "pdf": ("PDF", "pdftoppm"), "wmf": ("WMF", "inkscape"),
             "cr3": ("CR3", "dcraw_emu"), "bgr": ("raw BGR", "-size WIDTHxHEIGHT bgr:FILE"),
             "yuv": ("raw YUV", "-size WIDTHxHEIGHT FILE")}


class Reasons(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def test_damaged(self):
        """Cut at several places, and with each of the first bytes set to 0 and to 255."""
        paths, names = [], []
        for name, format_name in NAMES.items():
            content = (INPUTS / name).read_bytes()
            damaged = [content[:size] for size in (3, 9, 20, 30, 60)]
            damaged += [content[:at] + value + content[at + 1:] for value in (b"\0", b"\xff")
                        for at in range(0, min(len(content), 24), 2)]
            for number, part in enumerate(damaged):
                paths.append(self.write("%d-%s" % (number, name), part))
                names.append(format_name)
        refused = 0
        for path, name, found in zip(paths, names, decoded(paths)):
            if found.size != (0, 0) or "--memory" in found.note:
                continue
            refused += 1
            # An icon whose third byte changes may be a cursor; the size of the others stays.
            with self.subTest(path.name):
                self.assertRegex(found.note, name if name not in ("icon", "cursor", "TGA")
                                 else "icon|cursor|TGA")
        self.assertGreater(refused, 150)

    def test_only_the_name(self):
        found = decoded([self.write("a." + ending, bytes(range(256))) for ending in ELSEWHERE])
        for (name, cure), image in zip(ELSEWHERE.values(), found):
            with self.subTest(name):
                self.assertEqual(image.size, (0, 0))
                self.assertIn("is named like %s images, which cannot be opened here" % name,
                              image.note)
                self.assertIn(cure, image.note)
        page, = decoded([self.write("page.jpg", b"<!DOCTYPE html><html></html>")])
        self.assertEqual(page.note,
                         "is named like JPEG images, but has different contents (text/plain)")

    def test_a_preview_is_called_one(self):
        path = self.folder / "photo.nef"
        Image.new("RGB", (16, 12), "red").save(path, "TIFF", tiffinfo={254: 1})
        photo, = decoded([path])
        self.assertEqual(photo.size, (16, 12))
        self.assertIn("a preview only", photo.note)


if __name__ == "__main__":
    unittest.main()
