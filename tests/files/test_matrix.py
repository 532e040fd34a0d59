#!/usr/bin/env python3
"""Every format, mode, depth, compression and orientation that Pillow can write, as Pillow reads it."""
import pathlib
import shutil
import tempfile
import unittest

from decoding import Image, decoded, difference

# What an orientation makes of the rows as they lie in the file.
TURNS = {2: Image.FLIP_LEFT_RIGHT, 3: Image.ROTATE_180, 4: Image.FLIP_TOP_BOTTOM,
         5: Image.TRANSPOSE, 6: Image.ROTATE_270, 7: Image.TRANSVERSE, 8: Image.ROTATE_90}
ORIENTATION = 0x0112
# Rows of 1 to 4 bits end within a byte, and of 3 and 4 bytes with and without padding.
SIZES = [(1, 1), (13, 7), (16, 9)]
LZW, DEFLATE, PACKBITS = "tiff_lzw", "tiff_adobe_deflate", "packbits"


def base(size):
    """Red to the right, green down, blue in tiles, and alpha along the diagonal."""
    width, height = size
    image = Image.new("RGBA", size)
    image.putdata([(x * 255 // max(width - 1, 1), y * 255 // max(height - 1, 1),
                    (x // 3 + y // 3) % 2 * 160 + 40, 255 - (x + y) * 9)
                   for y in range(height) for x in range(width)])
    return image


def in_mode(size, mode):
    """The base picture in a mode of Pillow, with the values that are typical for it."""
    image = base(size)
    if mode in ("RGB", "RGBA", "L", "LA", "1", "CMYK", "YCbCr"):
        return image.convert("RGB" if mode in ("1", "CMYK", "YCbCr") else "RGBA").convert(mode)
    if mode.startswith("P"):  # P4: four colours
        return image.convert("RGB").quantize(int(mode[1:] or 200))
    grey = list(image.convert("L").getdata())
    if mode == "F":
        values = [value / 255 for value in grey]
    else:
        values = [value * 257 for value in grey]
    wide = Image.new("F" if mode == "F" else "I", size)
    wide.putdata(values)
    return wide if mode in ("I", "F") else wide.convert(mode)


# Format: [(mode, {options of Image.save()}), ...]; the name of an option may say what is tested.
FORMATS = {
    "png": [("1", {}), ("L", {}), ("LA", {}), ("P", {}), ("P2", {"bits": 1}), ("P4", {"bits": 2}),
            ("P16", {"bits": 4}), ("P", {"transparency": 3}), ("P16", {"transparency": 3}),
            ("L", {"transparency": 40}), ("RGB", {"transparency": (0, 0, 40)}), ("RGB", {}),
            ("RGBA", {}), ("I;16", {})],  # Pillow 13 saves no I
    "jpg": [("L", {}), ("RGB", {"subsampling": 0}), ("RGB", {"subsampling": 1}),
            ("RGB", {"subsampling": 2}), ("RGB", {"progressive": True}), ("CMYK", {})],
    "webp": [("RGB", {}), ("RGBA", {}), ("RGB", {"lossless": True}), ("RGBA", {"lossless": True})],
    "gif": [("L", {}), ("P", {}), ("P4", {}), ("P", {"transparency": 3}), ("P", {"interlace": 0})],
    "bmp": [("1", {}), ("L", {}), ("P", {}), ("P4", {}), ("RGB", {}), ("RGBA", {})],
    "tif": [(mode, {"compression": compression})
            for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F")
            for compression in (None, LZW, DEFLATE, PACKBITS)] +
           [("1", {"compression": "group3"}), ("1", {"compression": "group4"}),
            ("L", {"compression": "jpeg"}), ("RGB", {"compression": "jpeg"}),
            ("YCbCr", {}), ("I;16B", {})],
    "ppm": [("1", {}), ("L", {}), ("RGB", {}), ("I", {})],
    "tga": [(mode, {"compression": compression}) for mode in ("L", "LA", "P", "RGB", "RGBA")
            for compression in (None, "tga_rle")] + [("1", {}), ("RGB", {"orientation": 1})],
    "pcx": [("1", {}), ("L", {}), ("P", {}), ("RGB", {})],
    "ico": [("RGB", {}), ("RGBA", {}), ("RGBA", {"bitmap_format": "bmp"})],
}
ORIENTED = {"png": ("L", "P", "RGB", "RGBA"), "jpg": ("L", "RGB", "CMYK"), "webp": ("RGB", "RGBA"),
            "tif": ("1", "L", "P", "RGB", "RGBA", "CMYK", "I;16", "F")}
TOLERANCES = {("jpg", mode): 2 for mode in ("L", "RGB", "CMYK")}
# SDL_image does not open them, or shows them wrong: refused by name.
REFUSED = {("tga", "1"), ("tga", "LA"), ("pcx", "1")}


def stretched(image):
    """From the smallest value to the largest, as docs/decoding.md says of signed integers."""
    low, high = image.getextrema()
    values = [round((value - low) * 255 / max(high - low, 1)) for value in image.getdata()]
    grey = Image.new("L", image.size)
    grey.putdata(values)
    return grey


def reference(path):
    """R, G, B, A as Pillow reads the file; its wide greys are scaled here, since Pillow clips them."""
    with Image.open(path) as image:
        image.load()
        if image.mode == "I" and path.suffix == ".tif":
            image = stretched(image)
        if image.mode.startswith("I"):
            image = image.convert("I").point(lambda value: value * (255 / 65535) + 0.5).convert("L")
        elif image.mode == "F":
            image = image.point(lambda value: value * 255 + 0.5).convert("L")
        return image.convert("RGBA")


class Matrix(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.paths = []

    def save(self, image, suffix, options, orientation=1):
        path = self.folder / ("%d.%s" % (len(self.paths), suffix))
        if orientation > 1 and suffix == "tif":
            options = {**options, "tiffinfo": {ORIENTATION: orientation}}
        elif orientation > 1:
            exif = Image.Exif()
            exif[ORIENTATION] = orientation
            options = {**options, "exif": exif.tobytes()}
        image.save(path, **options)
        self.paths.append(path)
        return path

    def compare(self, cases):
        """Of [(what, (suffix, mode), reference)], in the order of self.paths."""
        differing = []
        for (what, kind, expected), found in zip(cases, decoded(self.paths)):
            if kind in REFUSED:
                if found.size != (0, 0) or kind[0].upper() not in found.note:
                    differing.append("%s: %s %s" % (what, *found[:2]))
            elif found.size != expected.size:
                differing.append("%s: %s %s" % (what, *found[:2]))
            elif difference(found, expected) > TOLERANCES.get(kind, 1):
                differing.append("%s: differs by %d" % (what, difference(found, expected)))
        self.assertFalse(differing, "\n" + "\n".join(differing))

    def test_formats(self):
        cases = []
        for suffix, ways in FORMATS.items():
            for mode, options in ways:
                for size in SIZES:
                    path = self.save(in_mode(size, mode), suffix, options)
                    try:
                        expected = reference(path)
                        if (suffix, mode) == ("bmp", "RGBA"):  # its alpha, which Pillow ignores
                            expected = base(size)
                    except OSError:  # Pillow does not read what it wrote
                        self.paths.pop()
                        continue
                    cases.append(("%s %s %s %dx%d" % (suffix, mode, options, *size),
                                  (suffix, mode), expected))
        self.assertGreater(len(cases), 280)
        self.compare(cases)

    def test_orientations(self):
        cases = []
        for suffix, modes in ORIENTED.items():
            for mode in modes:
                image = in_mode((13, 7), mode)
                upright = reference(self.save(image, suffix, {}))
                cases.append(("%s %s" % (suffix, mode), (suffix, mode), upright))
                for orientation, turn in TURNS.items():
                    self.save(image, suffix, {}, orientation)
                    cases.append(("%s %s, orientation %d" % (suffix, mode, orientation),
                                  (suffix, mode), upright.transpose(turn)))
        self.compare(cases)


if __name__ == "__main__":
    unittest.main()
