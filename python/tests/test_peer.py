"""C at one end and Python at the other, byte for byte, both ways."""
import subprocess

import numpy as np
import pytest
import vitrine
from conftest import BUILD

PEER = BUILD / "tests/python_peer"
FORMATS = {"XR24": 4, "AR24": 4, "XB24": 4, "AB24": 4, "R8  ": 1}


@pytest.mark.parametrize("format, size", FORMATS.items())
@pytest.mark.parametrize("width, height", [(1, 1), (33, 21), (640, 480)])
def test_from_c_to_python(key, format, size, width, height):
    rng = np.random.default_rng(width)
    sent = rng.integers(0, 256, (3, height, width, size), np.uint8)
    with vitrine.Consumer(key, timeout=10) as consumer:
        subprocess.run([PEER, "send", str(key), format, str(width), str(height), "3"],
                       input=sent.tobytes(), check=True)
        for number, pixels in enumerate(sent, 1):
            image = next(consumer)
            assert (image.sequence, image.name, image.info.format) == (number, "from C", format)
            assert bytes(image.data) == pixels.tobytes()
            assert (image.raw == (pixels if size == 4 else pixels[..., 0])).all()


@pytest.mark.parametrize("shape", [(1, 1), (21, 33, 3), (480, 640, 4)])
def test_from_python_to_c(key, shape):
    sent = np.random.default_rng(2).integers(0, 256, shape, np.uint8)
    with vitrine.Producer(key) as producer:
        producer.publish(sent, "from Python")
        with producer.claim(shape, "in place") as slot:
            slot.array[...] = sent
        producer.publish_file(b"a\0b", "c.bin")
        got = subprocess.run([PEER, "recv", str(key), "3"], capture_output=True, check=True).stdout
    components = shape[2] if len(shape) == 3 else 1
    size = components
    format = {1: "R8  ", 3: "BG24", 4: "AB24"}[components]
    for name in ("from Python", "in place"):
        line, _, got = got.partition(b"\n")
        length = shape[0] * shape[1] * size
        assert line.decode() == (f"1 {format} {shape[1]} {shape[0]} {shape[1] * size} {length} "
                                 f"{name}")
        pixels = np.frombuffer(got[:length], np.uint8).reshape(shape[:2] + (size,))
        assert (pixels[..., :components] == sent.reshape(shape[:2] + (components,))).all()
        got = got[length:]
    assert got == b"2 file 0 0 0 3 c.bin\na\0b"


def test_a_file_from_c(key):
    with vitrine.Consumer(key, timeout=10) as consumer:
        subprocess.run([PEER, "send", str(key), "FILE", "x.bin"], input=bytes(range(256)) * 9,
                       check=True)
        image = next(consumer)
        assert (image.info.kind, image.name) == ("file", "x.bin")
        assert bytes(image.data) == bytes(range(256)) * 9


def test_a_mirror_sees_what_c_publishes(key):
    with vitrine.Mirror(key, timeout=10) as mirror:
        for number in range(1, 4):
            subprocess.run([PEER, "send", str(key), "R8  ", "2", "2", "1"], check=True,
                           input=bytes([number] * 4))
            assert mirror.newer().array.tolist() == [[number] * 2] * 2
        with vitrine.Consumer(key) as consumer:  # it has taken nothing
            assert [next(consumer).sequence for _ in range(3)] == [1, 2, 3]
