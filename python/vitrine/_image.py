"""An image as a reader gets it: its description, and its pixels as bytes or as a NumPy array.

Image has private memory; TakenImage (see _consumer.py) shows a slot of the channel.
"""
from __future__ import annotations

import dataclasses
import hashlib
import time
from typing import TYPE_CHECKING, Any, Optional

from . import _library as c
from ._errors import Error

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# Bytes of a pixel in memory, by FourCC: how they are called here, and by Pillow.
ORDERS = {"XR24": "BGRX", "AR24": "BGRA", "XB24": "RGBX", "AB24": "RGBA", "R8  ": "L"}
VIDEO = ("NV12", "YU12")  # planes of Y, U and V


def fourcc(text: str) -> int:
    return int.from_bytes(text.encode("ascii"), "little")


def fourcc_text(code: int) -> str:
    return code.to_bytes(4, "little").decode("ascii", "replace")


@dataclasses.dataclass(frozen=True)
class ImageInfo:
    """The description of an image; every number was checked against the segment's real size."""

    sequence: int  #: 1, 2, 3 … in the order of publication
    name: str  #: without directory and control characters
    kind: str  #: "pixels" or "file"
    size: int  #: bytes of payload
    width: int  #: pixels; 0 for a file
    height: int  #: pixels; 0 for a file
    pitch: int  #: bytes from one row to the next; 0 for a file
    format: str  #: FourCC: "AB24", "XR24", "R8  " …; "" for a file
    media_type: str  #: of a file: "image/png"; "video/x-raw": a frame of a stream; "" for pixels
    publisher: int  #: pid
    published_ns: int  #: as time.monotonic_ns() counts; negative: before the boot
    slot: int  #: where it lies or lay
    checksum: str  #: "", "md5" or "xxh3"
    digest: str  #: hexadecimal

    @property
    def order(self) -> str:
        """The order of the bytes of a pixel: "RGBA", "RGBX", "BGRA", "BGRX", "L"; "" for others."""
        return ORDERS.get(self.format, "")

    @property
    def age(self) -> float:
        """Seconds since its publication."""
        return max(0, time.monotonic_ns() - self.published_ns) / 1e9

    @classmethod
    def of(cls, image: c.Image) -> ImageInfo:
        pixels = image.kind == c.PIXELS
        length = (0, 16, 8)[image.checksum]
        return cls(
            sequence=image.sequence, name=c.decode(image.name),
            kind="pixels" if pixels else "file", size=image.size, width=image.width,
            height=image.height, pitch=image.pitch,
            format=fourcc_text(image.format) if pixels else "",
            media_type=c.decode(image.media_type), publisher=image.publisher,
            published_ns=image.published_ns, slot=image.slot,
            checksum=("", "md5", "xxh3")[image.checksum], digest=bytes(image.digest)[:length].hex())


class Image:
    """An image in private memory, as returned by Mirror.latest() and copy(). It stays valid, and
    `array` and `data` are writable.
    """

    def __init__(self, info: ImageInfo, memory: memoryview) -> None:
        self.info = info
        self._memory = memory
        self._array: Optional[npt.NDArray[np.uint8]] = None

    @property
    def data(self) -> memoryview:
        """The payload: `info.size` bytes, unchanged."""
        return self._memory

    @property
    def raw(self) -> npt.NDArray[np.uint8]:
        """
        The pixels as they lie in memory, never copied: uint8, (H, W, 4) with bytes in the order
        `info.order`, or (H, W) for grey. ValueError: a file, or planes of video: use `data`.
        """
        return self._view(len(self.info.order), 0, 1)

    @property
    def array(self) -> npt.NDArray[np.uint8]:
        """
        The pixels: uint8, (H, W) grey, (H, W, 3) in the order R, G, B, or (H, W, 4) with alpha
        (0 to 255, straight). A view, not a copy, but for what no view can show: B G R A (FourCC
        AR24), whose bytes change places, video (NV12, YU12), which becomes R G B, and an image
        file, which Pillow decodes. These are copies that no one else changes. ValueError: a file
        that is no image.
        """
        data = self.data  # also asks whether it is still there
        if self._array is None:
            order = self.info.order
            if self.info.kind == "file":
                self._array = self._decoded()
            elif self.info.format in VIDEO:
                from ._video import rgb
                self._array = rgb(self.info, data)
            elif order == "BGRA":
                self._array = self.raw[..., [2, 1, 0, 3]]
            elif order in ("BGRX", "RGBX"):
                self._array = self._view(3, order.index("R"), 1 if order[0] == "R" else -1)
            else:
                self._array = self.raw
            if data.readonly:
                self._array.setflags(write=False)
        return self._array

    def _view(self, components: int, first: int, step: int) -> npt.NDArray[np.uint8]:
        """`components` bytes of each pixel from byte `first` on, `step` bytes apart."""
        import numpy as np
        info = self.info
        if not info.order:
            raise ValueError(f"{info.name}: {info.format or info.media_type} has no rows of pixels "
                             "to show as an array; its bytes are in `data`")
        memory = np.frombuffer(self.data, np.uint8)  # keeps to what the view allows: read-only
        if info.order == "L":
            return np.ndarray((info.height, info.width), np.uint8, memory, strides=(info.pitch, 1))
        return np.ndarray((info.height, info.width, components), np.uint8, memory, first,
                          (info.pitch, 4, step))

    def _decoded(self) -> npt.NDArray[np.uint8]:
        import numpy as np
        return np.array(self.to_pillow(), np.uint8)

    def copy(self) -> Image:
        """A lasting copy of the image in private memory."""
        return Image(self.info, memoryview(bytearray(self.data)))

    def to_pillow(self) -> Any:
        """
        A private PIL.Image.Image, mode L, RGB or RGBA; an image file is decoded. ValueError: not an
        image. ImportError: Pillow is not installed, or for video NumPy.
        """
        from ._pillow import decode, from_pixels
        if self.info.kind == "file":
            return decode(bytes(self.data), self.info.name)
        if self.info.format in VIDEO:
            from ._pillow import from_rgb
            return from_rgb(self.array)
        return from_pixels(self.info, self.data)

    def verify(self) -> Optional[bool]:
        """True if the payload matches its publisher's MD5. None: it carries no checksum, or one
        that Python's library does not support (xxh3).
        """
        if self.info.checksum != "md5":
            return None
        return hashlib.md5(self.data, usedforsecurity=False).hexdigest() == self.info.digest

    @property
    def name(self) -> str:
        return self.info.name

    @property
    def sequence(self) -> int:
        return self.info.sequence

    @property
    def width(self) -> int:
        return self.info.width

    @property
    def height(self) -> int:
        return self.info.height

    def __repr__(self) -> str:
        what = (f"{self.width} x {self.height} {self.info.order or self.info.format}"
                if self.info.kind == "pixels" else
                f"{self.info.media_type}, {self.info.size} bytes")
        return f"<{type(self).__name__} {self.sequence} {self.name!r}: {what}>"


def digest_problem(image: Image) -> Optional[Error]:
    """The message of Damaged for an image that does not match its publisher's checksum; otherwise
    None.
    """
    from ._errors import Damaged
    if image.verify() is not False:
        return None
    return Damaged(f"{image.name}: the bytes that came are not those that were sent (md5)")
