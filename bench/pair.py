"""The two programs on a private screen, and the small programs that measure them.

The screen, the programs' logs and their windows come from tests/e2e, which the end-to-end tests use.
"""
import contextlib
import mmap
import os
import pathlib
import re
import secrets
import struct
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(SOURCE / "tests/e2e"))

from desktop import Desktop, wait_for  # noqa: E402
from program import Program, Window  # noqa: E402
from stage import ipc_objects  # noqa: E402

WINDOW = (1280, 720)
PLACES = {"vitrine-producer": (0, 20), "vitrine-consumer": (1300, 20)}
SCREEN = (2600, 780)
# The approximate middle of a picture in a window: above the status bar, and above the tray.
MIDDLE = {"vitrine-producer": (640, 260), "vitrine-consumer": (640, 330)}
PHOTOS = 200

IMAGES = {  # name: (width, height, how many)
    "1080p": (1920, 1080, 2), "4K": (3840, 2160, 2), "24MP": (6000, 4000, 2),
    "photo": (4000, 3000, 4), "small": (320, 240, 2),
}


class Screen:
    """The pixels of Xvfb's screen, read from its file while it draws."""

    def __init__(self, desktop):
        self.path = pathlib.Path(desktop.folder, "Xvfb_screen0")
        with open(self.path, "rb") as file:
            self.data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        header = struct.unpack(">25I", self.data[:100])
        self.start, self.pitch = header[0] + header[19] * 12, header[12]

    def row(self, x, y, width):
        """`width` pixels as B G R x."""
        start = self.start + y * self.pitch + x * 4
        return self.data[start:start + width * 4]

    def pixel(self, x, y):
        blue, green, red, _ = self.row(x, y, 1)
        return red, green, blue


class Pair:
    """A context manager. `build` is the build folder, `work` a folder for files of a run, `plots`
    one for its pictures."""

    def __init__(self, build, work, plots):
        self.build, self.work, self.plots = build, work, plots
        self.desktop = Desktop(*SCREEN)
        self.key = 0x77010000 | secrets.randbelow(1 << 16)
        self.desktop.environment["VITRINE_KEY"] = "0x%08x" % self.key
        self.programs = []

    def __enter__(self):
        self.desktop.__enter__()
        self.screen = Screen(self.desktop)
        return self

    def __exit__(self, *_):
        self.end_programs()
        self.desktop.close()

    # ---- the programs ----------------------------------------------------------------------------

    def program(self, name, *arguments, kind=Window, **more):
        x, y = PLACES[name]
        log = self.work / ("%s.log" % name)
        program = kind(self.desktop, self.build / name,
                       ["--geometry", "%dx%d+%d+%d" % (*WINDOW, x, y), *arguments], log, **more)
        self.programs.append(program)
        return program

    def end_programs(self):
        """Ends all programs with SIGTERM, and checks that they leave nothing behind."""
        try:
            for program in self.programs:
                self.desktop.stop(program.process)
            self.programs.clear()
        finally:
            for kind, number in ipc_objects(self.key).items():
                subprocess.run(["ipcrm", "-s" if kind == "sem" else "-m", str(number)],
                               check=False)

    def middle(self, program):
        """The position on the screen of the patch of a picture that fills the window."""
        x, y, _, _ = self.desktop.geometry(program.window)
        return x + MIDDLE[program.name][0], y + MIDDLE[program.name][1]

    def wait_colour(self, place, number):
        """Waits until image `number` of a series is shown: even ones are red, odd ones blue."""
        def look():
            red, _, blue = self.screen.pixel(*place)
            return red - blue > 80 if number % 2 == 0 else blue - red > 80
        if not wait_for(look):
            raise RuntimeError("no picture at %s of the screen" % (place,))

    # ---- files -----------------------------------------------------------------------------------

    def images(self, name):
        """The paths of a series of IMAGES; makes missing ones."""
        folder = self.work / "images"
        folder.mkdir(exist_ok=True)
        width, height, count = IMAGES[name]
        paths = [folder / ("%s-%d.jpg" % (name, i)) for i in range(count)]
        if not all(path.exists() for path in paths):
            self.tool("images", folder, width, height, count, name)
        return paths

    def photos(self):
        """A folder of PHOTOS files of 12 megapixels, with few different contents."""
        folder = self.work / "photos"
        sources = self.images("photo")
        folder.mkdir(exist_ok=True)
        for i in range(PHOTOS):
            path = folder / ("photo %03d.jpg" % i)
            if not path.exists():
                os.link(sources[i % len(sources)], path)
        return folder

    # ---- measuring programs ----------------------------------------------------------------------

    def tool(self, name, *arguments):
        """Runs bench-NAME and returns its output."""
        return self.desktop.run(self.build / "bench" / ("bench-" + name), *arguments, check=True)

    @contextlib.contextmanager
    def ping(self, program):
        """Pings the window while the block runs; yields a dict that is filled at the end."""
        answers = {}
        with subprocess.Popen([self.build / "bench/bench-ping", hex(program.window)],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                              env=self.desktop.environment) as process:
            try:
                yield answers
            finally:
                output, _ = process.communicate("\n", 30)
            if process.returncode:
                raise RuntimeError("bench-ping failed")
            answers.update(read_fields(output))

    @contextlib.contextmanager
    def glass(self):
        """press(key, x, y): presses a key; milliseconds until the pixel at x, y is another."""
        with subprocess.Popen([self.build / "bench/bench-keypress", self.screen.path],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
                              env=self.desktop.environment) as process:
            def press(key, x, y):
                process.stdin.write("%s %d %d\n" % (key, x, y))
                took = float(process.stdout.readline() or -1)
                if took < 0:
                    raise RuntimeError("nothing changed on the screen after key %s" % key)
                return took
            try:
                yield press
            finally:
                process.stdin.close()


def read_fields(text):
    """{"name": number} of "name=1.5 …"."""
    return {name: float(value) for name, value in re.findall(r"(\w+)=(\S+)", text)}


__all__ = ["Desktop", "IMAGES", "PHOTOS", "PLACES", "Pair", "Program", "SCREEN", "WINDOW", "ipc_objects", "read_fields",
           "wait_for"]
