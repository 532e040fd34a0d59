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
NOT_OURS = (
    "bogus-mail-host", "bogus-mail-host-in-debian-changelog",  # nobody can be written to: DEBEMAIL is not set
    "initial-upload-closes-no-bugs",
    "pkg-config-unavailable-for-cross-compilation",  # the library is in /usr/lib
    "package-name-doesnt-match-sonames",  # the programs and their library are one package
)
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
        packed = tempfile.TemporaryDirectory(prefix="vitrine-déb-")
        cls.addClassCleanup(packed.cleanup)
        support.run("cpack", "-G", "DEB", "-B", packed.name, cwd=support.BUILD, umask=0o002,
                    env={**os.environ, "LC_ALL": "C"})
        (cls.deb,) = pathlib.Path(packed.name).glob("vitrine_*.deb")
        (cls.development,) = pathlib.Path(packed.name).glob("vitrine-dev_*.deb")

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
        # Its dependencies are checked when it is configured.
        self.dpkg("--unpack", self.deb, self.development)
        self.dpkg("--configure", "vitrine", "vitrine-dev")
        installed = self.files()
        for file in ("usr/bin/vitrine", "usr/lib/libvitrine.so.0", "usr/include/vitrine.h",
                     "usr/share/applications/vitrine-producer.desktop",
                     "usr/share/doc/vitrine/copyright"):
            self.assertIn(file, installed)
        self.runs()
        self.imports()
        self.dpkg("--remove", "vitrine", "vitrine-dev")
        self.assertEqual(self.files(), set())  # no script has called what runs for this machine
        listed = (self.root / "var/lib/dpkg/status").read_text(encoding="utf-8")
        self.assertNotRegex(listed, r"(?m)^Package: vitrine")

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
        self.assertNotRegex(listed, r"\./usr/local|\.pyc|__pycache__|CMakeFiles")
        for line in listed.splitlines():
            self.assertRegex(line, r"^(-rw-r--r--|[-d]rwxr-xr-x|l\S+) root/root ")

    def test_what_is_needed_to_build_is_a_package_of_its_own(self):
        needed = ("include/vitrine.h", "/libvitrine.so ", "/libvitrine.a", "/cmake/", "/pkgconfig/",
                  "/man3/")
        listed, development = (support.run("dpkg-deb", "-c", package)
                               for package in (self.deb, self.development))
        for part in needed:
            self.assertNotIn(part, listed)
            self.assertIn(part, development)

    def test_lintian(self):
        """No error and no warning, but for what packages that are not Debian's do not have."""
        support.need("lintian")
        said = support.run("lintian", "--no-cfg", "--allow-root", "--fail-on", "none",
                           "--suppress-tags", ",".join(NOT_OURS), self.deb, self.development,
                           env={**os.environ, "LC_ALL": "C.UTF-8"})
        self.assertEqual([line for line in said.splitlines() if line[:2] in ("E:", "W:")], [])

    def test_stripped(self):
        unpacked = pathlib.Path(self.folder / "unpacked")
        support.run("dpkg-deb", "-x", self.deb, unpacked)
        self.assertNotIn(".debug_info", support.run("readelf", "-S", unpacked / "usr/bin/vitrine"))


if __name__ == "__main__":
    unittest.main()
