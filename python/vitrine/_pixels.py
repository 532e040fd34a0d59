"""From what a script has to what a slot holds: decided before anything is claimed, written once.

plan() looks at an array, a buffer, a Pillow image, a path or the bytes of a file and answers with a
Plan, or with ValueError for what is no image. Plan.write() then fills the slot.
"""
from __future__ import annotations

import dataclasses
import errno
import mimetypes
import os
import sys
from typing import TYPE_CHECKING, Any, BinaryIO, Callable, Optional

from . import _library as c
from ._image import ORDERS, fourcc

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# The FourCC for what the components of an array are. What has three gets a fourth that is ignored.
FORMATS = {order: code for code, order in ORDERS.items()}
FORMATS.update(RGB="XB24", BGR="XR24")
UNKNOWN = "application/octet-stream"
BLOCK = 32  # rows of floats that are converted at a time: the scratch memory stays in the cache


@dataclasses.dataclass
class Plan:
    """A description of what will be published; `write` copies its bytes into the slot."""

    image: c.Image
    write: Callable[[memoryview], None]

    @property
    def size(self) -> int:
        return int(self.image.size)


def encode_name(name: str) -> bytes:
    """A name for the library, which takes the last part of a path: here a slash is no path."""
    return os.fsencode(name.replace("/", "%2F").replace("\0", "%00"))


def pixels(name: str, width: int, height: int, order: str) -> c.Image:
    """The description of rows without gaps. ValueError: no such order, or sides out of range."""
    if order not in FORMATS:
        raise ValueError(f"no order of components is called {order!r}; {', '.join(FORMATS)} are")
    image = c.Image()
    if not 0 < width < 1 << 32 or not 0 < height < 1 << 32 or c.lib.vitrine_pixels(
            image, encode_name(name), width, height, fourcc(FORMATS[order])) < 0:
        raise ValueError(f"{width} x {height} pixels: each side must be 1 to {1 << 24}, "
                         "a row at most 1 GiB")
    return image


def file(name: str, size: int, media_type: Optional[str]) -> c.Image:
    """The description of a file's bytes; if there is no media type, it is guessed from the name."""
    image = c.Image()
    kind = media_type or mimetypes.guess_type(name)[0] or UNKNOWN
    c.lib.vitrine_file(image, encode_name(name), size, kind.encode("ascii", "replace"))
    return image


def sniff_type(data: bytes) -> str:
    """The media type of the usual image files, by their first bytes."""
    for magic, kind in ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF8", "gif"),
                        (b"BM", "bmp"), (b"II*\0", "tiff"), (b"MM\0*", "tiff")):
        if data.startswith(magic):
            return "image/" + kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return UNKNOWN


def shape_order(shape: tuple[int, ...], order: Optional[str]) -> str:
    """The order of an array's components. ValueError: not the shape of an image."""
    if len(shape) == 2:
        components = 1
    elif len(shape) == 3 and shape[2] in (3, 4):
        components = shape[2]
    else:
        raise ValueError(f"an array of shape {shape} is no image: (H, W), (H, W, 3) and (H, W, 4) "
                         "are")
    found = order or {1: "L", 3: "RGB", 4: "RGBA"}[components]
    if found in FORMATS and len(found) != components:
        raise ValueError(f"order {found!r} does not fit an array of shape {shape}")
    return found


# ---- arrays --------------------------------------------------------------------------------------

def as_array(image: c.Image, shape: tuple[int, ...], slot: memoryview) -> npt.NDArray[np.uint8]:
    """The slot that `image` describes as an array of `shape`: three components stand four apart."""
    import numpy as np
    strides = (image.pitch, 1) if len(shape) == 2 else (image.pitch, 4, 1)
    return np.ndarray(shape, np.uint8, slot, strides=strides)


def _check_dtype(array: npt.NDArray[Any]) -> None:
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind in "bf" or (kind == "u" and size <= 2):
        return
    raise ValueError(f"dtype {array.dtype} has no range that is known: give uint8 (0 … 255), "
                     "uint16 (0 … 65535), a float (0 … 1) or bool")


def _convert_floats(out: npt.NDArray[np.uint8], array: npt.NDArray[Any]) -> None:
    """0 … 1 becomes 0 … 255, rounded; what is outside is clipped, NaN is 0."""
    import numpy as np
    scratch = np.empty((BLOCK,) + array.shape[1:], np.float32)
    for top in range(0, len(array), BLOCK):
        rows = array[top:top + BLOCK]
        part = scratch[:len(rows)]
        with np.errstate(all="ignore"):
            np.multiply(rows, 255, out=part, dtype=np.float32, casting="same_kind")
            np.fmax(part, 0, out=part)  # fmax: the number, where the other is NaN
            np.fmin(part, 255, out=part)
            np.add(part, 0.5, out=part)
        np.copyto(out[top:top + BLOCK], part, casting="unsafe")


def _convert(out: npt.NDArray[np.uint8], array: npt.NDArray[Any]) -> None:
    """Writes an array of any accepted dtype as uint8 directly into `out`, which has the same shape.
    """
    import numpy as np
    if array.dtype.kind == "f":
        _convert_floats(out, array)
    elif array.dtype.kind == "b":
        np.multiply(array, 255, out=out, casting="unsafe")
    elif array.dtype.itemsize == 2:
        np.right_shift(array, 8, out=out, casting="unsafe")
    elif array.ndim == 3 and array.shape[2] == 3:
        for i in range(3):  # NumPy's inner loop would be three bytes long
            np.copyto(out[..., i], array[..., i])
    else:
        np.copyto(out, array)


def _plan_array(array: npt.NDArray[Any], name: str, order: Optional[str]) -> Plan:
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    order = shape_order(array.shape, order)
    _check_dtype(array)
    image = pixels(name, array.shape[1], array.shape[0], order)

    def write(slot: memoryview) -> None:
        _convert(as_array(image, array.shape, slot), array)
    return Plan(image, write)


# ---- without NumPy -------------------------------------------------------------------------------

def _plan_buffer(view: memoryview, name: str, order: Optional[str]) -> Plan:
    """A buffer with the shape of an image, contiguous, of bytes."""
    shape = view.shape or ()
    found = shape_order(shape, order)
    if view.format not in ("B", "<B", "=B", "@B") or not view.c_contiguous:
        raise ValueError(f"a buffer of format {view.format!r} that is not contiguous bytes needs "
                         "NumPy (python3-numpy)")
    image = pixels(name, shape[1], shape[0], found)
    source = view.cast("B")

    def write(slot: memoryview) -> None:
        if len(found) != 3:
            slot[:] = source
            return
        for i in range(3):
            slot[i::4] = source[i::3]
    return Plan(image, write)


def _plan_bytes(data: memoryview, image: c.Image) -> Plan:
    def write(slot: memoryview) -> None:
        slot[:] = data
    return Plan(image, write)


def _plan_pillow(picture: Any, name: str) -> Plan:
    from ._pillow import MODES, to_sendable
    picture = to_sendable(picture)
    if has_numpy():
        import numpy as np
        return _plan_array(np.asarray(picture), name, None)
    order = MODES[picture.mode]
    image = pixels(name, picture.width, picture.height, order)
    return _plan_bytes(memoryview(picture.tobytes("raw", order)), image)


def has_numpy() -> bool:
    try:
        import numpy  # noqa: F401
    except ImportError:
        return False
    return True


# ---- files ---------------------------------------------------------------------------------------

def plan_file(data: memoryview, name: str, media_type: Optional[str] = None) -> Plan:
    """The bytes of a file, unchanged."""
    kind = media_type or mimetypes.guess_type(name)[0] or sniff_type(bytes(data[:16]))
    return _plan_bytes(data, file(name, len(data), kind))


def plan_reading(opened: BinaryIO, size: int, name: str, media_type: Optional[str]) -> Plan:
    """`size` bytes of an open file, read straight into the slot."""
    image = file(name, size, media_type)

    def write(slot: memoryview) -> None:
        done = 0
        while done < size:
            got = opened.readinto(slot[done:])  # type: ignore[attr-defined]
            if not got:
                raise OSError(errno.EIO, f"the file shrank from {size} to {done} bytes while it "
                                         "was read", name)
            done += got
        if image.media_type == UNKNOWN.encode():
            image.media_type = sniff_type(bytes(slot[:16])).encode()
    return Plan(image, write)


def _plan_image_file(data: memoryview, name: str) -> Plan:
    """An image file: its pixels if Pillow is installed to decode it, otherwise its bytes."""
    try:
        from ._pillow import decode
    except ImportError:
        return plan_file(data, name)
    return _plan_pillow(decode(bytes(data), name), name)


# ---- what it is ----------------------------------------------------------------------------------

def _is_pillow(image: Any) -> bool:
    module = sys.modules.get("PIL.Image")
    return module is not None and isinstance(image, module.Image)


def _is_array(image: Any) -> bool:
    return any(hasattr(image, name) for name in
               ("__array_interface__", "__array__", "__array_struct__"))


def plan(image: Any, name: Optional[str], order: Optional[str]) -> Plan:
    """Accepts everything that publish() accepts. ValueError or TypeError: it is not an image."""
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(image, numpy.ndarray):  # first: it is asked for most often
        return _plan_array(image, name or "array", order)
    if isinstance(image, (str, os.PathLike)):
        path = os.fsdecode(image)
        with open(path, "rb") as opened:
            return _plan_image_file(memoryview(opened.read()), name or os.path.basename(path))
    if _is_pillow(image):
        path = getattr(image, "filename", "") or "image"
        return _plan_pillow(image, name or os.path.basename(os.fsdecode(path)))
    if _is_array(image) and has_numpy():
        import numpy as np
        return _plan_array(np.asarray(image), name or "array", order)
    try:
        view = memoryview(image)
    except TypeError:
        raise TypeError(f"a {type(image).__name__} is no image: give an array, a Pillow image, a "
                        "path or the bytes of an image file") from None
    if view.ndim == 1:
        return _plan_image_file(view.cast("B"), name or "image")
    if has_numpy():
        import numpy as np
        return _plan_array(np.asarray(view), name or "array", order)
    return _plan_buffer(view, name or "array", order)
