"""The time from a drop, and from exec, to the picture, compared with other viewers: feh, imv,
nsxiv."""
import pathlib
import shutil
import time
import urllib.parse

from figures import Figure, Section
from machine import cpu_seconds
from pair import PHOTOS, WINDOW, Program, wait_for

ROUNDS = 5
PATIENCE = 90.0
REST = 0.6         # after this many seconds without CPU time, a viewer has finished
FIRST_THUMBNAIL = 150  # ms
SIZE = "%dx%d" % WINDOW
VIEWERS = {  # name: (how it opens files, how it shows thumbnails)
    "feh": (["feh", "-x", "-g", SIZE + "+0+20", "--auto-zoom"],
            ["feh", "-x", "-g", SIZE + "+0+20", "-t"]),
    "nsxiv": (["nsxiv", "-p", "-b", "-g", SIZE + "+0+20", "-s", "f"],
              ["nsxiv", "-p", "-b", "-g", SIZE + "+0+20", "-t"]),
    "imv": (["imv-x11", "-s", "full"], None),
}


def run(pair, quiet):
    one = Section("One photo of 24 megapixels, until it is on the screen")
    many = Section("A folder of %d photos of 12 megapixels" % PHOTOS)
    ways = list(_ours(pair, one, many))
    for name, (command, thumbnails) in VIEWERS.items():
        why = _why_not(pair, command + pair.images("24MP")[:1])
        if why is None:
            ways += _theirs(pair, one, many, name, command)
        else:
            one.left_out.append("%s, %s" % (name, why))
        if why is None and thumbnails:
            many.figures[name + " all"] = Figure("%s -t, from exec until it rests" % name, "ms")
            photos = sorted(pair.photos().iterdir())
            many.measure(quiet, 1, lambda name=name, thumbnails=thumbnails, photos=photos: {
                name + " all": _rest(pair, thumbnails, photos)})
    for _ in range(ROUNDS):  # in each round all take turns
        for section, name, measure in ways:
            section.measure(quiet, 1, lambda name=name, measure=measure: {name: measure()})
    return [one, many]


def _ours(pair, one, many):
    photo = pair.images("24MP")[0]
    one.figures["drop"] = Figure("dropped on `vitrine-producer`'s window", "ms")
    yield one, "drop", lambda: _drop(pair, photo, lambda: _shows(pair))
    one.figures["vitrine"] = Figure("`vitrine-producer FILE`, from exec", "ms")
    yield one, "vitrine", lambda: _open_ours(pair, photo)
    many.figures["thumbnail"] = Figure("dropped on `vitrine-producer`: the first thumbnail", "ms",
                                       FIRST_THUMBNAIL, "%d photos: first thumbnail" % PHOTOS)
    yield many, "thumbnail", lambda: _drop(pair, pair.photos(), lambda: _has_thumbnail(pair))
    many.figures["vitrine"] = Figure("`vitrine-producer FOLDER`, from exec to the first picture",
                                     "ms")
    yield many, "vitrine", lambda: _open_ours(pair, pair.photos())


def _theirs(pair, one, many, name, command):
    for section, files in ((one, pair.images("24MP")[:1]), (many, sorted(pair.photos().iterdir()))):
        section.figures[name] = Figure("%s, from exec to the first picture" % name, "ms")
        yield section, name, lambda files=files: _open(pair, command, files)


# ---- looking ---------------------------------------------------------------------------------

def _is_patch(red, green, blue):
    """The colours of the plain patch in the middle of each picture, red or blue."""
    return (red > 150 and green < 90 and blue < 80) or (red < 80 and green < 90 and blue > 150)


def _patches(pair, first_row, last_row, width):
    """The number of points of a grid that show a patch."""
    count = 0
    for y in range(first_row, last_row, 12):
        row = pair.screen.row(0, y, width)
        count += sum(1 for x in range(0, len(row), 48)
                     if _is_patch(row[x + 2], row[x + 1], row[x]))
    return count


def _shows(pair):
    """A picture that fills most of a window: the patch is a fifth of its width and height."""
    return _patches(pair, 20, 760, 1300) >= 12


def _has_thumbnail(pair):
    """In the tray, at the window's lower end: patches, however small."""
    return _patches(pair, WINDOW[1] - 150, WINDOW[1] - 20, 1280) >= 1


def _wait(question):
    if not wait_for(question, PATIENCE, every=0.0005):
        raise RuntimeError("no picture on the screen")


# ---- starting --------------------------------------------------------------------------------

def _why_not(pair, command):
    """Why a viewer cannot be measured here; None if it can."""
    if not shutil.which(command[0]):
        return "not installed"
    process = pair.desktop.start(command, environment=_own(pair))
    shown = wait_for(lambda: process.poll() is not None or _shows(pair), 10)
    ended = process.poll() is not None
    _end(pair, process)
    return "it ends at once without a screen that it likes" if ended else \
        None if shown else "nothing is to be seen within ten seconds"


def _own(pair):
    """An environment without the user's settings and thumbnails."""
    home = pair.work / "viewers"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    (home / "imv").write_text("[options]\nwidth = %d\nheight = %d\n" % WINDOW)
    return {"HOME": str(home), "imv_config": str(home / "imv"), "XDG_CACHE_HOME": str(home),
            "XDG_CONFIG_HOME": str(home)}


def _end(pair, process):
    pair.desktop.stop(process)
    wait_for(lambda: not _shows(pair))


def _open(pair, command, files):
    start = time.monotonic()
    process = pair.desktop.start([*command, *files], environment=_own(pair))
    _wait(lambda: _shows(pair))
    took = time.monotonic() - start
    _end(pair, process)
    return 1e3 * took


def _rest(pair, command, files):
    """Milliseconds from the start until the viewer rests: uses no CPU time for REST seconds."""
    start = time.monotonic()
    process = pair.desktop.start([*command, *files], environment=_own(pair))
    used, since = -1.0, start
    while time.monotonic() - since < REST and time.monotonic() - start < PATIENCE:
        time.sleep(0.05)
        now = cpu_seconds(process.pid)
        if now - used > 0.005:
            used, since = now, time.monotonic()
    pair.desktop.stop(process)
    return 1e3 * (since - start)


def _open_ours(pair, path):
    start = time.monotonic()
    pair.program("vitrine-producer", path, kind=Program)
    _wait(lambda: _shows(pair))
    took = time.monotonic() - start
    pair.end_programs()
    wait_for(lambda: not _shows(pair))
    return 1e3 * took


def _drop(pair, path, is_there):
    """Milliseconds from the start of the drag, which itself takes a few, until is_there()."""
    producer = pair.program("vitrine-producer")
    pair.desktop.activate(producer.window)
    uri = "file://" + urllib.parse.quote(str(pathlib.Path(path)))
    start = time.monotonic()
    source = pair.desktop.start([pair.build / "bench/bench-drop", hex(producer.window), uri])
    _wait(is_there)
    took = time.monotonic() - start
    wait_for(lambda: source.poll() is not None)
    pair.desktop.stop(source)
    pair.end_programs()
    wait_for(lambda: not _shows(pair))
    return 1e3 * took
