#!/usr/bin/env python3
"""Writes the first inputs of fuzz_segment: seeds.py FOLDER. tests/fuzz/corpus/segment grew from them.

An input is a struct plan (hostile.h), the values of the semaphores, patches, and the bytes of the
segment from its beginning. Sound channels in every state a slot can be in, each for every reader;
the fuzzer does the damage.
"""
import pathlib
import struct
import sys

NAMES = ["inspector", "mirror", "consumer", "producer", "status", "xray", "recv", "window"]
NEVER, AT_CALLS, BY_THREAD, HONESTLY = range(4)
MEND_MAGIC, MEND_SEMID, MEND_SIZES, MEND_COUNT, MEND_ALL = 1, 2, 4, 8, 15
PAGE = 4096
XR24, AB24, R8, NV12, YU12 = b"XR24", b"AB24", b"R8  ", b"NV12", b"YU12"


def plan(readers, slots, size, mends=MEND_ALL, change=NEVER, patches=0, shift=0, options=0,
         extra=0):
    return struct.pack("<BBBBIBBBB", readers, mends, slots, extra, size - 1, shift, change, patches,
                       options)


def values(slots, empty, full, nothing, states, mutex=1, alive=1):
    """`states`: of each slot its ready, latest, writer and reader."""
    numbers = [mutex, empty, full, nothing, alive, 0, 0, 0]
    for state in states:
        numbers += state
    assert len(states) == slots
    return struct.pack("<%dH" % len(numbers), *numbers)


def patch(call, at, data):
    return struct.pack("<BBHI8s", call, len(data), 0, at, data)


def descriptor(sequence, kind, fourcc, width, height, pitch, size, name, media_type=b"", checksum=0):
    return struct.pack("<QQQQ4s4sIIIiII16s256s64s112x", sequence, 1000, size, PAGE,
                       struct.pack("<I", kind), fourcc, width, height, pitch, 1, checksum, 0, b"",
                       name, media_type)


def header(slots, slot_size, descriptors, semid=0):
    head = struct.pack("<8sIIIIQiiQ256s208x", b"vitrine\n", 1, PAGE, slots, 512, slot_size, semid,
                       1, 0, b"0x77050000")
    return head + b"".join(descriptors)


def pixels(sequence, fourcc=R8, width=16, height=8, pitch=None, name=b"a.png", checksum=0):
    pitch = pitch or width * (4 if fourcc in (XR24, AB24) else 1)
    size = pitch * height
    if fourcc in (NV12, YU12):
        size += 2 * ((pitch + 1) // 2) * ((height + 1) // 2)
    return descriptor(sequence, 1, fourcc, width, height, pitch, size, name, checksum=checksum)


def text(sequence, size=20, name=b"a.txt", media_type=b"text/plain", checksum=0):
    return descriptor(sequence, 2, b"", 0, 0, 0, size, name, media_type, checksum)


EMPTY = descriptor(0, 0, b"", 0, 0, 0, 0, b"")
WAITS, NEWEST, READ, WRITTEN, FREE = [1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0], [0] * 4
SEEN = [0, 1, 0, 0]
SIZE = 3 * PAGE


def seeds():
    waiting = values(2, 0, 2, 0, [WAITS, NEWEST])
    two = header(2, PAGE, [pixels(1), pixels(2, XR24)])
    files = header(2, PAGE, [text(1), text(2, checksum=1)]) + bytes(PAGE - 1536) + (
        b"a text\nof two lines\n")
    for bit, name in enumerate(NAMES):
        yield name, plan(1 << bit, 2, SIZE) + waiting + two
        for options in (1, 8, 9, 16, 17, 28, 29):
            yield "%s-%d" % (name, options), plan(1 << bit, 2, SIZE, options=options) + waiting + two
            yield "%s-file-%d" % (name, options), plan(1 << bit, 2, SIZE, options=options) + (
                waiting + files)
        yield name + "-at-calls", plan(1 << bit, 2, SIZE, change=AT_CALLS, patches=3) + waiting + (
            patch(1, 512 + 48, b"\xff\xff") + patch(2, 1024 + 16, b"\xff" * 8) +
            patch(3, 1024 + 80, b"\xff" * 8)) + two
        yield name + "-by-thread", plan(1 << bit, 2, SIZE, change=BY_THREAD, patches=2) + waiting + (
            patch(0, 1024 + 16, b"\xff" * 8) + patch(0, 512 + 48, b"\xff" * 4)) + two
        yield name + "-planes", plan(1 << bit, 3, 4 * PAGE, options=8) + values(
            3, 0, 2, 0, [WAITS, READ, NEWEST]) + header(
                3, PAGE, [pixels(1, NV12, 15, 7), pixels(2, AB24), pixels(3, YU12, 15, 7, 17)])
        yield name + "-sparse", plan(1 << bit, 2, SIZE, shift=20) + waiting + header(
            2, 0, [pixels(1, R8, 60000, 60000), text(2, 3 << 30)])
        yield name + "-large", plan(1 << bit, 2, SIZE, shift=9) + waiting + header(
            2, 0, [pixels(1, XR24, 1000, 500), text(2, 5 << 20)])
        yield name + "-no-room-for-planes", plan(1 << bit, 2, SIZE, options=8) + waiting + header(
            2, PAGE, [descriptor(1, 1, NV12, 64, 64, 64, PAGE, b"a"),
                      descriptor(2, 1, YU12, 64, 64, 64, PAGE, b"b")])
        # Not with option 1, which makes the library refuse the channel.
        yield name + "-names", plan(1 << bit, 2, SIZE, options=16) + waiting + header(
            2, PAGE, [pixels(1, name=b"../\xff\x1b[2J" + b"\xc3\xa9" * 123),
                      text(2, name=b"", media_type=b"text/\x07" + b"x" * 58)])
    for bit in (0, 1, 5):
        yield NAMES[bit] + "-honestly", plan(1 << bit, 2, SIZE, change=HONESTLY, patches=4) + (
            values(2, 0, 1, 0, [WAITS, SEEN])) + b"".join(patch(i, i & 1, b"") for i in range(4))
    yield "first", plan(7, 2, SIZE) + values(2, 2, 0, 1, [FREE, FREE]) + header(
        2, PAGE, [EMPTY, EMPTY])
    yield "busy", plan(0x3f, 4, 5 * PAGE) + values(4, 0, 1, 0, [WRITTEN, READ, NEWEST, FREE]) + (
        header(4, PAGE, [pixels(i + 1) for i in range(4)]))
    yield "not-begun", plan(0xff, 2, SIZE, mends=0, extra=1)
    yield "too-many-semaphores", plan(0xff, 64, SIZE, extra=254)
    yield "more-slots-than-the-segment", plan(0xff, 64, SIZE, mends=7) + (
        values(64, 63, 0, 0, [FREE] * 63 + [SEEN]) + two)
    yield "slots-that-overflow", plan(0x3f, 2, SIZE, mends=MEND_MAGIC | MEND_SEMID) + waiting + (
        header(2, PAGE | 1 << 63, [pixels(1, R8, 16, 8), text(2, 1 << 20)]))
    yield "nobody-signed", plan(0xff, 2, SIZE, mends=MEND_SEMID) + waiting + two
    yield "blank", plan(0xff, 2, SIZE, mends=0) + waiting
    yield "foreign", plan(0xff, 2, SIZE, mends=0) + waiting + b"\x7fELF" * 100
    yield "other-version", plan(0xff, 2, SIZE, mends=0) + waiting + b"vitrine\n\x02"
    yield "tiny", plan(0xff, 2, 100) + waiting + two
    yield "retired", plan(0xff, 2, SIZE) + values(2, 1, 0, 0, [FREE, SEEN], alive=0) + two
    yield "stopped", plan(0xff, 2, SIZE) + values(2, 0, 2, 0, [WAITS, NEWEST], mutex=0) + two
    yield "sixty-four", plan(0x33, 64, 128 << 10) + values(64, 63, 0, 0, [FREE] * 63 + [SEEN]) + (
        header(64, PAGE, [EMPTY] * 63 + [pixels(1)]))


def main(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in seeds():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main(sys.argv[1])
