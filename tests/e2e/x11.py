"""A test's connection to its X server: what a window manager tells about windows, and a keyboard and
a mouse (XTEST). By python3-xlib; a tool for each request would start hundreds of processes."""
import time

import Xlib.display
import Xlib.error
import Xlib.ext.xtest as xtest
import Xlib.X as X
import Xlib.XK as XK

MODIFIERS = {"ctrl": "Control_L", "shift": "Shift_L", "alt": "Alt_L"}
PAGER = 2  # a request's source (EWMH): a window manager obeys it, as it does a person's


class Connection:
    """What a window says is None when the window no longer exists."""

    def __init__(self, name):
        self.display = Xlib.display.Display(name)
        self.display.set_error_handler(lambda *_: None)  # of requests that have no answer
        self.root = self.display.screen().root

    def close(self):
        try:
            self.display.close()
        except Xlib.error.ConnectionClosedError:
            pass  # the server has ended

    def property(self, window, name):
        """A property's value, numbers or bytes; None if the window does not have it."""
        window = self.root if window is None else self._window(window)
        try:
            found = window.get_full_property(self.display.intern_atom(name), X.AnyPropertyType)
        except Xlib.error.XError:
            return None
        return found and found.value

    def number(self, window, name):
        """The first number of a property; None if the window does not have it."""
        numbers = self.property(window, name)
        return numbers[0] if numbers else None

    def windows(self):
        """[(id, pid, title)] of the windows that the window manager manages, oldest first."""
        found = []
        for window in self.property(None, "_NET_CLIENT_LIST") or ():
            title = self.property(window, "_NET_WM_NAME") or self.property(window, "WM_NAME") or b""
            found.append((window, self.number(window, "_NET_WM_PID") or 0,
                          title.decode(errors="replace") if isinstance(title, bytes) else title))
        return found

    def geometry(self, window):
        """(x, y, width, height) of the window's inside on the screen."""
        try:
            size = self._window(window).get_geometry()
            corner = self.root.translate_coords(self._window(window), 0, 0)
        except Xlib.error.XError:
            return None
        return corner.x, corner.y, size.width, size.height

    def place(self, window, x, y, width, height):
        self._window(window).configure(x=x, y=y, width=width, height=height)
        self.display.sync()

    def ask(self, name, window=None, *data):
        """Sends a request of this name to the window manager."""
        event = Xlib.protocol.event.ClientMessage(
            window=self.root if window is None else self._window(window),
            client_type=self.display.intern_atom(name), data=(32, [*data, 0, 0, 0, 0, 0][:5]))
        self.root.send_event(event, X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        self.display.sync()

    def forget_copied(self):
        """Empties the clipboard. A program that keeps what was copied, such as xclip, ends."""
        for name in ("CLIPBOARD", "PRIMARY"):
            Xlib.protocol.request.SetSelectionOwner(
                display=self.display.display, window=X.NONE, time=X.CurrentTime,
                selection=self.display.intern_atom(name))
        self.display.sync()

    def _window(self, window):
        return self.display.create_resource_object("window", window)

    # ---- keyboard and mouse ----------------------------------------------------------------------

    def press(self, keys, pause):
        """Presses keys one after the other (q, Return, ctrl+a)."""
        for key in keys:
            *held, name = key.split("+")
            held = [MODIFIERS[each] for each in held]
            _, shifted = self._code(name)
            if shifted and "Shift_L" not in held:
                held.append("Shift_L")
            for each in held:
                self._key(each, True)
            self._key(name, True)
            self.display.sync()
            time.sleep(pause / 2)
            self._key(name, False)
            for each in reversed(held):
                self._key(each, False)
            self.display.sync()
            time.sleep(pause / 2)

    def hold(self, name, is_down):
        """Presses a modifier, or releases it."""
        self._key(MODIFIERS[name], is_down)
        self.display.sync()

    def mouse(self, x, y):
        xtest.fake_input(self.display, X.MotionNotify, x=x, y=y)
        self.display.sync()

    def button(self, is_down, number=1):
        xtest.fake_input(self.display, X.ButtonPress if is_down else X.ButtonRelease, number)
        self.display.sync()

    def _key(self, name, is_down):
        code, _ = self._code(name)
        xtest.fake_input(self.display, X.KeyPress if is_down else X.KeyRelease, code)

    def _code(self, name):
        """(number of the key, whether it needs Shift); plainest first, since newer maps have the
        function keys at Alt, too."""
        symbol = XK.string_to_keysym(name)
        found = sorted((index, code) for code, index in self.display.keysym_to_keycodes(symbol)
                       if index < 2)
        if not found:
            raise ValueError("the keyboard has no key %s" % name)
        return found[0][1], found[0][0] == 1
