#!/usr/bin/env python3
"""A camera loop: OpenCV's frames, or those of a camera that is only computed.

    vitrine-consumer &
    python3 camera.py                # --device 0 for a real one, if OpenCV is installed

OpenCV's components stand in the order B G R, and order="BGR" says so: nothing is converted but the
missing fourth byte. A live picture must not lag: when the window is slow the oldest waiting frame
is dropped (live=True). Ctrl+C ends it.
"""
import argparse
import itertools
import time

import numpy as np
import vitrine


def camera(device):
    """The frames of a real camera, (height, width, 3) B G R, at its own pace."""
    import cv2
    capture = cv2.VideoCapture(device)
    try:
        while True:
            good, frame = capture.read()
            if not good:
                raise SystemExit(f"camera.py: device {device} gives no picture")
            yield frame
    finally:
        capture.release()


def synthetic(width, height, fps):
    """A ball that goes round before a sky with the noise of a sensor; B G R as OpenCV's."""
    random = np.random.default_rng()
    y, x = np.mgrid[:height, :width]
    sky = np.stack([np.full_like(y, 200), 90 + 100 * y // height, 40 + 120 * y // height], axis=2)
    due = time.monotonic()
    for step in itertools.count():
        noise = random.integers(-8, 9, (height, width, 1))
        frame = np.clip(sky + noise, 0, 255).astype(np.uint8)
        centre = (width * (0.5 + 0.3 * np.cos(step / 20)), height * (0.5 + 0.3 * np.sin(step / 20)))
        ball = (x - centre[0]) ** 2 + (y - centre[1]) ** 2 < (height / 8) ** 2
        frame[ball] = (60, 120, 250)
        yield frame
        due = max(due + 1 / fps, time.monotonic())
        time.sleep(max(0, due - time.monotonic()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--key", help="of the channel")
    parser.add_argument("--frames", type=int, help="how many; for ever if not given")
    parser.add_argument("--fps", type=float, default=30)
    parser.add_argument("--size", default="640x480", metavar="WxH")
    parser.add_argument("--device", type=int, help="a real camera's number (needs OpenCV)")
    options = parser.parse_args()
    width, height = map(int, options.size.split("x"))
    frames = (synthetic(width, height, options.fps) if options.device is None
              else camera(options.device))
    with vitrine.Producer(options.key, live=True) as producer:
        for number, frame in enumerate(itertools.islice(frames, options.frames)):
            producer.publish(frame, f"camera {number}", order="BGR")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
