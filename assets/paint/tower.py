"""A bell tower at noon, upright: its arrow must point to the top of the screen."""
import numpy as np

from .brush import (bell, coordinates, drawn, fractal, grain, image, inside, lay, letters, light,
                    ramp, rgb, smooth)

LEFT, CORNER, RIGHT = 0.195, 0.405, 0.475  # the sunny face, then the one in the shade
EAVES, GROUND = 0.295, 0.885


def tower():
    w, h = 1365, 2048
    x, y = coordinates(w, h)
    picture = ramp(y + 0 * x, (0, "#1f63b5"), (0.45, "#62a4e0"), (0.8, "#c7e3f4"))
    cumulus(picture, x, y)
    meadow(picture, x, y, h)
    walls(picture, x, y, h)
    belfry(picture, x, y, h)
    roof(picture, x, y, h)
    mural(picture, x, y)
    grass(picture, x, y)
    grain(picture, 0.006, 660)
    return image(picture)


def cumulus(picture, x, y):
    """Heaped clouds with flat grey bases, lit from the upper left."""
    def heap(dx, dy):
        u, v = (x - dx) * 3.6, (y - dy) * 5.2
        return fractal(u + 0.5, v + 8.3, 600, 7, 0.52)

    body = heap(0, 0)
    lit = np.clip(0.66 + 4.5 * (body - heap(-0.012, -0.02)), 0, 1)
    mask = smooth(0.54, 0.66, body + 0.06 * smooth(0.1, 0.6, y)) * smooth(0.85, 0.6, y)
    lay(picture, ramp(lit, (0, "#93a9c2"), (0.5, "#dfe8f1"), (1, "#ffffff")), mask * 0.96)


def meadow(picture, x, y, h):
    """Hills, each greener and sharper than the one behind it."""
    for i, (crest, far, near) in enumerate(((0.76, "#8fb3c9", "#a3c2c4"),
                                            (0.79, "#7aa58f", "#9fbf8a"),
                                            (0.825, "#5b8f4a", "#a3bb55"), (0.865, "#4c8636",
                                                                            "#86b043"))):
        skyline = crest + 0.07 * (fractal(x * (1.2 + i) + 3 * i, 0 * x + 0.5, 610 + i, 4) - 0.5)
        tone = fractal(x * 5, y * 22, 620 + i, 5) + 0.5 * smooth(0.0, 0.12, y - skyline) - 0.2
        body = ramp(tone, (0.2, far), (0.8, near))
        lay(picture, body, inside(skyline - y, h))


def faces(x, y):
    """Masks of the sunny and of the shaded face, without top and bottom."""
    h = y.shape[0]
    sunny = inside(np.maximum(LEFT - x, x - CORNER), h) + 0 * y
    return sunny, inside(np.maximum(CORNER - x, x - RIGHT), h) + 0 * y


def walls(picture, x, y, h):
    """Courses of stone; every stone has a tone of its own, and the sun picks out its upper edge."""
    height, length = 0.0125, 0.032
    course = np.floor(y / height)
    across = np.where(x < CORNER, x, CORNER + (x - CORNER) * 1.9)  # the other face, foreshortened
    along = across / length + 0.5 * (course % 2) + 0.17 * ((course * 7) % 5)
    tones = np.random.default_rng(640).random((128, 64)).astype(np.float32)
    stone = tones[course.astype(int) % 128, np.floor(along).astype(int) % 64]
    u, v = along % 1, (y / height) % 1
    edge = np.minimum(np.minimum(u, 1 - u) * length / height, np.minimum(v, 1 - v))
    joint = smooth(0.09, 0.03, edge)
    rough = fractal(x * 40, y * 40, 645, 5) - 0.5
    stain = fractal(x * 9, y * 3, 650, 4) - 0.5
    tone = 0.45 + 0.35 * (stone - 0.5) + 0.5 * rough + 0.35 * stain
    body = ramp(tone, (0, "#b08d64"), (0.5, "#dcbf92"), (1, "#f6e4c0"))
    light(body, rgb("#fff6df"), smooth(0.20, 0.10, v) * (1 - joint) * 0.25)
    lay(body, rgb("#96764f"), joint * 0.75)
    body *= (1 - 0.22 * smooth(0.72, 0.9, y) + 0 * x)[..., None]
    sunny, shaded = faces(x, y)
    tall = inside(np.maximum(EAVES - y, y - GROUND), h)
    lay(picture, body, sunny * tall)
    lay(picture, body * rgb("#7d80a0"), shaded * tall)
    for top, bottom, out in ((EAVES - 0.004, EAVES + 0.012, 0.012), (0.475, 0.487, 0.008),
                             (0.855, 0.9, 0.010)):
        band = inside(np.maximum(top - y, y - bottom), h)
        shade = inside(np.maximum(bottom - y, y - bottom - 0.010), h) * smooth(bottom + 0.012,
                                                                               bottom, y)
        lay(picture, rgb("#3b3040"), (sunny + shaded) * shade * 0.5)
        for first, last, tint in ((LEFT - out, CORNER, "#f0dcb4"),
                                  (CORNER, RIGHT + out * 0.7, "#77708a")):
            lay(picture, body * 0.3 + rgb(tint) * 0.7,
                band * inside(np.maximum(first - x, x - last), h))


def arch(x, y, cx, half, spring, foot):
    """Signed distance to a round-headed opening."""
    return np.where(y < spring, np.hypot(x - cx, y - spring) - half,
                    np.maximum(np.abs(x - cx) - half, y - foot))


def belfry(picture, x, y, h):
    for cx, half, thin in ((0.258, 0.030, 1), (0.342, 0.030, 1), (0.440, 0.015, 0.55)):
        side = cx > CORNER
        frame = arch(x, y, cx, half + 0.008 * thin, 0.365, 0.452)
        hole = arch(x, y, cx, half, 0.365, 0.447)
        lay(picture, rgb("#8a84a0" if side else "#f4e3bf"), inside(frame, h))
        lay(picture, ramp(y + 0.4 * (x - cx) + 0 * x, (0.33, "#140f18"), (0.45, "#4a3a38")),
            inside(hole, h))
        lay(picture, rgb("#b89a70"), inside(hole, h) * inside(-(x - cx - half * 0.72), h)
            * (0.25 if side else 0.8))
        swing = np.interp(y, [0.375, 0.385, 0.405, 0.418, 0.424],
                          [0.002, 0.009, 0.013, 0.019, 0.021]) * thin
        bronze = np.maximum(np.abs(x - cx) - swing, np.abs(y - 0.3995) - 0.0245)
        shine = np.clip(0.5 - (x - cx) / 0.04, 0, 1) * (0.35 if side else 1)
        lay(picture, ramp(shine + 0 * y, (0, "#3c2a12"), (0.55, "#a87b2e"), (0.8, "#f3d586"),
                          (1, "#a87b2e")), inside(bronze, h))


def roof(picture, x, y, h):
    """Two slopes of red tiles that meet over the corner, a gilded ball, and a flag in the wind."""
    apex, foot, tip = 0.082, EAVES - 0.002, 0.335
    t = np.clip((y - apex) / (foot - apex), 0, 1)
    left, corner, right = (tip + (end - tip) * t for end in (LEFT - 0.022, CORNER + 0.004,
                                                             RIGHT + 0.016))
    tall = inside(np.maximum(apex - y, y - foot), h)
    row = np.floor(y / 0.009)
    wave = np.abs(((x - left) / 0.011 + 0.5 * (row % 2)) % 1 - 0.5) * 2
    tone = 0.75 - 0.35 * wave ** 2 - 0.3 * smooth(0.75, 1.0,
                                                  (y / 0.009) % 1) + 0.5 * (fractal(x * 30, y * 30,
                                                                                    655, 4) - 0.5)
    tiles = ramp(tone, (0, "#6d2219"), (0.5, "#bf4b2e"), (1, "#ee8a5a"))
    lay(picture, tiles, tall * inside(np.maximum(left - x, x - corner), h))
    lay(picture, tiles * rgb("#76708c"), tall * inside(np.maximum(corner - x, x - right), h))
    light(picture, rgb("#ffd9b0"), tall * bell(x - corner, 0.0018) * 0.5)
    pole = inside(np.maximum(np.abs(x - tip) - 0.0016, np.abs(y - 0.052) - 0.036), h)
    lay(picture, rgb("#4c4038"), pole)
    reach = (x - tip) / 0.105
    middle = 0.034 + 0.006 * np.sin(reach * 7) * reach
    flag = np.maximum(np.maximum(-reach, reach - 1) * 0.105, np.abs(y - middle) - 0.017
                      + 0.005 * reach)
    lay(picture, ramp(0.5 + 0.5 * np.cos(reach * 7 + 0.6) + 0 * y, (0, "#a81f35"), (1, "#f2535f")),
        inside(flag, h))
    ball = np.hypot(x - tip, y - 0.082)
    lay(picture, ramp(np.hypot(x - tip + 0.003, y - 0.079) / 0.010, (0, "#fff3bf"),
                      (0.5, "#dfa93a"), (1, "#7a5214")), inside(ball - 0.008, h))


def mural(picture, x, y):
    """The arrow and the word, in red paint that lets the stone show through."""
    h, w = y.shape[0], x.shape[1]
    middle = (LEFT + CORNER) / 2

    def paint(draw, scale):
        outline = ((0, 0.515), (0.078, 0.605), (0.031, 0.605), (0.031, 0.70), (-0.031, 0.70),
                   (-0.031, 0.605), (-0.078, 0.605))
        draw.polygon([((middle + px) * scale, py * scale) for px, py in outline], 255)
        letters(draw, "UP", (middle - 0.0558) * scale, 0.818 * scale, 0.0527 * scale,
                0.0150 * scale)

    worn = 0.80 + 0.35 * (fractal(x * 60, y * 60, 670, 4) - 0.2)
    coat = drawn(w, h, paint)
    lay(picture, picture * 0.2 + 0.8 * rgb("#c01f35"), np.clip(coat * worn, 0, 0.93))


def grass(picture, x, y):
    """Long blades and flowers in front, and the shadow that the tower throws to the right."""
    h, w = y.shape[0], x.shape[1]
    lay(picture, rgb("#17301c"), bell(y - 0.895 - 0.02 * (x - LEFT), 0.010)
        * smooth(LEFT - 0.01, LEFT + 0.03, x) * smooth(0.667, 0.45, x) * 0.6)
    random = np.random.default_rng(680)
    for depth, tint in enumerate(("#3f7a30", "#5c9a38", "#376b2a", "#7db544")):
        def paint(draw, scale):
            for px in random.uniform(0, w / h, 1300):
                foot = 0.915 + 0.035 * depth + random.uniform(-0.01, 0.015)
                tall, lean = random.uniform(0.015, 0.035) * (1 + 0.35 * depth), random.normal(0,
                                                                                              0.008)
                draw.polygon([((px - 0.0014) * scale, foot * scale),
                              ((px + lean) * scale, (foot - tall) * scale),
                              ((px + 0.0014) * scale, foot * scale)], 255)
            draw.rectangle((0, (0.912 + 0.035 * depth) * scale, w * 9, h * 9), 255)
        tone = 0.75 + 0.6 * (fractal(x * 50, y * 12, 690 + depth, 3) - 0.5)
        lay(picture, rgb(tint) * tone[..., None], drawn(w, h, paint))
    flowers = random.random((230, 4))
    for px, py, size, kind in flowers:
        row, column = 0.90 + 0.1 * py, px * w / h
        colour = rgb(("#ffffff", "#ffd94a", "#e8506a")[int(kind * 3)])
        radius = (0.0016 + 0.0022 * size) * (0.5 + 12 * (row - 0.88))
        top, left = int((row - 0.01) * h), max(int((column - 0.01) * h), 0)
        part = picture[top:top + 42, left:left + 42]
        away = np.hypot(x[:, left:left + 42] - column, (y[top:top + 42] - row) * 1.4)
        lay(part, colour, inside(away - radius, h))
        lay(part, rgb("#e2a21c"), inside(away - radius * 0.35, h))
