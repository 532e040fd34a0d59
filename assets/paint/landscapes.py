"""Mountains and woods: alps at night, a forest in the mist, a panorama."""
import numpy as np

from .brush import (bell, blur, coordinates, drawn, fractal, grain, image, inside, lay, light,
                    noise, ramp, rgb, smooth, stars)
from .terrain import Terrain, halve, ridged


def alps():
    """Moonlit snow, the Milky Way, and a village asleep in the mist of the valley."""
    w, h = 2048, 1365
    x, y = coordinates(w, h)
    sky = ramp(y + 0 * x, (0, "#050a1c"), (0.3, "#0c1a3a"), (0.55, "#1d3a66"), (0.72, "#41648f"))
    across = (x - 0.75) * 0.55 + (y - 0.2) * 0.83
    along = (x - 0.75) * 0.83 - (y - 0.2) * 0.55
    cloud = fractal(along * 3, across * 5, 40, 6)
    band = bell(across + 0.06 * (cloud - 0.5), 0.15) * smooth(0.2, 0.8, cloud) * smooth(0.7, 0.3, y)
    dust = smooth(0.48, 0.7, fractal(along * 4 + 9, across * 9, 60, 5)) * bell(across, 0.07)
    light(sky, rgb("#8a9ad8"), band * 0.62 * (1 - 0.75 * dust))
    light(sky, rgb("#d8b0a8"), bell(across, 0.06) * smooth(0.3, 0.8, cloud) * 0.2 * (1 - dust))
    stars(sky, 5200, 7, 0.75)

    def land(x, z):
        rise = smooth(3, 12, z + 0.6 * np.sqrt(x * x + 1))
        return ridged(x * 0.13 + 5.2, z * 0.13 + 2.6, 303, 8) * 4.4 * rise + 0.3 * fractal(x, z, 90,
                                                                                           4)

    view = Terrain(2 * w, 2 * h, 2 * 0.74 * h, 2 * 0.8 * w, 1.0, 1.2, 34, land, (-1, 0.62, -0.35),
                   2600)
    rough = fractal(view.x * 2.2, view.z * 2.2, 130, 4)
    snow = smooth(0.50, 0.72, view.slope + 0.5 * (rough - 0.5)) * smooth(0.3, 1.3, view.h + rough)
    shade = ramp(view.lit, (0, "#0d1734"), (0.35, "#2a4270"), (1, "#56709c"))
    white = ramp(view.lit, (0, "#1c2e58"), (0.3, "#5c7db5"), (0.7, "#b9cdf0"), (1, "#eef4ff"))
    lay(shade, white, snow)
    wood = smooth(0.95, 0.4, view.h + 0.5 * (rough - 0.5))
    lay(shade, rgb("#0a1424"), wood * 0.8)
    lay(shade, rgb("#34568a"), 0.75 * smooth(8, 36, view.z) + 0 * view.x)
    mist = (1 - np.exp(-view.z * 0.16)) * smooth(1.5, 0.15, view.h + 0.5 * (rough - 0.5))
    lay(shade, rgb("#6d8db8"), mist * 0.75)
    cover = halve(view.cover)
    lay(sky, halve(view.show(shade) * view.cover[..., None]) / np.maximum(cover, 0.01)[..., None],
        cover)

    village = np.zeros((h, w), np.float32)
    for px, py in np.random.default_rng(12).normal((0.66, 0.775), (0.055, 0.006), (46, 2)):
        village[int(py * h), int(px * h)] = 1
    glow = blur(village, 1.2) * 9 + blur(village, 5) * 26 + blur(village, 26) * 130
    light(sky, rgb("#ffc46b"), np.clip(glow, 0, 1))
    lay(sky, rgb("#050a16"), foreground(w, h))
    return image(dither(sky))


def foreground(w, h):
    """Firs on a slope at the eye's own feet."""
    def paint(draw, scale):
        random = np.random.default_rng(21)
        at = np.linspace(0, w / h, 200)
        slope = 0.955 - 0.13 * bell(at, 0.42) - 0.16 * bell(at - 1.5, 0.36)
        slope += 0.03 * (fractal(at * 3, at * 0, 22, 4) - 0.5)
        draw.polygon([(0, 2 * scale), *zip(at * scale, slope * scale), (2 * scale, 2 * scale)], 255)
        for x in np.sort(random.uniform(0, w / h, 75)):
            height = random.uniform(0.05, 0.17) * (0.45 + abs(x - 0.75))
            conifer(draw, random, x, np.interp(x, at, slope) + height * 0.25, height * 1.25, scale)

    return drawn(w, h, paint)


def dither(picture):
    """An ordered pattern of under one step: gradients stay smooth, and PNG still packs them."""
    bayer = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) / 16 - 0.47
    h, w, _ = picture.shape
    return picture + np.tile(bayer, (h // 4 + 1, w // 4 + 1))[:h, :w, None].astype(np.float32) / 255


def conifer(draw, random, x, base, height, scale):
    """One fir: a stem, and branches that droop more the longer they are."""
    spread = height * random.uniform(0.15, 0.21)
    stem = height * 0.012
    draw.polygon([(v[0] * scale, v[1] * scale) for v in
                  ((x - stem, base), (x, base - height), (x + stem, base))], 255)
    for t in np.linspace(0.02, 0.96, int(22 + height * 150)):
        for side in (-1, 1):
            reach = spread * t ** 0.85 * random.uniform(0.5, 1.15)
            top = base - height * (1 - t)
            tip = top + reach * random.uniform(0.3, 0.6)
            thick = height * 0.016 + reach * 0.07
            draw.polygon([(v[0] * scale, v[1] * scale) for v in
                          ((x, top - thick * 0.3), (x + side * reach, tip),
                           (x + side * reach * 0.6, tip + thick * 0.25), (x, top + thick * 1.5))],
                         255)


def forest():
    """Firs on ridge behind ridge, the early sun in the mist between them."""
    w, h = 2048, 1365
    x, y = coordinates(w, h)
    sun = np.hypot(x - 1.02, y - 0.27)
    picture = ramp(y + 0 * x, (0, "#8fb0bd"), (0.35, "#e3d9bd"), (0.6, "#f2dcb4"), (1, "#d9cdb8"))
    lay(picture, rgb("#fff3d2"), bell(sun, 0.42) * 0.8)
    lay(picture, rgb("#fffdf2"), smooth(0.052, 0.036, sun))
    layers = 7
    for i in range(layers):
        near = i / (layers - 1)
        random = np.random.default_rng(500 + i)
        column = np.arange(w) / h
        ridge = 0.40 + 0.52 * near ** 1.1 + (0.15 - 0.05 * near) * (
            2 * fractal(column * (0.8 + 0.25 * i) + 3.1 * i, column * 0 + 0.5, 700 + i, 3) - 1)
        if i == layers - 1:
            ridge += 0.25 * bell(column - 0.85, 0.42) - 0.06
        size = 0.035 + 0.33 * near ** 1.9

        def paint(draw, scale):
            edge = [(c * scale, r * scale) for c, r in zip(column[::4], ridge[::4])]
            draw.polygon([(0, scale), *edge, (2 * scale, 2 * scale), (0, 2 * scale)], 255)
            at = -0.02
            while at < w / h + 0.02:
                foot = np.interp(at, column, ridge)
                conifer(draw, random, at, foot + size * 0.33, size * random.uniform(0.75, 1.45),
                        scale)
                at += size * random.uniform(0.08, 0.27)

        mask = drawn(w, h, paint)
        tone = ramp(np.array(near), (0, "#b7c0b4"), (0.3, "#83998f"), (0.6, "#3f6059"),
                    (1, "#0c1f1f"))
        warm = bell(sun, 0.5)[..., None] * (1 - near) * 0.55
        body = tone * (1 - warm) + rgb("#f6deb0") * warm
        below = (y - ridge[None, :].astype(np.float32)) / (0.1 + 0.1 * near)
        drift = fractal(x * 2.2 + i * 5, y * 7 + i, 800 + i, 4)
        body = body + 0 * below[..., None]
        haze = smooth(-0.5, 1.3, below + 1.1 * (drift - 0.5)) * (0.95 - 0.45 * near ** 2)
        lay(body, ramp(x + 0 * y, (0.2, "#cdd3c8"), (1.0, "#f7e6c2"), (1.5, "#e5d9bd")), haze)
        if i == layers - 1:
            body += (fractal(x * 40, y * 40, 950, 3)[..., None] - 0.5) * 0.05
        lay(picture, body, mask)
    angle = np.arctan2(x - 1.02, y - 0.27)
    rays = smooth(0.45, 0.75, fractal(angle * 7 + 40, sun * 0.6, 960, 3))
    light(picture, rgb("#ffe2a8"), rays * 0.34 * smooth(-0.1, 0.3, y - 0.27 + 0 * x)
          * smooth(0.03, 0.3, sun) * smooth(1.0, 0.25, sun))
    light(picture, rgb("#ffd890"), bell(sun, 0.24) * 0.35)
    grain(picture, 0.006, 970)
    return image(picture)


def panorama():
    """Range behind range at sunrise over a lake: 6 to 1, wider than any window."""
    w, h = 6000, 1000
    x, y = coordinates(w, h)
    sun = np.hypot(x - 3.38, y - 0.27)
    sky = ramp(y + 0 * x, (0, "#4f7fb4"), (0.3, "#9dbcd2"), (0.52, "#f5d9b4"), (0.65, "#ffcf9a"))
    lay(sky, rgb("#fff0cf"), bell(sun, 0.75) * 0.75)
    veil = fractal(x * 0.7, y * 6 + 0.4 * noise(x, y * 2, 3), 310, 6)
    lay(sky, rgb("#fff1e2"), smooth(0.5, 0.85, veil) * smooth(0.62, 0.2, y) * 0.75)
    lay(sky, rgb("#fffdf4"), smooth(0.05, 0.03, sun))

    def land(x, z):
        rise = smooth(5, 13, z)
        crests = ridged(x * 0.12 + 40.3, z * 0.16 + 7.7, 320, 8) * 4.6 * rise
        hills = 1.5 * fractal(x * 0.22 + 9, z * 0.3, 340, 6) * smooth(2.5, 6.5, z) * smooth(14, 6,
                                                                                            z)
        return crests + hills - 0.62

    view = Terrain(w, h, 0.66 * h, 2300, 0.55, 1.5, 44, land, (1, 0.42, 0.10), 2200)
    rough = fractal(view.x * 2, view.z * 2, 350, 4)
    snow = smooth(0.5, 0.75, view.slope + 0.4 * (rough - 0.5)) * smooth(1.3, 2.3,
                                                                        view.h + rough * 0.6)
    body = ramp(view.lit, (0, "#33405a"), (0.4, "#8a6f6a"), (1, "#e8b184"))
    lay(body, ramp(view.lit, (0, "#6d86b0"), (0.4, "#e3c9c4"), (1, "#fff1dc")), snow)
    lay(body, ramp(view.lit + 0.3 * (rough - 0.5), (0, "#1d3138"), (0.5, "#4a5f43"),
                   (1, "#a99a58")),
        smooth(1.5, 0.8, view.h + 0.6 * (rough - 0.5)))
    haze = 1 - np.exp(-np.maximum(view.z - 3, 0) * 0.052 - smooth(1.2, 0.0, view.h) * 0.25
                      * smooth(5, 14, view.z))
    lay(body, ramp(view.x / view.z * 2.3 + 3, (0, "#9fb6cf"), (2.4, "#cfcbc9"), (3.38, "#ffdcae"),
                   (6, "#d9c8c0")), haze)
    lay(sky, view.show(body), view.cover)
    light(sky, rgb("#ffdfae"), bell(sun, 0.35) * 0.4)
    lake(sky, x, y)
    grain(sky, 0.005, 360)
    return image(sky)


def lake(picture, x, y):
    """Still water from the shore down: the picture above it, upside down, ruffled and darker."""
    h, w, _ = picture.shape
    shore = 0.76
    depth = np.maximum(y - shore, 0)
    wave = fractal(x * 1.2 / (depth + 0.03), 1.6 / (depth + 0.03), 370, 4) - 0.5
    row = np.clip((shore - depth * 2.1 - wave * (0.004 + depth * 0.22)) * h, 0, h - 1).astype(int)
    water = picture[row, np.arange(w)[None, :]]
    water = water * ramp(depth + 0 * x, (0, "#d5dbe2"), (0.24, "#8fa3b8"))
    light(water, rgb("#fff0d8"), bell(depth, 0.004) * 0.35 + 0 * x)
    lay(picture, water, inside(shore - y, h) + 0 * x)
