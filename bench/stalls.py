"""Stalls: how long a window leaves its events unanswered when it is pinged a hundred times per
second."""
import os
import pathlib
import re
import statistics
import time

from figures import Figure, Section
from pair import PHOTOS

ROUNDS = 5
LIMIT = 50  # ms
FRAME = 33  # ms: 30 frames a second
MOST = 1.2  # × the time that all cores together need to decode the photos


def run(pair, quiet):
    section = Section(
        "Stalls, the longest of a round (pinged at 100 Hz)",
        decode=Figure("producer, while %d files of 12 megapixels decode" % PHOTOS, "ms", LIMIT,
                      "longest stall, producer, while %d files decode" % PHOTOS),
        decode_server=Figure("… of which the X server and the scheduler alone", "ms"),
        decode_p99=Figure("… 99 of 100 pings were answered within", "ms"),
        decode_seconds=Figure("… all of them were in the tray after", "s"),
        decode_ratio=Figure("… over decoding them all and nothing else, on all cores", "×", MOST,
                            "%d photos in the tray, to decoding them on all cores" % PHOTOS),
        decode_thumbnails=Figure("… over decoding all their thumbnails, on all cores", "×"),
        decode_memory=Figure("… its greatest resident size", "MiB"),
        show=Figure("producer, while 24 megapixels are decoded and uploaded", "ms", LIMIT,
                    "longest stall, producer, while 24 megapixels are decoded and uploaded"),
        take=Figure("consumer, while 24 megapixels are uploaded", "ms", LIMIT,
                    "longest stall, consumer, while 24 megapixels are uploaded"),
        take_server=Figure("… of which the X server and the scheduler alone", "ms"),
        zoom=Figure("the longest frame while 24 megapixels are zoomed, 1800 × 1000, no graphics card",
                    "ms", FRAME, "longest frame while 24 megapixels are zoomed"),
        zoom_large=Figure("… while 100 megapixels are", "ms", FRAME,
                          "longest frame while 100 megapixels are zoomed"))
    section.measure(quiet, ROUNDS, lambda: _decode(pair))
    _upload(pair, quiet, section)
    section.measure(quiet, ROUNDS, lambda: _zoom(pair))
    return section


def _alone(pair):
    """The seconds that all cores need to decode the photos completely, and as thumbnails."""
    lines = pair.tool("decoders", pair.build / "vitrine-decoder", 1, *pair.images("photo")).splitlines()
    here, _, thumbnail = zip(*([float(word) for word in line.split()[-3:]] for line in lines))
    return [statistics.mean(ms) / 1e3 * PHOTOS / os.cpu_count() for ms in (here, thumbnail)]


def _decode(pair):
    photos = pair.photos()
    full, thumbnails = _alone(pair)
    start = time.monotonic()
    producer = pair.program("vitrine-producer", photos)
    with pair.ping(producer) as answers:
        while sum(1 for _ in producer.events("loaded")) < PHOTOS:
            time.sleep(0.1)
    seconds = time.monotonic() - start
    status = pathlib.Path("/proc/%d/status" % producer.pid).read_text()
    pair.end_programs()
    return {
        "decode": answers["longest"], "decode_server": answers["server_longest"],
        "decode_p99": answers["p99"], "decode_seconds": seconds,
        "decode_ratio": seconds / full, "decode_thumbnails": seconds / thumbnails,
        "decode_memory": int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024,
    }


def _zoom(pair):
    lines = pair.tool("zoom", 1800, 1000, 24, 100).splitlines()
    small, large = (float(line.split()[2]) for line in lines)
    return {"zoom": small, "zoom_large": large}


def _upload(pair, quiet, section):
    paths = pair.images("24MP")
    consumer = pair.program("vitrine-consumer")
    producer = pair.program("vitrine-producer", *paths)
    producer.wait_all("loaded", "path", paths)
    pair.desktop.activate(producer.window)
    pair.wait_colour(pair.middle(producer), 0)

    def measure():
        with pair.glass() as press, pair.ping(producer) as shown, pair.ping(consumer) as taken:
            for key in ("End", "Home"):
                press(key, *pair.middle(producer))
                press("space", *pair.middle(consumer))
                time.sleep(0.5)  # includes the smaller version, which is made afterwards
        return {"show": shown["longest"], "take": taken["longest"],
                "take_server": taken["server_longest"]}
    section.measure(quiet, ROUNDS, measure)
    pair.end_programs()
