"""How often the programs copy the pixels of an image, counted with copies.c."""
import pathlib
import struct
import time

from figures import Figure, Section
from pair import IMAGES

ROUNDS = 5
COUNTERS = ("into_segment", "drawing", "others", "elsewhere")
ONCE = 1.01  # the edges of tiles are copied twice
LEVELS = 0.25  # a quarter of the image, see common/ui/pyramid.h


def run(pair, quiet):
    section = Section(
        "Copies of an image of 24 megapixels, from Space to its place in the history",
        into=Figure("producer: into the slot", "×", ONCE),
        elsewhere=Figure("producer: anywhere else", "×", 0.05),
        upload=Figure("consumer: out of the slot, by the window's upload", "×", ONCE),
        history=Figure("consumer: out of the slot, for looking back", "×", ONCE),
        others=Figure("consumer: anywhere else (the upload of reduced levels)", "×", LEVELS))
    paths = pair.images("24MP")
    files = {name: _start(pair, name, *arguments) for name, arguments in
             (("vitrine-consumer", ()), ("vitrine-producer", paths))}
    consumer, producer = pair.programs
    producer.wait_all("loaded", "path", paths)
    pair.desktop.activate(producer.window)
    choose = ["Home", "End"]

    def measure():
        producer.key(choose[0])
        choose.reverse()
        time.sleep(1)
        before = {name: _read(file) for name, file in files.items()}
        producer.key("space")
        consumer.wait("shown")
        time.sleep(1)
        sent, taken = ({counter: value - before[name][counter] for counter, value in
                        _read(files[name]).items()}
                       for name in ("vitrine-producer", "vitrine-consumer"))
        return {"into": sent["into_segment"], "elsewhere": sent["elsewhere"],
                "upload": taken["drawing"], "history": taken["others"],
                "others": taken["elsewhere"]}
    section.measure(quiet, ROUNDS, measure)
    pair.end_programs()
    return section


def _start(pair, name, *arguments):
    file = pair.work / (name + ".copies")
    file.write_bytes(bytes(8 * len(COUNTERS)))
    pair.program(name, *arguments, environment={
        "LD_PRELOAD": str(pair.build / "bench/libbench-copies.so"), "VITRINE_COPIES": str(file)})
    return file


def _read(file):
    """{counter: multiples of the image}."""
    width, height, _ = IMAGES["24MP"]
    values = struct.unpack("%dQ" % len(COUNTERS), pathlib.Path(file).read_bytes())
    return {name: value / (width * height * 4) for name, value in zip(COUNTERS, values)}
