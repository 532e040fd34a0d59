#!/usr/bin/env python3
"""The Debian packages as script/package makes them: what they depend on, and that they install, run
and uninstall cleanly; also with no more installed than they depend on, and without root.
"""
import functools
import os
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

import support
from bare import HOME, Root

sys.path.insert(0, str(support.SOURCE / "tests/e2e"))
from desktop import Desktop, missing_tools  # noqa: E402

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


@functools.cache
def packages():
    """(vitrine, vitrine-dev): the paths that script/package prints first."""
    support.need("cpack", "dpkg", "dpkg-deb", "dpkg-shlibdeps")
    folder = tempfile.TemporaryDirectory(prefix="vitrine-déb-")
    unittest.addModuleCleanup(folder.cleanup)
    said = support.run(support.SOURCE / "script/package", folder.name, umask=0o002, cwd="/",
                       env={**os.environ, "VITRINE_BUILD": str(support.BUILD), "LC_ALL": "C"})
    made = tuple(pathlib.Path(line) for line in said.splitlines()[:2])
    assert set(made) == set(pathlib.Path(folder.name).iterdir()), said
    return made


class Deb(support.Case):
    @classmethod
    def setUpClass(cls):
        cls.deb, cls.development = packages()

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


class Bare(support.Case):
    """With the packages that Depends names, and no others."""

    @classmethod
    def setUpClass(cls):
        cls.deb, _ = packages()
        missing = missing_tools()
        if missing:
            raise unittest.SkipTest(f"not here: {', '.join(missing)} (script/bootstrap test)")
        folder = tempfile.TemporaryDirectory(prefix="vitrine-bare-")
        cls.addClassCleanup(folder.cleanup)
        depends = support.run("dpkg-deb", "-f", cls.deb, "Depends")
        cls.root = Root(pathlib.Path(folder.name), depends)
        shutil.copy(cls.deb, cls.root.path / "vitrine.deb")

    def run_there(self, *command, **variables):
        return self.root.run(*command, as_user=True, VITRINE_KEY=self.key, **variables)

    def test_installed(self):
        before = self.root.files()
        self.root.run("dpkg", "-i", "/vitrine.deb")
        self.works("/usr")
        self.root.run("dpkg", "--purge", "vitrine")
        self.assertEqual(self.root.files() - before, set())

    def test_without_root(self):
        """As docs/teaching/README.md tells."""
        page = (support.SOURCE / "docs/teaching/README.md").read_text(encoding="utf-8")
        (unpack,) = re.findall(r"^    (dpkg -x .*)$", page, re.M)
        (path,) = re.findall(r"^    export PATH=(.*):\$PATH$", page, re.M)
        (module,) = re.findall(r"^    export PYTHONPATH=(.*)$", page, re.M)
        unpack = re.sub(r"vitrine_\S*\.deb", "/vitrine.deb", unpack)
        self.run_there("sh", "-c", unpack)
        self.works(path.replace("~", HOME).removesuffix("/bin"),
                   PYTHONPATH=module.replace("~", HOME))

    def works(self, prefix, **variables):
        def run(program, *words, **more):
            return self.run_there(f"{prefix}/{program}", *words, **variables, **more)

        for program in support.PROGRAMS:
            run(f"bin/{program}", "--version")
        loaded = self.run_there("sh", "-c", f"ldd {prefix}/bin/vitrine* {prefix}/libexec/vitrine/* "
                                            f"{prefix}/lib/vitrine/vitrine* {prefix}/lib/*.so.0")
        self.assertNotIn("not found", loaded)
        self.hands_over(run, prefix)
        run("bin/vitrine", "relay", "--help")
        self.run_there("python3", "-c", "import vitrine; vitrine.Producer().close()", **variables)
        folder = run("bin/vitrine", "lesson").splitlines()[-1].removeprefix("Their pages are in ")
        self.assertEqual(folder, f"{prefix}/share/vitrine/docs/lessons")
        self.assertTrue((self.root.path / folder[1:] / "2-bounded-buffer.md").exists())
        if (support.BUILD / "pages").exists():
            said = run("bin/vitrine", "lesson", LANGUAGE="es", LC_ALL="C.UTF-8")
            self.assertTrue(said.endswith(f" {folder}/es\n"), said)
        with Desktop() as desktop:  # it opens the windows of all programs, and has pages and images
            said = run("bin/vitrine", "lesson", "2", "--unattended", "--key", self.key,
                       DISPLAY=desktop.environment["DISPLAY"])
        self.assertIn(f"\nIts page is {folder}/2-bounded-buffer.md\n", said)
        self.assertIn("  3. seen: ", said)

    def hands_over(self, run, prefix):
        """Images of all formats, each by the program that decodes it."""
        assets = self.root.path / prefix[1:] / "share/vitrine/assets"
        images = [f"/{file.relative_to(self.root.path)}" for file in sorted(assets.iterdir())
                  if file.suffix != ".txt"]
        self.assertGreater(len(images), 8)
        if (support.BUILD / "vitrine-decoder-svg").exists():
            shutil.copy(support.SOURCE / "tests/files/inputs/use.svg", self.root.path / "tmp")
            images.append("/tmp/use.svg")
        run("bin/vitrine", "send", "--as-pixels", "--still", "--slots", "64", *images)
        run("bin/vitrine", "recv", "-o", f"/tmp/{self.key}")
        self.assertEqual(len(list((self.root.path / "tmp" / self.key).iterdir())), len(images))


if __name__ == "__main__":
    unittest.main()
