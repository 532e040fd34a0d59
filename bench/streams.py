"""Live streams: ffmpeg's test pattern at 60 frames per second in a consumer's window; see
bench/stream."""
import pathlib
import re
import shutil
import subprocess
import sys

from figures import Bar, Table, number

ROUNDS = 1
SECONDS = 15
SIZES = {"1080p": "1920x1080", "4K": "3840x2160"}
MOST = 3.0   # % dropped
LEAST = 57.0  # frames/s sent; if ffmpeg sends fewer, the result does not count
STREAM = pathlib.Path(__file__).with_name("stream")
TITLE = "Streams of 60 frames a second, %d seconds each" % SECONDS


def run(pair, quiet):
    if not shutil.which("ffmpeg"):
        return Table(TITLE, (), [], "Left out: ffmpeg is not installed.")
    rows, bars = [], []
    for name, size in SIZES.items():
        quiet.wait()
        output = subprocess.run([sys.executable, STREAM, "--build", pair.build, "--size", size,
                                 "--minutes", str(SECONDS / 60)],
                                stdout=subprocess.PIPE, text=True).stdout
        told = re.search(r": (\d+) sent \(([\d.]+) a second\), (\d+) shown\n"
                         r"dropped: \d+, ([\d.]+) %; torn: (\d+); on the screen ([\d.]+) ms.*\n"
                         r"CPU ms a frame: (.*)\n", output)
        if not told:
            raise RuntimeError("bench/stream said:\n" + output)
        sent, rate, shown, dropped, torn, latency, cpu = told.groups()
        others = re.search(r"others used (\d+) %", output)[1]
        rows.append((name, sent, rate, shown, dropped + " %", torn, latency + " ms", cpu,
                     others + " %"))
        bars.append(Bar("a %s stream of 60 frames/s: dropped" % name,
                        "%s %% at %s/s, %s torn" % (number(float(dropped)), rate, torn),
                        "< %g %%, none torn" % MOST,
                        float(dropped) < MOST and torn == "0" and float(rate) > LEAST))
    return Table(TITLE, ("", "sent", "a second", "shown", "dropped", "torn", "on the screen after",
                         "CPU ms a frame", "others' CPU"), rows, bars=bars)
