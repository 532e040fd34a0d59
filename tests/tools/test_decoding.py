#!/usr/bin/env python3
"""Images that vitrine send decodes: in a process of their own, or, trusted, straight into the slot."""
import base64
import os
import shutil
import struct
import subprocess

from support import ASSETS, BUILD, ToolTest, main

# A photograph of 61 x 38 pixels.
PHOTO = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQF"
    "dBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09P"
    "T09PT09PT09PT09PT09PT0//wAARCAAmAD0DASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8"
    "QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0"
    "NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7"
    "i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcI"
    "CQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGR"
    "omJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmq"
    "srO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDlxaZAyKuWGiyXsg"
    "SNWZj0AWtENOBjcamtWuUuYnibL7wArNhT9a3lUaRv7CxiSacI5CqgnHU4pw05CMtIpPoWA/rWhPZnzW3YJyc0sdlk9Krn"
    "Vtxexl2M0aaneeID2yaX+zoB1lz9BW9Dpu7+GrR0yNU5Bb2xgVm68UL2DOZWwtzwN7H6VMmlx45hYfWtaW1Kf6tAh9QaqN"
    "YyMxLOM+7U/aX6lKh5G7JpoSNndDhQScVmz+TJHEFs5pB5y5TG0n8a5Wa6uGJDTSN0HLk81GZX80BXIAGSQa5I0pLdmssU"
    "3sj0JbAM3C7Sf4Ccke1WI9Px/AK86MzxN5kcjhh0IY5rZs9eu/LVJZWJC8Nu6/8A16zlRqdGWsTfRo7y2swOoFW57JVQdD"
    "muJt9alZgDMR9WqzNrcgAUSE/7Qao9lPqRKd2bU9jknC1WNjIOmRXPya5Nn/Wn86iOuXH/AD1b/vqj2VQ2jVRyMlwVxjrT"
    "IpSSSetFFdp53UFmbcw7HnFWLSRpZEVicZ4x2oopgic3skMv7olR1AznFTtqs00e24Z2x90ggY/SiitGkK7KrTu+SCfxqN"
    "p3U4J/KiiqigbZ/9k=")
DOUBLE = BUILD / "tests/vitrine-decoder-double"


def turned(jpeg, orientation):
    """The same photograph with an EXIF orientation."""
    exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0" + struct.pack("<HHIHHI", 0x112, 3, 1, orientation, 0, 0)
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]


class Decoding(ToolTest):
    def sent(self, *options, status=0):
        """Sends as pixels and receives: the bytes of the PNG file."""
        self.send("--as-pixels", *options, status=status)
        self.recv()
        (name,) = self.received()
        content = (self.inbox / name).read_bytes()
        (self.inbox / name).unlink()
        return content

    def test_trusted_is_the_same_picture(self):
        for orientation in range(1, 9):
            with self.subTest(orientation):
                file = self.file("photo.jpg", content=turned(PHOTO, orientation))
                self.assertEqual(self.sent("-m", "--trust-decoder", file), self.sent("-m", file))

    def test_trust_is_for_jpeg_alone(self):
        for name in ("moon.gif", "owl.xpm"):
            self.sent("--trust-decoder", ASSETS / name)
        _, err = self.send("--trust-decoder", ASSETS / "moon.gif", status=2)
        self.assertIn("--trust-decoder is for --as-pixels", err)

    def test_trusted_needs_no_decoder(self):
        """Which shows that it is not asked: here there is none."""
        program = self.folder / "bin/vitrine"
        program.parent.mkdir()
        shutil.copy(BUILD / "vitrine", program)
        photo = self.file("photo.jpg", content=PHOTO)
        environment = {**os.environ, "VITRINE_KEY": "0x%08x" % self.key}
        done = subprocess.run([program, "send", "--as-pixels", "--trust-decoder", photo],
                              env=environment, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        done = subprocess.run([program, "send", "--as-pixels", photo], env=environment,
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("vitrine-decoder: No such file or directory", done.stderr)
        self.recv()

    def test_trusted_and_bad(self):
        """The slot is given back, and the next file goes on."""
        cut = self.file("cut.jpg", content=PHOTO[:900])
        head = self.file("head.jpg", content=PHOTO[:20])
        text = self.file("text.jpg", content=b"\xff\xd8\xffno image")
        _, err = self.send("--slots", "2", "--as-pixels", "--trust-decoder", cut, head, text,
                           self.file("good.jpg", content=PHOTO), status=1)
        for file, why in ((cut, "ends too early"), (head, ""), (text, "")):
            self.assertIn("vitrine send: %s: %s" % (file, why), err)
        self.assertEqual(self.status()["empty"]["value"], 1)
        self.recv()
        self.assertEqual(self.received(), ["good.png"])

    def test_a_decoder_that_crashes(self):
        program = self.folder / "bin/vitrine"
        program.parent.mkdir()
        shutil.copy(BUILD / "vitrine", program)
        shutil.copy(DOUBLE, program.with_name("vitrine-decoder"))
        bad = self.file("bad.ppm", content=b"P6\n# misbehave: abort\n8 8\n255\n" + b"pix" * 64)
        done = subprocess.run([program, "send", "--as-pixels", bad, ASSETS / "tiny.png"],
                              env={**os.environ, "VITRINE_KEY": "0x%08x" % self.key},
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("bad.ppm: the decoder crashed (SIGABRT)", done.stderr)
        self.recv()
        self.assertEqual(self.received(), ["tiny.png"])


if __name__ == "__main__":
    main()
