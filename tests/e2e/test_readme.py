"""Runs the commands of README unchanged, in a folder with only the files that it names. A command
that is not in the tables below is a failure."""
import json
import os
import re
import shutil
import subprocess
import sys
import unittest

import stage
from desktop import PATIENCE

sys.path.insert(0, str(stage.SOURCE / "tests/relay"))
import broker  # noqa: E402

README = stage.SOURCE / "README.md"
FILM = "ffmpeg -v error -f lavfi -i testsrc2=size=64x48:rate=10 -t 1 -pix_fmt yuv420p -y film.mp4"

# The start of a line: (a command to run before it, the output to wait for before it is ended).
# None: it must end by itself, with success.
RECIPES = {
    "build/release/vitrine-producer ~/Pictures": ("", "loaded "),
    "build/release/vitrine-consumer": ("", "channel "),
    "build/release/vitrine-producer --watch renders/": ("mkdir renders", "channel "),
    "build/release/vitrine show photo.jpg": ("", None),
    "vitrine show photo.jpg": ("", None),
    "vitrine send report.pdf": ("", None),
    "vitrine recv -o inbox": ("vitrine send report.pdf", "received "),
    "ffmpeg -v error -i film.mp4": (FILM, None),
    "ffmpeg -v error -f x11grab": ("", "streaming "),
    "ffmpeg -v error -f lavfi": ("", "streaming "),
    "vitrine status": ("vitrine send report.pdf", None),
    "vitrine relay --to": ("", "connected "),
    "vitrine relay --from": ("", "connected "),
    "vitrine relay --check": ("", None),
    "vitrine clean": ("vitrine recv & until vitrine status; do sleep 0.1; done; kill -9 $!", None),
    "vitrine doctor": ("", "problems that stop vitrine-producer"),
    "vitrine lesson 2": ("", "lesson"),
    "vitrine xray -- ./producer -- ./consumer": ("", "is stopped before shmget"),
    "python3 -c": ("", None),
    "import time, numpy as np, vitrine": ("", "the newest"),
}
# Commands that are not run here, and why.
ELSEWHERE = {
    "git clone": "another machine",
    "script/": "the gate itself",
    "cmake --preset release": "tests/install",
    "sudo cmake --install": "tests/install",
    "ffmpeg -v error -f v4l2": "a camera",
    "curl -s http://camera": "tests/tools/test_feeds.py",
    "vitrine recv --mirror": "tests/tools/test_film.py",
    "vitrine relay --serve": "tests/relay/test_serving.py, on other ports",
    "vitrine bench": "tests/tools/test_bench.py",
    "vitrine check": "tests/check",
}

def lines():
    """The commands in README's code blocks, without comments; a block of Python is one command."""
    for block in re.findall(r"(?m)(?:^    .*\n|^\n(?=    ))+", README.read_text()):
        text = "\n".join(line[4:] for line in block.strip("\n").splitlines())
        if text.startswith("import "):
            yield text
        elif not re.match("common/", text):
            yield from (line for line in (re.sub(r"(^|\s)# .*", "", line).strip()
                                          for line in text.splitlines()) if line)


def longest(table, line):
    return max((start for start in table if line.startswith(start)), key=len, default=None)


class Readme(stage.Stage):
    def setUp(self):
        super().setUp()
        home = self.images / "home"
        (home / "Pictures").mkdir(parents=True)
        shutil.copy(stage.SOURCE / "assets/circles.webp", home / "Pictures")
        self.environment = {**self.desktop.environment, "HOME": str(home),
                            # /usr/bin first: another python3 may lack Debian's modules
                            "PATH": "%s:/usr/bin:%s" % (stage.BUILD, os.environ["PATH"]),
                            "PYTHONPATH": str(stage.SOURCE / "python"),
                            "PYTHONDONTWRITEBYTECODE": "1"}

    def folder_of(self, number):
        """A folder with only the files that README names, and the build at its path."""
        folder = self.images / str(number)
        (folder / "build").mkdir(parents=True)
        (folder / "build/release").symlink_to(stage.BUILD)
        shutil.copy(stage.SOURCE / "assets/forest.jpg", folder / "photo.jpg")
        (folder / "report.pdf").write_text("%PDF-1.4\n")
        for name in ("producer", "consumer"):
            shutil.copy(stage.BUILD / "textbook" / name, folder)
        return folder

    def tool(self, *arguments):
        return subprocess.run([stage.BUILD / "vitrine", *arguments], env=self.environment, text=True,
                              capture_output=True, timeout=PATIENCE)

    def end_all(self, process):
        """Ends the shell, its children, and a window that a command opened."""
        def is_clean():  # repeated, because a window that opens late creates the channel again
            found = json.loads(self.tool("status", "--json").stdout).get("processes", [])
            for pid in {each["pid"] for each in found}:
                subprocess.run(["kill", str(pid)], stderr=subprocess.DEVNULL)
            self.tool("clean", "--force")
            return not found and not self.ipc()
        if process.poll() is None:
            subprocess.run(["kill", "--", "-%d" % process.pid], stderr=subprocess.DEVNULL)
        self.desktop.stop(process)
        self.assertTrue(stage.wait_for(is_clean))

    def type(self, number, line, before, says):
        log = self.evidence / ("%d.log" % number)
        folder = self.folder_of(number)
        if before:
            subprocess.run(["bash", "-c", before], cwd=folder, env=self.environment, check=True,
                           capture_output=True, timeout=PATIENCE)
        argv = ["python3", "-c", line] if line.startswith("import ") else ["bash", "-c", line]
        process = self.desktop.start(argv, log, log, environment=self.environment, cwd=folder)

        def said():  # the block of Python prints nothing: what it did is in the channel
            text = log.read_text(errors="replace")
            return text + self.tool("status").stdout if argv[0] == "python3" else text
        try:
            stage.wait_for(lambda: process.poll() is not None or says and says in said())
            if says is None:
                self.assertEqual(process.poll(), 0, "%s: %s" % (line, said()))
            else:
                self.assertIn(says, said(), line)
        finally:
            self.end_all(process)

    def test_the_demo_needs_no_python_but_the_systems(self):
        """Another Python, found first, has none of Debian's modules."""
        other = self.images / "bin"
        other.mkdir()
        (other / "python3").write_text("#!/bin/sh\nexit 9\n")
        (other / "python3").chmod(0o755)
        text = (stage.SOURCE / "script/demo").read_text()
        interpreter = re.search(r"(\S+) (tests/e2e/demo\.py) ", text)
        done = subprocess.run(
            ["bash", "-c", "%s %s build images missing" % interpreter.groups()], cwd=stage.SOURCE,
            env={**self.environment, "PATH": "%s:/usr/bin:/bin" % other}, text=True,
            capture_output=True, timeout=PATIENCE)
        self.assertIn("'missing/consumer.log'", done.stderr)  # it has come as far as that

    def test_each_recipe(self):
        if broker.find() is None:
            self.skipTest("not installed: mosquitto")
        here = broker.Broker(self.images)
        self.addCleanup(here.stop)
        place = "%s:%d" % (broker.HOST, here.port)
        known, film = {**RECIPES, **ELSEWHERE}, shutil.which("ffmpeg")
        for number, line in enumerate(lines()):
            start = longest(known, line)
            self.assertIsNotNone(start, "README has a recipe that no test knows: " + line)
            if start in ELSEWHERE or start.startswith("ffmpeg") and not film:
                print("not typed: %s (%s)" % (line.splitlines()[0], ELSEWHERE.get(start, "no ffmpeg")))
                continue
            line = re.sub(r"mqtt://(HOST|broker)/", "mqtt://%s/" % place, line)
            with self.subTest(line):
                self.type(number, line, *RECIPES[start])


if __name__ == "__main__":
    stage.main()
