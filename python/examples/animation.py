#!/usr/bin/env python3
"""A Matplotlib animation in Vitrine's window: drawn off the screen, published frame by frame.

    vitrine-consumer &
    python3 animation.py

Matplotlib draws with its Agg backend, which needs no display and opens no window; its canvas is an
array of R G B A, so a frame is one copy away from the screen. Ctrl+C ends it.
"""
import argparse
import itertools
import time

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402, after the backend was chosen
import numpy as np  # noqa: E402
import vitrine  # noqa: E402


def frames(width, height):
    """Endless frames of two waves that meet: arrays (height, width, 4), uint8."""
    figure, axes = plt.subplots(figsize=(width / 100, height / 100), dpi=100)
    x = np.linspace(0, 4 * np.pi, 400)
    (line,) = axes.plot(x, np.zeros_like(x))
    axes.set_ylim(-2.1, 2.1)
    axes.set_title("two waves")
    for step in itertools.count():
        line.set_ydata(np.sin(x - step / 10) + np.sin(1.1 * x + step / 10))
        figure.canvas.draw()
        yield np.asarray(figure.canvas.buffer_rgba())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--key", help="of the channel")
    parser.add_argument("--frames", type=int, help="how many; for ever if not given")
    parser.add_argument("--fps", type=float, default=25)
    parser.add_argument("--size", default="960x540", metavar="WxH")
    options = parser.parse_args()
    width, height = map(int, options.size.split("x"))
    with vitrine.Producer(options.key, live=True) as producer:
        due = time.monotonic()
        for frame in itertools.islice(frames(width, height), options.frames):
            producer.publish(frame, "two waves")
            due = max(due + 1 / options.fps, time.monotonic())
            time.sleep(max(0, due - time.monotonic()))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
