"""python -m vitrine: files through a channel, what it says, and how it ends."""
import io
import json
import os
import pathlib
import signal
import subprocess
import sys

import numpy as np
import pytest
import vitrine
from conftest import ROOT, states, wait_for
from PIL import Image

COMMAND = [sys.executable, "-m", "vitrine"]


@pytest.fixture
def run(key, tmp_path):
    def run(*arguments, status=0, data=None):
        done = subprocess.run([*COMMAND, *map(str, arguments)], input=data, capture_output=True,
                              cwd=tmp_path, env={**os.environ, "VITRINE_KEY": str(key)}, timeout=30)
        assert done.returncode == status, done.stderr.decode()
        return done.stdout, done.stderr.decode()
    return run


def test_files_arrive_byte_for_byte(run, tmp_path):
    files = {"a b.bin": os.urandom(100_000), "empty": b"", "ünïcode%#.txt": b"text"}
    (tmp_path / "out").mkdir()
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    out, _ = run("send", "-m", *[tmp_path / name for name in files])
    assert out.decode().splitlines()[0] == 'published seq=1 name="a b.bin"'
    out, _ = run("recv", "-n", 3, "-o", "out")
    assert out.decode().splitlines()[0] == 'received seq=1 path="out/a b.bin" bytes=100000'
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == files


def test_pipes(run):
    data = os.urandom(10_000)
    assert run("send", "-", data=data)[0] == b'published seq=1 name="stdin"\n'
    assert run("recv", "-n", 1, "-o", "-")[0] == data


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_pixels_become_png(run, tmp_path, mode):
    channels = {"L": (), "RGB": (3,), "RGBA": (4,)}[mode]
    array = np.random.default_rng(3).integers(0, 256, (13, 17) + channels, np.uint8)
    file = io.BytesIO()
    Image.fromarray(array).save(file, "PNG")
    (tmp_path / "in.tiff").write_bytes(file.getvalue())
    run("send", "--as-pixels", "in.tiff")
    run("recv", "-n", 1)
    with Image.open(tmp_path / "in.png") as got:
        assert got.mode == mode and (np.asarray(got) == array).all()


def test_nothing_is_overwritten_and_no_name_leads_elsewhere(run, key, tmp_path):
    (tmp_path / "sub").mkdir()
    names = ["x.bin", "x.bin", "../x.bin", ".hidden", "..", "a" * 255 + ".bin", "\x1b[31m"]
    with vitrine.Producer(key, slots=8) as producer:
        for name in names:
            producer.publish_file(b"1", name)
        run("recv", "-n", len(names), "-o", "sub")
    assert [path.name for path in tmp_path.iterdir()] == ["sub"]
    got = sorted(path.name for path in (tmp_path / "sub").iterdir())
    assert len(got) == len(names) and {"x.bin", "x-2.bin", "hidden"} <= set(got)
    assert all(name.isprintable() and not name.startswith(".") for name in got)


def test_failures(run, key, tmp_path):
    (tmp_path / "there").write_bytes(b"1")
    _, errors = run("send", "missing", tmp_path, "there", status=1)
    assert errors.splitlines() == ["vitrine: missing: No such file or directory",
                                   f"vitrine: {tmp_path}: Is a directory"]
    _, errors = run("recv", "-o", "/no/such/folder", status=1)
    assert "No such file or directory" in errors
    run("recv", "-n", 1)  # it was given back
    _, errors = run("recv", "--timeout", "0.1", status=1)
    assert "no image arrived" in errors
    _, errors = run("status", status=1)
    assert "there is no channel" in errors
    (tmp_path / "large").write_bytes(bytes(100_000))
    _, errors = run("send", "--slot-size", "64K", "large", status=1)
    assert "97.7 KiB" in errors and "64 KiB" in errors
    for wrong in (["frobnicate"], ["send"], ["recv", "--timeout", "-1"],
                  ["send", "--slots", "x", "f"], ["send", "--slots", "1", "f"],
                  ["status", "--key", "0x1ffffffff"], ["recv", "-k", ""]):
        _, errors = run(*wrong, status=2)
        assert "usage: " in errors
    run("--version")


def test_a_wrong_checksum_is_refused(run, key, tmp_path):
    with vitrine.Producer(key) as producer:
        slot = producer.claim_bytes(4, "bad.bin", md5=True)
        slot.data[:] = b"good"
        memory = slot._memory
        slot._shut = lambda: None  # keeps the view, to be able to write where nobody may
        slot.publish()
        memory[0] = 0
        producer.publish_file(b"good", "good.bin", md5=True)
        _, errors = run("recv", "-n", 2, status=1)
    assert "bad.bin" in errors and "md5" in errors
    assert [path.name for path in tmp_path.iterdir()] == ["good.bin"]


def test_status_says_what_is_there(run, key):
    with vitrine.Producer(key) as producer, vitrine.Consumer(key) as consumer:
        producer.publish(np.zeros((4, 4)), "ä")
        out = run("status")[0].decode()
        assert f"key 0x{key:08x}" in out and 'slot 0: ready (latest), 1 "ä", 16 bytes' in out
        found = json.loads(run("status", "--json")[0])
        assert found["full"]["value"] == 1 and found["slots"][0]["image"]["name"] == "ä"
        next(consumer)


@pytest.mark.parametrize("number, status", [(signal.SIGINT, 130), (signal.SIGTERM, -15),
                                            (signal.SIGKILL, -9)])
def test_the_end_of_recv(key, tmp_path, number, status):
    with vitrine.Producer(key) as producer:
        process = subprocess.Popen([*COMMAND, "recv", "--key", str(key)], cwd=tmp_path)
        assert wait_for(lambda: vitrine.status(key).full.waiting)
        process.send_signal(number)
        assert process.wait(10) == status
        assert wait_for(lambda: vitrine.status(key).consumers.value == 0)
        producer.publish(np.zeros((4, 4)))
        with vitrine.Consumer(key) as consumer:
            next(consumer)
    assert list(tmp_path.iterdir()) == []


def test_killed_receivers_lose_nothing(key, tmp_path):
    """Every file whose `published` line was printed arrives, while receivers die at random."""
    for number in range(60):
        (tmp_path / f"{number}.bin").write_bytes(bytes([number]) * 5000)
    (tmp_path / "out").mkdir()
    sender = subprocess.Popen([*COMMAND, "send", "--key", str(key),
                               *(f"{number}.bin" for number in range(60))], cwd=tmp_path,
                              stdout=subprocess.PIPE, text=True)
    out = tmp_path / "out"
    for goal in (5, 15, 25, 35, 45, 60):
        receiver = subprocess.Popen([*COMMAND, "recv", "--key", str(key), "-o", "out"],
                                    cwd=tmp_path, stdout=subprocess.DEVNULL)
        # What a receiver wrote comes again if it was killed before it released it.
        assert wait_for(lambda: len({p.read_bytes() for p in out.glob("*.bin")}) >= goal)
        receiver.send_signal(signal.SIGKILL if goal < 60 else signal.SIGTERM)
        receiver.wait(10)
    assert sender.wait(10) == 0 and len(sender.stdout.read().splitlines()) == 60
    contents = {path.read_bytes() for path in out.glob("*.bin")}
    assert contents == {bytes([number]) * 5000 for number in range(60)}
    # The last receiver may have been killed before it released what it had written.
    with vitrine.Consumer(key, timeout=0.2) as rest, pytest.raises(vitrine.Timeout):
        for _ in rest:
            pass


def test_every_asset_survives(run, tmp_path):
    assets = sorted(path for path in pathlib.Path(ROOT, "assets").iterdir()
                    if path.suffix in (".png", ".jpg", ".webp", ".gif"))
    run("send", "--slots", 32, *assets)
    run("recv", "-n", len(assets))
    for path in assets:
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()
