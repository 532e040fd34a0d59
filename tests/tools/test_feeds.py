#!/usr/bin/env python3
"""Streams from real sources: cases that were once refused, and the tools that write them. Colours
are compared with ffmpeg's own conversion of the same picture."""
import http.server
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import unittest

import support
from support import ToolTest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from picture import Picture  # noqa: E402

FEEDS = pathlib.Path(__file__).resolve().parent / "feeds"
SIZE = ["--size", "64x48"]
BT709 = ["-vf", "scale=out_color_matrix=bt709", "-pix_fmt", "yuv420p", "-f", "yuv4mpegpipe", "-"]


def needs(*programs):
    missing = [program for program in programs if shutil.which(program) is None]
    return unittest.skipIf(missing, "not installed: " + ", ".join(missing))


class Feeds(ToolTest):
    def sent(self, content, *arguments, status=0):
        """Sends a stream. Returns the number of frames, the number of damaged ones, and standard
        error."""
        out, err = self.send("--stream", *arguments, "-", input=content, status=status)
        line = re.search(r"stream-ended sent=(\d+) dropped=\d+ damaged=(\d+)", out.decode())
        return (int(line[1]), int(line[2]), err) if line else (0, 0, err)

    def newest(self, *arguments):
        """The colour in the middle of the newest frame."""
        self.recv("-m")
        newest = max((path for path in self.inbox.iterdir()), key=lambda p: p.stat().st_mtime_ns)
        picture = Picture.from_png(newest.read_bytes())
        for path in self.inbox.iterdir():
            path.unlink()
        return picture.pixel(picture.width // 2, picture.height // 2)[:3]

    def assert_near(self, colour, expected, tolerance=2):
        self.assertTrue(all(abs(a - b) <= tolerance for a, b in zip(colour, expected)),
                        "%s is not %s" % (colour, expected))

    def test_damaged_frames_are_passed_over(self):
        for name in ("third-cut", "third-no-eoi", "third-other-process"):
            with self.subTest(name):
                content = (FEEDS / ("mjpeg-" + name)).read_bytes()
                sent, damaged, err = self.sent(content, status=1)
                self.assertEqual((sent, damaged), (4, 1))
                self.assertEqual(err.count("is skipped"), 1, err)
                self.recv()

    def test_pictures_one_after_the_other(self):
        for name, count in (("multipart", 5), ("multipart-with-http-headers", 5),
                            ("png-after-png", 3), ("stream-p3", 3), ("stream-p4", 3)):
            with self.subTest(name):
                self.assertEqual(self.sent((FEEDS / name).read_bytes())[:2], (count, 0))
                self.recv()

    def test_raw(self):
        brown = bytes((200, 100, 50)) * (64 * 48)
        for name, content in (("rgb24", brown), ("bgr24", brown[::-1])):
            self.assertEqual(self.sent(content * 2, "--format", name, *SIZE)[0], 2)
            self.assert_near(self.newest(), (200, 100, 50), 0)
        self.assertEqual(self.sent(b"\x7e\x80" * (64 * 48 * 2), "--format", "yuyv422", *SIZE)[0], 2)
        self.assert_near(self.newest(), (128, 128, 128))

    def test_names_of_gstreamer(self):
        """Its names of the formats, as its caps have them."""
        for name, size in (("GRAY8", 1), ("GRAY16_LE", 2), ("RGB", 3), ("BGR", 3), ("RGBx", 4),
                           ("BGRx", 4), ("RGBA", 4), ("BGRA", 4), ("YUY2", 2), ("UYVY", 2),
                           ("Y42B", 2), ("I420", 1.5), ("NV12", 1.5), ("NV21", 1.5)):
            with self.subTest(name):
                self.assertEqual(self.sent(bytes(int(64 * 48 * size)), "--format", name, *SIZE)[0],
                                 1)
        self.recv()

    def test_stride(self):
        content = (b"\xc8\x64\x32" * 61 + b"z") * 48
        self.sent(content, "--format", "rgb24", "--size", "61x48", "--stride", "184")
        self.assert_near(self.newest(), (200, 100, 50), 0)
        self.send("--stream", "--stride", "184", "-", status=2)
        self.send("--stream", "--stride", "x", "--format", "rgb24", *SIZE, "-", status=2)

    def test_name(self):
        self.sent(b"P6 1 1 255\nabc", "--name", "camera")
        self.recv()
        self.assertEqual(self.received(), ["camera.png"])

    def test_films_are_named(self):
        for name, word in (("mp4", "MP4"), ("mkv", "Matroska"), ("avi", "AVI")):
            _, _, err = self.sent((FEEDS / ("film-" + name)).read_bytes(), status=1)
            self.assertIn(word, err)
            self.assertIn("-f yuv4mpegpipe -", err)

    @needs("ffmpeg")
    def test_colours_of_ffmpeg(self):
        """The commands of README, with a picture below and one above 720 rows."""
        for size in ("640x480", "1280x720"):
            for colour in ((0, 192, 0), (200, 30, 60), (20, 60, 220)):
                source = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i",
                          "color=0x%02x%02x%02x:s=%s,format=rgb24" % (*colour, size),
                          "-frames:v", "2"]
                frames = subprocess.run(source + BT709, stdout=subprocess.PIPE, check=True).stdout
                self.sent(frames, "--matrix", "bt709")
                with self.subTest((size, colour)):
                    self.assert_near(self.newest(), colour, 3)

    @needs("ffmpeg")
    def test_films_of_readme(self):
        """README's lines for films, as they stand: a small film says that it is BT.709."""
        film = self.folder / "film.mp4"
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i",
                        "color=0x00c000:s=640x360,format=rgb24", "-frames:v", "2", *BT709[:4],
                        "-colorspace", "bt709", "-c:v", "libx264", "-qp", "0", film], check=True)
        lines = re.findall(r"(?m)^ +(ffmpeg .*film\.mp4 .*-) \| vitrine send --stream (.*) -(?: +#.*)?$",
                           (FEEDS.parents[2] / "README.md").read_text())
        self.assertEqual(len(lines), 2)
        for ffmpeg, arguments in lines:
            frames = subprocess.run(ffmpeg.split(), cwd=self.folder, stdout=subprocess.PIPE,
                                    check=True).stdout
            self.sent(frames, *arguments.split())
            with self.subTest(ffmpeg):
                self.assert_near(self.newest(), (0, 192, 0), 4)

    @needs("ffmpeg")
    def test_formats_of_ffmpeg(self):
        for name in ("rgb24", "bgr24", "yuyv422", "uyvy422", "yuv422p", "nv21", "nv12", "gray16le"):
            colour = (90, 90, 90) if name == "gray16le" else (200, 100, 50)
            frames = subprocess.run(
                ["ffmpeg", "-v", "error", "-f", "lavfi", "-i",
                 "color=0x%02x%02x%02x:s=64x48,format=rgb24" % colour, "-frames:v", "2",
                 "-pix_fmt", name, "-f", "rawvideo", "-"],
                stdout=subprocess.PIPE, check=True).stdout
            with self.subTest(name):
                self.assertEqual(self.sent(frames, "--format", name, *SIZE)[0], 2)
                self.assert_near(self.newest(), colour)

    @needs("ffmpeg")
    def test_deep_and_multipart_of_ffmpeg(self):
        source = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i",
                  "color=0xc86432:s=64x48,format=rgb24", "-frames:v", "3"]
        for more in (["-pix_fmt", "yuv420p10le", "-strict", "-1", "-f", "yuv4mpegpipe", "-"],
                     ["-pix_fmt", "yuv444p10le", "-strict", "-1", "-f", "yuv4mpegpipe", "-"],
                     ["-q:v", "2", "-f", "mpjpeg", "-"],
                     *(["-f", "image2pipe", "-c:v", codec, "-"]
                       for codec in ("png", "bmp", "qoi", "libwebp"))):
            frames = subprocess.run(source + more, stdout=subprocess.PIPE, check=True).stdout
            with self.subTest(more):
                self.assertEqual(self.sent(frames)[:2], (3, 0))
                self.assert_near(self.newest(), (200, 100, 50), 4)
                file = self.folder / "frames"  # not a pipe
                file.write_bytes(frames)
                out, _ = self.send("--stream", file)
                self.assertIn(b"stream-ended sent=3 ", out)
                self.newest()

    @needs("curl")
    def test_camera_by_curl(self):
        content = (FEEDS / "multipart").read_bytes()

        class Camera(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        with http.server.HTTPServer(("127.0.0.1", 0), Camera) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            for more in ([], ["-i"]):
                picture = subprocess.run(
                    ["curl", "-s", *more, "http://127.0.0.1:%d/" % server.server_address[1]],
                    stdout=subprocess.PIPE, check=True, env={**os.environ, "no_proxy": "*"}).stdout
                self.assertEqual(self.sent(picture)[0], 5)
                self.recv()
            server.shutdown()


if __name__ == "__main__":
    support.main()
