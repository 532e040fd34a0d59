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


def decode(data: bytes, name: str) -> Any:
    """The bytes of an image file as an upright image of mode L, RGB or RGBA."""
    try:
        with PIL.Image.open(io.BytesIO(data)) as image:
            return to_sendable(PIL.ImageOps.exif_transpose(image))
    except (PIL.UnidentifiedImageError, PIL.Image.DecompressionBombError, OSError, SyntaxError,
            EOFError) as reason:
        raise ValueError(f"{name}: not an image that Pillow can read: {reason}") from None


def to_sendable(image: Any) -> Any:
    """The image in one of MODES. ValueError: a mode whose range of values is unknown."""
    if image.mode in MODES:
        return image
    if image.mode in ("F", "I"):
        raise ValueError(f"Pillow's mode {image.mode} has no range of its own: scale the values to "
                         "0 … 255 and convert to mode L first")
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value / 256).convert("L")
    has_alpha = image.mode in ("LA", "La", "PA", "RGBa") or "transparency" in image.info
    return image.convert("RGBA" if has_alpha else "L" if image.mode == "1" else "RGB")


def from_rgb(array: npt.NDArray[np.uint8]) -> Any:
    height, width, _ = array.shape
    return PIL.Image.frombytes("RGB", (width, height), array.tobytes())


def from_pixels(info: ImageInfo, data: memoryview) -> Any:
    mode = {"L": "L", "RGBX": "RGB", "BGRX": "RGB"}.get(info.order, "RGBA")
    return PIL.Image.frombytes(mode, (info.width, info.height),
                               bytes(data[:info.pitch * info.height]), "raw", info.order,
                               info.pitch)
