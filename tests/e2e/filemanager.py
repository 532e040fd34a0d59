"""A real file manager (PCManFM), from which tests drag files with the mouse.

To make this reliable, the file manager has its own settings and its own socket folder (it is
single-instance); the test reads the selection through the clipboard; it finds the selected row by
the colour that Ctrl+A causes; the mouse moves in small steps, and goes on when all programs have
answered the last one; and the file manager runs until the target has fetched the data.
"""
import collections
import os
import pathlib
import shutil
import subprocess
import tempfile
import urllib.parse

from desktop import wait_for

TOOLS = ("pcmanfm", "xclip")

SETTINGS = {
    "pcmanfm/default/pcmanfm.conf": """[config]
bm_open_method=0
[volume]
mount_on_startup=0
mount_removable=0
autorun=0
[ui]
win_width=420
win_height=600
side_pane_mode=hidden;places
view_mode=list
show_hidden=0
sort=name;ascending;
show_statusbar=0
""",
    "libfm/libfm.conf": """[config]
single_click=0
confirm_del=1
auto_selection_delay=0
[ui]
small_icon_size=24
show_thumbnail=0
""",
}


class FileManager:
    """A context manager that shows one folder in a window."""

    def __init__(self, desktop, folder):
        self.desktop = desktop
        self.folder = os.path.realpath(folder)
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="vitrine-files-"))
        for name, text in SETTINGS.items():
            path = self.home / "config" / name
            path.parent.mkdir(parents=True)
            path.write_text(text)
        (self.home / "run").mkdir(0o700)
        places = {"HOME": "", "XDG_CONFIG_HOME": "config", "XDG_RUNTIME_DIR": "run",
                  "XDG_CACHE_HOME": "cache", "XDG_DATA_HOME": "data"}
        self.process = desktop.start(
            ["pcmanfm", "-n", self.folder],
            environment={"GDK_BACKEND": "x11",
                         **{name: str(self.home / place) for name, place in places.items()}})
        self.window = desktop.find_window(self.process.pid)
        if not self.window:
            self.close()
            raise RuntimeError("the file manager shows no window")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.desktop.stop(self.process)
        shutil.rmtree(self.home, ignore_errors=True)

    # ---- selecting -------------------------------------------------------------------------------

    def _steady(self):
        """The window's picture, once it has stopped changing."""
        self.desktop.settle()
        return self.desktop.screenshot(self.window)

    def _clipboard(self, target):
        done = subprocess.run(["xclip", "-o", "-selection", "clipboard", "-t", target],
                              capture_output=True, timeout=10, env=self.desktop.environment)
        return b"" if done.returncode else done.stdout

    def _selected(self):
        """The selected files, which the file manager puts on the clipboard."""
        before = self._clipboard("TIMESTAMP")  # a new copy has a new time
        self.desktop.key(self.window, "ctrl+c")
        if not wait_for(lambda: self._clipboard("TIMESTAMP") not in (b"", before), 5):
            return []
        uris = self._clipboard("text/uri-list").replace(b"\0", b"").split()
        return [urllib.parse.unquote_to_bytes(uri.split(b"file://", 1)[1]) for uri in uris]

    def select_all(self):
        """Selects everything in the folder, and finds out the colours of the highlight."""
        count = len(os.listdir(self.folder))
        before = self._steady()

        def all_selected():
            self.desktop.key(self.window, "ctrl+a")
            return len(self._selected()) == count
        if not wait_for(all_selected, every=0.3):
            raise RuntimeError("the %d files could not all be selected" % count)
        after = self._steady()
        new = collections.Counter(
            after.data[i:i + 3] for i in range(0, len(after.data), 3)
            if after.data[i:i + 3] != before.data[i:i + 3])
        # Rows alternate between two shades; letters and icons add a few pixels of many others.
        self.highlight = {colour for colour, n in new.items() if n >= sum(new.values()) / 20}

    def _grip(self):
        """The point of the screen at which to start the drag: on the first selected row's name."""
        shot = self._steady()
        for y in range(shot.height):
            row = shot.row(y)
            lit = [x for x in range(shot.width) if row[3 * x:3 * x + 3] in self.highlight]
            if len(lit) >= shot.width // 5:
                left, top, _, _ = self.desktop.geometry(self.window)
                return left + lit[0] + 14, top + y + 12
        raise RuntimeError("no selected row is in view")

    # ---- dragging --------------------------------------------------------------------------------

    def drag_to(self, target):
        """Drags the selection to the middle of another window, which is beside this one."""
        desktop = self.desktop
        desktop.activate(self.window)
        x, y = self._grip()
        left, top, width, height = desktop.geometry(target)
        end_x, end_y = left + width // 2, top + height // 2
        desktop.mouse(x, y)
        desktop.settle()
        desktop.run("xdotool", "mousedown", 1, check=True)
        desktop.settle()
        try:
            for i in range(1, 9):  # further than the 8 pixels at which a drag starts
                desktop.mouse(x + 3 * i, y + i)
            desktop.settle()
            x, y = x + 24, y + 8
            for i in range(1, 16):
                desktop.mouse(x + (end_x - x) * i // 15, y + (end_y - y) * i // 15)
            for dx, dy in ((3, 2), (-2, 1), (0, 0)):
                desktop.mouse(end_x + dx, end_y + dy)
                desktop.settle()  # the target has answered XdndPosition
        finally:
            desktop.run("xdotool", "mouseup", 1, check=True)
