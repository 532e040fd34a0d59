"""The pixels of image files as the decoder's process gives them, for tests that compare with Pillow."""
import collections
import os
import pathlib
import subprocess
import sys

try:
    from PIL import Image, ImageChops
except ImportError:
    print("Pillow (python3-pil) is not installed")
    sys.exit(77)

BUILD = pathlib.Path(os.environ["VITRINE_BUILD"])

Decoded = collections.namedtuple("Decoded", "size note pixels")  # size (0, 0): note is the reason


def decoded(paths):
    """Of each file its size, note, and pixels (R, G, B, A); one process decodes all."""
    output = subprocess.run([BUILD / "tests/vitrine-pixels", BUILD / "vitrine-decoder", *paths],
                            stdout=subprocess.PIPE, timeout=120, check=True).stdout
    found, at = [], 0
    for _ in paths:
        end = output.index(b"\n", at)
        width, height, note = output[at:end].decode().split(" ", 2)
        size = int(width), int(height)
        at = end + 1 + 4 * size[0] * size[1]
        found.append(Decoded(size, note, output[end + 1:at]))
    assert at == len(output)
    return found


def difference(found, expected):
    """The largest difference to an image; colours of pixels that are transparent in both count not."""
    image = Image.frombytes("RGBA", found.size, found.pixels)
    distance = ImageChops.difference(image, expected)
    alphas = ImageChops.lighter(image.getchannel("A"), expected.getchannel("A"))
    seen = alphas.point(lambda alpha: 255 * (alpha > 0))
    nothing = Image.new("RGBA", found.size, 0)
    return max(high for _, high in Image.composite(distance, nothing, seen).getextrema())
