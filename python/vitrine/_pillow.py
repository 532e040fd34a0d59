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


# Files of which it can tell the size: otherwise their first bytes are damaged.
SURE = frozenset("image/" + kind for kind in ("png", "jpeg", "gif", "bmp", "webp",
                                              "x-portable-anymap"))
DEEP = ("I", "F")  # modes with more than 8 bits; and those that begin with I;16


def _is_deep(mode: str) -> bool:
    return mode in DEEP or mode.startswith("I;16")


def _is_more(image: Any) -> bool:
    """It has more than Pillow's pixels: above 8 bits, or colours of another space than sRGB."""
    return (_is_deep(image.mode) or image.mode in ("CMYK", "YCCK", "LAB")
            or "icc_profile" in image.info or "gamma" in image.info)


def decode(data: bytes, name: str, has_range: bool = False, kind: str = "") -> Any:
    """The bytes of an image file as an upright image of a mode that can be sent. None, only with a
    `kind`: it has more than Pillow's pixels, or Pillow does not read it: windows may, or show what
    is left of it.
    """
    try:
        with PIL.Image.open(io.BytesIO(data)) as image:
            if kind and _is_more(image):
                return None
            return to_sendable(PIL.ImageOps.exif_transpose(image), has_range)
    except PIL.Image.DecompressionBombError as reason:
        raise ValueError(f"{name}: {reason}") from None
    except (OSError, SyntaxError, EOFError) as reason:
        is_strange = isinstance(reason, PIL.UnidentifiedImageError)
        if kind and not (is_strange and kind in SURE):
            return None
        why: Any = reason
        if is_strange:  # its text is an object's address
            why = f"it begins with {data[:8]!r}; publish_file() sends any file"
        raise ValueError(f"{name}: not an image that Pillow can read: {why}") from None


def to_sendable(image: Any, has_range: bool = False) -> Any:
    """The image in one of MODES; of more than 8 bits an array, if NumPy is there. ValueError: a
    mode whose range of values is unknown.
    """
    if not isinstance(image, PIL.Image.Image) or image.mode in MODES:
        return image
    if _is_deep(image.mode):
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
