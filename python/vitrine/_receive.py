"""Writes images to files: complete or not at all, never over an existing file, under a safe name.
"""
from __future__ import annotations

import errno
import os
import struct
import tempfile
import zlib
from typing import Iterator

from ._image import Image, digest_problem


def safe_name(name: str) -> str:
    """A safe file name made from an untrusted one: no path, not hidden, not too long."""
    name = name.replace("/", "_").replace("\0", "_").lstrip(".") or "image"
    name = "".join(char if char.isprintable() else "_" for char in name)
    if name[0] == "-":  # a program would take it for an option
        name = "_" + name[1:]
    stem, extension = os.path.splitext(name)
    while len(os.fsencode(stem + extension)) > 240:
        stem, extension = (stem[:-1], extension) if stem else ("image", extension[:16])
    return stem + extension


def file_name(image: Image) -> str:
    """Files keep their names; pixels are written as PNG with a matching name."""
    name = safe_name(image.name)
    if image.info.kind == "file" or name.lower().endswith(".png"):
        return name
    return os.path.splitext(name)[0] + ".png"


def check(image: Image) -> None:
    """Damaged: the bytes do not match the publisher's checksum."""
    problem = digest_problem(image)
    if problem:
        raise problem


def content(image: Image) -> bytes:
    """The contents of the file."""
    return bytes(image.data) if image.info.kind == "file" else png(image)


def save(image: Image, folder: str) -> str:
    """Writes the image to the folder and returns the path. The file gets its name only when it is
    complete and on the disk. Damaged: its checksum is wrong; the private copy that is checked is
    the one that is written.
    """
    image = image.copy()
    check(image)
    data = content(image)
    directory = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        descriptor, hidden = _open(folder, directory)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(descriptor)
                source = hidden or f"/proc/self/fd/{descriptor}"
                return os.path.join(folder, _link(source, directory, file_name(image)))
        finally:
            if hidden:
                os.unlink(hidden)
    finally:
        os.close(directory)


def _open(folder: str, directory: int) -> tuple[int, str]:
    """A new file without a name in the folder: if this process is killed, nothing of it remains. If
    the file system does not support that, the file has a hidden name, which is the second
    result.
    """
    try:
        return os.open(".", os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o666, dir_fd=directory), ""
    except OSError:
        descriptor, hidden = tempfile.mkstemp(prefix=".vitrine-", dir=folder)
        os.fchmod(descriptor, 0o666 & ~_umask())
        return descriptor, hidden


def _umask() -> int:
    mask = os.umask(0o77)
    os.umask(mask)
    return mask


def _link(source: str, directory: int, name: str) -> str:
    """Gives the file its name, or name-2, name-3 …: link() never replaces an existing file. If the
    file system refuses the name, tries a plainer one.
    """
    first = None
    for plain in _names(name):
        try:
            return _link_free(source, directory, plain)
        except OSError as error:
            first = first or error
            if error.errno not in _OF_THE_NAME:
                break
    assert first
    raise first


# What file systems say of a name that they do not take; of the folder, too, so all names fail then.
_OF_THE_NAME = (errno.EINVAL, errno.ENAMETOOLONG, errno.EILSEQ, errno.EPERM, errno.EACCES,
                errno.ENOENT)


def _names(name: str) -> Iterator[str]:
    """The name; then one without what FAT, NTFS and eCryptfs refuse; then one that every file
    system accepts.
    """
    yield name
    plain = "".join("_" if char in ':*?"<>|\\' or not char.isascii() else char for char in name)
    stem, extension = os.path.splitext(plain.rstrip(". ") or "_")
    if stem.upper() in _DEVICES:
        stem = "_" + stem
    yield stem[:128 - len(extension)] + extension
    yield "image" + (extension if extension[1:].isalnum() else "")


_DEVICES = {"CON", "PRN", "AUX", "NUL",
            *(f"{port}{i}" for port in ("COM", "LPT") for i in range(10))}


def _link_free(source: str, directory: int, name: str) -> str:
    stem, extension = os.path.splitext(name)
    number = 1
    while True:
        wanted = name if number == 1 else f"{stem}-{number}{extension}"
        try:
            # With dst_dir_fd Python calls linkat(), which follows /proc/self/fd to the file.
            os.link(source, wanted, dst_dir_fd=directory, follow_symlinks=True)
            return wanted
        except FileExistsError:
            number += 1


def png(image: Image) -> bytes:
    """The pixels as a PNG file. ImportError: video, and NumPy is not installed."""
    info = image.info
    colour = 0 if info.order == "L" else 6 if "A" in info.order else 2
    rows = bytearray()
    for y in range(info.height):
        if info.order:
            row = image.data[y * info.pitch:y * info.pitch + info.width * len(info.order)]
            rows += b"\0" + _reordered(row, info.order)
        else:
            rows += b"\0" + image.array[y].tobytes()
    header = struct.pack(">2I5B", info.width, info.height, 8, colour, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header)
            + _chunk(b"IDAT", zlib.compress(rows, 1)) + _chunk(b"IEND", b""))


def _reordered(row: memoryview, order: str) -> bytes:
    """A row of pixels with its components in PNG's order, without an X."""
    wanted = [order.index(component) for component in ("RGBA" if "A" in order else "RGB")] \
        if len(order) > 1 else [0]
    result = bytearray(len(row) // len(order) * len(wanted))
    for i, place in enumerate(wanted):
        result[i::len(wanted)] = row[place::len(order)]
    return bytes(result)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
