"""show(): published first, a window started once, nobody waited for. The window is a script here;
test_screen.py has the real one."""
import os
import subprocess
import sys
import time

import numpy as np
import pytest
import vitrine
from conftest import ROOT, is_alive, wait_for
from PIL import Image

WINDOW = """#!{python}
import os, sys, time
open({log!r}, "a").write(f"{{os.getpid()}} {{os.getppid()}} {{' '.join(sys.argv[1:])}}\\n")
while not os.path.exists({go!r}): time.sleep(0.01)
sys.path.insert(0, {package!r})
import vitrine
with vitrine.Consumer(sys.argv[2], timeout=20) as consumer:
    for image in consumer:
        open({log!r}, "a").write(f"shown {{image.name}}\\n")
        if image.name == "last": break
"""


@pytest.fixture
def window(tmp_path, monkeypatch):
    """A program in the place of vitrine-consumer that waits for the file `go`; what it logged."""
    program, log, go = tmp_path / "consumer", tmp_path / "log", tmp_path / "go"
    program.write_text(WINDOW.format(python=sys.executable, log=str(log), go=str(go),
                                     package=str(ROOT / "python")))
    program.chmod(0o755)
    log.write_text("")
    monkeypatch.setenv("VITRINE_CONSUMER", str(program))
    monkeypatch.setenv("DISPLAY", ":none")
    yield log, go
    go.touch()
    for line in log.read_text().splitlines():
        pid = line.split()[0]
        if pid.isdigit():
            wait_for(lambda: not is_alive(pid), 25)


def lines(log):
    return log.read_text().splitlines()


def test_one_window_for_many_images(key, window):
    log, go = window
    started = time.monotonic()
    for number in range(3):
        vitrine.show(np.zeros((4, 4)), f"image {number}", key=key)
    assert time.monotonic() - started < 2
    assert wait_for(lambda: lines(log))
    pid, parent, *arguments = lines(log)[0].split()
    assert arguments == ["--key", f"0x{key:08x}", "--log-input", "--json"]
    assert int(parent) != os.getpid(), "nobody has to wait for it"
    vitrine.show(np.zeros((4, 4)), "last", key=key)
    go.touch()
    assert wait_for(lambda: "shown last" in lines(log))
    assert [line for line in lines(log) if line[0].isdigit()] == lines(log)[:1]
    # The window was closed, and stays closed until the program wants another one.
    assert wait_for(lambda: not is_alive(pid))
    assert not vitrine.is_open(key=key)
    with pytest.raises(vitrine.WindowClosed, match="reopen=True"):
        vitrine.show(np.zeros((4, 4)), "last", key=key)
    with pytest.raises(vitrine.WindowClosed):
        vitrine.wait_key(key=key)
    assert lines(log).count("shown last") == 1
    vitrine.show(np.zeros((4, 4)), "last", key=key, reopen=True)
    assert wait_for(lambda: lines(log).count("shown last") == 2)
    vitrine._show._windows.clear()


def test_two_names_are_two_windows(key, window):
    log, go = window
    go.touch()
    for name in ("left", "right", "left"):
        vitrine.show(np.zeros((4, 4)), "first", key=key, window=name)
    assert wait_for(lambda: lines(log).count("shown first") == 3)
    started = [line for line in lines(log) if line[0].isdigit()]
    assert {line.split("--key ")[1].split(" --log")[0] for line in started} == {
        f"{name} (0x{key:08x})" for name in ("left", "right")} and len(started) == 2
    for name in ("left", "right"):
        assert vitrine.is_open(name, key=key)
        vitrine.close(name, key=key)
        assert not vitrine.is_open(name, key=key)
    assert wait_for(lambda: not any(is_alive(line.split()[0]) for line in started))
    vitrine.show(np.zeros((4, 4)), "last", key=key, window="left")  # close() is no WindowClosed
    assert wait_for(lambda: "shown last" in lines(log))
    vitrine._show._windows.clear()


def test_live_frames_are_marked(key):
    with vitrine.Consumer(key, timeout=5) as consumer:
        for live in (True, False):
            vitrine.show(np.zeros((4, 4)), key=key, live=live)
            assert next(consumer).info.media_type == ("video/x-raw" if live else "")
    vitrine._show._windows.clear()


def test_no_window_no_key(key):
    with pytest.raises(vitrine.WindowClosed, match="call show"):
        vitrine.wait_key(0.5, key=key)
    vitrine._show._windows.clear()


def test_the_channel_outlives_the_script(key, window, script, tmp_path):
    """The script ends at once, and the shell that becomes the window starts late."""
    log, go = window
    shell = tmp_path / "late" / "sh"
    shell.parent.mkdir()
    shell.write_text('#!/bin/sh\nsleep 0.3\nexec /bin/sh "$@"\n')
    shell.chmod(0o755)
    process = script("vitrine.show(np.random.rand(48, 64), 'last', key=KEY)",
                     PATH=f"{shell.parent}:{os.environ['PATH']}")
    out, errors = process.communicate(timeout=10)  # the window keeps no pipe open
    assert (process.returncode, errors) == (0, "")
    assert vitrine.status(key).full.value == 1
    go.touch()
    assert wait_for(lambda: "shown last" in lines(log))


def test_who_takes_images_already_gets_them(key, window):
    with vitrine.Consumer(key, timeout=5) as consumer:
        vitrine.show(np.zeros((4, 4)), key=key)
        assert next(consumer).sequence == 1
    assert lines(window[0]) == []
    vitrine._show._windows.clear()


@pytest.mark.parametrize("missing", ["display", "program"])
def test_no_window(key, monkeypatch, window, missing):
    if missing == "display":
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
            monkeypatch.delenv(name, raising=False)
    else:
        monkeypatch.setenv("VITRINE_CONSUMER", "/no/such/program")
    with pytest.raises(vitrine.NoWindow, match="waits in the channel"):
        vitrine.show(np.zeros((4, 4)), key=key)
    with vitrine.Consumer(key, timeout=5) as consumer:
        next(consumer)
    vitrine._show._windows.clear()


def test_bad_images_start_nothing(key, window):
    with pytest.raises(ValueError):
        vitrine.show(np.zeros((4, 4, 7)), key=key)
    assert lines(window[0]) == []
    vitrine._show._windows.clear()


def test_a_channel_that_was_removed_is_opened_again(key, window):
    with vitrine.Consumer(key):
        vitrine.show(np.zeros((4, 4)), key=key)
        from vitrine import _library
        _library.lib.vitrine_remove(vitrine._show._windows[vitrine._handle.key_of(key).value]
                                    .producer._handle.pointer)
    with vitrine.Consumer(key, timeout=5) as consumer:
        assert vitrine.show(np.zeros((4, 4)), key=key) == 1
        next(consumer)
    vitrine._show._windows.clear()


# ---- python -m vitrine show ----------------------------------------------------------------------

@pytest.fixture
def show(key, tmp_path):
    def show(*arguments, status=0, **more):
        done = subprocess.run([sys.executable, "-m", "vitrine", "show", "-k", f"0x{key:08x}",
                               *arguments],
                              capture_output=True, cwd=tmp_path, timeout=60, **more)
        assert done.returncode == status, done.stderr.decode()
        return done.stdout.decode().splitlines(), done.stderr.decode()
    return show


def test_the_command_shows_every_file(key, window, show, tmp_path):
    log, go = window
    go.touch()
    names = [f"image {number}.png" for number in range(6)]  # more than the channel has slots
    for name in names:
        Image.fromarray(np.zeros((4, 4), np.uint8)).save(tmp_path / name)
    out, errors = show(*names)
    assert out == [f'published seq={number} name="{name}"'
                   for number, name in enumerate(names, 1)] and errors == ""
    np.save(tmp_path / "depth.npy", np.array([[0, 3000]], np.uint16))
    show("--vmax", "3000", "depth.npy")
    with vitrine.Mirror(key) as mirror:
        assert mirror.latest().array.tolist() == [[0, 255]]
    show("--name", "last", "-", input=(tmp_path / names[0]).read_bytes())
    assert wait_for(lambda: "shown last" in lines(log))
    assert lines(log)[1:] == [f"shown {name}" for name in [*names, "depth.npy", "last"]]


def test_failures_of_the_command(key, window, show, tmp_path, monkeypatch):
    log, go = window
    go.touch()
    (tmp_path / "text.txt").write_text("no image")
    (tmp_path / "cut.npy").write_bytes(b"\x93NUMPY\1\0")
    (tmp_path / "good.png").write_bytes((ROOT / "assets/tiny.png").read_bytes())
    out, errors = show("--window", "side", "missing", "text.txt", "cut.npy", "good.png", status=1)
    assert out == ['published seq=1 name="good.png"']
    assert [line.split(":")[:2] for line in errors.splitlines()] == [
        ["vitrine", " missing"], ["vitrine", " text.txt"], ["vitrine", " cut.npy"]]
    assert wait_for(lambda: "shown good.png" in lines(log))
    assert f"--key side (0x{key:08x}) " in lines(log)[0]
    for wrong in ([], ["--vmin", "x", "good.png"], ["--normalize", "--vmax", "1", "good.png"]):
        assert "usage: " in show(*wrong, status=2)[1]
    assert any("--normalize" in line for line in show("--help")[0])
    monkeypatch.delenv("DISPLAY")
    for name in ("WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    assert "waits in the channel" in show("good.png", "good.png", status=1)[1]
    with vitrine.Consumer(key, timeout=5) as consumer:
        next(consumer)
    vitrine.show(np.zeros((4, 4)), "last", key=f"side (0x{key:08x})")
    vitrine._show._windows.clear()
