"""The time from the key press in one window to the pixels in the other, compared with the single
steps."""
import statistics
import time

from figures import Figure, Section
from pair import IMAGES, SCREEN, WINDOW, Desktop, read_fields

ROUNDS = 5
STEPS = {"copy": "copy into a used slot", "upload": "upload (SDL_UpdateTexture)",
         "render": "render (SDL_RenderCopy)", "present": "present (SDL_RenderPresent)"}
LIMITS = {"1080p": 16, "4K": None, "24MP": 120}  # ms beyond the presentation
RATIOS = {"1080p": 1.0, "4K": 1.0, "24MP": 1.1}  # × the sum of the steps
RESTS = {"again": 0.4, "rested": 2.2}  # seconds; after one second a producer frees unused pages


def run(pair, quiet):
    with Desktop(*SCREEN) as other:  # an equal screen, on which each step is measured alone
        return [_size(pair, other, quiet, name, limit) for name, limit in LIMITS.items()]


def _size(pair, other, quiet, name, limit):
    width, height, _ = IMAGES[name]
    section = Section("Space to the consumer's screen, %s (%d × %d)" % (name, width, height))
    for rest, text in (("again", "pressed again at once"), ("rested", "pressed after two seconds")):
        for step, action in STEPS.items():
            section.figures[rest + " " + step] = Figure("alone, %s: %s" % (text, action), "ms")
        section.figures[rest + " pair"] = Figure(
            "their sum in the smallest pair of processes, over the sum of the four alone", "×")
        section.figures[rest] = Figure("key press to screen, %s" % text, "ms")
        section.figures[rest + " log"] = Figure("… published to presented, as the log says", "ms")
        section.figures[rest + " beyond"] = Figure("… beyond render + present", "ms", limit)
        section.figures[rest + " ratio"] = Figure(
            "… over the sum of the four alone", "×", RATIOS[name],
            "key press to screen, %s, %s, to the steps alone" % (name, text),
            section.figures[rest + " pair"])
    _presses(pair, other, quiet, section, name)
    return section


def _pieces(pair, other, name, rest, *options):
    """The single steps, {name: ms}: medians of three, each after `rest` seconds, as in the
    programs: memory that was not used for two seconds is slower on some machines. `options`: see
    pieces.c."""
    width, height, _ = IMAGES[name]
    output = other.run(pair.build / "bench/bench-pieces", width, height, *WINDOW, 3,
                       int(rest * 1000), *options, check=True)
    rounds = [read_fields(line) for line in output.splitlines()]
    return {step: statistics.median(each[step] for each in rounds) for step in STEPS}


def _presses(pair, other, quiet, section, name):
    paths = pair.images(name)
    consumer = pair.program("vitrine-consumer")
    producer = pair.program("vitrine-producer", *paths)
    producer.wait_all("loaded", "path", paths)
    pair.desktop.activate(producer.window)
    pair.wait_colour(pair.middle(producer), 0)
    choose, chosen = ("End", "Home"), 0

    with pair.glass() as press:
        def measure(rest):
            nonlocal chosen
            alone = _pieces(pair, other, name, RESTS[rest])
            both = _pieces(pair, other, name, RESTS[rest], "pair")
            for pause in (RESTS["again"], RESTS[rest]):  # as in pieces.c, the first is not measured
                press(choose[chosen], *pair.middle(producer))
                chosen = 1 - chosen
                time.sleep(pause)
                took = press("space", *pair.middle(consumer))
                log = float(consumer.wait("shown")["latency_ms"])
            return {**{rest + " " + step: ms for step, ms in alone.items()},
                    rest + " pair": sum(both.values()) / sum(alone.values()),
                    rest: took, rest + " log": log,
                    rest + " beyond": took - alone["render"] - alone["present"],
                    rest + " ratio": took / sum(alone.values())}
        for _ in range(2):  # the first images make segment, textures and memory
            measure("again")
        for rest in RESTS:
            section.measure(quiet, ROUNDS, lambda rest=rest: measure(rest))
    pair.end_programs()
