#!/usr/bin/env python3
"""The Debian package: what it depends on, and that it installs, runs and uninstalls cleanly, in a
root of its own that knows which packages this machine has.
"""
import os
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

import support

LIBRARIES = ("libsdl2-2.0-0", "libsdl2-image-2.0-0", "libsdl2-ttf-2.0-0", "libfontconfig1", "libc6")
# Scripts of the package are run without chroot, and told the root in DPKG_ROOT. No triggers: those
# of the packages of this machine would be run for it.
DPKG = ("dpkg", "--force-not-root", "--force-bad-path", "--force-script-chrootless",
        "--no-triggers", "--log=/dev/null")
# What scripts that install packages may call, and must not call for this machine.
STUB = "#!/bin/sh\necho \"$0 $*\" >>\"$DPKG_ROOT/called\"\n"


class Deb(support.Case):
    @classmethod
    def setUpClass(cls):
        support.need("cpack", "dpkg", "dpkg-deb", "dpkg-shlibdeps")
        packed = tempfile.TemporaryDirectory(prefix="vitrine-deb-")
        cls.addClassCleanup(packed.cleanup)
        support.run("cpack", "-G", "DEB", "-B", packed.name, cwd=support.BUILD)
        (cls.deb,) = pathlib.Path(packed.name).glob("*.deb")

    def setUp(self):
        super().setUp()
        self.root = self.folder / "root"
        administration = self.root / "var/lib/dpkg"
        for folder in ("info", "updates", "triggers"):
            (administration / folder).mkdir(parents=True)
        shutil.copy("/var/lib/dpkg/status", administration / "status")
        stubs = self.folder / "stubs"
        stubs.mkdir()
        (stubs / "ldconfig").write_text(STUB)
        (stubs / "ldconfig").chmod(0o755)
        self.env["PATH"] = f"{stubs}:{os.environ['PATH']}:/usr/sbin:/sbin"

    def dpkg(self, *words):
        return support.run(*DPKG, f"--root={self.root}", *words, env=self.env)

    def files(self):
        return {str(path.relative_to(self.root)) for path in self.root.rglob("*")
                if not path.is_relative_to(self.root / "var")}

    def field(self, name):
        return support.run("dpkg-deb", "-f", self.deb, name).strip()

    def test_installs_runs_and_uninstalls(self):
        self.dpkg("--unpack", self.deb)  # its dependencies are checked when it is configured
        self.dpkg("--configure", "vitrine")
        installed = self.files()
        self.assertIn("ldconfig", (self.root / "called").read_text())
        for file in ("usr/bin/vitrine", "usr/lib/libvitrine.so.0", "usr/include/vitrine.h",
                     "usr/share/applications/vitrine-producer.desktop",
                     "usr/share/doc/vitrine/copyright"):
            self.assertIn(file, installed)
        self.runs()
        self.imports()
        self.dpkg("--remove", "vitrine")
        (self.root / "called").unlink()
        self.assertEqual(self.files(), set())

    def runs(self):
        vitrine = self.root / "usr/bin/vitrine"
        image = self.root / "usr/share/vitrine/assets/lighthouse.jpg"
        support.run(vitrine, "send", "--as-pixels", image, env=self.env)
        support.run(vitrine, "recv", "-o", self.folder, env=self.env)
        self.assertTrue((self.folder / "lighthouse.png").read_bytes().startswith(b"\x89PNG"))
        for program in support.PROGRAMS:
            support.run(self.root / "usr/bin" / program, "--version", env=self.env)

    def imports(self):
        """Python leaves what it compiled there; it must not outlive the package."""
        place = self.root / "usr/lib/python3/dist-packages"
        if place.exists():
            support.run(sys.executable, "-c", "import vitrine; vitrine.Producer().close()",
                        env={**self.env, "PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": ""})
            self.assertTrue((place / "vitrine/__pycache__").exists())

    def test_what_it_says_of_itself(self):
        depends = self.field("Depends")
        for library in LIBRARIES:
            self.assertRegex(depends, rf"(^|, ){re.escape(library)} \(>= ")
        self.assertEqual(self.field("Package"), "vitrine")
        self.assertEqual(self.field("Architecture"),
                         support.run("dpkg", "--print-architecture").strip())
        self.assertEqual(self.deb.name, f"vitrine_{self.field('Version')}"
                                        f"_{self.field('Architecture')}.deb")
        listed = support.run("dpkg-deb", "-c", self.deb)
        self.assertNotRegex(listed, r"\./usr/local|\.pyc|CMakeFiles")
        for line in listed.splitlines():
            self.assertRegex(line, r"^\S+ root/root ")

    def test_stripped(self):
        unpacked = pathlib.Path(self.folder / "unpacked")
        support.run("dpkg-deb", "-x", self.deb, unpacked)
        self.assertNotIn(".debug_info", support.run("readelf", "-S", unpacked / "usr/bin/vitrine"))


if __name__ == "__main__":
    unittest.main()
