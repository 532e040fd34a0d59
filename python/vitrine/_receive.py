"""Images become files: whole or not at all, never over an existing one, under a safe name."""
from __future__ import annotations

import os
import struct
import tempfile
import zlib

from ._image import Image, digest_problem


def safe_name(name: str) -> str:
    """A file name out of one that a stranger chose: no path, nothing hidden, not too long."""
    name = name.replace("/", "_").replace("\0", "_").lstrip(".") or "image"
    name = "".join(char if char.isprintable() else "_" for char in name)
    stem, extension = os.path.splitext(name)
    while len(os.fsencode(stem + extension)) > 240:
        stem, extension = (stem[:-1], extension) if stem else ("image", extension[:16])
    return stem + extension


def file_name(image: Image) -> str:
    """Files keep their names; pixels are written as PNG and called so."""
    name = safe_name(image.name)
    if image.info.kind == "file" or name.lower().endswith(".png"):
        return name
    return os.path.splitext(name)[0] + ".png"


def check(image: Image) -> None:
    """Damaged: the bytes are not those that its publisher hashed."""
    problem = digest_problem(image)
    if problem:
        raise problem


def content(image: Image) -> bytes:
    """What the file will hold. ValueError: pixels in planes of video."""
    return bytes(image.data) if image.info.kind == "file" else png(image)


def save(image: Image, folder: str) -> str:
    """
    Writes the image into the folder; the path. It has its name only when it is whole and on the
    disk. Damaged: its checksum is wrong, judged by a private copy, which is what is written.
    """
    image = image.copy()
    check(image)
    data = content(image)
    descriptor, temporary = tempfile.mkstemp(prefix=".vitrine-", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        return _link(temporary, folder, file_name(image))
    finally:
        os.unlink(temporary)


def _umask() -> int:
    mask = os.umask(0o77)
    os.umask(mask)
    return mask


def _link(temporary: str, folder: str, name: str) -> str:
    """Gives the file its name, or name-2, name-3 …: link() never goes over an existing file."""
    stem, extension = os.path.splitext(name)
    number = 1
    while True:
        path = os.path.join(folder, name if number == 1 else f"{stem}-{number}{extension}")
        try:
            os.link(temporary, path)
            return path
        except FileExistsError:
            number += 1


def png(image: Image) -> bytes:
    """The pixels as a PNG file. ValueError: planes of video."""
    info = image.info
    colour = {"L": 0, "RGBX": 2, "BGRX": 2, "RGBA": 6, "BGRA": 6}.get(info.order)
    if colour is None:
        raise ValueError(f"{info.name}: {info.format} is not converted here")
    rows = bytearray()
    for y in range(info.height):
        row = image.data[y * info.pitch:y * info.pitch + info.width * len(info.order)]
        rows += b"\0" + _reordered(row, info.order)
    header = struct.pack(">2I5B", info.width, info.height, 8, colour, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header)
            + _chunk(b"IDAT", zlib.compress(rows, 1)) + _chunk(b"IEND", b""))


def _reordered(row: memoryview, order: str) -> bytes:
    """A row of pixels with its components in PNG's order, without an X."""
    wanted = [order.index(component) for component in ("RGBA" if "A" in order else "RGB")] \
        if len(order) == 4 else [0]
    result = bytearray(len(row) // len(order) * len(wanted))
    for i, place in enumerate(wanted):
        result[i::len(wanted)] = row[place::len(order)]
    return bytes(result)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
