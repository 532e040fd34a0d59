"""A Wayland desktop of its own for a test: sway with outputs in memory, no Xwayland, no graphics card.

wtype sends keys, virtual_pointer.py is the mouse, grim reads pixels. sway refuses to run as root, so
if root runs the tests, sway alone runs as the user nobody.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess

from desktop import Desktop, wait_for
from picture import Picture
from virtual_pointer import VirtualPointer

TOOLS = ("sway", "swaymsg", "wtype", "grim", "setpriv")
NOBODY = 65534
CONFIG = """xwayland disable
output HEADLESS-1 resolution %dx%d
default_border none
"""


def missing():
    """The required programs that are not installed."""
    return [tool for tool in TOOLS if not shutil.which(tool)]


class Sway(Desktop):
    """Like Desktop: starts programs. Windows are tiled, side by side."""

    def __init__(self, width=1280, height=800):
        super().__init__(width, height)
        for name in ("DISPLAY", "SDL_VIDEODRIVER", "SWAYSOCK"):
            self.environment.pop(name, None)
        self.pointer = None
        self.runtime = pathlib.Path(self.folder, "runtime")
        self.environment.update(XDG_RUNTIME_DIR=str(self.runtime), WLR_BACKENDS="headless",
                                WLR_RENDERER="pixman", WLR_LIBINPUT_NO_DEVICES="1")

    def _start(self):
        self._start_sway()
        # A seat has a keyboard only while one exists, and windows look for it when they open.
        self.start(["wtype", "-s", "3600000", "-k", "Shift_L"])

    def renew(self):
        """The next test gets another one, for this one's outputs may have changed."""
        self.close()
        self.spoiled = True

    def close(self):
        if self.pointer:
            self.pointer.close()
        super().close()

    def _start_sway(self):
        self.runtime.mkdir(0o700)
        config = pathlib.Path(self.folder, "config")
        config.write_text(CONFIG % self.size)
        as_user = []
        if os.geteuid() == 0:
            os.chmod(self.folder, 0o711)
            os.chown(self.runtime, NOBODY, NOBODY)
            as_user = ["setpriv", "--reuid=%d" % NOBODY, "--regid=%d" % NOBODY, "--clear-groups"]
        # With an output in memory it draws 60 times a second, even if nothing changes.
        self.restless = self.start([*as_user, "sway", "-c", config],
                                   errors=os.path.join(self.folder, "sway.err"))
        display = wait_for(lambda: [path for path in self.runtime.glob("wayland-*")
                                    if path.suffix != ".lock"])
        control = wait_for(lambda: list(self.runtime.glob("sway-ipc.*")))
        if not display or not control:
            raise RuntimeError("sway did not start")
        self.environment.update(WAYLAND_DISPLAY=display[0].name, SWAYSOCK=str(control[0]))
        if not wait_for(lambda: self.run("swaymsg", "-t", "get_outputs").strip() not in ("", "[]")):
            raise RuntimeError("sway has no output")

    def windows(self):
        """{app id: node of sway's tree}."""
        found, nodes = {}, [json.loads(self.run("swaymsg", "-t", "get_tree"))]
        while nodes:
            node = nodes.pop()
            nodes += node["nodes"] + node["floating_nodes"]
            if node.get("app_id"):
                found[node["app_id"]] = node
        return found

    def wait_window(self, app_id):
        """Waits until the window exists. Returns its position: x, y, width, height."""
        node = wait_for(lambda: self.windows().get(app_id))
        if not node:
            raise RuntimeError("no window of " + app_id)
        return tuple(node["rect"][side] for side in ("x", "y", "width", "height"))

    def key(self, app_id, *keys):
        """Presses keys in a window, as a keyboard does."""
        self.run("swaymsg", '[app_id="%s"] focus' % app_id, check=True)
        if not wait_for(lambda: self.windows()[app_id]["focused"]):
            raise RuntimeError(app_id + " does not get the focus")
        for key in keys:
            self.run("wtype", "-k", key, check=True)

    def settle(self):
        """As on X11. A program that sleeps may wait for sway, which answers its requests before it
        draws the next frame: goes on until no program has run after such a frame."""
        before = None
        while (now := super().settle()) != before:
            before = now
            self.screenshot()
        return now

    def mouse(self, x, y):
        if self.pointer is None:
            self.pointer = VirtualPointer(self.environment, self.size)
        self.pointer.move(x, y)

    def button(self, is_down):
        self.pointer.button(is_down)

    def screenshot(self):
        """The whole output as a Picture."""
        ppm = subprocess.run(["grim", "-t", "ppm", "-"], env=self.environment, check=True,
                             stdout=subprocess.PIPE).stdout
        head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", ppm)
        return Picture(int(head[1]), int(head[2]), ppm[head.end():])

    def save_screenshot(self, path):
        path.write_bytes(self.screenshot().to_png())
