"""Still lifes: the display case, glass spheres, two printed circles, the moon."""
import math

import numpy as np

from .brush import (bell, blur, coordinates, drawn, fractal, grain, image, inside, lay, letters,
                    light, ramp, rgb, smooth)


def circles():
    """Two circles as a screen print: two inks that darken each other, on soft paper."""
    w, h = 2048, 1365
    x, y = coordinates(w, h)
    random = np.random.default_rng(5)
    fibre = blur(random.standard_normal((h, w)).astype(np.float32), 1) * 2
    blotch = fractal(x * 3, y * 3, 34, 4) - 0.5
    picture = np.ones((h, w, 3), np.float32) * rgb("#f0e4ca")
    picture += (0.008 * fibre + 0.03 * blotch)[..., None]
    for cx, ink, towards in ((0.535, "#e5405f", -1), (0.965, "#3a7fb8", 1)):
        across, down = (x - cx) / 0.355, (y - 0.5) / 0.355
        shade = smooth(-1.0, 0.9, towards * across * 0.7 + down * 0.7)
        dots = smooth(-0.06, 0.06, shade * 1.1 - 0.05 - random.random((h, w), np.float32))
        cover = inside(np.hypot(x - cx, y - 0.5) - 0.355, h) * (0.82 + 0.18 * blur(dots, 0.7))
        picture *= 1 - (cover * (1 - 0.02 * fibre))[..., None] * (1 - rgb(ink))
    edge = np.minimum(np.minimum(x, w / h - x), np.minimum(y, 1 - y))
    picture *= (0.93 + 0.07 * smooth(0, 0.25, edge))[..., None]
    return image(picture)


def sphere(x, y, cx, cy, radius):
    """The normal of a ball at each pixel, and its mask."""
    nx, ny = (x - cx) / radius, (y - cy) / radius
    nz = np.sqrt(np.clip(1 - nx * nx - ny * ny, 0, 1))
    return nx, ny, nz, inside(np.hypot(x - cx, y - cy) - radius, y.shape[0])


def glass():
    """Glass balls on nothing at all: shadows, tints and highlights are in the alpha channel."""
    w, h = 1600, 1200
    x, y = coordinates(w, h)
    colour = np.zeros((h, w, 3), np.float32)  # premultiplied by alpha until the end
    alpha = np.zeros((h, w), np.float32)

    def over(paint, cover):
        nonlocal alpha
        colour[:] = np.asarray(paint) * cover[..., None] + colour * (1 - cover[..., None])
        alpha = cover + alpha * (1 - cover)

    balls = ((0.98, 0.36, 0.21, "#35c9b0"), (0.45, 0.42, 0.30, "#4f8df0"),
             (0.84, 0.66, 0.20, "#f0a32f"),
             (0.28, 0.76, 0.12, "#e5486a"), (1.13, 0.74, 0.10, "#a36bf2"),
             (0.56, 0.83, 0.075, "#7fd14f"))
    border = smooth(0, 0.15, np.minimum(x, w / h - x))
    for cx, cy, radius, tint in balls:
        floor = cy + radius * 0.97
        spread = np.hypot((x - cx - radius * 0.35) / 1.25, (y - floor) / 0.24)
        over(rgb("#0a0e1c"), 0.5 * bell(spread, radius * 0.85) * border)
        over(rgb(tint) * 0.6 + 0.4, 0.75
             * bell(np.hypot((x - cx - radius * 0.45) / 1.5, (y - floor) / 0.28), radius * 0.38))
    for cx, cy, radius, tint in balls:
        nx, ny, nz, mask = sphere(x, y, cx, cy, radius)
        rim = (1 - nz) ** 2.2
        glow = np.clip(nx * 0.45 + ny * 0.85, 0, 1) ** 1.6 * smooth(1.0, 0.75, np.hypot(nx, ny))
        body = ramp(rim, (0, tint), (0.5, tint), (1, "#0e1626"))
        lay(body, 0.35 * rgb(tint) + 0.65, np.clip(glow * 1.2, 0, 1))
        over(body, mask * np.clip(0.30 + 0.60 * rim + 0.5 * glow, 0, 1))
        bow = smooth(0.035, 0, np.abs(np.hypot(nx, ny) - 0.93)) * np.clip(-nx * 0.6 - ny * 0.8, 0,
                                                                          1) ** 2
        over(rgb("#ffffff"), mask * bow * 0.8)
        u, v = nx / (nz + 0.35), ny / (nz + 0.35)  # a window, bent as a ball bends it
        pane = np.maximum(np.abs(u + 0.42) - 0.24, np.abs(v + 0.52) - 0.27)
        bar = np.abs(u + 0.36) - 0.02
        over(rgb("#ffffff"), mask * smooth(0.02, -0.02, pane) * smooth(-0.01, 0.01, bar) * 0.85)
        over(rgb("#ffffff"), mask * 0.55 * bell(np.hypot(nx - 0.45, ny - 0.55), 0.10))
    straight = colour / np.maximum(alpha, 1 / 512)[..., None]
    return image(np.dstack([straight, alpha]))


def moon():
    """One month in eight frames; the full moon first, for who shows one frame only."""
    size = 240
    x, y = coordinates(size, size)
    nx, ny, nz, disc = sphere(x, y, 0.5, 0.5, 0.40)
    turn = np.arctan2(nx, nz) * 1.2
    seas = smooth(0.44, 0.62, fractal(turn * 1.3 + 4.4, np.arcsin(np.clip(ny, -1, 1)) * 1.5 + 2, 81,
                                      4))
    ground = 0.90 - 0.34 * seas + 0.22 * (fractal(turn * 7, ny * 7, 85, 3) - 0.5)
    random = np.random.default_rng(9)
    for _ in range(26):
        cx, cy = random.uniform(-0.8, 0.8, 2)
        radius = random.uniform(0.03, 0.11)
        away = np.hypot(nx - cx, ny - cy) / radius
        ground = ground + 0.07 * bell(away - 1, 0.25) - 0.07 * smooth(1, 0.7, away)
    frames = []
    for step in range(8):
        angle = step * math.pi / 4
        day = smooth(-0.15, 0.17, nz * math.cos(angle) - nx * math.sin(angle))
        picture = ramp(y + 0 * x, (0, "#0b1022"), (1, "#18223f"))
        for px, py, size_of in np.random.default_rng(3).random((40, 3)):
            light(picture, rgb("#dfe8ff"), bell(np.hypot(x - px, y - py), 0.003 + 0.003 * size_of)
                  * (0.3 + 0.6 * size_of))
        full = (1 + math.cos(angle)) / 2
        light(picture, rgb("#8fa4d8"), 0.5 * full
              * np.exp(-np.maximum(np.hypot(x - 0.5, y - 0.5) - 0.4, 0) / 0.06))
        tone = np.clip(ground, 0, 1)[..., None] * (rgb("#fff6e2") * day[..., None]
                                                   + rgb("#1c2540") * (1 - day[..., None]))
        lay(picture, tone, disc)
        frames.append(image(picture).quantize(64, dither=0))
    return frames


def vitrine():
    """A museum at night: a painted amphora in its glass case, lit from above."""
    w, h = 2048, 1365
    x, y = coordinates(w, h)
    x = x - 0.75
    pool = bell(np.hypot(x * 0.8, y - 0.42), 0.55)
    picture = ramp(np.clip(pool + 0.05 * (fractal(x * 3, y * 3, 400, 4) - 0.5), 0, 1),
                   (0, "#0b0d14"), (0.5, "#232e42"), (1, "#55677f"))
    floor = smooth(0.87, 0.885, y)
    board = 0.5 + 0.5 * (fractal(x / (y - 0.60) * 14, 3 / (y - 0.60) + 0 * x, 410, 4) - 0.5)
    lay(picture, ramp(np.clip(board * bell(x, 0.75) * 0.9, 0, 1), (0, "#0a0b10"), (0.5, "#3a2b20"),
                      (1, "#8a6444")), floor + 0 * x)
    cone = bell(x / (0.10 + 0.34 * y), 0.9) * smooth(0.85, 0.0, y)
    light(picture, rgb("#ffe6b8"), cone * 0.27 * (0.8 + 0.4 * fractal(x * 3, y * 3, 420, 4)))
    plinth(picture, x, y, h)
    amphora(picture, x, y, h)
    case(picture, x, y, w, h)
    mirror = picture[:int(0.94 * h)][::-1]
    depth = h - int(0.94 * h)
    lay(picture[int(0.94 * h):], blur(mirror[:depth], 5) * 0.9,
        np.full((depth, w), 0.35, np.float32) * smooth(0.55, 0.3, np.abs(x)))
    picture *= (1 - 0.45 * smooth(0.5, 1.0, np.hypot(x, (y - 0.5) * 1.1)))[..., None]
    grain(picture, 0.006, 440)
    return image(picture)


def plinth(picture, x, y, h):
    """Pale stone: a lit top seen from slightly above, a front, and a brass plate."""
    stone = 0.06 * (fractal(x * 9, y * 9, 430, 5) - 0.5) + 0.03 * (fractal(x * 90, y * 90, 436, 2)
                                                                   - 0.5)
    half = 0.30 - 0.045 * np.clip((0.745 - y) / 0.045, 0, 1)
    top = inside(np.maximum(np.abs(x) - half, np.abs(y - 0.7225) - 0.0225), h)
    lay(picture, ramp(bell(np.hypot(x, (y - 0.72) * 5), 0.22) + stone, (0, "#77736e"),
                      (1, "#fff3dc")), top)
    shadow = bell(np.hypot(x, (y - 0.727) * 6), 0.085)
    lay(picture, rgb("#3a2c22"), top * shadow * 0.75)
    front = inside(np.maximum(np.abs(x) - 0.30, np.abs(y - 0.8425) - 0.0975), h)
    tone = smooth(0.98, 0.745, y) * (0.62 + 0.25 * bell(x, 0.25)) + stone * 1.5
    lay(picture, ramp(tone, (0, "#1d1c20"), (0.6, "#7a7269"), (1, "#b5aa98")), front)
    lay(picture, rgb("#fff4e0"), front * bell(y - 0.7465, 0.0022) * 0.7)
    plate = inside(np.maximum(np.abs(x) - 0.085, np.abs(y - 0.835) - 0.028), h)
    lay(picture, ramp(0.5 + 2.2 * x + 6 * (0.835 - y), (0, "#7d5a26"), (0.5, "#d9b264"),
                      (1, "#fff0bf")), plate)
    def word(draw, scale):
        letters(draw, "vitrine", (0.75 - 0.0463) * scale, 0.8435 * scale, 0.0146 * scale,
                0.0032 * scale)
    lay(picture, rgb("#4a3212"), drawn(picture.shape[1], picture.shape[0], word) * 0.9)


def amphora(picture, x, y, h):
    """A turned body: from its outline follow the normals, from those the light and the pattern."""
    rows = [0.30, 0.312, 0.325, 0.36, 0.40, 0.44, 0.49, 0.54, 0.60, 0.66, 0.70, 0.712, 0.73]
    radii = [0.060, 0.062, 0.046, 0.036, 0.042, 0.088, 0.130, 0.140, 0.118, 0.074, 0.042, 0.052,
             0.058]
    fine = np.linspace(0.30, 0.73, 400)
    outline = blur(np.interp(fine, rows, radii).astype(np.float32)[:, None], 7)[:, 0]
    radius = np.interp(y, fine, outline)
    tilt = np.interp(y, fine, np.gradient(outline, fine))
    for side in (-1, 1):  # handles: half rings from the neck to the shoulder
        px, py = (x * side - 0.062) / 0.058, (y - 0.405) / 0.072
        ring = np.abs(np.hypot(px, py) - 1) * 0.06 - 0.0105
        grip = inside(ring, h) * smooth(-0.9, -0.8, px)
        roundness = np.clip(1 + ring / 0.0105 * -0.9, 0, 1)
        lay(picture, ramp(np.clip(0.75 - 0.45 * py - 0.14 * side - 0.3 * roundness, 0, 1),
                          (0, "#140d0b"), (0.6, "#3a2219"), (1, "#c08a5c")), grip)
    across = np.clip(x / radius, -1, 1)
    depth = np.sqrt(1 - across ** 2)
    length = np.sqrt(1 + tilt ** 2)
    nx, ny, nz = across / length, -tilt / length, depth / length
    mask = inside(np.maximum(np.abs(x) - radius, np.abs(y - 0.515) - 0.215), h)
    turn = np.arcsin(across) / (2 * math.pi)
    clay = ramp(0.5 + 0.9 * (fractal(turn * 14, y * 12, 450, 5) - 0.5), (0, "#a8542c"),
                (0.5, "#cd7440"), (1, "#e59a63"))
    glaze = pattern(turn, y)
    lay(clay, rgb("#1b1311"), glaze * (0.93 + 0.1 * (fractal(turn * 60, y * 60, 455, 2) - 0.5)))
    lamp = np.clip(-0.70 * ny + 0.42 * nz - 0.32 * nx, 0, 1)
    body = clay * (0.17 + 1.3 * lamp[..., None]) * rgb("#fff0d8")
    light(body, rgb("#7fa6d8"), np.clip(nx - 0.55, 0, 1) ** 1.5 * 0.9)
    light(body, rgb("#ffb070"), np.clip(-nx - 0.75, 0, 1) * 0.5)
    shine = np.clip(-0.62 * ny - 0.38 * nx + 0.69 * nz, 0, 1)
    light(body, rgb("#fff4e0"), shine ** 40 * (0.35 + 0.45 * glaze))
    lay(picture, body, mask)


def pattern(turn, y):
    """Black glaze with bands left free: a meander, rays at the foot, waves on the shoulder."""
    glaze = smooth(0.298, 0.302, y) + 0 * turn

    def band(first, last):
        return smooth(first - 0.001, first + 0.001, y) * smooth(last + 0.001, last - 0.001, y)

    u = (turn * 30) % 1 * 8
    v = (y - 0.508) / 0.05 * 8
    key = np.zeros(np.broadcast(u, v).shape, np.float32)
    for left, top, right, bottom in ((0, 0, 7, 1), (6, 0, 7, 7), (2, 6, 7, 7), (2, 3, 3, 7),
                                     (2, 3, 5, 4),
                                     (0, 0, 1, 8), (0, 7.4, 1, 8.4)):
        inner = np.minimum(np.minimum(u - left, right - u), np.minimum(v - top, bottom - v))
        key = np.maximum(key, smooth(-0.12, 0.12, inner))
    clear = band(0.495, 0.571)
    glaze = glaze * (1 - clear) + clear * key
    for first, last in ((0.490, 0.4925), (0.5735, 0.576), (0.4725, 0.475), (0.592, 0.595)):
        glaze = glaze * (1 - band(first, last))
    rays = smooth(-0.03, 0.03, np.abs((turn * 22) % 1 - 0.5) * 2 - (0.705 - y) / 0.075)
    glaze = np.where((y > 0.63) & (y < 0.70), 1 - rays, glaze)
    tongues = smooth(-0.06, 0.06, np.abs((turn * 34) % 1 - 0.5) * 2 - 0.62)
    glaze = np.where((y > 0.432) & (y < 0.464), np.maximum(tongues, smooth(0.458, 0.464, y)), glaze)
    return glaze.astype(np.float32)


def case(picture, x, y, w, h):
    """The glass: bright polished edges, a brass foot, and the room in it as slanting light."""
    left, right, top, bottom = -0.265, 0.265, 0.15, 0.742
    front = inside(np.maximum(np.abs(x) - right, np.abs(y - (top + bottom) / 2)
                              - (bottom - top) / 2), h)
    slant = x + 0.42 * (y - 0.45)
    sheen = (smooth(-0.215, -0.20, slant) * smooth(-0.10, -0.115, slant) * 0.75
             + smooth(-0.085, -0.075, slant) * smooth(-0.05, -0.06, slant) * 0.45
             + smooth(0.15, 0.16, slant) * smooth(0.235, 0.22, slant) * 0.35)
    light(picture, rgb("#cfe2ff"), front * (0.025 + 0.15 * sheen * smooth(0.75, 0.15, y)))
    back = ((-0.215, 0.178, 0.215, 0.178), (-0.215, 0.178, -0.215, 0.70),
            (0.215, 0.178, 0.215, 0.70))
    near = ((left, top, right, top), (left, top, left, bottom), (right, top, right, bottom),
            (left, top, -0.215, 0.178), (right, top, 0.215, 0.178))

    def lines(edges, width):
        def paint(draw, scale):
            for x0, y0, x1, y1 in edges:
                draw.line([((x0 + 0.75) * scale, y0 * scale), ((x1 + 0.75) * scale, y1 * scale)],
                          255, round(width * scale))
        return drawn(w, h, paint)

    strength = 0.55 + 0.45 * smooth(0.75, 0.15, y)
    light(picture, rgb("#9fc4d8"), lines(back, 0.0022) * 0.35 * strength)
    edge = lines(near, 0.0042)
    lay(picture, rgb("#bfe3e6"), edge * 0.55 * strength)
    light(picture, rgb("#ffffff"), lines(near, 0.0014) * 0.8 * strength)
    light(picture, rgb("#bfe0ff"), blur(edge, 7) * 0.35)
    foot = inside(np.maximum(np.abs(x) - 0.272, np.abs(y - 0.7425) - 0.0065), h)
    lay(picture, ramp(0.5 + 0.4 * np.cos(x * 16 + 0.6) + (0.7425 - y) * 40, (0, "#4c3717"),
                      (0.5, "#b98f45"), (1, "#ffe9ae")), foot)
    lamp = np.maximum(np.abs(x) - 0.12, np.abs(y - 0.147) - 0.006)
    lay(picture, rgb("#20242c"), inside(lamp, h))
    light(picture, rgb("#fff3d6"), bell(np.hypot(x / 3.2, y - 0.157), 0.022) * 0.95)
