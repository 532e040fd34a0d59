#!/usr/bin/env python3
"""Conway's game of life at 60 frames a second, computed straight into shared memory.

    vitrine-consumer &
    python3 life.py

claim() hands out a slot of the channel as an array; the last step of the computation writes into
it, so the frame is never copied. Ctrl+C ends it.
"""
import argparse
import itertools
import time

import numpy as np
import vitrine


def step(cells):
    """The next generation; the edges meet. `cells` is uint8, 0 or 1."""
    rows = np.roll(cells, 1, 0) + cells + np.roll(cells, -1, 0)
    around = np.roll(rows, 1, 1) + rows + np.roll(rows, -1, 1)
    return ((around == 3) | ((around == 4) & (cells == 1))).view(np.uint8)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--key", help="of the channel")
    parser.add_argument("--frames", type=int, help="how many; for ever if not given")
    parser.add_argument("--fps", type=float, default=60)
    parser.add_argument("--size", default="640x360", metavar="WxH")
    options = parser.parse_args()
    width, height = map(int, options.size.split("x"))
    cells = np.random.default_rng().integers(0, 2, (height, width), np.uint8)
    numbers = itertools.count() if options.frames is None else range(options.frames)
    with vitrine.Producer(options.key, when_full="drop-oldest") as producer:
        due = time.monotonic()
        for number in numbers:
            cells = step(cells)
            with producer.claim((height, width), f"generation {number}") as slot:
                np.multiply(cells, 255, out=slot.array)
            due = max(due + 1 / options.fps, time.monotonic())
            time.sleep(max(0, due - time.monotonic()))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
