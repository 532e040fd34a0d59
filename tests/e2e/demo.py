#!/usr/bin/env python3
"""The demo with no display: demo.py BUILD IMAGES FOLDER. script/demo calls it.

Opens both windows on a virtual screen, presses Space for each of the images, waits until the
consumer shows it, and saves producer.png, consumer.png and a picture of both (both.png) in FOLDER.
"""
import os
import pathlib
import signal
import sys

from desktop import Desktop
from program import Window

SIZE = (1280, 640)  # of the screen
HALF = "628x600"


def show(desktop, build, images, folder):
    consumer = Window(desktop, build / "vitrine-consumer", ["--geometry", HALF + "+642+10"],
                      folder / "consumer.log", exact=False)
    producer = Window(desktop, build / "vitrine-producer", ["--geometry", HALF + "+0+10", images],
                      folder / "producer.log", exact=False)
    count = sum(file.suffix.lower() in (".png", ".jpg", ".webp", ".xpm", ".gif", ".svg", ".bmp")
                for file in images.iterdir())
    for number in range(count):
        producer.wait("loaded")
    for number in range(count):
        producer.key(*(["Right"] if number else []), "space")
        event = consumer.wait("shown")
        print("demo: %s, shown %s ms after it was published" % (event["name"], event["latency_ms"]),
              flush=True)
    desktop.settle()
    for program, name in ((producer, "producer.png"), (consumer, "consumer.png")):
        desktop.save_screenshot(folder / name, program.window)
    desktop.save_screenshot(folder / "both.png")
    producer.close()
    consumer.close()


def main(build, images, folder):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    build, images, folder = (pathlib.Path(path) for path in (build, images, folder))
    try:
        with Desktop(*SIZE) as desktop:
            show(desktop, build, images, folder)
    except (AssertionError, RuntimeError) as failure:
        print("demo: %s" % failure, file=sys.stderr)
        return 1
    print("demo: screenshots are in %s" % os.path.relpath(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
