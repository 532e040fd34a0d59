#!/usr/bin/env python3
"""Both windows on Wayland, with no X server, no Xwayland and no graphics card."""
import shutil
import subprocess
import unittest

import stage
import sway
from filemanager import FileManager
from picture import Picture
from program import Program

PRODUCER, CONSUMER = "vitrine-producer", "vitrine-consumer"
SCALE = 2  # of the desktop at 200 %
AMBER = bytes((0xf2, 0xb1, 0x34))  # common/ui/theme.c
CACHE = (stage.BUILD / "CMakeCache.txt").read_text()
HAS_DROPS = "VITRINE_WAYLAND:BOOL=ON" in CACHE and "WAYLAND_FOUND:INTERNAL=1" in CACHE
SDL = subprocess.check_output(["pkg-config", "--modversion", "sdl2"], text=True)
HAS_LATE_DROPS = int(SDL.split(".")[1]) <= 26  # common/ui/window_drag.c


class Wayland(stage.Stage):
    @classmethod
    def setUpClass(cls):
        if sway.missing():
            raise unittest.SkipTest("not installed: " + ", ".join(sway.missing()))

    def make_desktop(self):
        return sway.Sway()

    def open(self, name, *arguments):
        program = self.start(Program, name, *arguments)
        event = program.wait("window")
        self.desktop.wait_window(name)
        self.assertEqual(event["display"], "wayland")
        return program, event

    def test_space_shows_the_very_pixels(self):
        path, picture = self.image("a.png")
        consumer, _ = self.open(CONSUMER)
        producer, _ = self.open(PRODUCER, path)
        producer.wait("loaded")
        self.desktop.key(CONSUMER, "1")  # 100 %
        self.desktop.key(PRODUCER, "space")
        consumer.wait("shown", seq=1, name="a.png")

        def inside():
            return self.desktop.screenshot().crop(*self.desktop.wait_window(CONSUMER))
        self.assertTrue(stage.wait_for(lambda: inside().find(picture)))

    def red(self, app_id):
        """Where the window is red: left, top, right, bottom, in pixels of the window; and its size.
        None: nowhere."""
        left, top, width, height = (SCALE * side for side in self.desktop.wait_window(app_id))
        inside = self.desktop.screenshot().crop(left, top, width, height)
        some = bytes((255, 0, 0)) * 8
        rows = [(inside.row(y).find(some), y, inside.row(y).rfind(some)) for y in range(height)]
        rows = [(first // 3, y, last // 3 + 8) for first, y, last in rows if first >= 0]
        return rows and (min(row[0] for row in rows), rows[0][1], max(row[2] for row in rows),
                         rows[-1][1] + 1, width, height)

    def test_all_of_the_window_is_there_at_200_percent(self):
        """An image that fits is in the middle of the window, and none of it is outside."""
        self.desktop.run("swaymsg", "output HEADLESS-1 resolution 2560x1600 scale %d" % SCALE,
                         check=True)
        path = self.images / "red.png"
        path.write_bytes(Picture.plain(300, 200, 255, 0, 0).to_png())
        self.open(CONSUMER)
        producer, _ = self.open(PRODUCER, path)
        producer.wait("loaded")
        self.desktop.key(PRODUCER, "space")

        def is_centered(app_id):
            found = self.red(app_id)
            if not found:
                return False
            left, top, right, bottom, width, height = found
            is_whole = abs((right - left) * 2 - (bottom - top) * 3) <= 12
            if app_id == PRODUCER:  # its tray has the image, too
                is_whole = bottom - top > (right - left) * 2 / 3
            return is_whole and abs(left - (width - right)) <= 8 and bottom < height - 40
        for app_id in (PRODUCER, CONSUMER):
            self.assertTrue(stage.wait_for(lambda: is_centered(app_id)),
                            "%s: %s" % (app_id, self.red(app_id)))

    def test_at_least_half_the_screen_wide(self):
        _, event = self.open(PRODUCER)
        self.assertGreaterEqual(int(event["width"]), 1280 // 2 - 24)

    @unittest.skipUnless(HAS_DROPS, "built without wayland-client")
    def test_files_out_of_a_file_manager(self):
        if not shutil.which("thunar"):
            self.skipTest("not installed: thunar")
        folder = self.images / "files"
        images = [self.image(name, folder=folder) for name in ("a b.png", "c#1%20.png", "図.png")]

        def over():
            """The edge of the drop zone shows that files are dragged over it, with an old SDL."""
            self.assertTrue(not HAS_LATE_DROPS or stage.wait_for(
                lambda: 4 * AMBER in self.desktop.screenshot().data))
        with FileManager(self.desktop, folder, "wayland") as manager:
            self.desktop.wait_window("thunar")
            producer, _ = self.open(PRODUCER)
            left, top, width, height = self.desktop.wait_window(PRODUCER)
            manager.drag_all(self.desktop.wait_window("thunar"),
                             (left + width // 2, top + height // 2), over, late=HAS_LATE_DROPS)
            producer.wait_all("loaded", "name", [path.name for path, _ in images])


if __name__ == "__main__":
    stage.main()
