"""A private screen for a test: Xvfb with openbox. Starts programs on it, sends keys and clicks,
takes screenshots.

It uses only the standard library, and the tools Xvfb, openbox, xdotool, wmctrl, xprop and xwininfo.
Desktop.start starts every process; each is ended by its pid. Screenshots are read from Xvfb's own
file (-fbdir), which is cheap and always up to date.
"""
import ctypes
import mmap
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

import picture

PATIENCE = 30.0  # seconds: a limit that a busy machine does not reach
TOOLS = ("Xvfb", "openbox", "xdotool", "wmctrl", "xprop", "xwininfo")

# In newer keyboard maps xdotool finds the function keys at Alt first, and presses Alt as well.
KEYCODES = {"F%d" % number: str(66 + number) for number in range(1, 11)}

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
        self.folder = tempfile.mkdtemp(prefix="vitrine-desktop-")
        self.environment = {**os.environ, **ENVIRONMENT}
        self.environment.pop("WAYLAND_DISPLAY", None)
        self.environment["XDG_STATE_HOME"] = os.path.join(self.folder, "state")

    def __enter__(self):
        try:
            self._start_server()
            self.start(["openbox", "--sm-disable"])
            if not wait_for(self._managed) or not wait_for(self._obeyed):
                raise RuntimeError("openbox did not come up")
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        while self.processes:
            self.stop(self.processes[-1])
        shutil.rmtree(self.folder, ignore_errors=True)

    def _managed(self):
        return "window id" in self.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK")

    def _obeyed(self):
        """True once openbox is in its event loop. A window that opens earlier may stay
        invisible."""
        self.run("wmctrl", "-n", "1")
        return "= 1\n" in self.run("xprop", "-root", "_NET_NUMBER_OF_DESKTOPS")

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
        lines = [line.split(None, 4) for line in self.run("wmctrl", "-lp").splitlines()]
        return [(int(line[0], 16), int(line[2]), line[4] if len(line) > 4 else "")
                for line in lines if len(line) >= 4]

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
        text = self.run("xwininfo", "-id", window, check=True)
        return tuple(int(re.search(name + r":\s+(-?\d+)", text).group(1)) for name in
                     ("Absolute upper-left X", "Absolute upper-left Y", "Width", "Height"))

    def frame(self, window):
        """(left, right, top, bottom): the widths of the window manager's decoration."""
        extents = re.search(r"= (\d+), (\d+), (\d+), (\d+)",
                            self.run("xprop", "-id", window, "_NET_FRAME_EXTENTS"))
        return tuple(map(int, extents.groups())) if extents else (0, 0, 0, 0)

    def activate(self, window, timeout=PATIENCE):
        """Raises the window and gives it the keyboard focus."""
        def active():
            has = re.search(r"0x[0-9a-f]+", self.run("xprop", "-root", "_NET_ACTIVE_WINDOW"))
            if has and int(has.group(0), 16) == window:
                return True
            self.run("wmctrl", "-i", "-a", hex(window))
            return False
        if not wait_for(active, timeout, 0.05):
            raise RuntimeError("window 0x%x does not take the keyboard" % window)

    def place(self, window, x, y, width, height, timeout=PATIENCE):
        """Moves the frame's corner to (x, y), and makes the inside width x height."""
        left, _, top, _ = self.frame(window)
        # Do not use `xdotool --sync`: it waits for ever if nothing changes.
        self.run("xdotool", "windowsize", window, width, height, "windowmove", window, x, y)
        wanted = (x + left, y + top, width, height)
        if not wait_for(lambda: self.geometry(window) == wanted, timeout):
            raise RuntimeError("window 0x%x is at %s" % (window, self.geometry(window)))

    def close_window(self, window):
        """Acts like a click on the close button: the window manager sends WM_DELETE_WINDOW."""
        self.run("wmctrl", "-i", "-c", hex(window), check=True)

    # ---- keyboard and mouse ----------------------------------------------------------------------

    def key(self, window, *keys):
        """Presses keys (xdotool's names: q, Return, ctrl+a) through XTEST, as a keyboard does."""
        self.activate(window)
        self.run("xdotool", "key", "--clearmodifiers", "--delay", 30,
                 *(KEYCODES.get(key, key) for key in keys), check=True)

    def mouse(self, x, y):
        self.run("xdotool", "mousemove", x, y, check=True)

    def button(self, is_down):
        self.run("xdotool", "mousedown" if is_down else "mouseup", 1, check=True)

    def click(self, window, x, y, times=1, button=1):
        """Clicks at (x, y) inside the window."""
        self.activate(window)
        left, top, _, _ = self.geometry(window)
        self.mouse(left + x, top + y)
        self.run("xdotool", "click", "--repeat", times, "--delay", "60", button, check=True)

    # ---- what is to be seen ----------------------------------------------------------------------

    def screenshot(self, window=None):
        """A Picture of the screen, or of one window's inside (including whatever covers it)."""
        part = None if window is None else self.geometry(window)
        with open(os.path.join(self.folder, "Xvfb_screen0"), "rb") as file:
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as xwd:
                return _from_xwd(xwd, part)

    def save_screenshot(self, path, window=None):
        pathlib.Path(path).write_bytes(self.screenshot(window).to_png())


def _from_xwd(xwd, part=None):
    """The pixels of Xvfb's X window dump, which has 4 bytes per pixel: B G R x; all, or a part
    (x, y, width, height), of which some may be outside."""
    header = struct.unpack(">25I", xwd[:100])
    size, width, height, pitch, colours = header[0], header[4], header[5], header[12], header[19]
    x, y, across, down = part or (0, 0, width, height)
    left, top, right, bottom = max(x, 0), max(y, 0), min(x + across, width), min(y + down, height)
    start = size + colours * 12
    rows = (xwd[start + row * pitch + left * 4:start + row * pitch + right * 4]
            for row in range(top, bottom))
    return picture.Picture.from_bgrx(right - left, bottom - top, b"".join(rows))
