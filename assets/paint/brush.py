"""Brushes: noise, gradients, soft masks and lettering on numpy arrays.

A picture is a float32 array of rows x columns x 3, sRGB from 0 to 1. Positions are in units of the
picture's height, so that a scene does not depend on how large it is painted. A mask is rows x
columns, 0 to 1. Every random number comes from a seed that the caller names.
"""
import math

import numpy as np
from PIL import Image, ImageDraw

SUPERSAMPLE = 4  # drawn shapes are made this much larger, then averaged


def coordinates(width, height):
    """x as one row and y as one column; they broadcast to the whole picture."""
    x = (np.arange(width, dtype=np.float32) + 0.5) / height
    y = (np.arange(height, dtype=np.float32) + 0.5) / height
    return x[None, :], y[:, None]


def rgb(text):
    """'#rrggbb' as three floats."""
    return np.array([int(text[i:i + 2], 16) / 255 for i in (1, 3, 5)], np.float32)


def ramp(t, *stops):
    """A gradient: each stop is (position, '#rrggbb'), positions rising."""
    places = [place for place, _ in stops]
    colours = np.array([rgb(colour) for _, colour in stops])
    return np.stack([np.interp(t, places, colours[:, i]) for i in range(3)], -1).astype(np.float32)


def smooth(start, end, value):
    """0 before start, 1 after end, a soft S between (start may be the larger one)."""
    t = np.clip((value - start) / (end - start), 0, 1)
    return t * t * (3 - 2 * t)


def inside(distance, height):
    """A mask one pixel soft from a signed distance (negative inside)."""
    return np.clip(0.5 - distance * height, 0, 1)


def bell(distance, width):
    return np.exp(-(distance / width) ** 2)


def lay(picture, colour, mask):
    """Paints colour (three floats, or a picture) over the picture where the mask is, in place."""
    picture += (colour - picture) * mask[..., None]


def light(picture, colour, mask):
    """Adds light in place: white stays white and nothing clips hard ("screen")."""
    picture[:] = 1 - (1 - picture) * (1 - np.clip(colour * mask[..., None], 0, 1))


def noise(u, v, seed):
    """Gradient noise (Perlin's), about 0 to 1, one cell a unit; u and v broadcast."""
    angle = np.random.default_rng(seed).random((256, 256), np.float32) * np.float32(2 * math.pi)
    gradient_u, gradient_v = np.cos(angle), np.sin(angle)
    cell_u, cell_v = np.floor(u).astype(np.int32), np.floor(v).astype(np.int32)
    u, v = (u - cell_u).astype(np.float32), (v - cell_v).astype(np.float32)

    def corner(du, dv):
        row, column = (cell_v + dv) & 255, (cell_u + du) & 255
        return gradient_u[row, column] * (u - du) + gradient_v[row, column] * (v - dv)

    fade_u, fade_v = (t * t * t * (t * (t * 6 - 15) + 10) for t in (u, v))
    top = corner(0, 0) * (1 - fade_u) + corner(1, 0) * fade_u
    bottom = corner(0, 1) * (1 - fade_u) + corner(1, 1) * fade_u
    return 0.5 + 0.75 * (top * (1 - fade_v) + bottom * fade_v)


def fractal(u, v, seed, octaves=5, gain=0.5):
    """Octaves of noise, each twice as fine and `gain` as strong; about 0 to 1."""
    total = weight = 0
    for octave in range(octaves):
        scale, strength = 2 ** octave, gain ** octave
        total = total + strength * noise(u * scale + 17 * octave, v * scale, seed + octave)
        weight += strength
    return 0.5 + (total / weight - 0.5) * 1.35


def blur(mask, sigma):
    """A Gaussian of sigma pixels, near enough: three running means each way, edges held."""
    radius = max(1, round(math.sqrt(sigma * sigma + 0.25)))
    for axis in (0, 1) * 3:
        pad = [(radius + 1, radius) if a == axis else (0, 0) for a in range(mask.ndim)]
        total = np.cumsum(np.pad(mask, pad, mode="edge"), axis=axis, dtype=np.float64)
        size = mask.shape[axis]
        last = np.take(total, range(2 * radius + 1, 2 * radius + 1 + size), axis)
        mask = ((last - np.take(total, range(size), axis)) / (2 * radius + 1)).astype(np.float32)
    return mask


def stars(picture, count, seed, limit):
    """Few bright stars and many faint ones, bluish to yellowish; limit(x) is how low they go."""
    h, w, _ = picture.shape
    random = np.random.default_rng(seed)
    layer = np.zeros_like(picture)
    bright = np.zeros_like(picture)
    for x, y, size, warmth in random.random((count, 4)):
        column, row = int(x * w), int(y * h * limit)
        colour = rgb("#bcd0ff") * (1 - warmth) + rgb("#ffe6c4") * warmth
        layer[row, column] += colour * (0.16 + 0.84 * size ** 6)
        if size > 0.985:
            bright[row, column] += colour * 60 * (size - 0.97)
    glow = np.stack([blur(bright[..., i], 1.6) * 5 + blur(bright[..., i], 7) * 22
                     for i in range(3)], -1)
    point = np.stack([blur(layer[..., i], 0.5) * 5 for i in range(3)], -1)
    light(picture, np.clip(point + glow, 0, 1), np.ones((h, w), np.float32))


def drawn(width, height, paint):
    """The mask of what paint(draw, scale) draws; scale turns heights into the large pixels."""
    large = Image.new("L", (width * SUPERSAMPLE, height * SUPERSAMPLE))
    paint(ImageDraw.Draw(large), height * SUPERSAMPLE)
    return np.asarray(large.reduce(SUPERSAMPLE), np.float32) / 255


def grain(picture, amount, seed):
    """Film grain: hides the steps of 8-bit gradients."""
    h, w, _ = picture.shape
    picture += (np.random.default_rng(seed).standard_normal((h, w, 1), np.float32)) * amount


def image(picture):
    """The array as a Pillow image, RGB or RGBA."""
    return Image.fromarray((np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8))


# Lettering: strokes of a round pen. The baseline is 0, small letters are 1 high, y points down.
# A stroke is a list of points; (centre x, centre y, radius, from, to) is an arc in degrees.
GLYPHS = {
    "v": (0.84, [[(0, -1), (0.42, 0), (0.84, -1)]]),
    "i": (0.0, [[(0, -1), (0, 0)], [(0, -1.5), (0, -1.5)]]),
    "t": (0.62, [[(0.26, -1.5), (0.26, -0.3), (0.56, -0.3, 0.3, 180, 90)], [(0, -1), (0.6, -1)]]),
    "r": (0.52, [[(0, -1), (0, 0)], [(0.42, -0.58, 0.42, 180, 285)]]),
    "n": (0.84, [[(0, -1), (0, 0)], [(0.42, -0.58, 0.42, 180, 360), (0.84, 0)]]),
    "e": (1.0, [[(0, -0.5), (1, -0.5), (0.5, -0.5, 0.5, 0, -310)]]),
    "U": (0.9, [[(0, -1.5), (0.45, -0.45, 0.45, 180, 0), (0.9, -1.5)]]),
    "P": (0.8, [[(0, 0), (0, -1.5), (0.4, -1.1, 0.4, -90, 90), (0, -0.7)]]),
    "R": (0.8, [[(0, 0), (0, -1.5), (0.4, -1.1, 0.4, -90, 90), (0, -0.7)],
                [(0.4, -0.7), (0.8, 0)]]),
    "G": (1.2, [[(0.7, -0.75, 0.7, -45, -360), (0.8, -0.75)]]),
    "B": (0.8, [[(0, -0.8), (0, -1.5), (0.42, -1.15, 0.35, -90, 90), (0, -0.8), (0, 0),
                 (0.42, -0.4, 0.4, 90, -90)]]),
}


def letters(draw, text, x, y, size, pen, fill=255):
    """Writes text with its baseline's start at x, y; all lengths in the drawing's own pixels."""
    for character in text:
        width, strokes = GLYPHS[character]
        for stroke in strokes:
            points = []
            for part in stroke:
                if len(part) == 2:
                    points.append(part)
                    continue
                cx, cy, radius, start, end = part
                for a in np.radians(np.linspace(start, end, 60)):
                    points.append((cx + radius * math.cos(a), cy + radius * math.sin(a)))
            points = [(x + px * size, y + py * size) for px, py in points]
            draw.line(points, fill, round(pen), joint="curve")
            for px, py in points:
                draw.ellipse((px - pen / 2, py - pen / 2, px + pen / 2, py + pen / 2), fill)
        x += width * size + 0.42 * size
