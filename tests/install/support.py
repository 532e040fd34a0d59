"""Helpers for the tests of the installation: the build under test, a folder and a key for each
test, and commands that must succeed.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
import keys  # noqa: E402

BUILD = pathlib.Path(os.environ.get("VITRINE_BUILD", "build/release")).resolve()
SOURCE = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = ("vitrine-producer", "vitrine-consumer", "vitrine")


def run_both(*command, **options):
    """(standard output, standard error) of a command that must succeed."""
    done = subprocess.run([str(word) for word in command], text=True, encoding="utf-8",
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, **options)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}: {done.returncode}\n"
                             f"{done.stdout}{done.stderr}")
    return done.stdout, done.stderr


def run(*command, **options):
    """Its standard output alone."""
    return run_both(*command, **options)[0]


def need(*programs):
    for program in programs:
        if shutil.which(program) is None:
            raise unittest.SkipTest(f"{program} is not here (script/bootstrap test)")


def subcommands():
    text = run(BUILD / "vitrine", "--help")
    return [line.split()[1] for line in text.splitlines() if line.startswith("  vitrine ")]


def helps():
    """{("vitrine", "send"): what its --help says, an option a line}, for all programs."""
    named = [(program,) for program in PROGRAMS[:2]]
    named += [("vitrine", name) for name in subcommands()]
    wide = {**os.environ, "ARGP_HELP_FMT": "rmargin=4000,opt-doc-col=70"}
    return {name: run(BUILD / name[0], *name[1:], "--help", env=wide) for name in named}


class Case(unittest.TestCase):
    """A test with a temporary folder and a key in its environment; no object may be left under the
    key."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="vitrine-install-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.key = f"0x{keys.reserve_key():08x}"
        self.env = {**os.environ, "VITRINE_KEY": self.key}
        for name in ("LD_LIBRARY_PATH", "PYTHONPATH", "VITRINE_LIBRARY", "VITRINE_CONSUMER"):
            self.env.pop(name, None)
        self.addCleanup(run, BUILD / "vitrine", "clean", "--force", env=self.env)

    def install(self, prefix="/usr/local"):
        """Installs under the scratch folder, as a packager would; the prefix as it lies there. With
        the umask of an ordinary user, whose group is its own."""
        run("cmake", "--install", BUILD, "--prefix", prefix, umask=0o002,
            env={**self.env, "DESTDIR": str(self.folder / "root")})
        return self.folder / "root" / prefix.lstrip("/")
