"""A real file manager, Thunar, from which tests drag files with the mouse, on X11 and on Wayland.

It has its own settings, and no session bus to find another instance of it. Files are selected with
the mouse, and found by the colour of the selection. Each movement goes on when all programs have
answered the last one.
"""
import collections
import os
import shutil
import signal
import tempfile

from desktop import wait_for

TOOLS = ("thunar",)
PLACES = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")


class FileManager:
    """A context manager that shows one folder in a window."""

    def __init__(self, desktop, folder, backend):
        self.desktop = desktop
        self.home = tempfile.mkdtemp(prefix="vitrine-files-")
        self.process = desktop.start(
            ["thunar", os.path.realpath(folder)],
            environment={"GDK_BACKEND": backend, "GTK_THEME": "Adwaita",
                         **{place: os.path.join(self.home, place) for place in PLACES}})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.desktop.stop(self.process)
        shutil.rmtree(self.home, ignore_errors=True)

    def _move(self, start, end):
        """Moves the mouse to `start`, and to `end` with the button held down."""
        (x, y), (end_x, end_y) = start, end

        def step(number, of=20):
            at = x + (end_x - x) * number // of, y + (end_y - y) * number // of
            self.desktop.mouse(*at)
            return at

        def what_it_holds():
            return self.desktop.screenshot().crop(held_x + 20, held_y + 20, 30, 20)
        held_x, held_y = step(2)
        self.desktop.settle()
        before = what_it_holds()
        step(0)
        self.desktop.settle()
        self.desktop.button(True)
        self.desktop.settle()

        def noticed():
            """The frame of a selection, or the image under the pointer, is there."""
            step(1)
            step(2)
            return what_it_holds() != before
        # settle() would not do: something that is dragged over the file manager keeps it busy.
        if not wait_for(noticed):
            raise RuntimeError("the file manager does not notice that the mouse moves")
        for number in range(3, 21):
            step(number)
        self.desktop.settle()

    def _shot(self, area):
        self.desktop.settle()
        return self.desktop.screenshot().crop(*area)

    def _select_all(self, area):
        """Draws a frame around all files. Returns a point on the name of the first one."""
        left, top, width, height = area
        start = left + width - 40, top + height - 80
        self.desktop.mouse(*start)
        for is_down in (True, False):  # for the focus, with which the window has other colours
            self.desktop.settle()
            self.desktop.button(is_down)
        before = self._shot(area)
        self._move(start, (left + 178, top + 112))
        self.desktop.button(False)
        after = self._shot(area)
        new = collections.Counter(after.data[i:i + 3] for i in range(0, len(after.data), 3)
                                  if after.data[i:i + 3] != before.data[i:i + 3])
        for colour, _ in new.most_common(1):  # behind the names of what is selected
            for y in range(after.height):
                x = after.row(y).find(16 * colour)
                if x >= 0 and 16 * colour not in before.row(y):
                    return left + x // 3 + 8, top + y + 4
        raise RuntimeError("the file manager selects no file")

    def drag_all(self, area, end, over=lambda: None, late=True):
        """Selects all files of the folder in the window, which has this place on the screen, and
        drags them to the point `end`. Calls `over()` there, before they are dropped. If it is to
        answer late, the file manager is then stopped until the other programs have noticed the
        drop."""
        self._move(self._select_all(area), end)
        over()
        if late:
            self.process.send_signal(signal.SIGSTOP)
        self.desktop.button(False)
        self.desktop.settle()
        self.process.send_signal(signal.SIGCONT)
