#!/usr/bin/env python3
"""--record and vitrine play: a run of both windows, played back in a window, as JSON and as a page."""
import json
import os
import re
import shutil
import signal
import subprocess
import unittest

import stage
from desktop import PATIENCE
from program import Program

NAMES = ["mutex", "empty", "full", "nothing", "alive", "producers", "consumers", "mirrors"]


class Playback(stage.Stage):
    def record(self, count=2):
        """Records a short run until nothing happens. Returns a copy of the recording, and what
        vitrine status said at that moment."""
        path = self.evidence / "run.json"
        images = [self.image("%d.png" % i)[0] for i in range(1, count + 1)]
        producer = self.producer("--slots", "3", "--record", path, *images)
        consumer = self.consumer("--record", path)
        producer.wait_all("loaded", "path", images)
        producer.key("a")
        consumer.wait("shown", seq=count)
        status = self.status(full=0, mutex=1)
        copy = self.evidence / "at-rest.json"

        def is_written():
            shutil.copyfile(path, copy)
            return self.values(self.play(copy)["steps"][-1]) == self.told(status)
        if not stage.wait_for(is_written, every=0.2):
            self.assertEqual(self.values(self.play(copy)["steps"][-1]), self.told(status))
        producer.close()
        consumer.close()
        return path, copy, status

    def status(self, **wanted):
        found = {}

        def look():
            run = subprocess.run([stage.BUILD / "vitrine", "status", "--json", "--key",
                                  "0x%08x" % self.key], capture_output=True, check=True)
            found.update(json.loads(run.stdout))
            return all(found[name]["value"] == value for name, value in wanted.items())
        self.assertTrue(stage.wait_for(look))
        return found

    def play(self, path, *options):
        run = subprocess.run([stage.BUILD / "vitrine", "play", path, *(options or ["--json"])],
                             capture_output=True)
        self.assertEqual((run.returncode, run.stderr), (0, b""))
        return json.loads(run.stdout) if not options else run.stdout.decode()

    def told(self, status):
        values = [status[name]["value"] for name in NAMES]
        for slot in status["slots"]:
            values += [slot["semaphores"][name]["value"]
                       for name in ("ready", "latest", "writer", "reader")]
        return values

    def values(self, step):
        return step["values"]

    def test_a_run_is_played_back(self):
        path, copy, status = self.record()
        recording = self.play(copy)
        steps = recording["steps"]
        self.assertEqual(recording["semaphores"][:8], NAMES)
        self.assertEqual(recording["slots"], 3)
        last = steps[-1]
        self.assertEqual([slot["state"] for slot in last["slots"]].count("kept"), 1)
        self.assertIn("2.png", [slot["image"] for slot in last["slots"]])
        self.assertEqual({program["role"] for program in last["programs"]}, {"producer", "consumer"})
        # Everything that changed a value was recorded, and both programs are told apart.
        self.assertNotIn("unknown", {step["kind"] for step in steps[1:]})
        said = "\n".join(step["sentence"] for step in steps)
        for words in (r"producer \d+ publishes slot \d", r"consumer \d+ takes the image in slot \d",
                      r"consumer \d+ wants full −1 \(wait\), and full is 0: it sleeps"):
            self.assertRegex(said, words)
        self.window(path)
        self.page(copy, recording)
        self.interrupted(copy)

    def window(self, path):
        """Steps forward, back and to the end: the window shows the same steps as --text."""
        lines = self.play(path, "--text").splitlines()
        log = self.evidence / "play.log"
        player = Program(self.desktop, stage.BUILD / "vitrine", ["play", "--window", path], log)
        self.programs.append(player)
        window = self.desktop.find_window(player.pid)
        self.desktop.activate(window)
        last = len(lines) - 1
        for key, step in (("space", 1), ("Right", 2), ("BackSpace", 1), ("ctrl+l", None),
                          ("End", last), ("Left", last - 1), ("Home", 0)):
            self.desktop.key(window, key)
            if step is not None:
                event = player.wait("step", step=step, of=last)
                self.assertTrue(lines[step].endswith(event["sentence"]), (lines[step], event))
        self.desktop.key(window, "q")
        player.wait_exit()

    def page(self, path, recording):
        """The page contains the data of the recording, and loads nothing else."""
        page = self.evidence / "run.html"
        self.play(path, "--html", page)
        text = page.read_text()
        data = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)[1]
        self.assertEqual(json.loads(data), recording)
        words = json.loads(re.search(r'id="words">(.*?)</script>', text, re.S)[1])
        said = set(re.findall(r"'(.*?)'", " ".join(re.findall(r"say\([^)]*\)", text))))
        said = (said - {"aria-label"}) | set(re.findall(r'aria-label="(.*?)"', text))
        said |= {slot["state"] for step in recording["steps"] for slot in step["slots"]}
        self.assertEqual(said - set(words), set())  # so each of them can be translated
        self.assertNotRegex(text, r'(src|href)="(?!data:)')
        self.assertIn("default-src 'none'", text)

    def interrupted(self, path):
        """A signal ends the making of an animation, even while ffmpeg reads nothing."""
        folder = self.images / "programs"
        folder.mkdir()
        (folder / "ffmpeg").write_text('#!/bin/sh\necho $$ >"$0.pid"\nexec sleep 60\n')
        (folder / "ffmpeg").chmod(0o755)
        maker = subprocess.Popen(
            [stage.BUILD / "vitrine", "play", path, "--picture", self.evidence / "run.gif"],
            env={**os.environ, "PATH": "%s:%s" % (folder, os.environ["PATH"])})
        self.addCleanup(maker.kill)
        pid = stage.wait_for(lambda: (folder / "ffmpeg.pid").exists() and
                             (folder / "ffmpeg.pid").read_text().strip())
        self.addCleanup(os.kill, int(pid), signal.SIGKILL)
        maker.terminate()
        self.assertEqual(maker.wait(PATIENCE), -signal.SIGTERM)

    @unittest.skipUnless(shutil.which("ffmpeg") and shutil.which("ffprobe"), "not installed: ffmpeg")
    def test_an_animation_of_a_run(self):
        path, copy, _ = self.record(count=1)
        steps = len(self.play(copy)["steps"])
        for name in ("run.gif", "run.apng"):
            picture = self.evidence / name
            self.play(copy, "--picture", picture, "--geometry", "320x240", "--every", "100ms")
            said = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-show_entries",
                                   "stream=width,height,nb_read_frames", "-of", "csv=p=0", picture],
                                  capture_output=True, check=True, text=True).stdout
            width, height, frames = map(int, said.strip().rstrip(",").split(","))
            self.assertEqual((width, height), (320, 240))
            self.assertLessEqual(abs(frames - steps), 1)


if __name__ == "__main__":
    stage.main()
