"""A private screen for a test: Xvfb with openbox. Starts programs on it, sends keys and clicks,
takes screenshots.

Desktop.start starts every process; each is ended by its pid. Screenshots are read from Xvfb's own
file (-fbdir), which is cheap and always up to date.
"""
import ctypes
import os
import pathlib
import re
import select
import shutil
import signal
import struct
import subprocess
import tempfile
import time

import PIL.Image

import picture
import x11

PATIENCE = 30.0  # seconds: a limit that a busy machine does not reach
TOOLS = ("Xvfb", "openbox")

# Programs must not start a session bus, gvfs or an accessibility daemon, because these would
# outlive the test. The settings of the user who runs the test must not matter.
ENVIRONMENT = {
    "DBUS_SESSION_BUS_ADDRESS": "disabled:", "GIO_USE_VFS": "local", "NO_AT_BRIDGE": "1",
    "LC_ALL": "C.UTF-8", "LANGUAGE": "", "GTK_CSD": "0", "LIBGL_ALWAYS_SOFTWARE": "1",
    "SDL_VIDEODRIVER": "x11",
    # Two clicks count as a double click even if a busy program sees the second one late.
    "SDL_MOUSE_DOUBLE_CLICK_TIME": str(int(PATIENCE * 1000)),
}


def missing_tools(*more):
    """The programs that a desktop needs and that are not installed."""
    return [tool for tool in TOOLS + more if not shutil.which(tool)]


def wait_for(question, timeout=PATIENCE, every=0.02):
    """Calls question() until it returns something true, and returns that; None after the
    timeout."""
    end = time.monotonic() + timeout
    while not (answer := question()):
        if time.monotonic() > end:
            return None
        time.sleep(every)
    return answer


def _threads(pids):
    """{(process, thread): (state, how often it stopped running)} of these and their descendants."""
    found, pids = {}, list(pids)
    while pids:
        pid = pids.pop()
        try:
            tasks = list(pathlib.Path("/proc/%d/task" % pid).iterdir())
        except OSError:
            continue  # it has ended
        for task in tasks:
            try:
                pids += map(int, (task / "children").read_text().split())
                text = (task / "status").read_text()
            except OSError:
                continue
            found[pid, int(task.name)] = (re.search(r"State:\s+(\w)", text).group(1),
                                          *re.findall(r"ctxt_switches:\s+(\d+)", text))
    return found


_libc = ctypes.CDLL(None)


def _end_with_parent():
    _libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


class Desktop:
    """A context manager: at its end, every program started here is ended.

    If the test is killed, they get SIGTERM because their parent died.
    """

    def __init__(self, width=1280, height=800):
        self.size = (width, height)
        self.processes = []
        self.restless = None  # a process that never comes to rest
        self.x = None  # the connection to the X server
        self.folder = tempfile.mkdtemp(prefix="vitrine-desktop-")
        self.environment = {**os.environ, **ENVIRONMENT}
        self.environment.pop("WAYLAND_DISPLAY", None)
        self.environment["XDG_STATE_HOME"] = os.path.join(self.folder, "state")
        self.spoiled = False  # a test that failed may have left anything here
        self._own = ()        # the processes and the environment of the screen itself
        self._initial = {}

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        self._own, self._initial = tuple(self.processes), dict(self.environment)
        return self

    def _start(self):
        self._start_server()
        self.start(["openbox", "--sm-disable"])
        if not wait_for(self._managed) or not wait_for(self._obeyed):
            raise RuntimeError("openbox did not come up")

    def renew(self):
        """Ends all programs that were started here, and makes the screen as it was at the start."""
        for process in reversed(self.processes):
            if process not in self._own:
                self.stop(process)
        if not wait_for(lambda: not self.windows()):
            raise RuntimeError("a window of a program that has ended is still there")
        self.environment = dict(self._initial)
        shutil.rmtree(self.environment["XDG_STATE_HOME"], ignore_errors=True)
        self.x.forget_copied()
        self._center_mouse()

    def _center_mouse(self):
        width, height = self.size
        self.mouse(width // 2, height // 2)

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.x:
            self.x.close()
            self.x = None
        while self.processes:
            self.stop(self.processes[-1])
        shutil.rmtree(self.folder, ignore_errors=True)

    def _managed(self):
        return self.x.number(None, "_NET_SUPPORTING_WM_CHECK")

    def _obeyed(self):
        """True once openbox is in its event loop. A window that opens earlier may stay
        invisible."""
        self.x.ask("_NET_NUMBER_OF_DESKTOPS", None, 1)
        return self.x.number(None, "_NET_NUMBER_OF_DESKTOPS") == 1

    def _start_server(self):
        read_end, write_end = os.pipe()
        self.start(["Xvfb", "-screen", "0", "%dx%dx24" % self.size, "-dpi", "96", "-noreset",
                    "-nolisten", "tcp", "-nocursor", "-fbdir", self.folder,
                    "-displayfd", str(write_end)], pass_fds=(write_end,))
        os.close(write_end)
        number = b""
        # Xvfb writes the number and the newline separately, and dies if it cannot write the second.
        while not number.endswith(b"\n") and select.select([read_end], [], [], PATIENCE)[0]:
            got = os.read(read_end, 32)
            if not got:
                break
            number += got
        os.close(read_end)
        if not number.strip():
            raise RuntimeError("Xvfb did not start")
        self.environment["DISPLAY"] = ":" + number.decode().strip()
        self.x = x11.Connection(self.environment["DISPLAY"])

    # ---- programs --------------------------------------------------------------------------------

    def start(self, argv, output=None, errors=None, environment=None, **more):
        """Starts a program; its output and errors go to these files, or are discarded."""
        files = [open(path, "ab", 0) if path else subprocess.DEVNULL for path in (output, errors)]
        more.setdefault("stdin", subprocess.DEVNULL)
        process = subprocess.Popen(
            [str(word) for word in argv], stdout=files[0],
            stderr=files[1], env={**self.environment, **(environment or {})},
            start_new_session=True, preexec_fn=_end_with_parent, **more)
        for file in files:
            if file != subprocess.DEVNULL:
                file.close()
        self.processes.append(process)
        return process

    def stop(self, process, number=signal.SIGTERM, patience=10.0):
        """Ends a process that was started here, with SIGKILL if it does not react. Returns its exit
        status."""
        if process.poll() is None:
            process.send_signal(number)
            process.send_signal(signal.SIGCONT)
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process in self.processes:  # a signal may have interrupted an earlier call
            self.processes.remove(process)
        return process.returncode

    def run(self, *argv, check=False, timeout=PATIENCE):
        """Runs a tool on this display and returns its output."""
        done = subprocess.run([str(word) for word in argv], capture_output=True, timeout=timeout,
                              env=self.environment, stdin=subprocess.DEVNULL)
        if check and done.returncode:
            raise RuntimeError("%s: status %d: %s" % (" ".join(map(str, argv)), done.returncode,
                                                      done.stderr.decode(errors="replace").strip()))
        return done.stdout.decode(errors="replace")

    def settle(self):
        """Waits until the programs have handled and drawn all keys and clicks sent so far.

        That is the case when all threads of the programs and of the X server sleep, and the first
        thread of each program, which draws, has not run for a tenth of a second. Then the screen
        shows the new state. Does not work with a window that moves by itself. Returns how often
        each first thread has run.
        """
        firsts = {}

        def sleeps():
            nonlocal firsts
            pids = [process.pid for process in self.processes if process is not self.restless]
            now, again = _threads(pids), _threads(pids)
            last, firsts = firsts, {who: what for who, what in now.items() if who[0] == who[1]}
            asleep = all(state in "STtZI" for state, *_ in now.values())
            return now == again and asleep and firsts == last
        if not wait_for(sleeps, every=0.1):
            raise RuntimeError("the programs do not come to rest")
        return firsts

    # ---- windows ---------------------------------------------------------------------------------

    def windows(self):
        """[(id, pid, title)] of the windows that the window manager manages, oldest first."""
        return self.x.windows()

    def find_window(self, pid, timeout=PATIENCE):
        """The newest window of a process; None if it has none before the timeout."""
        def look():
            found = [window for window, owner, _ in self.windows() if owner == pid]
            return found and found[-1]
        return wait_for(look, timeout)

    def title(self, window):
        return next((title for each, _, title in self.windows() if each == window), None)

    def geometry(self, window):
        """(x, y, width, height) of the window's inside on the screen."""
        found = self.x.geometry(window)
        if not found:
            raise RuntimeError("there is no window 0x%x" % window)
        return found

    def frame(self, window):
        """(left, right, top, bottom): the widths of the window manager's decoration."""
        return tuple(self.x.property(window, "_NET_FRAME_EXTENTS") or (0, 0, 0, 0))

    def activate(self, window, timeout=PATIENCE):
        """Raises the window and gives it the keyboard focus."""
        def active():
            if self.x.number(None, "_NET_ACTIVE_WINDOW") == window:
                return True
            self.x.ask("_NET_ACTIVE_WINDOW", window, x11.PAGER)
            return False
        if not wait_for(active, timeout, 0.05):
            raise RuntimeError("window 0x%x does not take the keyboard" % window)

    def place(self, window, x, y, width, height, timeout=PATIENCE):
        """Moves the frame's corner to (x, y), and makes the inside width x height."""
        left, _, top, _ = self.frame(window)
        self.x.place(window, x, y, width, height)
        wanted = (x + left, y + top, width, height)
        if not wait_for(lambda: self.geometry(window) == wanted, timeout):
            raise RuntimeError("window 0x%x is at %s" % (window, self.geometry(window)))

    def close_window(self, window):
        """Acts like a click on the close button: the window manager sends WM_DELETE_WINDOW."""
        self.x.ask("_NET_CLOSE_WINDOW", window, 0, x11.PAGER)

    # ---- keyboard and mouse ----------------------------------------------------------------------

    def key(self, window, *keys):
        """Presses keys (X's names: q, Return, ctrl+a) in a window."""
        self.activate(window)
        self.press(*keys)

    def press(self, *keys, pause=0.03):
        """Presses keys, with this pause (seconds), in the window that has the keyboard."""
        self.x.press(keys, pause)

    def hold(self, modifier, is_down):
        self.x.hold(modifier, is_down)

    def mouse(self, x, y):
        self.x.mouse(x, y)

    def button(self, is_down):
        self.x.button(is_down)

    def click(self, window, x, y, times=1, button=1):
        """Clicks at (x, y) inside the window."""
        self.activate(window)
        left, top, _, _ = self.geometry(window)
        self.mouse(left + x, top + y)
        for _ in range(times):
            self.x.button(True, button)
            self.x.button(False, button)
            time.sleep(0.06)

    # ---- what is to be seen ----------------------------------------------------------------------

    def screenshot(self, window=None, part=None):
        """A Picture of the screen, or of one window's inside (including whatever covers it); or of a
        part of that: x, y, width, height."""
        x, y, width, height = self.geometry(window) if window else (0, 0, *self.size)
        if part:
            x, y, width, height = x + part[0], y + part[1], *part[2:]
        left, top = max(x, 0), max(y, 0)
        right, bottom = min(x + width, self.size[0]), min(y + height, self.size[1])
        return self._pixels(left, top, right - left, bottom - top)

    def _pixels(self, x, y, width, height):
        """Reads Xvfb's X window dump, which has 4 bytes per pixel: B G R x."""
        with open(os.path.join(self.folder, "Xvfb_screen0"), "rb", 0) as file:
            header = struct.unpack(">25I", file.read(100))
            size, pitch, colours = header[0], header[12], header[19]
            file.seek(size + colours * 12 + y * pitch + x * 4)
            rows = file.read((height - 1) * pitch + width * 4)
        image = PIL.Image.frombuffer("RGB", (width, height), rows, "raw", "BGRX", pitch, 1)
        return picture.Picture(width, height, image.tobytes())

    def save_screenshot(self, path, window=None):
        pathlib.Path(path).write_bytes(self.screenshot(window).to_png())
