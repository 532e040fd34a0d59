"""Pictures as rows of R G B bytes: makes them, writes and reads them as PNG, compares them. Uses
only the standard library."""
import struct
import zlib

PNG = b"\x89PNG\r\n\x1a\n"


class Picture:
    """width x height pixels; `data` is their bytes, R G B, without gaps."""

    def __init__(self, width, height, data):
        if len(data) != width * height * 3:
            raise ValueError("%d bytes are not %d x %d pixels" % (len(data), width, height))
        self.width, self.height, self.data = width, height, bytes(data)

    def __eq__(self, other):
        return (self.width, self.height, self.data) == (other.width, other.height, other.data)

    def __repr__(self):
        return "Picture(%d x %d, crc %08x)" % (self.width, self.height, zlib.crc32(self.data))

    @classmethod
    def pattern(cls, width, height, seed):
        """A picture in which every pixel is unique, and that differs for each seed."""
        row, data = bytearray(width * 3), bytearray()
        row[0::3] = bytes((x * 5 + seed * 37) & 255 for x in range(width))
        blue = int.from_bytes(bytes(x * 3 & 255 for x in range(width)), "big")
        for y in range(height):
            row[1::3] = bytes(((y * 7 + seed * 101) & 255,)) * width
            change = bytes(((y * 11 ^ seed * 59) & 255,)) * width
            row[2::3] = (blue ^ int.from_bytes(change, "big")).to_bytes(width, "big")
            data += row
        return cls(width, height, data)

    @classmethod
    def plain(cls, width, height, red, green, blue):
        return cls(width, height, bytes((red, green, blue)) * (width * height))

    def row(self, y, x=0, width=None):
        start = (y * self.width + x) * 3
        return self.data[start:start + (self.width - x if width is None else width) * 3]

    def pixel(self, x, y):
        return tuple(self.row(y, x, 1))

    def crop(self, x, y, width, height):
        return Picture(width, height, b"".join(self.row(y + i, x, width) for i in range(height)))

    def find(self, part):
        """(x, y) at which this picture contains exactly the pixels of `part`; None: nowhere."""
        first = part.row(0)
        for y in range(self.height - part.height + 1):
            row, at = self.row(y), -1
            while (at := row.find(first, at + 1)) >= 0:
                if at % 3 == 0 and self.crop(at // 3, y, part.width, part.height) == part:
                    return at // 3, y
        return None

    # ---- PNG -------------------------------------------------------------------------------------

    def to_png(self):
        rows = b"".join(b"\0" + self.row(y) for y in range(self.height))
        return (PNG + _chunk(b"IHDR", struct.pack(">2I5B", self.width, self.height, 8, 2, 0, 0, 0))
                + _chunk(b"IDAT", zlib.compress(rows, 1)) + _chunk(b"IEND", b""))

    @classmethod
    def from_png(cls, data):
        """Reads a PNG file as programs save it: 8 bits per component, RGB or RGBA (alpha is
        dropped)."""
        width, height, size, pixels = read_png(data)
        if size == 4:
            del pixels[3::4]
        return cls(width, height, pixels)


def read_png(data):
    """(width, height, bytes per pixel: 3 or 4, pixels) of a PNG file as programs save it."""
    if not data.startswith(PNG):
        raise ValueError("not a PNG file")
    at, packed = len(PNG), b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, height, bits, colour, _, _, interlaced = struct.unpack(">2I5B", body)
        elif kind == b"IDAT":
            packed += body
        at += 12 + length
    if bits != 8 or colour not in (2, 6) or interlaced:
        raise ValueError("a kind of PNG that is not read here")
    size = 3 if colour == 2 else 4
    return width, height, size, _unfilter(zlib.decompress(packed), width, height, size)


def png_of_size(width, height):
    """A PNG file whose header announces width x height pixels, but which contains none."""
    return (PNG + _chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0))
            + _chunk(b"IDAT", zlib.compress(b"")) + _chunk(b"IEND", b""))


def _chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _paeth(left, above, corner):
    guess = left + above - corner
    return min((left, above, corner), key=lambda value: abs(guess - value))


def _unfilter(data, width, height, size):
    """Undoes PNG's row filters; a pixel has `size` bytes."""
    pitch = width * size
    result, above = bytearray(), bytearray(pitch)
    for y in range(height):
        kind, *_ = data[y * (pitch + 1):y * (pitch + 1) + 1]
        row = bytearray(data[y * (pitch + 1) + 1:(y + 1) * (pitch + 1)])
        for i in range(pitch if kind else 0):
            left, corner = (row[i - size], above[i - size]) if i >= size else (0, 0)
            row[i] = (row[i] + (0, left, above[i], (left + above[i]) // 2,
                                _paeth(left, above[i], corner))[kind]) & 255
        result += row
        above = row
    return result
