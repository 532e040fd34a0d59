"""Mountains in perspective: a height field seen column by column, without any 3-D library.

The field is sampled on a fan of rays from the eye (depth x screen column). A column's pixel shows
the first sample, counted from the eye, that reaches as high as the pixel.
"""
import numpy as np

from .brush import noise, smooth


def ridged(x, z, seed, octaves):
    """Noise folded into sharp crests; fine crests grow on coarse ones only, as after erosion."""
    total, weight, carry = 0, 0, 1
    for octave in range(octaves):
        scale, strength = 2.03 ** octave, 0.5 ** octave
        fold = 2 * noise(x * scale + 31 * octave, z * scale, seed + octave) - 1
        crest = 1.06 - np.sqrt(fold * fold + 0.004)
        crest = crest * crest * carry
        carry = np.clip(crest * 1.6, 0, 1)
        total, weight = total + crest * strength, weight + strength
    return total / weight


class Terrain:
    """What a camera at (0, eye, 0) sees; `height_at(x, z)` is the land, in world units.

    After looking, the arrays z, x, h, slope and lit are on the fan; show() brings any fan array
    (such as colours made from them) onto the screen.
    """

    def __init__(self, width, height, horizon, focus, eye, near, far, height_at, sun, steps=1500):
        self.size = (width, height)
        depth = np.geomspace(near, far, steps).astype(np.float32)
        self.z = depth[:, None]
        self.x = (np.arange(width, dtype=np.float32) - width / 2)[None, :] / focus * self.z
        self.h = height_at(self.x, self.z).astype(np.float32)
        top = np.minimum.accumulate(horizon - focus * (self.h - eye) / self.z, axis=0)
        rows = -np.arange(height, dtype=np.float32)
        seen = np.stack([np.searchsorted(-top[:, c], rows) for c in range(width)], 1)
        self.cover = (seen < steps).astype(np.float32)
        self.seen = np.minimum(seen, steps - 1)
        self.lit, self.slope = self._light(focus, depth, sun)

    def _light(self, focus, depth, sun):
        """Lambert's light from `sun`, with the shadows that a sun from the side casts along x."""
        along_x = np.gradient(self.h, axis=1) / (self.z / focus)
        along_z = np.gradient(self.h, axis=0) / np.gradient(depth)[:, None]
        length = np.sqrt(1 + along_x ** 2 + along_z ** 2)
        sun = np.array(sun) / np.linalg.norm(sun)
        lit = np.clip((-along_x * sun[0] + sun[1] - along_z * sun[2]) / length, 0, 1)
        side = 1 if sun[0] < 0 else -1
        line = (self.h + self.x * (side * sun[1] / abs(sun[0])))[:, ::side]
        hidden = (np.maximum.accumulate(line, axis=1) - line)[:, ::side]
        return lit * (1 - smooth(0.0, 0.12, hidden)), 1 / length

    def show(self, fan):
        return np.take_along_axis(fan, self.seen if fan.ndim == 2 else self.seen[..., None], 0)


def halve(a):
    """Averages 2 x 2 pixels: what is rendered at twice the size becomes smooth."""
    return (a[0::2, 0::2] + a[1::2, 0::2] + a[0::2, 1::2] + a[1::2, 1::2]) / 4
