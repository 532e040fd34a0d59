"""Decoding: compares libjpeg-turbo directly into place with SDL_image and a conversion; see
decode.c."""

from figures import Figure, Section
from pair import IMAGES

ROUNDS = 5
NAMES = ("1080p", "photo", "24MP")
MOST = {"24MP": 0.85}   # × IMG_Load and SDL_ConvertPixels
CHILD_MOST = 3.0        # ms
WAYS = ("child", "here", "sdl", "thumbnail")


def run(pair, quiet):
    section = Section("Decoding a JPEG, alone")
    for name in NAMES:
        width, height, _ = IMAGES[name]
        text = "%s (%d × %d)" % (name, width, height)
        section.figures.update({
            name + "here": Figure("%s: by libjpeg-turbo, straight to BGRX" % text, "ms"),
            name + "sdl": Figure("… IMG_Load and SDL_ConvertPixels", "ms"),
            name + "ratio": Figure("… the first over the second", "×", MOST.get(name),
                                   "decoding a JPEG of %s, to IMG_Load and SDL_ConvertPixels" % name
                                   if name in MOST else None),
            name + "child": Figure("… what a process of its own costs", "ms", CHILD_MOST,
                                   "decoding in a child, %s, beyond the decoding" % name
                                   if name in MOST else None),
            name + "thumbnail": Figure("… a thumbnail", "ms")})
    section.measure(quiet, ROUNDS, lambda: _round(pair))
    return section


def _round(pair):
    paths = {name: pair.images(name)[0] for name in NAMES}
    output = pair.tool("decode", pair.build / "vitrine-decoder", 3, *paths.values())
    values = {}
    for name, line in zip(paths, output.splitlines()):
        numbers = [float(word) for word in line.split()[-len(WAYS):]]
        ways = dict(zip(WAYS, numbers))
        values.update({name + "here": ways["here"], name + "sdl": ways["sdl"],
                       name + "ratio": ways["here"] / ways["sdl"],
                       name + "child": ways["child"] - ways["here"],
                       name + "thumbnail": ways["thumbnail"]})
    return values


