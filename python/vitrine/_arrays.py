"""NumPy arrays as libvitrine takes them: vitrine_store() and vitrine_load() convert the pixels.

Imported only where it is needed: it needs NumPy.
"""
from __future__ import annotations

import io
import warnings
from typing import Any, Iterator, Optional, Tuple

import numpy as np
import numpy.typing as npt

from . import _library as c
from ._image import FORMATS, fourcc

Bytes = npt.NDArray[np.uint8]
Range = Tuple[float, float]  # of values: what becomes 0 and what becomes 255

TYPES = {"|u1": c.UINT8, "<u2": c.UINT16, "<f4": c.FLOAT32, "<f8": c.FLOAT64}
OWN: Range = (0.0, 0.0)  # for the library: the type's own
REVERSED = {"RGB": "BGR", "BGR": "RGB"}
BLOCK = 64  # rows that are made contiguous at a time: the scratch memory stays in the cache
LOOKED_AT = 32  # rows and columns of floats, to find out whether their range is plausible


def address(memory: memoryview) -> int:
    """Where the memory lies; it may be read-only."""
    return int(np.frombuffer(memory, np.uint8).__array_interface__["data"][0])


def describe(array: npt.NDArray[Any], order: str, values: Range = OWN) -> Optional[c.Array]:
    """The array as the library takes it. None: its pixels do not lie side by side, or it has a
    dtype that the library does not know.
    """
    kind = TYPES.get(array.dtype.str)
    height, width = array.shape[:2]
    components = array.shape[2] if array.ndim == 3 else 1
    size, strides = array.itemsize, array.strides
    data = array.__array_interface__["data"][0]
    if kind is None or not array.flags.aligned:
        return None
    if width > 1 and strides[1] != components * size:
        return None
    if array.ndim == 3 and strides[2] != size:
        if strides[2] != -size or order not in REVERSED:
            return None
        data, order = data - 2 * size, REVERSED[order]  # array[..., ::-1]
    if height > 1 and abs(strides[0]) < width * components * size:
        return None
    return c.Array(data=data, stride=strides[0], width=width, height=height,
                   format=fourcc(FORMATS[order]), type=kind, low=values[0], high=values[1])


def _known_dtype(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The dtype of TYPES that holds its values."""
    if dtype.kind == "f":
        return np.dtype(np.float32 if dtype.itemsize <= 4 else np.float64)
    if dtype.kind == "u" and dtype.itemsize <= 2:
        native: np.dtype[Any] = dtype.newbyteorder("=")
        return native
    return np.dtype(np.float64)


def _parts(array: npt.NDArray[Any], order: str, values: Range) \
        -> Iterator[Tuple[int, c.Array, npt.NDArray[Any]]]:
    """What the library takes one after the other: the row, its description, and what keeps it."""
    whole = describe(array, order, values)
    if whole is not None:
        yield 0, whole, array
        return
    dtype = _known_dtype(array.dtype)
    for top in range(0, len(array), BLOCK):
        rows = np.ascontiguousarray(array[top:top + BLOCK], dtype)
        part = describe(rows, order, values)
        assert part is not None
        yield top, part, rows


def store(image: c.Image, where: int, array: npt.NDArray[Any], order: str,
          values: Range = OWN) -> None:
    """Writes an array into the image that lies at the address `where`, converted."""
    if array.dtype.kind == "b":
        array, values = array.view(np.uint8), (0.0, 1.0)
    for top, part, _ in _parts(array, order, values):
        if c.lib.vitrine_store(image, where, 0, top, part) < 0:
            raise ValueError(f"values from {values[0]} to {values[1]} cannot become 0 … 255")


def load(image: c.Image, out: npt.NDArray[Any], order: str) -> None:
    """Fills the array `out` with the pixels of an image. ValueError: it has the wrong shape or
    dtype, or is read-only.
    """
    shape = (image.height, image.width) + ((len(order),) if len(order) > 1 else ())
    if out.shape != shape or out.dtype.str not in TYPES:
        raise ValueError(f"out= has shape {out.shape} and dtype {out.dtype}: it must have {shape}, "
                         "and uint8, uint16, float32 or float64")
    if not out.flags.writeable:
        raise ValueError("out= is read-only")
    whole = describe(out, order)
    target = out if whole is not None else np.empty(shape, out.dtype)
    if c.lib.vitrine_load(image, 0, 0, whole or describe(target, order)) < 0:
        raise ValueError(f"an image of {image.width} x {image.height} pixels of an unknown format")
    if target is not out:
        out[...] = target


def read_npy(data: bytes, name: str) -> npt.NDArray[Any]:
    """The array in a file of numpy.save(). ValueError: it is damaged, or holds Python's objects."""
    try:
        array: npt.NDArray[Any] = np.load(io.BytesIO(data), allow_pickle=False)
    except (ValueError, EOFError, OSError, MemoryError, OverflowError, SyntaxError) as why:
        raise ValueError(f"{name}: not an array that NumPy can read: {why}") from None
    return array


# ---- ranges of values ----------------------------------------------------------------------------

def check_dtype(array: npt.NDArray[Any], has_range: bool) -> None:
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind in "bf" or (kind == "u" and size <= 2) or (kind in "iu" and has_range):
        return
    cure = ("give uint8 (0 … 255), uint16 (0 … 65535), a float (0 … 1) or bool" if kind not in "iu"
            else "give array.astype(np.uint8) if its values are 0 … 255, or say vmin= and vmax=, "
                 "or normalize=True")
    raise ValueError(f"dtype {array.dtype} has no range that is known: {cure}")


def _finite(array: npt.NDArray[Any]) -> Range:
    """The least and the greatest value; without NaN and infinity, and without what is masked."""
    if isinstance(array, np.ma.MaskedArray):
        masked: Any = array  # NumPy's types of it depend on the version
        array = masked.compressed()
    if array.dtype.kind == "f":
        array = array[np.isfinite(array)]
    if array.size == 0:
        return 0.0, 1.0
    low, high = float(array.min()), float(array.max())
    return low, high if high > low else low + 1


def range_of(array: npt.NDArray[Any], vmin: Optional[float], vmax: Optional[float],
             normalize: bool) -> Range:
    """What becomes 0 and 255. ValueError: the arguments contradict each other."""
    if vmin is None and vmax is None and not normalize:
        return OWN
    if array.ndim == 3 and array.shape[2] == 4:
        raise ValueError("vmin=, vmax= and normalize= are for grey and for three components: the "
                         "fourth one has a range of its own")
    if normalize and vmin is None and vmax is None:
        return _finite(array)
    if normalize:
        raise ValueError("give either normalize=True or vmin= and vmax=")
    top = {"f": 1.0, "b": 1.0}.get(array.dtype.kind, 255.0 if array.itemsize == 1 else 65535.0)
    low, high = float(vmin or 0.0), float(top if vmax is None else vmax)
    if not (np.isfinite(low) and np.isfinite(high)) or low == high:
        raise ValueError(f"vmin={low:g}, vmax={high:g}: two numbers that differ")
    return low, high


def warn_of_floats(array: npt.NDArray[Any]) -> None:
    """One warning a place in the program when most floats are above 1: they all become white."""
    if array.dtype.kind != "f":
        return
    some = array[::array.shape[0] // LOOKED_AT + 1, ::array.shape[1] // LOOKED_AT + 1]
    if np.count_nonzero(some > 1) * 2 > some.size:
        warnings.warn("most values of this float array are above 1, which is white: divide it by "
                      "255, or give vmin= and vmax=, or normalize=True", stacklevel=_depth())


def _depth() -> int:
    """How far up the first caller outside of this package is, for warnings.warn()."""
    import sys
    depth, frame = 1, sys._getframe(1)
    while frame.f_back and frame.f_globals.get("__package__") == __package__:
        depth, frame = depth + 1, frame.f_back
    return depth


# ---- masks ---------------------------------------------------------------------------------------

def is_masked(array: npt.NDArray[Any]) -> bool:
    return isinstance(array, np.ma.MaskedArray)


def unmasked(array: Any, order: str, values: Range) \
        -> Tuple[npt.NDArray[Any], str, Range]:
    """A masked array as one without a mask: what is masked is transparent."""
    masked: Any = np.ma  # NumPy's types of it depend on the version
    mask, plain = masked.getmaskarray(array), masked.getdata(array)
    if not mask.any():
        return plain, order, values
    height, width = array.shape[:2]
    rgba = np.empty((height, width, 4), np.uint8)
    image = c.Image()
    c.lib.vitrine_pixels(image, b"", width, height, fourcc(FORMATS["RGBA"]))
    store(image, rgba.__array_interface__["data"][0], plain, order, values)
    rgba[mask if mask.ndim == 2 else mask.any(axis=2), 3] = 0
    return rgba, "RGBA", OWN
