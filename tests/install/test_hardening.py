#!/usr/bin/env python3
"""Everything that is installed was built with hardening: checks every program, module and the
library with readelf.
"""
import os
import pathlib
import re
import subprocess
import unittest

import support


def build_type():
    cache = (support.BUILD / "CMakeCache.txt").read_text()
    return re.search(r"^CMAKE_BUILD_TYPE:\w+=(\w*)$", cache, re.M).group(1)


class Hardening(support.Case):
    def setUp(self):
        super().setUp()
        support.need("readelf")
        self.prefix = prefix = self.install()
        found = [os.path.join(folder, name) for folder, _, names in os.walk(prefix)
                 for name in names]
        self.files = [path for path in found if not os.path.islink(path)
                      and pathlib.Path(path).read_bytes()[:4] == b"\x7fELF"]

    def read(self, path, *options):
        return support.run("readelf", "--wide", *options, path)

    def each(self):
        for path in self.files:
            with self.subTest(os.path.basename(path)):
                yield path

    def test_all_are_there(self):
        names = " ".join(map(os.path.basename, self.files))
        for name in (*support.PROGRAMS, "vitrine-decoder", "libvitrine.so"):
            self.assertIn(name, names)

    def test_common_formats_load_no_libraries_for_sound_and_windows(self):
        """It would take most of the time until the first thumbnail."""
        needs = self.read(os.path.join(self.prefix, "libexec/vitrine/vitrine-decoder"), "--dynamic")
        if not all(f"[lib{name}." in needs for name in ("jpeg", "png16", "webp", "tiff", "gif")):
            self.skipTest("SDL_image takes the place of a library that is missing")
        self.assertNotIn("SDL", needs)

    def test_tables_of_addresses_are_read_only(self):
        for path in self.each():
            self.assertIn("GNU_RELRO", self.read(path, "--program-headers"))
            self.assertRegex(self.read(path, "--dynamic"), r"BIND_NOW|FLAGS_1.*\bNOW\b")

    def test_nothing_lies_where_it_can_be_guessed(self):
        for path in self.each():
            self.assertRegex(self.read(path, "--file-header"), r"Type: +DYN")

    def test_no_stack_holds_code(self):
        for path in self.each():
            stack = re.search(r"GNU_STACK.*", self.read(path, "--program-headers")).group()
            self.assertNotIn("RWE", stack)
            self.assertNotRegex(self.read(path, "--program-headers"), r"LOAD.* RWE ")

    def test_return_addresses_are_guarded(self):
        for path in self.each():
            self.assertIn("__stack_chk_fail", self.read(path, "--dyn-syms"))

    def test_copies_know_the_size_of_their_target(self):
        if build_type() not in ("Release", "RelWithDebInfo", "MinSizeRel"):
            self.skipTest("_FORTIFY_SOURCE needs an optimising build")
        # The programs of the lessons are built without optimisation, to be stepped through.
        self.files = [path for path in self.files
                      if os.path.basename(os.path.dirname(path)) not in ("lessons", "textbook")]
        for path in self.each():
            self.assertRegex(self.read(path, "--dyn-syms"), r"__\w+_chk\b")

    def test_jumps_land_where_they_may(self):
        """Control-flow enforcement, where what every program is linked with has it as well."""
        empty = self.folder / "empty.c"
        empty.write_text("int main(void) { return 0; }\n")
        probe = self.folder / "empty"
        compiler = re.search(r"^CMAKE_C_COMPILER:\w+=(.*)$",
                             (support.BUILD / "CMakeCache.txt").read_text(), re.M).group(1)
        if subprocess.run([compiler, "-fcf-protection", empty, "-o", probe],
                          stderr=subprocess.DEVNULL).returncode != 0 or \
                "IBT" not in self.read(probe, "--notes"):
            self.skipTest("this compiler or C library is without")
        for path in self.each():
            self.assertRegex(self.read(path, "--notes"), r"IBT, SHSTK")


if __name__ == "__main__":
    unittest.main()
