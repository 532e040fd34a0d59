#!/usr/bin/env python3
"""Images that vitrine send decodes, in a separate process."""
import base64
import os
import shutil
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


class Decoding(ToolTest):
    def sent(self, *options, status=0):
        """Sends the image as pixels, receives it, and returns the bytes of the PNG file."""
        self.send("--as-pixels", *options, status=status)
        self.recv()
        (name,) = self.received()
        content = (self.inbox / name).read_bytes()
        (self.inbox / name).unlink()
        return content

    def test_incomplete_is_sent_unless_strict(self):
        cut = self.file("cut.jpg", content=PHOTO[:900])
        self.sent(cut)
        _, err = self.send("--as-pixels", "--strict", cut, status=1)
        self.assertIn("incomplete: the file ends early", err)
        _, err = self.send("--strict", cut, status=2)
        self.assertIn("--strict requires --as-pixels", err)

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
