"""vitrine send --stream: frames from pipes, files and FIFOs, and bad streams."""
import os
import pathlib
import pty
import re
import signal
import subprocess
import sys
import time

import support
from support import ASSETS, ToolTest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from picture import Picture  # noqa: E402

WIDTH, HEIGHT = 64, 48


def y4m_header(width=WIDTH, height=HEIGHT, more=""):
    return b"YUV4MPEG2 W%d H%d F25:1 Ip A1:1 C420jpeg%s\n" % (width, height, more.encode())


def y4m_frame(luma, width=WIDTH, height=HEIGHT):
    return b"FRAME\n" + bytes([luma]) * (width * height) + b"\x80" * (width * height // 2)


def ppm(colour, width=WIDTH, height=HEIGHT):
    return b"P6 %d %d 255\n" % (width, height) + bytes(colour) * (width * height)


class StreamTest(ToolTest):
    def stream(self, *arguments, **more):
        """Starts send --stream with a pipe as its standard input."""
        return self.start("send", "--stream", *arguments, "-", stdin=subprocess.PIPE, bufsize=0,
                          **more)

    def picture(self, name):
        return Picture.from_png((self.inbox / name).read_bytes())

    def colour(self, name):
        picture = self.picture(name)
        return picture.pixel(picture.width // 2, picture.height // 2)

    def assert_colour(self, name, expected, tolerance=2):
        colour = self.colour(name)
        self.assertTrue(all(abs(a - b) <= tolerance for a, b in zip(colour, expected)),
                        "%s is not %s" % (colour, expected))

    def counts(self, process):
        """{"sent": n, "dropped": n} from the line at the end of the stream."""
        line = re.search(r"stream-ended sent=(\d+) dropped=(\d+)", process.log.read_text())
        return {"sent": int(line[1]), "dropped": int(line[2])}

    def said(self, process):
        return process.errors.read_text()


class Kinds(StreamTest):
    def send_frames(self, frames, *arguments):
        """Sends all frames to a receiver that takes each. Returns the names of its files."""
        receiver = self.start("recv", "-m", "-n", str(len(frames)), "-o", self.inbox)
        self.wait_status(lambda status: status["consumers"]["value"] == 1)
        self.send("--stream", "--when-full", "wait", "--checksum", "md5", *arguments, "-",
                  input=b"".join(frames))
        self.finish(receiver)
        self.assertEqual(receiver.log.read_text().count('md5="ok"'), len(frames))
        return ["stdin.png"] + ["stdin-%d.png" % i for i in range(2, len(frames) + 1)]

    def test_y4m(self):
        # Black, white and grey of limited range, as BT.601 defines them.
        names = self.send_frames([y4m_header() + y4m_frame(16), y4m_frame(235), y4m_frame(126)])
        for name, grey in zip(names, (0, 255, 128)):
            self.assert_colour(name, (grey,) * 3)

    def test_ppm_of_changing_size(self):
        names = self.send_frames([ppm((255, 0, 0)), ppm((0, 255, 0), 30, 20), ppm((1, 2, 3))])
        self.assertEqual(self.picture(names[1]), Picture.plain(30, 20, 0, 255, 0))
        self.assert_colour(names[0], (255, 0, 0), 0)
        self.assert_colour(names[2], (1, 2, 3), 0)

    def test_jpeg(self):
        photographs = [ASSETS / "lighthouse.jpg", ASSETS / "tower.jpg"]
        names = self.send_frames([photograph.read_bytes() for photograph in photographs])
        for name, photograph in zip(names, photographs):
            self.send("--as-pixels", photograph)
            self.recv()
            self.assertEqual((self.inbox / name).read_bytes(),
                             (self.inbox / photograph.name).with_suffix(".png").read_bytes())

    def test_raw(self):
        plane = WIDTH * HEIGHT
        red = bytes([81]) * plane + bytes([90, 240]) * (plane // 4)  # BT.601's, limited
        names = self.send_frames([red], "--size", "%dx%d" % (WIDTH, HEIGHT), "--format", "nv12")
        self.assert_colour(names[0], (255, 0, 0), 3)
        self.send_frames([b"\x01\x02\x03\xff" * plane], "--format", "rgb0", "--size",
                                 "%dx%d" % (WIDTH, HEIGHT))
        self.assert_colour("stdin-2.png", (1, 2, 3), 0)


class Flow(StreamTest):
    def test_drops_the_oldest_when_nobody_takes(self):
        frames = b"".join(ppm((i, i, i)) for i in range(50))
        sender = self.start("send", "--stream", "-", stdin=subprocess.PIPE)
        sender.communicate(frames, support.PATIENCE)
        self.finish(sender)
        # 4 slots: the newest and three before it are there.
        self.assertEqual(self.counts(sender), {"sent": 50, "dropped": 46})
        self.recv()
        self.assertEqual([self.colour(n)[0] for n in ("stdin.png", "stdin-4.png")], [46, 49])

    def test_waits_if_told_and_ends_by_a_signal(self):
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            sender = self.stream("--when-full", "wait")
            sender.stdin.write(b"".join(ppm((i, i, i)) for i in range(5)))
            self.wait_line(sender, "waiting")
            sender.send_signal(signal_number)
            self.finish(sender)
            self.assertEqual(self.counts(sender)["dropped"], 0)
            sender.stdin.close()
            self.recv()

    def test_files_wait(self):
        path = self.file("film.y4m", content=y4m_header() + b"".join(map(y4m_frame, range(10))))
        receiver = self.start("recv", "-n", "10", "-o", self.inbox)
        sender = self.start("send", "--stream", path)
        self.finish(receiver)
        self.finish(sender)
        self.assertEqual(self.counts(sender), {"sent": 10, "dropped": 0})
        self.assertEqual(len(self.received()), 10)
        self.assertIn("film.png", self.received())

    def test_fifo(self):
        path = self.folder / "camera"
        os.mkfifo(path)
        sender = self.start("send", "--stream", path)
        self.wait_line(sender, "channel")  # it is there before anybody writes
        path.write_bytes(ppm((9, 9, 9)))
        self.finish(sender)
        self.recv()
        self.assert_colour("camera.png", (9, 9, 9), 0)

    def test_pace(self):
        for more, least in (["--fps", "50"], 9 / 50), ([], 9 / 25), (["--fps", "0"], 0):
            start = time.monotonic()
            self.send("--stream", *more, "-",
                      input=y4m_header() + y4m_frame(99) * 10)
            self.assertGreaterEqual(time.monotonic() - start, least)
        self.recv()

    def test_a_writer_that_stalls_holds_no_slot(self):
        sender = self.stream("--md5", "--slots", "2", "--when-full", "wait")
        frame = y4m_frame(50)
        sender.stdin.write(y4m_header() + frame + frame[:1000])
        self.wait_status(lambda status: status["full"]["value"] == 1)
        # One slot has the newest frame; the other is available only after the incomplete frame has
        # left it.
        self.send("--timeout", "30", self.file("patient"))
        self.recv("-m")
        self.assertEqual(self.received(), ["patient", "stdin.png"])
        sender.stdin.write(frame[1000:])
        self.recv("-m", "-n", "1", "--timeout", "30")
        self.assert_colour("stdin-2.png", (40, 40, 40))
        sender.stdin.close()
        self.finish(sender)
        self.assertEqual(self.counts(sender), {"sent": 2, "dropped": 0})

    def test_a_writer_that_stalls_hinders_no_end(self):
        for sent in (b"", y4m_header(), y4m_header() + y4m_frame(1) + y4m_frame(1)[:99]):
            sender = self.stream()
            sender.stdin.write(sent)
            self.wait_line(sender, "channel")
            if len(sent) > 99:
                self.wait_status(lambda status: status["full"]["value"] == 1)
            sender.send_signal(signal.SIGTERM)
            self.finish(sender, 0 if len(sent) > 99 else 1)
            sender.stdin.close()
        self.recv()

    def test_a_stream_that_had_not_begun_is_not_sent(self):
        path = self.file("next.ppm", content=ppm((1, 1, 1)))
        sender = self.start("send", "--stream", "-", path, stdin=subprocess.PIPE, bufsize=0)
        sender.stdin.write(ppm((2, 2, 2)))
        self.wait_status(lambda status: status["full"]["value"] == 1)
        sender.send_signal(signal.SIGTERM)
        self.finish(sender, 1)
        sender.stdin.close()
        self.recv()

    def test_channel_removed_meanwhile(self):
        sender = self.stream()
        sender.stdin.write(ppm((1, 1, 1)))
        self.wait_status(lambda status: status["full"]["value"] == 1)
        self.run_tool("clean", "--force")
        sender.stdin.write(ppm((2, 2, 2)) + ppm((3, 3, 3)))
        sender.stdin.close()
        self.finish(sender)
        self.assertIn("reopened", sender.log.read_text())
        self.recv()
        self.assertEqual(self.colour(self.received()[-1])[0], 3)

    def test_channel_removed_while_idle(self):
        """It is there again before the next frame comes."""
        sender = self.stream()
        sender.stdin.write(ppm((1, 1, 1)))
        self.wait_status(lambda status: status["full"]["value"] == 1)
        self.run_tool("clean", "--force")
        self.wait_line(sender, "reopened")
        self.wait_status(lambda status: status["producers"]["value"] == 1)
        sender.stdin.close()
        self.finish(sender)


class BadInput(StreamTest):
    def assert_refused(self, content, *words, arguments=()):
        """Checks that nothing is sent, with the reason and exit status 1."""
        _, said = self.send("--stream", *arguments, "-", input=content, status=1)
        self.assertEqual(said.count("\n"), 1, said)
        for word in words:
            self.assertIn(word, said)

    def test_nothing_that_could_be_sent(self):
        self.assert_refused(b"", "empty")
        self.assert_refused(b"hello, world", "not a stream of frames", "68 65 6c 6c 6f")
        self.assert_refused(b"\x89PNG\r\n\x1a\n", "before its first frame")
        self.assert_refused(y4m_header(), "before its first frame")
        self.assert_refused(y4m_header() + y4m_frame(1)[:-1], "in the middle of frame 1")
        self.assert_refused(y4m_header(0), "impossible header: W0")
        self.assert_refused(y4m_header(10 ** 9), "impossible header")
        self.assert_refused(b"P6 0 0 255\n", "width 0")
        self.assert_refused(b"P6 4 4 255\nxxx", "in the middle of frame 1")
        self.assert_refused(b"\xff\xd8\xff\xe0\x00\x00", "segment of 0 bytes")
        self.assert_refused(b"\xff\xd8\xff\xd9", "JPEG")
        self.assert_refused(b"x" * 5, "in the middle of frame 1",
                            arguments=["--size", "2x2", "--format", "yuv420p"])

    def test_larger_than_a_slot(self):
        self.assert_refused(ppm((1, 1, 1), 300, 300), "270000", "65536", "--slot-size",
                            arguments=["--slot-size", "64K"])
        self.assert_refused(b"P6 16000000 16000000 255\n", "--slot-size")

    def test_the_last_good_frame_stays(self):
        for rest, why in ((ppm((9, 9, 9))[:-1], "in the middle of frame 2"),
                          (b"P6 1 x 255\n", "height x"), (b"nonsense", "6e 6f 6e")):
            _, said = self.send("--stream", "-", input=ppm((5, 5, 5)) + rest, status=1)
            self.assertIn(why, said)
            self.recv("-n", "1")
            self.assertEqual(self.colour(self.received()[-1])[0], 5)

    def test_some_frames_are_not_sent(self):
        """The frames that were sent stay; the exit status shows that some are missing."""
        photograph = (ASSETS / "lighthouse.jpg").read_bytes()
        whole = y4m_header() + y4m_frame(1)
        for content, why in (
                (whole + y4m_frame(1)[:-1], "in the middle of frame 2"),
                (whole + b"FRA", "frame 2"),
                (whole + y4m_frame(1).replace(b"FRAME", b"EMARF"), "FRAME"),
                (whole + y4m_header(32) + y4m_frame(1, 32),
                 "from %d x %d to 32 x %d" % (WIDTH, HEIGHT, HEIGHT)),
                (photograph + photograph[:len(photograph) // 2], "frame 2"),
                (photograph + photograph[:2] + b"\xff\xe0\x00\x00", "segment of 0 bytes")):
            with self.subTest(why):
                _, said = self.send("--stream", "-", input=content, status=1)
                self.assertIn(why, said)
                self.recv("-n", "1")

    def test_what_is_no_stream_at_all(self):
        _, said = self.send("--stream", self.folder, status=1)
        self.assertIn("folder", said)
        _, said = self.send("--stream", self.folder / "none", status=1)
        self.assertIn("No such file", said)
        ours, theirs = pty.openpty()
        try:
            _, said = self.send("--stream", "-", stdin=theirs, status=1)
        finally:
            os.close(ours)
            os.close(theirs)
        self.assertIn("terminal", said)

    def test_usage(self):
        for arguments in (["--size", "2x2"], ["--format", "nv12"], ["--fps", "x"],
                          ["--size", "2x", "--format", "nv12"], ["--fps", "-1"],
                          ["--size", "0x2", "--format", "nv12"],
                          ["--size", "2x2", "--format", "p010"]):
            self.send("--stream", *arguments, "-", status=2)
        self.send("--size", "2x2", "--format", "nv12", "-", status=2)


if __name__ == "__main__":
    support.main()
