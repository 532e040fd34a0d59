"""The examples and show(), with a real consumer window under Xvfb and a look at its pixels."""
import os
import pathlib
import signal
import subprocess
import sys

import numpy as np
import pytest
import vitrine
from conftest import BUILD, ROOT, wait_for

import desktop
import picture
from program import Window

CONSUMER = BUILD / "vitrine-consumer"
MISSING = desktop.missing_tools()
EXAMPLES = {"animation": 6, "camera": 12, "life": 60, "notebook": 5}

pytestmark = [pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
              pytest.mark.skipif(not CONSUMER.exists(), reason=f"{CONSUMER} is not built")]


@pytest.fixture(scope="module")
def screen():
    with desktop.Desktop() as made:
        yield made


def newest(key):
    """The newest image as a Picture: what the window ought to show."""
    with vitrine.Mirror(key) as mirror:
        image = mirror.latest()
    array = image.array
    rgb = array[..., :3] if array.ndim == 3 else array[..., None].repeat(3, axis=2)
    return picture.Picture(image.width, image.height, rgb.tobytes())


def run_example(screen, name, *arguments):
    return subprocess.run(
        [sys.executable, ROOT / f"python/examples/{name}.py", *map(str, arguments)],
        env={**os.environ, **screen.environment, "VITRINE_CONSUMER": str(CONSUMER)},
        capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_runs_to_its_end_and_is_seen(screen, key, tmp_path, name):
    if name == "animation":
        pytest.importorskip("matplotlib", reason="not installed: python3-matplotlib")
    window = Window(screen, CONSUMER, ["--key", str(key), "--geometry", "620x480+640+20"],
                    tmp_path / "consumer.log")
    done = run_example(screen, name, "--key", key, "--frames", EXAMPLES[name], "--size", "330x210")
    assert done.returncode == 0, done.stderr  # Matplotlib may say that it looks for fonts
    expected = newest(key)
    assert len(set(expected.data)) > 1
    window.wait_shows(expected)
    with vitrine.Mirror(key) as mirror:
        assert mirror.latest().sequence >= EXAMPLES[name]
    screen.save_screenshot(evidence() / f"python-{name}.png", window.window)
    window.close()


def test_show_opens_the_window_and_returns_to_the_shell(screen, key):
    code = f"import vitrine, numpy as np; vitrine.show(np.random.rand(210, 330), 'x', key={key})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=10,
                          env={**os.environ, **screen.environment,
                               "VITRINE_CONSUMER": str(CONSUMER)})
    assert (done.returncode, done.stderr) == (0, "")
    assert wait_for(lambda: vitrine.status(key).consumers.value)
    pid = vitrine.status(key).consumers.pid
    try:
        window = screen.find_window(pid)
        screen.activate(window)
        screen.key(window, "1")  # 100 %
        assert wait_for(lambda: screen.screenshot(window).find(newest(key)))
    finally:
        os.kill(pid, signal.SIGTERM)
        assert wait_for(lambda: not pathlib.Path(f"/proc/{pid}").exists())


def test_keys_and_clicks_reach_the_script(screen, key, monkeypatch):
    for name, value in {**screen.environment, "VITRINE_CONSUMER": str(CONSUMER)}.items():
        monkeypatch.setenv(name, value)
    vitrine.show(np.random.default_rng(1).integers(0, 256, (210, 330, 3), np.uint8), key=key)
    assert wait_for(lambda: vitrine.status(key).consumers.value)
    window = screen.find_window(vitrine.status(key).consumers.pid)
    screen.key(window, "1", "space", "Left", "F9")  # 1: at 100 %
    assert [vitrine.wait_key(30, key=key) for _ in range(4)] == ["1", "space", "left", "f9"]
    place = wait_for(lambda: screen.screenshot(window).find(newest(key)))
    assert place
    for button, name in ((1, "left"), (2, "middle")):
        screen.click(window, place[0] + 12, place[1] + 34, button=button)
        assert vitrine.wait_click(30, key=key) == vitrine.Click(12, 34, name)
    screen.click(window, place[0] - 5, place[1] + 34)  # beside the image: no click on it
    screen.click(window, place[0] + 329, place[1] + 209)
    assert vitrine.wait_click(30, key=key) == vitrine.Click(329, 209, "left")
    assert vitrine.wait_key(0, key=key) is None and vitrine.is_open(key=key)
    screen.key(window, "q")
    assert vitrine.wait_key(30, key=key) == "q"
    assert wait_for(lambda: not vitrine.is_open(key=key))
    with pytest.raises(vitrine.WindowClosed):
        vitrine.wait_click(30, key=key)
    with pytest.raises(vitrine.WindowClosed):
        vitrine.show(np.zeros((4, 4)), key=key)
    vitrine.close(key=key)


def evidence():
    folder = pathlib.Path(os.environ.get("VITRINE_EVIDENCE", BUILD / "evidence"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
