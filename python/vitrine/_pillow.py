"""What Pillow is used for: image files become pixels, and pixels Pillow's images.

Imported only where it is needed; ImportError says that Pillow is not installed.
"""
from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import PIL.Image
import PIL.ImageOps

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ._image import ImageInfo

MODES = {"L": "L", "RGB": "RGBX", "RGBA": "RGBA", "RGBX": "RGBX"}  # and how they are sent


DEEP = ("I", "F")  # modes with more than 8 bits; and those that begin with I;16


def is_beyond(data: memoryview, kind: str) -> bool:
    """Whether a file of this media type has more than Pillow's pixels of 8 bits would keep, or is
    of a kind that Pillow does not read at all.
    """
    try:
        with PIL.Image.open(io.BytesIO(data)) as image:
            return image.mode in DEEP or image.mode.startswith("I;16")
    except (OSError, SyntaxError, PIL.Image.DecompressionBombError):
        return kind in ("image/svg+xml", "image/qoi")


def decode(data: bytes, name: str, has_range: bool = False) -> Any:
    """The bytes of an image file as an upright image of a mode that can be sent."""
    try:
        with PIL.Image.open(io.BytesIO(data)) as image:
            return to_sendable(PIL.ImageOps.exif_transpose(image), has_range)
    except (PIL.UnidentifiedImageError, PIL.Image.DecompressionBombError, OSError, SyntaxError,
            EOFError) as reason:
        raise ValueError(f"{name}: not an image that Pillow can read: {reason}") from None


def to_sendable(image: Any, has_range: bool = False) -> Any:
    """The image in one of MODES; of more than 8 bits an array, if NumPy is there. ValueError: a
    mode whose range of values is unknown.
    """
    if not isinstance(image, PIL.Image.Image) or image.mode in MODES:
        return image
    if image.mode in DEEP or image.mode.startswith("I;16"):
        return _deep(image, has_range)
    if image.mode == "La":
        image = image.convert("LA")  # Pillow has no direct way to RGBA
    has_alpha = image.mode in ("LA", "PA", "RGBa") or "transparency" in image.info
    return image.convert("RGBA" if has_alpha else "L" if image.mode == "1" else "RGB")


def _deep(image: Any, has_range: bool) -> Any:
    """I;16 and I;16B: 0 … 65535; F: 0 … 1; I: what Pillow makes of files of 16 bits, too."""
    import numpy as np
    if image.mode.startswith("I;16"):
        code = ">u2" if image.mode.endswith("B") else "<u2"
        return np.frombuffer(image.tobytes(), code).reshape(image.height, image.width)
    array = np.asarray(image)
    if image.mode == "F" or has_range:
        return array
    if image.format in ("PNG", "PPM", "TIFF") and array.min() >= 0 and array.max() <= 65535:
        return array.astype(np.uint16)
    raise ValueError("Pillow's mode I has no range of its own: give vmin= and vmax=, or "
                     "normalize=True")


def from_rgb(array: npt.NDArray[np.uint8]) -> Any:
    height, width, _ = array.shape
    return PIL.Image.frombytes("RGB", (width, height), array.tobytes())


def from_pixels(info: ImageInfo, data: memoryview) -> Any:
    mode = "L" if info.order == "L" else "RGBA" if "A" in info.order else "RGB"
    return PIL.Image.frombytes(mode, (info.width, info.height),
                               bytes(data[:info.pitch * info.height]), "raw", info.order,
                               info.pitch)
