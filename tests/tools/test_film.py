#!/usr/bin/env python3
"""`vitrine recv --mirror` takes nothing, and `--stream` writes a stream that other programs can
read: every frame, at a fixed rate, in the right colours."""
import functools
import re
import shutil
import signal
import subprocess
import time

import support
from support import ASSETS, wait_for

PHOTO = ASSETS / "lighthouse.jpg"


def frames_of(data):
    """The header of a y4m stream of 4:2:0 or grey, and its frames."""
    header, rest = data.split(b"\n", 1)
    width, height = (int(re.search(rb" %c(\d+)" % letter, header)[1]) for letter in b"WH")
    size = width * height
    if b"Cmono" not in header:
        size += 2 * ((width + 1) // 2) * ((height + 1) // 2)
    assert len(rest) % (size + 6) == 0, (len(rest), size)
    frames = []
    for at in range(0, len(rest), size + 6):
        assert rest[at:at + 6] == b"FRAME\n"
        frames.append(rest[at + 6:at + 6 + size])
    return header, frames


def changes(frames):
    """The frames without repetitions."""
    return [frame for index, frame in enumerate(frames) if index == 0 or frame != frames[index - 1]]


class Mirror(support.ToolTest):
    def test_takes_nothing(self):
        folder = self.folder / "mirror"
        self.send(PHOTO)
        self.run_tool("recv", "--mirror", "-o", folder, "-n", 1)
        self.assertEqual((folder / PHOTO.name).read_bytes(), PHOTO.read_bytes())
        self.run_tool("recv", "-o", self.folder / "taken")
        self.assertEqual((self.folder / "taken" / PHOTO.name).read_bytes(), PHOTO.read_bytes())

    def test_follows(self):
        """The mirror sees each image that a consumer takes, in order."""
        mirror = self.start("recv", "--mirror", "--follow", "-o", self.folder / "seen")
        self.wait_line(mirror, "channel")
        names = []
        for number in range(5):
            path = self.file("%d.bin" % number, 1000)
            names.append(path.name)
            self.send(path)
            self.run_tool("recv", "-o", self.folder / "taken", "-n", 1)
            self.assertTrue(wait_for(lambda: (self.folder / "seen" / path.name).exists()))
        mirror.terminate()
        self.finish(mirror, 0)
        self.assertEqual(re.findall(r'received .*name="([^"]*)"', mirror.log.read_text()), names)


    def overrun(self, until, *words, **more):
        """What a mirror says that is stopped while ten images go by; `until`: its last event."""
        self.addCleanup(self.run_tool, "clean", "--force")
        mirror = self.start("recv", "--mirror", *words, **more)
        log = mirror.errors if "stdout" in more else mirror.log
        path = self.file("a.pgm", content=b"P5 4 4 255\n" + bytes(16))
        send = functools.partial(self.send, "--as-pixels", "--when-full=drop-oldest")
        self.assertTrue(wait_for(lambda: "channel " in log.read_text()))
        send(path)
        self.assertTrue(wait_for(lambda: re.search("(?m)^(received|stream) ", log.read_text())))
        mirror.send_signal(signal.SIGSTOP)
        send(*[path] * 10)
        mirror.send_signal(signal.SIGCONT)
        self.assertTrue(wait_for(lambda: until in log.read_text()), log.read_text())
        mirror.terminate()
        self.finish(mirror, 0)
        return log.read_text(), mirror.errors.read_text()

    def test_counts_what_it_missed(self):
        log, errors = self.overrun(" seq=11 ", "--follow", "-o", self.folder / "some")
        missed = int(re.findall(r"(?m)^missed .*total=(\d+)$", log)[-1])
        self.assertGreaterEqual(missed, 10 - len(self.status()["slots"]), log)
        self.assertEqual(len(re.findall("(?m)^received ", log)), 11 - missed, log)
        self.assertIn("missed: %d images, overwritten" % missed, errors)

    def test_stream_counts_what_it_missed(self):
        log, _ = self.overrun("missed ", "--stream=raw", stdout=subprocess.DEVNULL)
        missed = int(re.search(r"(?m)^stream-ended .* missed=(\d+)", log)[1])
        self.assertGreaterEqual(missed, 10 - len(self.status()["slots"]), log)
        self.assertIn("missed: %d images, overwritten" % missed, log)


class Streams(support.ToolTest):
    def setUp(self):
        super().setUp()
        self.addCleanup(self._clean)

    def _clean(self):
        self._end_processes()
        self.run_tool("clean", "--force")

    def stream_to(self, name, *options):
        """A recv that writes its stream to a file."""
        path = self.folder / name
        with open(path, "wb") as out:
            process = subprocess.Popen([support.VITRINE, "recv", "--mirror", *map(str, options)],
                                       stdout=out, stderr=subprocess.PIPE, env=self.environment)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        return process, path

    def end(self, process):
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0, said)
        return said.decode()

    def counts(self, said):
        line = re.search(r"(?m)^stream-ended (.*)$", said)[1]
        return {key: float(value) for key, value in re.findall(r"(\w+)=([\d.]+)", line)}

    def wait_mirror(self):
        self.wait_status(lambda status: status["mirrors"]["value"] == 1)

    def film(self, count, width=64, height=48, fps=20):
        """A y4m stream of noise, and its frames."""
        size = width * height * 3 // 2
        frames = [self.random.randbytes(size) for _ in range(count)]
        data = b"YUV4MPEG2 W%d H%d F%d:1 Ip C420mpeg2\n" % (width, height, fps)
        return data + b"".join(b"FRAME\n" + frame for frame in frames), frames

    def test_every_frame(self):
        """A consumer takes frames; the stream has each of them unchanged and in order, repeated to
        keep the rate."""
        data, frames = self.film(40)
        process, path = self.stream_to("film.y4m", "--stream=y4m", "--fps", 25)
        taker = self.start("recv", "--follow", "-o", self.folder / "taken")
        self.wait_mirror()
        self.wait_line(taker, "channel")
        self.send("--stream", "--fps", 20, self.file("film", content=data))
        time.sleep(0.5)
        said = self.end(process)
        header, got = frames_of(path.read_bytes())
        counts = self.counts(said)
        self.assertEqual(header, b"YUV4MPEG2 W64 H48 F25:1 Ip A1:1 C420mpeg2 XCOLORRANGE=LIMITED")
        numbers = [frames.index(frame) for frame in changes(got)]
        self.assertEqual(numbers, sorted(numbers))
        # On a machine that stalls, frames come in bursts, and only the newest of each burst is
        # written.
        self.assertEqual(len(numbers), counts["sent"])
        self.assertEqual(counts["dropped"], 0)
        self.assertGreaterEqual(counts["sent"] + counts["skipped"], 36)
        self.assertEqual(got[-1], frames[-1])
        self.assertEqual(len(got), counts["sent"] + counts["repeated"])
        # 40 frames at 20/s and half a second after them are at least 2.5 s, with 25 frames per
        # second.
        self.assertGreaterEqual(len(got), 60)

    def test_faster_than_the_clock(self):
        data, frames = self.film(60, fps=60)
        process, path = self.stream_to("film.y4m", "--stream=y4m", "--fps", 10)
        self.wait_mirror()
        self.send("--stream", "--fps", 60, "--when-full", "drop-oldest",
                  self.file("film", content=data))
        counts = self.counts(self.end(process))
        _, got = frames_of(path.read_bytes())
        self.assertGreater(counts["skipped"], 20)
        self.assertTrue(set(got) <= set(frames))
        self.assertEqual(got[-1], frames[-1])  # the last one is never skipped

    def test_colours(self):
        """Colours differ by at most 2 from the formulas; the number of rows decides the matrix, as
        in windows."""
        colours = [(255, 0, 0), (0, 192, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (90, 140, 200)]
        for rows, red, blue in ((64, 0.299, 0.114), (720, 0.2126, 0.0722)):
            for r, g, b in colours:
                picture = b"P6 32 %d 255\n" % rows + bytes((r, g, b)) * (32 * rows)
                self.send("--as-pixels", self.file("a.ppm", content=picture))
                process, path = self.stream_to("a.y4m", "--stream=y4m", "-n", 1)
                _, said = process.communicate(timeout=30)
                self.assertEqual(process.returncode, 0, said)
                header, got = frames_of(path.read_bytes())
                self.assertIn(b"C420jpeg", header)
                luma = red * r + (1 - red - blue) * g + blue * b
                want = (16 + luma * 219 / 255, 128 + (b - luma) / (2 - 2 * blue) * 224 / 255,
                        128 + (r - luma) / (2 - 2 * red) * 224 / 255)
                at = (0, 32 * rows, 32 * rows + 16 * rows // 2)
                for value, index in zip(want, at):
                    self.assertLessEqual(abs(got[0][index] - value), 1, (rows, (r, g, b)))
                self.run_tool("clean", "--force")

    def test_odd_sizes(self):
        """Each format that a channel can have, with odd sizes."""
        for width, height in ((1, 1), (33, 17), (2, 3)):
            for name in ("yuv420p", "nv12", "gray", "rgba", "bgr0", "rgb24"):
                size = {"gray": width * height, "rgba": 4 * width * height, "bgr0": 4 * width * height,
                        "rgb24": 3 * width * height}.get(
                            name, width * height + 2 * ((width + 1) // 2) * ((height + 1) // 2))
                frame = self.random.randbytes(size)
                self.send("--stream", "--size", "%dx%d" % (width, height), "--format", name,
                          self.file("raw", content=frame))
                for kind in ("y4m", "raw", "mjpeg"):
                    process, path = self.stream_to("out", "--stream=" + kind, "-n", 1)
                    _, said = process.communicate(timeout=30)
                    self.assertEqual(process.returncode, 0, said)
                    data = path.read_bytes()
                    if kind == "y4m":
                        _, got = frames_of(data)
                        self.assertEqual(len(got), 1)
                        if name in ("yuv420p", "gray"):
                            self.assertEqual(got[0], frame)
                    elif kind == "mjpeg":
                        self.assertTrue(data.startswith(b"\xff\xd8") and data.endswith(b"\xff\xd9"))
                    elif name != "rgb24":
                        self.assertEqual(data, frame, (name, width, height))
                        self.assertIn(b'format="%s"' % name.encode(), said)
                self.run_tool("clean", "--force")

    def test_other_sizes_are_skipped(self):
        process, path = self.stream_to("film.y4m", "--stream=y4m", "-n", 4)
        self.wait_mirror()
        for picture in (b"P5 4 4 255\n" + bytes(16), b"P5 8 8 255\n" + bytes(64)):
            self.send("--as-pixels", self.file("a.pgm", content=picture))
        self.send(self.file("text", content=b"text"))
        self.send("--as-pixels", self.file("a.pgm", content=b"P5 4 4 255\n" + b"\xff" * 16))
        _, said = process.communicate(timeout=30)
        _, got = frames_of(path.read_bytes())
        self.assertEqual(changes([frame[:16] for frame in got]), [b"\x10" * 16, b"\xeb" * 16])
        self.assertEqual(said.count(b"skipped, like all"), 1, said)

    def test_reader_goes(self):
        """If the reader closes the pipe, recv ends without an error."""
        self.send("--as-pixels", PHOTO)
        script = '"$0" recv --mirror --stream=raw --fps 60 -o - | head -c 10000000 | wc -c'
        done = subprocess.run(["sh", "-c", script, support.VITRINE], env=self.environment,
                              timeout=60, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(int(done.stdout), 10_000_000, done.stderr)

    def test_slow_reader(self):
        """A reader that takes something now and then gets the whole stream, however long it takes:
        longer here than a reader may stop altogether."""
        path = self.file("a.ppm", content=b"P6 2000 2000 255\n" + self.random.randbytes(12000000))
        self.send("--as-pixels", path)
        process = subprocess.Popen([support.VITRINE, "recv", "--stream=raw", "-n", "1"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
                                   env=self.environment)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        size = 0
        for _ in range(3):
            time.sleep(2)  # this is the slow reader, no wait for anything
            size += len(process.stdout.read(2000000))
        rest, said = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0, said)
        frames, part = divmod(size + len(rest), 16000000)  # one, perhaps repeated to keep the rate
        self.assertGreaterEqual(frames, 1)
        self.assertEqual(part, 0)

    def test_ffmpeg_reads_it(self):
        if shutil.which("ffmpeg") is None or shutil.which("ffprobe") is None:
            self.skipTest("not installed: ffmpeg")
        self.send("--as-pixels", PHOTO)
        for kind, words in (("y4m", []), ("mjpeg", ["-f", "mjpeg", "-framerate", "30"]),
                            ("raw", ["-f", "rawvideo", "-pixel_format", "rgb0", "-framerate", "30",
                                     "-video_size", "2048x1365"])):
            process, path = self.stream_to("out", "--stream=" + kind, "--timeout", "0.5")
            _, said = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 0, said)
            if kind == "raw":
                words[3] = re.search(rb'format="(\w+)"', said)[1].decode()
            probe = subprocess.run(["ffprobe", "-v", "error", *words, "-count_frames",
                                    "-show_entries", "stream=width,height,nb_read_frames", "-of",
                                    "csv=p=0", path], stdout=subprocess.PIPE, check=True, timeout=60)
            width, height, count = map(int, probe.stdout.decode().strip().rstrip(",").split(","))
            self.assertEqual((width, height), (2048, 1365))
            self.assertGreaterEqual(count, 10)

    def test_example_is_live(self):
        """examples/animate.c, as a stream."""
        process, path = self.stream_to("film.y4m", "--stream=y4m", "--fps", 60)
        self.wait_mirror()
        subprocess.run([support.BUILD / "animate", "200"], env=self.environment, check=True,
                       timeout=30)
        newest = next(slot for slot in self.status()["slots"] if slot["latest"])
        self.assertEqual(newest["name"], "animation")
        self.end(process)
        header, got = frames_of(path.read_bytes())
        self.assertIn(b"W640 H400", header)
        self.assertGreater(len(changes(got)), 5)

    def test_usage(self):
        for words, hint in ((["--stream=mp4"], "y4m, raw or mjpeg"), (["--fps", "25"], "--stream"),
                            (["--stream=y4m", "--fps", "0"], "--fps"),
                            (["--stream=y4m", "--fps", "2000"], "1000"),
                            (["--stream=y4m", "-o", "film.y4m"], "> FILE"),
                            (["--stream=y4m", "-m"], "not for --stream")):
            with self.subTest(words):
                _, said = self.run_tool("recv", *words, status=2)
                self.assertRegex(said, "(?m)^vitrine recv: .*" + hint)


if __name__ == "__main__":
    support.main()
