"""show() and its windows: an image on the screen with one line, and what the user does there."""
from __future__ import annotations

import collections
import dataclasses
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import Any, Callable, Deque, Dict, Optional, TextIO

from . import _library as c
from ._errors import Closed, NoWindow, Removed, WindowClosed
from ._handle import key_of
from ._producer import Producer
from ._status import inspect

PATIENCE = 10.0  # seconds that close() waits for a window to end
KEPT = 1000  # keys and clicks that nobody has asked for yet


@dataclasses.dataclass(frozen=True)
class Click:
    x: int  #: column of the image; 0 is the leftmost
    y: int  #: row of the image; 0 is the topmost
    button: str  #: "left", "middle", "right", or another one's number


@dataclasses.dataclass
class _Window:
    """What is known of the window of one channel."""

    key: Any
    producer: Optional[Producer] = None
    was_open: bool = False
    pid: int = 0  # if it was started here and runs, else 0
    events: Deque[Any] = dataclasses.field(default_factory=lambda: collections.deque(maxlen=KEPT))

    def open_producer(self) -> Producer:
        if self.producer is None or self.producer._handle.closed:
            self.producer = Producer(self.key, when_full="drop-oldest")
        return self.producer


# show() has no object of its caller's to keep a window in, as a plot library has none for its
# figure: one a key, for as long as the program runs.
_windows: Dict[int, _Window] = {}
_lock = threading.Lock()
_news = threading.Condition()


def _start_anew() -> None:
    """In a child process: the parent's windows are not ours, and the thread that held the lock may
    be gone.
    """
    global _lock, _news
    _lock, _news = threading.Lock(), threading.Condition()
    _windows.clear()


os.register_at_fork(after_in_child=_start_anew)


def show(image: Any, name: Optional[str] = None, *, window: Optional[str] = None,
         key: str | int | None = None, order: Optional[str] = None, vmin: Optional[float] = None,
         vmax: Optional[float] = None, normalize: bool = False, live: bool = False,
         reopen: bool = False) -> int:
    """Shows an image on the screen and returns its sequence number at once.

    If there is no consumer, a consumer window is started, which stays open when the program ends;
    until it is open, the image waits in the channel. If the channel is full, the oldest waiting
    image is dropped. image, name, order, vmin, vmax, normalize: as for Producer.publish(), with its
    errors. key: as for Producer.

    window: a name; each name has a window and a channel of its own. live: the image is a frame of a
    stream, as Producer(live=True) publishes them; use it in loops. reopen: open the window again if
    the user closed it. NoWindow: the image was published, but there is no display, or no
    vitrine-consumer ($VITRINE_CONSUMER, then the project's build folder, then $PATH). WindowClosed:
    the user closed the window; nothing was published.
    """
    def publish(producer: Producer) -> int:
        producer._live = live
        return producer.publish(image, name, order=order, vmin=vmin, vmax=vmax,
                                normalize=normalize)
    return show_published(publish, window, key, reopen)


def show_published(publish: Callable[[Producer], int], window: Optional[str],
                   key: str | int | None, reopen: bool) -> int:
    """Calls publish() with the producer of a window, then opens the window if there is none. What
    publish() returns.
    """
    with _lock:
        for last_try in (False, True):
            found = _window(window, key)
            try:
                producer = found.open_producer()
                inspect(producer._handle)  # Removed: the window is not closed, its channel is gone
                if not reopen and found.was_open and not _is_open(found):
                    raise WindowClosed("the window was closed: end the loop, or show it again with "
                                       "reopen=True")
                sequence = publish(producer)
                consumers = inspect(producer._handle).consumers.value
                break
            except (Removed, Closed):  # it was opened for a channel that is gone
                if found.producer is None or last_try:
                    raise
                found.producer, found.was_open = None, False
        if consumers == 0:
            _start_window(found, producer)
        found.was_open = True
    return sequence


def is_open(window: Optional[str] = None, *, key: str | int | None = None) -> bool:
    """Whether show() has a window to show images in, or one that is just starting."""
    with _lock:
        found = _window(window, key)
        return found.was_open and _is_open(found)


def close(window: Optional[str] = None, *, key: str | int | None = None) -> None:
    """Ends a window that show() of this program started, and waits until it is gone. Another window
    of the channel stays open. Afterwards show() opens a new one.
    """
    with _lock:
        found = _window(window, key)
        if found.pid:
            try:
                os.kill(found.pid, signal.SIGTERM)
            except ProcessLookupError:
                pass
            with _news:
                _news.wait_for(lambda: found.pid == 0, PATIENCE)
        if found.producer is not None:
            found.producer.close()
        _windows.pop(_number(window, key), None)


def wait_key(timeout: Optional[float] = None, *, window: Optional[str] = None,
             key: str | int | None = None) -> Optional[str]:
    """The next key that the user presses in the window: "q", "space", "left", "f1" …; None after
    `timeout` seconds. The window obeys its own keys, too: q closes it. WindowClosed: it is closed.
    """
    found: Optional[str] = _wait(str, timeout, _window(window, key))
    return found


def wait_click(timeout: Optional[float] = None, *, window: Optional[str] = None,
               key: str | int | None = None) -> Optional[Click]:
    """The next click on the image; otherwise like wait_key(). A double click is two clicks, and
    does not switch full screen.
    """
    found: Optional[Click] = _wait(Click, timeout, _window(window, key))
    return found


def _wait(kind: Any, timeout: Optional[float], found: _Window) -> Any:
    end = None if timeout is None else time.monotonic() + timeout
    while True:
        with _news:
            for event in found.events:
                if isinstance(event, kind):
                    found.events.remove(event)
                    return event
            left = 0.1 if end is None else end - time.monotonic()
            if left > 0:
                _news.wait(min(left, 0.1))
        if left <= 0:
            return None
        with _lock:
            if not (found.was_open and _is_open(found)) and not found.events:
                raise WindowClosed("the window was closed" if found.was_open else
                                   "there is no window yet: call show() first")


# ---- which window --------------------------------------------------------------------------------

def _key(window: Optional[str], key: str | int | None) -> Any:
    """The channel of a window; channels with names are the machine's, so the user is part of it."""
    if window is None:
        return key
    if isinstance(key, int):
        key = f"0x{key:08x}"
    return f"{window} ({key or f'user {os.getuid()}'})"


def _number(window: Optional[str], key: str | int | None) -> int:
    return int(key_of(_key(window, key)).value)


def _window(window: Optional[str], key: str | int | None) -> _Window:
    return _windows.setdefault(_number(window, key), _Window(_key(window, key)))


def _is_open(found: _Window) -> bool:
    if found.producer is None:
        return False
    try:
        if inspect(found.producer._handle).consumers.value > 0:
            return True
    except (Removed, Closed):
        return False
    mark = _mark(found.producer._handle.info.key & 0xffffffff)
    if mark is None:
        return True  # it is starting
    mark.close()
    return False


# ---- starting one --------------------------------------------------------------------------------

def find_consumer() -> Optional[str]:
    """The program that shows images; None if it is not installed."""
    named = os.environ.get("VITRINE_CONSUMER")
    if named:
        return shutil.which(named)
    root = c.source_tree()
    for preset in ("release", "debug") if root else ():
        found = shutil.which(str(root / "build" / preset / "vitrine-consumer"))  # type: ignore
        if found:
            return found
    # Installed, it lies in PREFIX/lib/python3/dist-packages/vitrine; PREFIX/bin may not be on PATH.
    beside = pathlib.Path(__file__).resolve().parents[4] / "bin" / "vitrine-consumer"
    return shutil.which("vitrine-consumer") or shutil.which(str(beside))


def _start_window(found: _Window, producer: Producer) -> None:
    """Starts a consumer, unless the one already started for this key is still running."""
    info = producer._handle.info
    mark = _mark(info.key & 0xffffffff)
    if mark is None:
        return
    with mark:
        text = c.decode(info.key_text)
        program = find_consumer()
        if program is None:
            raise NoWindow("the image waits in the channel, but there is no vitrine-consumer to "
                           "show it: install it, or name it in VITRINE_CONSUMER")
        if not any(os.environ.get(name) for name in
                   ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")):
            raise NoWindow("the image waits in the channel, but there is no display here (DISPLAY "
                           f"is not set): start `vitrine-consumer --key {text}` where there is one")
        # A terminal gets the window's complaints; a pipe would be kept open by the window.
        errors = None if sys.__stderr__ and sys.__stderr__.isatty() else subprocess.DEVNULL
        reading, writing = os.pipe()
        try:
            os.set_blocking(writing, False)  # a program that does not read must not stop its window
            # setsid --fork: a session of its own, and no child of ours, so nobody has to wait for
            # it. sh writes the number of the process that the window will be: it is read here, as
            # a program that ended before would close the pipe, and SIGPIPE would end sh.
            subprocess.run(["setsid", "--fork", "sh", "-c", 'echo $$; exec "$@"', "sh", program,
                            "--key", text, "--log-input", "--json"], check=True,
                           stdin=subprocess.DEVNULL, stdout=writing, stderr=errors,
                           pass_fds=(mark.fileno(),))
        except BaseException:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        log = open(reading, encoding="utf-8", errors="replace")
        found.pid = int(log.readline() or 0)
        threading.Thread(target=_listen, args=(found, found.pid, log), name="vitrine window",
                         daemon=True).start()


def _listen(found: _Window, pid: int, log: TextIO) -> None:
    """In a thread: takes what a window writes to its log, until it ends."""
    news = _news
    with log:
        for line in log:
            with news:
                _note(found, line)
                news.notify_all()
    with news:
        if found.pid == pid:  # not yet that of the next one
            found.pid = 0
        news.notify_all()


def _note(found: _Window, line: str) -> None:
    try:
        event = json.loads(line)
    except ValueError:
        return
    if event.get("event") == "key":
        found.events.append(event["name"].lower())
    elif event.get("event") == "click":
        found.events.append(Click(event["x"], event["y"], event["button"]))


def _mark(key: int) -> Optional[socket.socket]:
    """
    The mark of the window that show() starts for a key, which that window inherits: a socket bound
    to a name that the kernel frees when the window is gone. None: there is such a window, maybe not
    yet in the channel.
    """
    space = os.stat("/proc/self/ns/ipc").st_ino
    mark = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        mark.bind(f"\0vitrine window {os.getuid()} {space} {key:08x}")
    except OSError:
        mark.close()
        return None
    return mark
