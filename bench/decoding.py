"""Decoding: compares libjpeg-turbo directly into place with SDL_image and a conversion, HEIC with
heif-convert, and the conversion of colour profiles with lcms2; see decoders.c and icc.c."""
import shutil
import time

from figures import Figure, Section
from pair import IMAGES

ROUNDS = 5
NAMES = ("1080p", "photo", "24MP")
MOST = {"24MP": 0.85}   # × IMG_Load and SDL_ConvertPixels
CHILD_MOST = 3.0        # ms
HEIC_MOST = 1.5         # × heif-convert
PROFILE_MOST = 60.0     # ms
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
    return [section, _heic(pair, quiet), _colours(pair, quiet)]


def _heic(pair, quiet):
    section = Section(
        "Decoding a HEIC of 12 megapixels",
        child=Figure("in the decoder's process, to BGRX", "ms"),
        convert=Figure("… by heif-convert, to a file of YUV", "ms"),
        ratio=Figure("… the first over the second", "×", HEIC_MOST,
                     "decoding a HEIC of 12 megapixels, to heif-convert"))
    missing = [tool for tool in ("heif-enc", "heif-convert") if shutil.which(tool) is None]
    if missing or not (pair.build / "vitrine-decoder-heif").exists():
        section.left_out.append("HEIC needs vitrine-decoder-heif, heif-enc and heif-convert")
        return section
    path = pair.work / "images/photo.heic"
    source = pair.images("photo")[0]
    if not path.exists():
        pair.desktop.run("heif-enc", "-q", "80", "-o", path, source, check=True)
    section.measure(quiet, ROUNDS, lambda: _heic_round(pair, path))
    return section


def _heic_round(pair, path):
    child = float(pair.tool("decoders", pair.build / "vitrine-decoder", 1, path).split()[3])
    start = time.monotonic()
    pair.desktop.run("heif-convert", "--quiet", path, path.with_suffix(".y4m"), check=True)
    convert = 1000 * (time.monotonic() - start)
    return {"child": child, "convert": convert, "ratio": child / convert}


def _colours(pair, quiet):
    section = Section(
        "Colours of a profile, 24 megapixels, on one core",
        tables=Figure("Display P3 to sRGB, by the decoder's tables", "ms", PROFILE_MOST,
                      "converting 24 megapixels of Display P3 to sRGB"),
        lcms2=Figure("… by lcms2", "ms"),
        copy=Figure("… a copy of the same pixels", "ms"))
    if not (pair.build / "bench/bench-icc").exists():
        section.left_out.append("profiles need lcms2")
        return section
    section.measure(quiet, ROUNDS, lambda: dict(zip(
        ("tables", "lcms2", "copy"), map(float, pair.tool("icc", 3, 24).split()))))
    return section


def _round(pair):
    paths = {name: pair.images(name)[0] for name in NAMES}
    output = pair.tool("decoders", pair.build / "vitrine-decoder", 3, *paths.values())
    values = {}
    for name, line in zip(paths, output.splitlines()):
        numbers = [float(word) for word in line.split()[-len(WAYS):]]
        ways = dict(zip(WAYS, numbers))
        values.update({name + "here": ways["here"], name + "sdl": ways["sdl"],
                       name + "ratio": ways["here"] / ways["sdl"],
                       name + "child": ways["child"] - ways["here"],
                       name + "thumbnail": ways["thumbnail"]})
    return values


