#!/usr/bin/env python3
"""Variants of formats that are right but rare, made byte by byte: what cameras, scientific programs
and old tools write, and Pillow does not."""
import gzip
import io
import pathlib
import shutil
import struct
import tempfile
import unittest
import zlib

from decoding import BUILD, Image, decoded, difference

try:
    from PIL import ImageCms
except ImportError:
    ImageCms = None

WIDTH, HEIGHT = SIZE = 13, 7
HAS_SVG = (BUILD / "vitrine-decoder-svg").exists()
HAS_LCMS = ImageCms is not None and "VITRINE_LCMS:BOOL=ON" in (BUILD / "CMakeCache.txt").read_text()


def picture():
    """Red to the right, green down, blue in tiles, and alpha along the diagonal."""
    image = Image.new("RGBA", SIZE)
    image.putdata([(x * 255 // (WIDTH - 1), y * 255 // (HEIGHT - 1),
                    (x // 3 + y // 3) % 2 * 160 + 40, 255 - (x + y) * 9)
                   for y in range(HEIGHT) for x in range(WIDTH)])
    return image


RGBA = picture()
RGB = RGBA.copy()
RGB.putalpha(255)
GREY = RGB.convert("L")
PIXELS = list(RGBA.getdata())
GREYS = list(GREY.getdata())
GREY_ALPHA = Image.merge("LA", (GREY, RGBA.getchannel("A"))).convert("RGBA")


def turned(image):
    """As an orientation of 6 shows it."""
    return image.transpose(Image.ROTATE_270)


def grey_of(values):
    image = Image.new("L", SIZE)
    image.putdata(values)
    return image.convert("RGBA")


def wide(values, order=">"):
    """Samples of 16 bits."""
    return b"".join(struct.pack(order + "H", value * 257) for value in values)


def flat(count):
    """The first components of all pixels, one after the other."""
    return [value for pixel in PIXELS for value in pixel[:count]]


# ---- containers ----------------------------------------------------------------------------------


def tiff(pixels, bits, photometric=1, kind=None, extra=None, **more):
    """A TIFF of one strip. kind: SampleFormat; extra: ExtraSamples; more: order, photometric ..."""
    order = more.get("order", "<")
    count = len(bits)
    tile = more.get("tile")
    tags = {256: ("H", [WIDTH]), 257: ("H", [HEIGHT]), 258: ("H", bits), 259: ("H", [1]),
            262: ("H", [photometric]), 273: ("I", [0]), 277: ("H", [count]), 278: ("H", [HEIGHT]),
            279: ("I", [len(pixels)])}
    if tile is not None:
        del tags[278]
        tags |= {322: ("H", [tile]), 323: ("H", [tile]), 324: tags.pop(273), 325: tags.pop(279)}
    if kind is not None:
        tags[339] = ("H", [kind] * count)
    if extra is not None:
        tags[338] = ("H", extra)
    start = 8 + 2 + 12 * len(tags) + 4
    tail = b""
    directory = b""
    for number in sorted(tags):
        letter, values = tags[number]
        packed = struct.pack("%s%d%s" % (order, len(values), letter), *values)
        if number in (273, 324):
            packed = b"at=?"
        elif len(packed) > 4:
            packed, tail = struct.pack(order + "I", start + len(tail)), tail + packed
        directory += struct.pack(order + "HHI", number, {"H": 3, "I": 4}[letter], len(values)) + \
            packed.ljust(4, b"\0")
    directory = directory.replace(b"at=?", struct.pack(order + "I", start + len(tail)))
    return ({"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(order + "IH", 8, len(tags)) +
            directory + bytes(4) + tail + pixels)


def tiles(samples, count, size=16):
    """One tile of 8-bit samples for a whole TIFF: its pixels, and nothing to the right and below."""
    rows = [bytes(samples[y * WIDTH * count:(y + 1) * WIDTH * count]) for y in range(HEIGHT)]
    return b"".join(row.ljust(size * count, b"\0") for row in rows).ljust(size * size * count, b"\0")


def bitmap(masks):
    """Rows of a BMP of 16 bits with these masks of red, green, blue and alpha; and its pixels."""
    rows, pixels = b"", []
    for i, pixel in enumerate(PIXELS):
        word, shown = 0, []
        for mask, value in zip(masks, pixel):
            least = mask & -mask or 1
            most = mask // least
            word |= value * most // 255 * least
            shown.append(value * most // 255 * 255 // most if most else 255)
        rows += struct.pack("<H", word)
        rows += b"\0\0" if (i + 1) % WIDTH == 0 and WIDTH % 2 else b""
        pixels.append(tuple(shown))
    image = Image.new("RGBA", SIZE)
    image.putdata(pixels)
    return rows, image


def faint(pixels):
    """Pixels of R, G, B, A that are all but transparent."""
    return [value // 50 if i % 4 == 3 else value for i, value in enumerate(pixels)]


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(*before):
    """A PNG of RGB with these chunks before the pixels."""
    rows = b"".join(b"\0" + bytes(value for pixel in PIXELS[y * WIDTH:(y + 1) * WIDTH]
                                  for value in pixel[:3]) for y in range(HEIGHT))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", *SIZE, 8, 2, 0, 0, 0)) +
            b"".join(before) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def exif(kind, letter):
    """An EXIF block with the orientation 6 in a number of this kind."""
    value = struct.pack("<" + letter, 6).ljust(4, b"\0")
    return b"Exif\0\0II*\0" + struct.pack("<IHHHI", 8, 1, 0x112, kind, 1) + value + bytes(4)


def jpeg():
    """The bytes of a JPEG without EXIF block."""
    file = io.BytesIO()
    RGB.convert("RGB").save(file, "jpeg", quality=95, subsampling=0)
    return file.getvalue()


def with_exif(plain, block):
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + plain[2:]


def saved_pcx():
    """A PCX whose palette is its end."""
    file = io.BytesIO()
    RGB.convert("RGB").quantize(200).save(file, "pcx")
    return file.getvalue()


def icon(bits, reserved=0):
    """An icon of one bitmap, of 16 or 24 bits."""
    def packed(red, green, blue):
        if bits == 24:
            return bytes((blue, green, red))
        return struct.pack("<H", red >> 3 << 10 | green >> 3 << 5 | blue >> 3)
    rows = b""
    for y in reversed(range(HEIGHT)):
        row = b"".join(packed(*pixel[:3]) for pixel in PIXELS[y * WIDTH:(y + 1) * WIDTH])
        rows += row + bytes(-len(row) % 4)
    header = struct.pack("<IiiHHIIiiII", 40, WIDTH, 2 * HEIGHT, 1, bits, 0, 0, 0, 0, 0, 0)
    bitmap = header + rows + bytes(4 * HEIGHT)
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, WIDTH, HEIGHT, 0, reserved, 1, bits, len(bitmap),
                       22) + bitmap


def pam(depth, kind, samples, newline=b"\n"):
    return newline.join((b"P7", b"WIDTH %d" % WIDTH, b"HEIGHT %d" % HEIGHT, b"DEPTH %d" % depth,
                         b"MAXVAL 255", b"TUPLTYPE " + kind, b"ENDHDR", bytes(samples)))


def inks(alpha):
    """RGB as C, M, Y and K, with alpha."""
    for red, green, blue, opacity in PIXELS:
        black = 255 - max(red, green, blue)
        yield from ((255 - value) - black if black < 255 else 0 for value in (red, green, blue))
        yield black
        if alpha:
            yield opacity


def light_of_inks(alpha):
    image = Image.new("RGBA", SIZE)
    parts = list(inks(False))
    image.putdata([tuple(round((255 - parts[4 * i + c]) * (255 - parts[4 * i + 3]) / 255)
                         for c in range(3)) + ((PIXELS[i][3] if alpha else 255),)
                   for i in range(len(PIXELS))])
    return image


def fives():
    image = Image.new("RGBA", SIZE)
    image.putdata([tuple(v >> 3 << 3 | v >> 5 for v in pixel[:3]) + (255,) for pixel in PIXELS])
    return image


def svg(head=""):
    return head + ('<svg xmlns="http://www.w3.org/2000/svg" width="13" height="7">'
                   '<rect width="13" height="7" fill="#f00"/></svg>')


RED = Image.new("RGBA", SIZE, (255, 0, 0, 255))
HALVES = b"".join(struct.pack("<e", value / 255) for value in GREYS)


def float24(value):
    """Seven bits of exponent, 16 of mantissa."""
    bits = struct.unpack("<I", struct.pack("<f", value))[0]
    exponent = (bits >> 23 & 255) - 127 + 63
    return struct.pack("<I", exponent << 16 | bits >> 7 & 0xffff)[:3] if exponent > 0 else bytes(3)


class Variants(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def decoded(self, files):
        """Of {name: bytes} the pixels, in the same order."""
        for name, data in files.items():
            (self.folder / name).write_bytes(data)
        return dict(zip(files, decoded([self.folder / name for name in files])))

    def compare(self, cases, tolerance=1):
        """Of {name: (bytes, picture, note)}."""
        found = self.decoded({name: case[0] for name, case in cases.items()})
        for name, (_, expected, note) in cases.items():
            with self.subTest(name):
                self.assertEqual(found[name].size, expected.size, found[name].note)
                self.assertLessEqual(difference(found[name], expected), tolerance)
                self.assertEqual(found[name].note, note)

    def refuse(self, cases):
        """Of {name: (bytes, regular expression of the reason)}."""
        found = self.decoded({name: case[0] for name, case in cases.items()})
        for name, (_, reason) in cases.items():
            with self.subTest(name):
                self.assertEqual(found[name].size, (0, 0))
                self.assertRegex(found[name].note, reason)

    def test_tiff(self):
        grey = GREY.convert("RGBA")
        signed = [value - 128 for value in GREYS]
        low, high = min(GREYS), max(GREYS)
        stretched = grey_of([round((value - low) * 255 / (high - low)) for value in GREYS])
        range8 = "values %d to %d" % (low - 128, high - 128)
        range16 = "values %g to %g" % ((low - 128) * 100, (high - 128) * 100)
        floats = b"".join(struct.pack("<f", value / 255) for value in flat(4))
        multiplied = [value * pixel[3] / 255 / 255 for pixel in PIXELS
                      for value in (*pixel[:3], 255)]
        self.compare({
            "half.tif": (tiff(HALVES, [16], kind=3), grey, "values 0 to 1"),
            "half-big.tif": (tiff(b"".join(HALVES[i:i + 2][::-1] for i in range(0, len(HALVES), 2)),
                                  [16], kind=3, order=">"), grey, "values 0 to 1"),
            "float24.tif": (tiff(b"".join(float24(value / 255) for value in GREYS), [24], kind=3),
                            grey, "values 0 to 1"),
            "float-alpha.tif": (tiff(floats, [32] * 4, 2, kind=3, extra=[2]), RGBA,
                                "values 0 to 1"),
            "float-multiplied.tif": (tiff(b"".join(struct.pack("<f", v) for v in multiplied),
                                          [32] * 4, 2, kind=3, extra=[1]), RGBA, "values 0 to 1"),
            "grey-alpha16.tif": (tiff(wide([v for pixel, value in zip(PIXELS, GREYS)
                                            for v in (value, pixel[3])], "<"), [16] * 2, extra=[2]),
                                 GREY_ALPHA, ""),
            "unspecified.tif": (tiff(bytes(flat(4)), [8] * 4, 2, extra=[0]), RGB, ""),
            "unspecified16.tif": (tiff(wide(flat(4), "<"), [16] * 4, 2, extra=[0]), RGB, ""),
            "int8.tif": (tiff(struct.pack("%db" % len(signed), *signed), [8], kind=2), stretched,
                         range8),
            "int16.tif": (tiff(struct.pack("<%dh" % len(signed), *(v * 100 for v in signed)), [16],
                               kind=2), stretched, range16),
            "cmyk16.tif": (tiff(wide(inks(False), "<"), [16] * 4, 5), light_of_inks(False), ""),
        }, 2)

    def test_tiff_alpha(self):
        """Greys, colours and inks with alpha keep both, whatever the layout; pixels that are almost
        transparent keep the colours that a multiplication by alpha would lose."""
        greys = [v for pixel, value in zip(PIXELS, GREYS) for v in (value, pixel[3])]
        inverted = [v for pixel, value in zip(PIXELS, GREYS) for v in (255 - value, pixel[3])]
        thin = faint(flat(4))
        colours = Image.frombytes("RGBA", SIZE, bytes(thin))
        self.compare({
            "tiled-greys.tif": (tiff(tiles(greys, 2), [8] * 2, extra=[2], tile=16), GREY_ALPHA, ""),
            "white-is-0.tif": (tiff(bytes(inverted), [8] * 2, 0, extra=[2]), GREY_ALPHA, ""),
            "faint.tif": (tiff(bytes(thin), [8] * 4, 2, extra=[2]), colours, ""),
            "faint16.tif": (tiff(wide(thin, "<"), [16] * 4, 2, extra=[2]), colours, ""),
            "faint-tiled.tif": (tiff(tiles(thin, 4), [8] * 4, 2, extra=[2], tile=16), colours, ""),
            "inks-alpha.tif": (tiff(bytes(inks(True)), [8] * 5, 5, extra=[2]), light_of_inks(True),
                               ""),
        }, 1)

    def test_tiff_lab(self):
        """Pillow converts with lcms2, too."""
        if not HAS_LCMS:
            self.skipTest("built without lcms2, or Pillow is")
        spaces = [ImageCms.createProfile(name) for name in ("sRGB", "LAB")]
        lab = ImageCms.profileToProfile(RGB.convert("RGB"), *spaces, outputMode="LAB")
        expected = ImageCms.profileToProfile(lab, *spaces[::-1], outputMode="RGB").convert("RGBA")
        signed = lab.tobytes()  # L; a and b as signed numbers, as the files have them
        above = bytes(value ^ (128 if i % 3 else 0) for i, value in enumerate(signed))
        wider = [value * (256 if i % 3 else 257) for i, value in enumerate(signed)]
        self.compare({
            "lab.tif": (tiff(signed, [8] * 3, 8), expected, ""),
            "lab16.tif": (tiff(struct.pack("<%dH" % len(wider), *wider), [16] * 3, 8), expected, ""),
            "icc.tif": (tiff(above, [8] * 3, 9), expected, ""),
            "icc16.tif": (tiff(struct.pack("<%dH" % len(above), *(value * 256 for value in above)),
                               [16] * 3, 9), expected, ""),
        }, 2)
        self.refuse({
            "itu.tif": (tiff(signed, [8] * 3, 10), r"of a kind that .* \(.+\).* convert FILE"),
            "lab32.tif": (tiff(bytes(4) * len(signed), [32] * 3, 8),
                          r"of a kind that .* \(.+\).* convert FILE"),
        })

    def test_bmp(self):
        header = struct.pack("<2sIIIIHHHH", b"BM", 30, 0, 26, 12, 1, 1, 1, 24)
        self.compare({"os2-of-one-pixel.bmp": (header + b"\x32\x64\xc8\0",
                                               Image.new("RGBA", (1, 1), (200, 100, 50, 255)), "")})
        cases = {}
        for name, masks in (("argb4444", (0xf00, 0xf0, 0xf, 0xf000)),
                            ("argb1555", (0x7c00, 0x3e0, 0x1f, 0x8000)),
                            ("rgb565", (0xf800, 0x7e0, 0x1f, 0))):
            rows, image = bitmap(masks)
            cases["%s.bmp" % name] = (
                struct.pack("<2sIIIIiiHHIIIIIIIIII", b"BM", 122 + len(rows), 0, 122, 108, WIDTH,
                            -HEIGHT, 1, 16, 3, len(rows), 0, 0, 0, 0, *masks) + bytes(52) + rows,
                image, "")
        self.compare(cases, 0)

    def test_orientation(self):
        text = exif(3, "H").hex().upper()
        profile = "Raw profile type exif\0\nexif\n%8d\n%s\n" % (len(text) // 2, text)
        plain = jpeg()
        expected = turned(Image.open(io.BytesIO(plain)).convert("RGBA"))
        cases = {"%s.jpg" % name: (with_exif(plain, exif(kind, letter)), expected, "")
                 for name, kind, letter in (("byte", 1, "B"), ("sbyte", 6, "b"), ("short", 3, "H"),
                                            ("sshort", 8, "h"), ("long", 4, "I"),
                                            ("slong", 9, "i"))}
        self.compare(cases, 2)
        self.compare({"upper.png": (png(chunk(b"tEXt", profile.encode())), turned(RGB), "")})

    def test_icons(self):
        self.compare({
            "reserved.ico": (icon(24, 255), RGB, ""),
            "16.ico": (icon(16), fives(), ""),
            "16.cur": (icon(16)[:2] + b"\2" + icon(16)[3:], fives(), ""),
        })

    def test_pam(self):
        self.compare({
            "inks.pam": (pam(4, b"CMYK", inks(False)), light_of_inks(False), ""),
            "inks-alpha.pam": (pam(5, b"CMYK_ALPHA", inks(True)), light_of_inks(True), ""),
            "windows.pam": (pam(3, b"RGB", flat(3), b"\r\n"), RGB, ""),
        })
        self.refuse({"five.pam": (pam(5, b"OTHER", inks(True)), "neither grey, RGB nor CMYK")})

    def test_svg(self):
        if not HAS_SVG:
            self.skipTest("built without librsvg")
        head = '<?xml version="1.0" encoding="UTF-16"?>'
        doctype = '<!DOCTYPE svg [<!ENTITY a "x]>y"> <!-- ]> " --> <!ENTITY b \'">\'>]>'
        self.compare({
            "little.svg": (svg(head).encode("utf-16-le"), RED, ""),
            "big.svg": (svg(head).encode("utf-16-be"), RED, ""),
            "mark.svg": (b"\xfe\xff" + svg(head).encode("utf-16-be"), RED, ""),
            "doctype.svg": (svg(doctype).encode(), RED, ""),
            "compressed.svg": (gzip.compress(svg().encode()), RED, ""),
            "UPPER.SVGZ": (gzip.compress(svg().encode()), RED, ""),
        })

    def test_xpm(self):
        rows = b",".join([b'"' + b"a" * WIDTH + b'"'] * HEIGHT)
        text = b'static char *x[] = {"13 7 1 1", "a c red", %s};' % rows
        self.compare({"no-comment.xpm": (text, RED, "")})

    def test_reasons(self):
        self.refuse({
            "floats": (b"PF\n1 1\n-1.0\n" + bytes(12), "PFM.*convert FILE"),
            "cut.pcx": (struct.pack("<BBBBHHHH", 10, 5, 1, 8, 0, 0, 31, 31).ljust(65, b"\0") +
                        b"\3\x20\0".ljust(63, b"\0") + bytes(40), "incomplete"),
            "palette-cut.pcx": (saved_pcx()[:-9], "incomplete"),
            "right-to-left.tga": (struct.pack("<BBBHHBHHHHBB", 0, 0, 2, 0, 0, 0, 0, 0, *SIZE, 24,
                                              16) + bytes(flat(3)), "TGA.*convert FILE"),
        })


if __name__ == "__main__":
    unittest.main()
