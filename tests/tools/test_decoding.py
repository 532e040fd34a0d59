#!/usr/bin/env python3
"""Images that vitrine send decodes: in a process of their own, or, trusted, straight into the slot."""
import os
import shutil
import struct
import subprocess

from support import ASSETS, BUILD, ToolTest, main

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
        photo = (ASSETS / "lighthouse.jpg").read_bytes()
        for orientation in (1, 6):
            with self.subTest(orientation):
                file = self.file("photo.jpg", content=turned(photo, orientation))
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
        photo = ASSETS / "lighthouse.jpg"
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
        whole = (ASSETS / "lighthouse.jpg").read_bytes()
        cut = self.file("cut.jpg", content=whole[:len(whole) // 2])
        head = self.file("head.jpg", content=whole[:20])
        text = self.file("text.jpg", content=b"\xff\xd8\xffno image")
        _, err = self.send("--slots", "2", "--as-pixels", "--trust-decoder", cut, head, text,
                           self.file("good.jpg", content=whole), status=1)
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
