#!/usr/bin/env python3
"""What `cmake --install` installs: a library for other programs, and programs that run from any
folder.
"""
import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import unittest

import support

EXAMPLES = support.SOURCE / "examples"
# In C++, `struct` may be omitted, except where a function has the name of a type.
CPLUSPLUS = """#include <vitrine.h>
static void see(const struct vitrine_info *, void *) {}
int main() {
	vitrine_options options = {};
	vitrine_channel *channel = nullptr;
	vitrine_snapshot snapshot;
	struct vitrine_claim claim;
	vitrine_image image;
	struct vitrine_key key;
	options.role = VITRINE_INSPECTOR;
	options.key = &key;
	(void)snapshot, (void)image, (void)claim;
	bool is_fine = vitrine_key(&key, "an empty cabinet", nullptr) == 0 && vitrine_list(see, nullptr) >= 0 &&
		vitrine_open(&channel, &options) == VITRINE_ENONE;
	vitrine_close(channel);
	return is_fine && vitrine_abi() == VITRINE_ABI && *vitrine_version() ? 0 : 1;
}
"""
# The header with other compilers and languages, and with many warnings.
LANGUAGES = {"c99": "cc", "c11": "cc", "gnu17": "cc", "c++11": "c++", "c++20": "c++"}
STRICT = ("-pedantic-errors", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-fsyntax-only")


class Library(support.Case):
    def setUp(self):
        super().setUp()
        self.prefix = self.install()
        self.env["PKG_CONFIG_PATH"] = str(self.prefix / "lib/pkgconfig")
        self.env["LD_LIBRARY_PATH"] = str(self.prefix / "lib")
        self.env["PATH"] = f"{self.prefix}/bin:{os.environ['PATH']}"

    def pair_up(self, folder):
        """The examples pass an image to each other."""
        said = support.run(folder / "publish", env=self.env)
        self.assertEqual(said, "image 1 lies in slot 0\n")
        drawn = support.run(folder / "show_latest", env=self.env).splitlines()
        self.assertEqual(drawn[-1], "1: evening")
        self.assertEqual({len(line) for line in drawn[:-1]}, {72})
        self.assertGreater(len(set("".join(drawn[:-1]))), 3)
        with subprocess.Popen([folder / "poll"], env=self.env, text=True, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as poll:
            self.assertEqual(poll.stdout.readline(), "image 1: evening\n")
            self.assertEqual(poll.communicate(timeout=30)[0], "")
        self.assertEqual(poll.returncode, 0)

    def test_soname_and_symbols(self):
        library = self.prefix / "lib/libvitrine.so"
        self.assertEqual(os.readlink(library), "libvitrine.so.0")
        self.assertRegex(os.readlink(self.prefix / "lib/libvitrine.so.0"), r"^libvitrine\.so\.0\.")
        self.assertIn("soname: [libvitrine.so.0]", support.run("readelf", "-d", library))
        exported = support.run("nm", "-D", "--defined-only", "--with-symbol-versions", library)
        symbols = re.findall(r" [TDBR] (\S+)", exported)
        header = (self.prefix / "include/vitrine.h").read_text(encoding="utf-8")
        declared = re.findall(r"^(?!typedef|static)\w[\w ]*[ *](vitrine_\w+)\(", header, re.M)
        self.assertGreater(len(declared), 20)
        names, versions = zip(*(symbol.split("@@") for symbol in symbols))
        self.assertEqual(sorted(names), sorted(declared))
        self.assertLessEqual(set(versions), {"VITRINE_0.1", "VITRINE_0.2"})

    def test_no_trace_of_the_build(self):
        for file in self.prefix.rglob("*"):
            if file.is_file() and file.suffix in (".cmake", ".pc", ".h", ".desktop", ".py"):
                text = file.read_text(encoding="utf-8")
                self.assertNotIn(str(support.BUILD), text, file)
                self.assertNotIn(str(support.SOURCE), text, file)
        for program in ("bin/vitrine", "bin/vitrine-producer", "bin/vitrine-consumer",
                        "libexec/vitrine/vitrine-decoder", "lib/libvitrine.so"):
            said = support.run("readelf", "-d", self.prefix / program)
            self.assertNotRegex(said, "RPATH|RUNPATH", program)

    def test_header_in_other_languages(self):
        for standard, compiler in LANGUAGES.items():
            with self.subTest(standard):
                file = self.folder / ("a.c" if compiler == "cc" else "a.cc")
                file.write_text("#include <vitrine.h>\nint main(void) { return VITRINE_OK; }\n")
                support.run(compiler, f"-std={standard}", *STRICT, f"-I{self.prefix}/include", file)

    def test_links_from_cplusplus(self):
        file = self.folder / "abi.cc"
        file.write_text(CPLUSPLUS)
        flags = support.run("pkg-config", "--cflags", "--libs", "vitrine", env=self.env)
        support.run("c++", "-o", self.folder / "abi", file, *shlex.split(flags))
        support.run(self.folder / "abi", env=self.env)

    def test_pages_of_the_lessons(self):
        said = support.run("vitrine", "lesson", env=self.env).splitlines()[-1]
        folder = said.removeprefix("Their pages are in ")
        self.assertTrue(folder.startswith(str(self.prefix)), said)
        self.assertIn("2-bounded-buffer.md", os.listdir(folder))
        if (support.BUILD / "pages").exists():
            (self.prefix / "bin/locale").touch()  # in /usr/bin there is a program of this name
            said = support.run("vitrine", "lesson",
                               env={**self.env, "LANGUAGE": "es", "LC_ALL": "C.UTF-8"})
            self.assertTrue(said.endswith(f" {folder}/es\n"), said)
            pages, translated = (
                {name for name in os.listdir(each) if name.endswith((".md", ".png"))}
                for each in (folder, f"{folder}/es"))
            self.assertEqual(translated, pages)

    def test_pages_find_their_pictures_and_each_other(self):
        docs = self.prefix / "share/doc/vitrine/pages"
        self.assertEqual(os.readlink(docs), "../../vitrine")
        for page in (docs / "README.md", *docs.glob("docs/**/*.md")):
            for link in re.findall(r"\]\(((?:\.\./)*[\w./-]+)\)", page.read_text(encoding="utf-8")):
                target = (page.parent / link).resolve().relative_to(docs.resolve())
                if target.parts[0] in ("docs", "examples"):
                    self.assertTrue((docs / target).exists(), f"{page.name}: {link}")

    def test_examples_by_the_lines_at_their_top(self):
        self.build_by_the_lines(*EXAMPLES.glob("*.[ch]"), *EXAMPLES.glob("textbook/*.[ch]"))
        self.assertTrue((self.folder / "consumer_vitrine").exists())
        self.pair_up(self.folder)

    def test_lessons_by_the_lines_at_their_top(self):
        """As strict C17, which many courses ask for."""
        lessons = list(EXAMPLES.glob("lessons/*.[ch]"))
        self.build_by_the_lines(*lessons)
        for file in EXAMPLES.glob("lessons/[01]*.c"):
            lines = re.findall(r"^ \*\t(cc .*)$", file.read_text(encoding="utf-8"), re.M)
            self.assertEqual(len(lines), 1, file)
            self.assertIn("-std=c17 -pedantic", lines[0])
            self.assertTrue((self.folder / re.search(r"-o (\S+)", lines[0]).group(1)).exists())

    def build_by_the_lines(self, *files):
        for file in files:
            shutil.copy(file, self.folder)
        for file in self.folder.glob("*.c"):
            text = file.read_text(encoding="utf-8").replace("\\\n *\t\t", "")
            for build in re.findall(r"^ \*\t(cc .*)$", text, re.M):
                support.run("sh", "-c", build.replace("cc ", "cc -Wall -Wextra -Werror ", 1),
                            cwd=self.folder, env=self.env)

    def test_examples_by_cmake(self):
        build = self.folder / "build"
        support.run("cmake", "-S", EXAMPLES, "-B", build, "-G", "Ninja", "-DCMAKE_C_FLAGS=-Werror",
                    f"-DCMAKE_PREFIX_PATH={self.prefix}", env=self.env)
        self.assertIn(str(self.prefix), (build / "CMakeCache.txt").read_text(encoding="utf-8"))
        examples = [file.stem for file in EXAMPLES.glob("*.c")]
        support.run("cmake", "--build", build, "--target", *examples, env=self.env)
        del self.env["LD_LIBRARY_PATH"]  # CMake has put the way to it into the programs
        self.pair_up(build)

    def test_static_by_cmake(self):
        (self.folder / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.16)\nproject(one C)\nfind_package(vitrine REQUIRED)\n"
            f"add_executable(publish \"{EXAMPLES}/publish.c\")\n"
            "target_link_libraries(publish vitrine::static)\n")
        build = self.folder / "static"
        support.run("cmake", "-S", self.folder, "-B", build,
                    f"-DCMAKE_PREFIX_PATH={self.prefix}", env=self.env)
        support.run("cmake", "--build", build, env=self.env)
        self.assertNotIn("libvitrine", support.run("readelf", "-d", build / "publish"))
        del self.env["LD_LIBRARY_PATH"]
        support.run(build / "publish", env=self.env)


class Programs(support.Case):
    def setUp(self):
        super().setUp()
        self.prefix = self.install("/opt/vitrine")

    def vitrine(self, *words):
        return support.run(self.prefix / "bin/vitrine", *words, env=self.env, cwd=self.folder)

    def test_files_and_pixels(self):
        """Pixels need the module for images, and find it though it was moved here."""
        image = self.prefix / "share/vitrine/assets/tiny.png"
        self.vitrine("send", "-m", image)
        self.vitrine("send", "--as-pixels", image)
        self.vitrine("recv", "-n", "2", "-o", self.folder)
        self.assertEqual((self.folder / "tiny.png").read_bytes(), image.read_bytes())
        self.assertTrue((self.folder / "tiny-2.png").exists())

    def test_gallery_as_the_producer_finds_it(self):
        """The path in the program leads from where it lies to the images."""
        found = re.findall(rb"[\x20-\x7e]*share/vitrine/assets",
                           (self.prefix / "bin/vitrine-producer").read_bytes())
        self.assertEqual(found, [b"../share/vitrine/assets"])
        images = {file.name for file in (self.prefix / "bin" / found[0].decode()).iterdir()}
        self.assertIn("lighthouse.jpg", images)
        self.assertFalse({"README.md", "paint", "make-assets"} & images)

    def test_all_programs_start(self):
        for program in support.PROGRAMS:
            self.assertRegex(support.run(self.prefix / "bin" / program, "--version", env=self.env),
                             r"^vitrine.* \d+\.\d+\.\d+\n(opens: .*\nrecognises but .*\n)?$")

    def test_modes(self):
        for file in self.prefix.rglob("*"):
            mode = stat.S_IMODE(file.lstat().st_mode)
            self.assertTrue(file.is_symlink() or mode in (0o644, 0o755), f"{file}: {mode:o}")

    def test_python_module(self):
        """It finds the library that was installed with it, and its window."""
        modules = list(self.prefix.glob("lib/python3*/*-packages/vitrine"))
        if not modules:
            self.skipTest("VITRINE_PYTHON_MODULE=OFF")
        self.env["PYTHONPATH"] = str(modules[0].parent)
        said = support.run(sys.executable, "-B", "-c", "import json, vitrine\n"
                           "with vitrine.Producer() as p: p.publish_file(b'x', name='a')\n"
                           "print(json.dumps(open('/proc/self/maps').read()))",
                           env=self.env, cwd="/")
        self.assertIn(f"{self.prefix}/lib/libvitrine.so.0", json.loads(said))


    def test_where_python_looks(self):
        """The module is found with no PYTHONPATH: installed for one user, and in an environment."""
        if "VITRINE_PYTHON_MODULE ON" not in support.run("cmake", "-N", "-L", support.BUILD).replace(
                ":BOOL=", " "):
            self.skipTest("VITRINE_PYTHON_MODULE=OFF")
        home = self.folder / "home"
        python = shutil.which("python3", path="/usr/bin") or sys.executable
        for prefix, program, env in (
                (home / ".local", python, {"HOME": str(home)}),
                (self.folder / "venv", self.folder / "venv/bin/python3", {})):
            with self.subTest(prefix.name):
                if not env:
                    support.run(python, "-m", "venv", "--without-pip", prefix)
                support.run("cmake", "--install", support.BUILD, "--prefix", prefix)
                said = support.run(program, "-c", "import vitrine; print(vitrine.__file__)",
                                   env={**self.env, **env, "LD_LIBRARY_PATH": ""}, cwd="/")
                self.assertTrue(said.startswith(str(prefix)), said)


class Desktop(support.Case):
    def setUp(self):
        super().setUp()
        self.share = self.install() / "share"

    def test_desktop_files(self):
        support.need("desktop-file-validate")
        files = sorted((self.share / "applications").iterdir())
        self.assertEqual(len(files), 2)
        said = support.run("desktop-file-validate", *files)
        self.assertEqual(said, "")

    def test_open_with(self):
        """The producer takes files, of the types that its own decoder names."""
        text = (self.share / "applications/vitrine-producer.desktop").read_text(encoding="utf-8")
        self.assertIn("Exec=vitrine-producer %F\n", text)
        offered = set(re.search(r"^MimeType=(.*);$", text, re.M)[1].split(";"))
        source = (support.SOURCE / "common/image/format.c").read_text(encoding="utf-8")
        known = re.findall(r'\[FORMAT_\w+\] = \{"[^"]+", "(image/[^"]+)",[^}]*FORMAT_BY', source)
        self.assertGreater(len(known), 5)
        self.assertEqual(set(known) - offered, set())

    def test_icon(self):
        icon = self.share / "icons/hicolor/scalable/apps/vitrine.svg"
        for file in (self.share / "applications").iterdir():
            self.assertIn(f"Icon={icon.stem}\n", file.read_text(encoding="utf-8"))
        self.assertTrue(icon.read_text(encoding="utf-8").rstrip().endswith("</svg>"))


if __name__ == "__main__":
    unittest.main()
