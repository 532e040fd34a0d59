"""An image as a reader gets it: its description, and its pixels as bytes or as a NumPy array.

Image has private memory; TakenImage (see _consumer.py) shows a slot of the channel.
"""
from __future__ import annotations

import dataclasses
import hashlib
import io
import time
from typing import TYPE_CHECKING, Any, Optional

from . import _library as c
from ._errors import Error

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# Bytes of a pixel in memory, by FourCC: how they are called here, and by Pillow.
ORDERS = {"BG24": "RGB", "RG24": "BGR", "XR24": "BGRX", "AR24": "BGRA", "XB24": "RGBX",
          "AB24": "RGBA", "R8  ": "L"}
FORMATS = {order: code for code, order in ORDERS.items()}


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
        """The order of the bytes of a pixel: "RGB", "BGR", "RGBA", "BGRA", "RGBX", "BGRX", "L";
        "" for a file and for video.
        """
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

    NumPy takes it for its array: np.asarray(image). Jupyter shows it. Pickling copies it, so it can
    be the result of a worker process.
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
        The pixels as they lie in memory, never copied: uint8, (H, W, 3) or (H, W, 4) with bytes in
        the order `info.order`, or (H, W) for grey. ValueError: a file, or planes of video: use
        `data`.
        """
        import numpy as np
        info = self.info
        if not info.order:
            raise ValueError(f"{info.name}: {info.format or info.media_type} has no rows of pixels "
                             "to show as an array; its bytes are in `data`")
        memory = np.frombuffer(self.data, np.uint8)  # keeps to what the view allows: read-only
        shape, components = (info.height, info.width), len(info.order)
        if components > 1:
            shape += (components,)  # type: ignore[assignment]
        array: npt.NDArray[np.uint8] = np.ndarray(
            shape, np.uint8, memory, strides=(info.pitch, components, 1)[:len(shape)])
        return array

    @property
    def array(self) -> npt.NDArray[np.uint8]:
        """
        The pixels: uint8, (H, W) grey, (H, W, 3) in the order R, G, B, or (H, W, 4) with alpha
        (0 to 255, straight). Bytes in that order are not copied: it is a view of `data`. Other
        pixels (B G R, a fourth byte that means nothing, video) are converted, and an image file is
        decoded by Pillow: then it is a copy that no one else changes. ValueError: a file that is no
        image.
        """
        data = self.data  # also asks whether it is still there
        if self._array is None:
            order = self.info.order
            if self.info.kind == "file":
                self._array = self._decoded()
            elif order in ("L", "RGB", "RGBA"):
                self._array = self.raw
            else:
                self._array = self._loaded("RGBA" if order == "BGRA" else "RGB", None)
            if data.readonly:
                self._array.setflags(write=False)
        return self._array

    def rgb(self, out: Optional[npt.NDArray[Any]] = None) -> npt.NDArray[Any]:
        """The pixels as a packed array (H, W, 3) in the order R, G, B; alpha is dropped.

        out: an array to fill and return instead of a new one, which saves the memory of each image
        of a loop. It may be uint8, uint16 (0 … 65535), float32 or float64 (0 … 1).
        """
        return self._loaded("RGB", out)

    def bgr(self, out: Optional[npt.NDArray[Any]] = None) -> npt.NDArray[Any]:
        """Like rgb(), in OpenCV's order B, G, R."""
        return self._loaded("BGR", out)

    def gray(self, out: Optional[npt.NDArray[Any]] = None) -> npt.NDArray[Any]:
        """Like rgb(), as grey (H, W): the luma of BT.601, as Pillow and OpenCV compute it."""
        return self._loaded("L", out)

    def _loaded(self, order: str, out: Optional[npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """The pixels in a private array of three or one components, or with alpha of four."""
        import numpy as np

        from . import _arrays
        source, keeper = self._source()
        if out is None:
            shape = (source.height, source.width) + ((len(order),) if len(order) > 1 else ())
            out = np.empty(shape, np.uint8)
        _arrays.load(source, out, order)
        del keeper
        return out

    def _source(self) -> tuple[c.Image, object]:
        """The pixels for the library, and the object that keeps their memory."""
        from . import _arrays
        info, data = self.info, self.data
        if info.kind == "pixels":
            memory: object = data
            image = c.Image(kind=c.PIXELS, format=fourcc(info.format), width=info.width,
                            height=info.height, pitch=info.pitch, size=len(data),
                            data=_arrays.address(data))
        else:
            memory = array = self._decoded()
            order = "L" if array.ndim == 2 else "RGBA"[:array.shape[2]]
            image = c.Image(kind=c.PIXELS, format=fourcc(FORMATS[order]), width=array.shape[1],
                            height=array.shape[0], pitch=array.strides[0], size=array.nbytes,
                            data=array.__array_interface__["data"][0])
        return image, memory

    def _decoded(self) -> npt.NDArray[np.uint8]:
        import numpy as np
        return np.array(self.to_pillow(), np.uint8)

    def __array__(self, dtype: Any = None, copy: Optional[bool] = None) -> npt.NDArray[Any]:
        import numpy as np
        array = self.array
        if copy or (dtype is not None and np.dtype(dtype) != array.dtype):
            if copy is False:
                raise ValueError(f"uint8 cannot become {np.dtype(dtype)} without a copy")
            return np.array(array, dtype)
        return array

    def _repr_png_(self) -> Optional[bytes]:
        """For Jupyter; None: it is not an image."""
        from ._receive import png
        try:
            if self.info.kind == "pixels":
                return png(self)
            if self.info.media_type == "image/png":
                return bytes(self.data)
            file = io.BytesIO()
            self.to_pillow().save(file, "PNG")
            return file.getvalue()
        except (ValueError, ImportError):
            return None

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (self.info, bytes(self.data))

    def copy(self) -> Image:
        """A lasting copy of the image in private memory. Its `array` is packed: OpenCV can draw on
        it.
        """
        return Image(self.info, memoryview(bytearray(self.data)))

    def to_pillow(self) -> Any:
        """
        A private PIL.Image.Image, mode L, RGB or RGBA; an image file is decoded. ValueError: not an
        image. ImportError: Pillow is not installed, or for video NumPy.
        """
        from ._pillow import decode, from_pixels
        if self.info.kind == "file":
            return decode(bytes(self.data), self.info.name)
        if not self.info.order:
            from ._pillow import from_rgb
            return from_rgb(self.rgb())
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


def _unpickled(info: ImageInfo, data: bytes) -> Image:
    return Image(info, memoryview(bytearray(data)))


def digest_problem(image: Image) -> Optional[Error]:
    """The message of Damaged for an image that does not match its publisher's checksum; otherwise
    None.
    """
    from ._errors import Damaged
    if image.verify() is not False:
        return None
    return Damaged(f"{image.name}: the bytes that came are not those that were sent (md5)")
