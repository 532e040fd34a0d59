#!/usr/bin/env python3
"""Every optional component can be left out: a build without all of them works, and each can be left
out alone.
"""
import re
import unittest

import support

COMPONENTS = ("LINES", "EXIF", "MD5", "XXH3", "JPEG", "PNG", "GIF",
              "WEBP", "TIFF", "LCMS", "HEIF", "JXL", "SVG", "SECCOMP", "RELAY", "MAN",
              "PAGES", "PYTHON_MODULE")


class Components(support.Case):
    def configure(self, *without):
        build = self.folder / "-".join(("build", *without))
        said = support.run("cmake", "-S", support.SOURCE, "-B", build, "-G", "Ninja",
                           "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_COMPILE_WARNING_AS_ERROR=ON",
                           *(f"-DVITRINE_{name}=OFF" for name in without))
        return build, dict(re.findall(r"^--   VITRINE_(\w+) (ON|OFF): ", said, re.M))

    def test_each_alone(self):
        _, found = self.configure()
        self.assertEqual(set(found) & set(COMPONENTS), set(COMPONENTS))
        for name in COMPONENTS:
            with self.subTest(name):
                _, summary = self.configure(name)
                self.assertEqual(summary, {**found, name: "OFF"})

    def test_without_any(self):
        build, _ = self.configure(*COMPONENTS)
        support.run("cmake", "--build", build, "--target", *support.PROGRAMS[:2], "vitrine_command",
                    "vitrine", "vitrine_static")
        for program in support.PROGRAMS:
            needed = support.run("readelf", "-d", build / program)
            self.assertNotRegex(needed, "libdw|libexif|libmd|libxxhash|libmosquitto|libseccomp")
        image = support.SOURCE / "assets/tiny.png"
        vitrine = build / "vitrine"
        support.run(vitrine, "send", image, env=self.env)
        support.run(vitrine, "recv", "-o", self.folder, env=self.env)
        self.assertEqual((self.folder / "tiny.png").read_bytes(), image.read_bytes())
        support.run(vitrine, "send", "--as-pixels",
                    support.SOURCE / "assets/tower.jpg", env=self.env)  # SDL_image's way
        support.run(vitrine, "recv", "-o", self.folder, env=self.env)
        self.assertTrue((self.folder / "tower.png").exists())
        with self.assertRaisesRegex(AssertionError, "no such command"):
            support.run(vitrine, "relay", "--help", env=self.env)
        with self.assertRaisesRegex(AssertionError, "(?i)md5"):
            support.run(vitrine, "send", "-m", image, env=self.env)


if __name__ == "__main__":
    unittest.main()
