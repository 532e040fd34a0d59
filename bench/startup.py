"""Start-up: from exec to the window on the screen, and until everything in it is drawn."""
import time

from figures import Figure, Section
from pair import PLACES, WINDOW, Program, wait_for

ROUNDS = 9
BAR = 50  # pixels: height of the status bar, at the lower end of the window


def run(pair, quiet):
    section = Section("Start-up")
    for name in PLACES:
        text = "`%s`, from exec to its window on the screen" % name
        section.figures[name] = Figure(text, "ms", 300, text)
        section.figures[name + " text"] = Figure("… to the frame with its texts", "ms")
        section.measure(quiet, ROUNDS, lambda program=name: _start(pair, program))
    return section


def _start(pair, name):
    x, y = PLACES[name]
    middle = x + WINDOW[0] // 2, y + WINDOW[1] // 2
    empty = pair.screen.pixel(*middle)
    start = time.monotonic()
    pair.program(name, kind=Program)

    def has_text():
        rows = range(y + WINDOW[1] - BAR, y + WINDOW[1], 3)
        return any(max(pair.screen.row(x, row, WINDOW[0])) > 120 for row in rows)
    if not wait_for(lambda: pair.screen.pixel(*middle) != empty, every=0.0005):
        raise RuntimeError("%s shows no window" % name)
    shown = time.monotonic()
    if not wait_for(has_text, every=0.0005):
        raise RuntimeError("%s shows no text" % name)
    drawn = time.monotonic()
    pair.end_programs()
    wait_for(lambda: pair.screen.pixel(*middle) == empty)
    return {name: 1e3 * (shown - start), name + " text": 1e3 * (drawn - start)}
