"""Pictures that are exact to the pixel: the test card, the owl, the heart."""
import numpy as np
from PIL import Image

from .brush import drawn, image, inside, lay, letters, rgb


def test_card():
    """Shows what a viewer did wrong: the circle if it stretched, the letters if it swapped colours,
    the frame if it cropped, the gratings if it scaled, the grey steps if it bent the tones."""
    w, h = 1920, 1080
    column = np.arange(w, dtype=np.float32)[None, :] + 0.5
    row = np.arange(h, dtype=np.float32)[:, None] + 0.5
    x, y = column - w / 2, row - h / 2
    picture = np.ones((h, w, 3), np.float32) * rgb("#43474d")
    lines = ((np.floor(column) % 60 >= 59) | (np.floor(column) % 60 < 1)
             | (np.floor(row) % 60 >= 59) | (np.floor(row) % 60 < 1))
    lay(picture, rgb("#c9ccd0"), lines.astype(np.float32))
    frame(picture, column, row)
    for side in (-1, 1):
        wedge(picture, x - side * 630, y, 60, 210)
        for end in (-1, 1):
            star(picture, x - side * 780, y - end * 360, 110)
        levels(picture, x - side * 810, y)
    inner(picture, x, y)
    return image(picture)


def frame(picture, column, row):
    """Black and white teeth, 30 pixels deep; the outermost line of pixels is red."""
    h, w, _ = picture.shape
    inset = np.minimum(np.minimum(column, w - column), np.minimum(row, h - row))
    flat = np.minimum(row, h - row) < 30
    teeth = np.where(flat, np.floor(column / 60), np.floor(row / 60)) % 2
    lay(picture, teeth[..., None] * np.ones(3), (inset < 30).astype(np.float32))
    lay(picture, rgb("#ff0000"), (inset < 1).astype(np.float32))


def star(picture, x, y, radius):
    """Rays that grow too fine for the pixels: the grey spot in the middle shows where."""
    away = np.hypot(x, y)
    rays = np.clip(0.5 + np.sin(36 * np.arctan2(y, x)) * away / 36, 0, 1)
    lay(picture, rays[..., None] * np.ones(3), inside(away - radius, 1))
    lay(picture, np.ones(3), inside(np.abs(away - radius) - 2, 1))


def wedge(picture, x, y, wide, tall):
    """Nine lines that run together upwards: from 11 pixels to 1.5."""
    part = (y + tall) / (2 * tall)
    pitch = 1.5 + 9.5 * part
    lines = np.clip(0.5 + np.cos(np.pi * x / pitch) * pitch / 2, 0, 1)
    field = inside(np.maximum(np.abs(x) - 8.5 * pitch, np.abs(y) - tall), 1)
    lay(picture, rgb("#ffffff"), inside(np.maximum(np.abs(x) - wide * 1.75, np.abs(y) - tall - 14),
                                        1))
    lay(picture, (1 - lines)[..., None] * np.ones(3), field)


def levels(picture, x, y):
    """Near-black on black and near-white on white: both squares must be seen."""
    for place, ground, mark in ((-120, 0, 12 / 255), (0, 0.5, 0.5), (120, 1, 243 / 255)):
        box = np.maximum(np.abs(x), np.abs(y - place))
        lay(picture, np.full(3, ground, np.float32), inside(box - 60, 1))
        if ground != 0.5:
            lay(picture, np.full(3, mark, np.float32), inside(box - 30, 1))
        else:  # lines of black and white look as bright as the grey around them, if tones are right
            checks = np.where(np.floor(y + 0 * x) % 2 == 0, 1.0, 0.0)
            lay(picture, np.full(3, 188 / 255, np.float32), inside(box - 60, 1))
            lay(picture, checks[..., None] * np.ones(3), inside(box - 30, 1))


def inner(picture, x, y):
    """The circle and what it holds, from the name at the top to the colours' names below."""
    h, w, _ = picture.shape
    disc = inside(np.hypot(x, y) - 508, 1)
    card = np.zeros_like(picture)

    def strip(top, bottom, colours, left=-520, right=520):
        mask = ((y >= top) & (y < bottom) & (x >= left) & (x < right)).astype(np.float32)
        if isinstance(colours, np.ndarray):
            lay(card, colours, mask)
            return
        index = np.clip((x - left) / (right - left) * len(colours), 0, len(colours) - 1).astype(int)
        lay(card, np.array([rgb(c) for c in colours])[index] + 0 * y[..., None], mask)

    strip(-520, -300, ["#14171c"])
    strip(-300, -60, ["#bfbfbf", "#bfbf00", "#00bfbf", "#00bf00", "#bf00bf", "#bf0000", "#0000bf"])
    strip(-60, 60, np.clip(burst(x, y), 0, 1)[..., None] * np.ones(3, np.float32))
    steps = [f"#{g:02x}{g:02x}{g:02x}" for g in (round(255 * i / 10) for i in range(11))]
    strip(60, 180, steps)
    smooth_grey = np.clip((x + 480) / 960, 0, 1) + 0 * y
    strip(180, 240, smooth_grey[..., None] * np.ones(3, np.float32))
    strip(240, 390, ["#e00000", "#00a800", "#1030ff"])
    strip(390, 520, ["#f2c230"])
    cross = np.minimum(np.abs(x), np.abs(y))
    lay(card, np.zeros(3), ((np.maximum(np.abs(x), np.abs(y)) < 62)).astype(np.float32))
    lay(card, np.ones(3), ((cross < 1.5) & (np.maximum(np.abs(x),
                                                       np.abs(y)) < 60)).astype(np.float32))
    lay(card, np.ones(3), inside(np.abs(np.hypot(x, y) - 36) - 1.5, 1))

    def words(draw, scale):
        px = scale / h
        letters(draw, "vitrine", (w / 2 - 6.34 * 62 / 2) * px, (h / 2 - 332) * px, 62 * px, 15 * px)
        for i, letter in enumerate("RGB"):
            letters(draw, letter, (w / 2 + (i - 1) * 255 - 25) * px, (h / 2 + 354) * px, 52 * px,
                    15 * px)

    lay(card, np.ones(3), drawn(w, h, words))

    def arrow(draw, scale):
        px = scale / h
        draw.polygon([((w / 2 + a) * px, (h / 2 + b) * px) for a, b in
                      ((0, 402), (44, 446), (16, 446), (16, 488), (-16, 488), (-16, 446),
                       (-44, 446))], 255)

    lay(card, rgb("#14171c"), drawn(w, h, arrow))
    lay(picture, card, disc)
    lay(picture, np.ones(3), inside(np.abs(np.hypot(x, y) - 508) - 3, 1))


def burst(x, y):
    """Gratings of 1 to 8 pixels a line, black and white to the very pixel."""
    widths = (8, 6, 4, 3, 2, 1, 1, 2, 3, 4, 6, 8)
    column = np.clip((np.floor(x) + 480) // 80, 0, 11).astype(int)
    line = np.array(widths)[column]
    return ((np.floor(x) % 80) // line % 2).astype(np.float32) + 0 * y


def tiny():
    """Eight by eight: what a viewer enlarges is seen to the pixel."""
    rows = ("........", ".rr..rr.", "rwrrrrrr", "rwrrrrrd", "rrrrrrrd", ".rrrrrd.", "..rrrd..",
            "...rd...")
    inks = {".": "#1b2438", "r": "#f0455a", "w": "#ffd9d6", "d": "#a82748"}
    return image(np.array([[rgb(inks[c]) for c in row] for row in rows]))


OWL = """
   b........
  bb........
  bmb...bbbb
  bmmbbbmmmm
  bmmmmmmmmm
  bmmllllmmm
 bmllwwwwllm
 bmlwwyyywwl
 bmlwyykkywl
 bmlwyykkywo
 bmlwwyyywwo
 bmmlwwwwloo
 bmmmllllmmo
 bmmmmmmmmml
bmmbmmmlllll
bmmbmmllwllw
bmmbbmlwllwl
bmmbbmllwllw
bmmbbmlwllwl
bmmbbmllwllw
.bmbbmmlllll
.bb.bmmmmlll
..b..bboobbm
tttttttootttt
""".replace(".", " ").strip("\n").splitlines()


def owl():
    """The left half of an owl, mirrored, as the text of an XPM."""
    inks = {"b": "#4a2f23", "m": "#8a5a3a", "l": "#d9a76a", "w": "#fff4dc", "y": "#ffc62e",
            "k": "#1a1420", "o": "#f0812b", "t": "#5d6b3a"}
    rows = [row.ljust(12)[:12] for row in OWL]
    rows = [row + row[::-1] for row in rows]
    text = [f"{len(rows[0])} {len(rows)} {len(inks) + 1} 1", "  c None"]
    text += [f"{ink} c {colour}" for ink, colour in inks.items()] + rows
    quoted = ",\n".join(f'"{line}"' for line in text)
    return f"/* XPM */\nstatic const char *const owl[] = {{\n{quoted}\n}};\n"
