"""The loops of python/README.md run as they are written, and those of bench/loops.py run at all."""
import os
import re
import signal
import subprocess
import sys

import pytest
import vitrine
from conftest import ROOT

FRAMES = 12


def test_the_first_page_runs_as_it_is_written(key, tmp_path):
    text = (ROOT / "python/README.md").read_text()
    sender, reader = (re.sub("^    ", "", block, flags=re.M) for block in
                      re.findall(r"^(?:    .*\n|\n(?=    ))+", text, re.M)[:2])
    processes = []
    for name, code in (("reader", reader), ("sender", sender)):
        (tmp_path / f"{name}.py").write_text(code)
        processes.append(subprocess.Popen(
            [sys.executable, tmp_path / f"{name}.py"], text=True, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env={**os.environ, "VITRINE_KEY": str(key)}))
    read, sent = processes
    lines = [[]]
    try:
        lines = [read.stdout.readline().split() for _ in range(FRAMES)]
        assert [line[:2] for line in lines] == [["frame", str(i)] for i in range(FRAMES)]
        assert all(100 < float(mean) < 155 for *_, mean in lines)
        sent.send_signal(signal.SIGINT)
        sent.communicate(timeout=30)
    finally:  # the reader takes what waits, so that nothing is left
        sent.kill()
        sent.communicate()
        with vitrine.Mirror(key) as mirror:
            last = mirror.latest().name
        while " ".join(lines[-1][:2]) != last and (line := read.stdout.readline()):
            lines.append(line.split())
        read.send_signal(signal.SIGINT)
        read.communicate(timeout=30)
    assert (sent.returncode, read.returncode) == (-signal.SIGINT, -signal.SIGINT)


def test_loops_of_the_benchmark(key, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "bench"))
    loops = pytest.importorskip("loops")
    for loop in loops.LOOPS:
        rate, sending, looking = loops.race(loop, key, (8, 9, 3), 5)
        assert rate > 0 and sending >= 0 and looking >= 0
