"""Frames of video (NV12, YU12) as R G B: limited range, BT.709 from 720 rows up and BT.601 below,
as the windows show them (common/image/expand.c). Imported only where it is needed: it needs NumPy.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from ._image import ImageInfo

# What U and V add to red, green and blue, and how bright Y is: 16 bits behind the point.
BT601 = ((0, 104597), (-25675, -53279), (132201, 0))
BT709 = ((0, 117489), (-13975, -34925), (138438, 0))
LIGHT = 76309  # 255 / 219


def _chroma(info: ImageInfo, memory: npt.NDArray[np.uint8]) -> npt.NDArray[np.int32]:
    """U and V of each pixel: (2, H, W), with 0 for grey."""
    half, rows = (info.pitch + 1) // 2, (info.height + 1) // 2
    shape = (2, rows, (info.width + 1) // 2)
    strides = (1, 2 * half, 2) if info.format == "NV12" else (half * rows, half, 1)
    planes: npt.NDArray[np.uint8] = np.ndarray(shape, np.uint8, memory,
                                               info.pitch * info.height, strides)
    whole = planes.repeat(2, axis=1).repeat(2, axis=2)
    return whole[:, :info.height, :info.width].astype(np.int32) - 128


def rgb(info: ImageInfo, data: memoryview) -> npt.NDArray[np.uint8]:
    """The frame as (H, W, 3); a copy."""
    memory = np.frombuffer(data, np.uint8)
    luma: npt.NDArray[np.uint8] = np.ndarray((info.height, info.width), np.uint8, memory,
                                             strides=(info.pitch, 1))
    light = (luma.astype(np.int32) - 16) * LIGHT + 0x8000
    u, v = _chroma(info, memory)
    result = np.empty((info.height, info.width, 3), np.uint8)
    for i, (by_u, by_v) in enumerate(BT709 if info.height >= 720 else BT601):
        result[..., i] = np.clip((light + by_u * u + by_v * v) >> 16, 0, 255)
    return result
