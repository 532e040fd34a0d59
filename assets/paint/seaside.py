"""The lighthouse at dusk."""
import numpy as np

from .brush import (bell, coordinates, drawn, fractal, grain, image, inside, lay, light, ramp, rgb,
                    smooth,
                    stars)
from .terrain import ridged


CLIFF = ([0, 0.25, 0.5, 0.62, 0.74, 0.86], [0.655, 0.632, 0.63, 0.67, 0.80, 1.05])  # x, y


def lighthouse():
    """Dusk at sea: the lamp is lit, the sun is not quite gone."""
    w, h = 2048, 1365
    x, y = coordinates(w, h)
    sun, horizon = (1.04, 0.585), 0.64
    far = np.hypot(x - sun[0], y - sun[1])
    picture = ramp(y + 0 * x, (0, "#1b2550"), (0.22, "#4a3f7c"), (0.4, "#a4577f"),
                   (0.53, "#ec8467"),
                   (0.64, "#ffc987"))
    lay(picture, rgb("#ffdf9e"), bell(far, 0.3) * 0.75)
    clouds(picture, x, y, 210, "#ffb27c", "#5a3f71", smooth(0.62, 0.3, y) * 0.9, sun)
    stars(picture[:int(0.3 * h)], 160, 11, 1)
    sea(picture, x, y, sun, horizon)
    lay(picture, rgb("#fff0c4"), smooth(0.058, 0.055, far))
    light(picture, rgb("#ffd08a"), bell(far, 0.13) * 0.6 * (1 - 0.6 * inside(horizon - y, h)))
    headland(picture, x, y, h)
    tower_of_light(picture, x, y, h)
    tufts(picture)
    grain(picture, 0.006, 230)
    return image(picture)


def sea(picture, x, y, sun, horizon):
    """Water mirrors the sky above it, broken by waves that grow towards the eye."""
    h, w, _ = picture.shape
    depth = np.maximum(y - horizon, 0.0004)
    wave = fractal((x - 0.75) * 1.1 / (depth + 0.03) + 50, 1.9 / (depth + 0.025), 220, 5)
    row = np.clip((horizon - depth * 1.1 - 0.22 * (wave - 0.45) * (0.2 + 2.5 * depth)) * h, 0,
                  h - 1)
    mirrored = picture[row.astype(int), np.arange(w)[None, :]]
    water = mirrored * ramp(depth + 0 * x, (0, "#d8c4cc"), (0.1, "#8f93b4"), (0.36, "#3f5680"))
    water += (wave[..., None] - 0.5) * 0.16
    glitter = smooth(0.52, 0.68, wave) * bell(x - sun[0], 0.045 + 0.36 * depth) * (1 - 1.2 * depth)
    light(water, rgb("#ffd79a"), np.clip(glitter, 0, 1))
    lay(water, rgb("#ffcf96"), bell(depth, 0.018) * 0.5 + 0 * x)
    lay(picture, water, inside(horizon - y, h) + 0 * x)


def headland(picture, x, y, h):
    """The rock: dark, lit from the right along its edge, with grass on top and surf at its foot."""
    rough = fractal(x * 5, y * 5, 240, 6)
    top = np.interp(x, *CLIFF)
    crag = ridged(x * 3.2 + 0.5 * y, y * 2.2 + 0.25 * rough, 250, 8)
    top = top + (0.03 * (rough - 0.5) + 0.07 * (crag - 0.4)) * smooth(0.5, 0.62, x)
    rock = inside(top - y, h)
    lit = np.clip(0.30 - 26 * np.gradient(crag, axis=1) + 0.5 * (crag - 0.4), 0, 1)
    face = smooth(0.35, 0.75, x)
    body = ramp(lit, (0, "#0c0e18"), (0.35, "#2b2834"), (0.7, "#5b4650"), (1, "#8d6560"))
    lay(body, rgb("#e58f68"), smooth(0.5, 0.95, lit) * face * 0.6)
    depth = y - top
    blades = fractal(x * 150, y * 26 - x * 9, 260, 3)
    green = smooth(0.085, 0.03, depth + 0.16 * (rough - 0.5) + 0.08 * (crag - 0.4))
    green = green * smooth(0.75, 0.55, x)
    lay(body, ramp(blades, (0.2, "#1c2a2a"), (0.6, "#43503a"), (0.9, "#a08450")), green * 0.9)
    body *= (1 - 0.55 * smooth(0.1, 0.42, depth))[..., None]
    foam = bell(depth, 0.03) * smooth(0.60, 0.72, x) * smooth(0.45, 0.7,
                                                                    fractal(x * 22, y * 22, 270, 4))
    lay(picture, body, rock)
    light(picture, rgb("#e9c3b4"), foam * (1 - rock) * smooth(0.72, 0.9, y) * 0.9)


def tufts(picture):
    """Long grass along the edge, in front of the walls: they grow out of the ground."""
    h, w, _ = picture.shape
    random = np.random.default_rng(290)
    for depth, tint in enumerate(("#2c3a2c", "#4a5236", "#23302a", "#8a7444", "#1d2826")):
        def paint(draw, scale):
            for x in random.uniform(-0.01, 0.61, 900):
                foot = np.interp(x, *CLIFF) + 0.010 + 0.006 * depth + random.normal(0, 0.004)
                foot += 0.010 * bell(x - 0.37, 0.07)
                tip = x + random.normal(0.004, 0.005), foot - random.uniform(0.008, 0.022)
                draw.polygon([(px * scale, py * scale) for px, py in
                              ((x - 0.0011, foot), tip, (x + 0.0011, foot))], 255)
        lay(picture, rgb(tint), drawn(w, h, paint) * 0.9)


def tower_of_light(picture, x, y, h):
    """A round white tower with red bands, its gallery and lamp, and the keeper's house."""
    cx, base, top = 0.37, 0.645, 0.235
    house = inside(np.maximum(np.abs(x - 0.245) - 0.062, np.abs(y - 0.622) - 0.026), h)
    lay(picture, ramp(x + 0 * y, (0.18, "#3d3a52"), (0.31, "#a78a86")), house)
    roof = inside(np.maximum(np.abs(x - 0.245) - 0.074 + (0.598 - y) * 0.55,
                             np.abs(y - 0.58) - 0.018), h)
    lay(picture, ramp(x + 0 * y, (0.17, "#2a2030"), (0.32, "#7c3d3c")), roof)
    for place in (0.215, 0.275):
        pane = np.maximum(np.abs(x - place) - 0.008, np.abs(y - 0.611) - 0.009)
        lay(picture, rgb("#ffd27a"), inside(pane, h))
        light(picture, rgb("#ffb050"), bell(np.hypot(x - place, y - 0.611), 0.03) * 0.45)

    def drum(half, first, last, colours):
        t = np.clip((x - cx) / np.maximum(half, 1e-6), -1, 1) * 0.5 + 0.5
        mask = inside(np.maximum(np.abs(x - cx) - half, np.abs(y - (first + last) / 2)
                                 - (last - first) / 2), h)
        lay(picture, ramp(t, *zip((0, 0.25, 0.62, 0.88, 1), colours)), mask)

    white = ("#4f4866", "#776c86", "#d9b9a8", "#ffe0bd", "#e0a988")
    red = ("#3a1626", "#6b1f2e", "#b23a37", "#e0604a", "#a8403a")
    dark = ("#14131c", "#22202a", "#3b3238", "#7a5548", "#3d2c2c")
    edges = np.linspace(top, base + 0.01, 8)
    for i in range(7):
        drum(0.024 + 0.026 * np.clip((y - top) / (base - top), 0, 1), edges[i], edges[i + 1],
             red if i % 2 else white)
    for place in (0.33, 0.45, 0.565):
        lay(picture, rgb("#2a2233"), inside(np.maximum(np.abs(x - cx + 0.006) - 0.0045,
                                                       np.abs(y - place) - 0.010), h))
    drum(0.036 + 0 * y, top - 0.008, top + 0.003, dark)
    for step in np.linspace(-0.033, 0.033, 9):
        lay(picture, rgb("#2a222a"), inside(np.maximum(np.abs(x - cx - step) - 0.0009,
                                                       np.abs(y - top + 0.018) - 0.012), h))
    drum(0.035 + 0 * y, top - 0.031, top - 0.029, dark)
    drum(0.019 + 0 * y, top - 0.058, top - 0.008, ("#c98b46", "#ffd98c", "#fff6d4", "#ffe7ac",
                                                   "#d79a58"))
    for step in (-0.018, -0.0065, 0.0065, 0.018):
        lay(picture, rgb("#3a2a2c"), inside(np.maximum(np.abs(x - cx - step) - 0.0012,
                                                       np.abs(y - top + 0.033) - 0.026), h))
    drum(np.sqrt(np.clip(0.024 ** 2 - (np.minimum(y - top + 0.058, 0) * 0.9) ** 2, 0, None)),
         top - 0.084, top - 0.056, red)
    drum(0.0014 + 0 * y, top - 0.105, top - 0.08, dark)
    beams(picture, x, y, cx, top - 0.033)


def beams(picture, x, y, cx, cy):
    away = np.hypot(x - cx, y - cy)
    dust = 0.75 + 0.5 * fractal(x * 4, y * 9, 280, 4)
    for direction, strength, reach in ((-0.10, 0.62, 0.95), (np.pi - 0.10, 0.5, 0.5)):
        angle = np.arctan2(y - cy, x - cx) - direction
        angle = (angle + np.pi) % (2 * np.pi) - np.pi
        light(picture, rgb("#fff0c0"), bell(angle, 0.045) * strength * np.exp(-away / reach) * dust)
    light(picture, rgb("#ffe9b0"), np.clip(bell(away, 0.025) + 0.55 * np.exp(-away / 0.045), 0, 1))


def clouds(picture, x, y, seed, lit, dark, amount, to):
    """Long clouds, brighter on the side that looks down to the sun at `to` (x, y)."""
    def thickness(lift):
        rise = np.maximum(0.72 - y + lift, 0.02)
        return fractal(x * 1.5 / (0.35 + rise), 2.3 / (0.2 + rise), seed, 6)

    body = thickness(0)
    mask = smooth(0.47, 0.74, body) * amount
    edge = np.clip(0.5 + 4.5 * (body - thickness(-0.02)), 0, 1)
    near = np.clip(1.25 - np.hypot((x - to[0]) * 0.7, (y - to[1]) * 1.4), 0, 1)
    glow = np.clip(edge * near + near ** 3 * 0.35, 0, 1)
    lay(picture, rgb(dark) * (1 - glow[..., None]) + rgb(lit) * glow[..., None], mask)
