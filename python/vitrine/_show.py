"""show(): shows an image on the screen with one line, and does not wait."""
from __future__ import annotations

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import threading
from typing import Any, Optional

from . import _library as c
from ._errors import Closed, NoWindow, Removed
from ._handle import key_of
from ._producer import Producer
from ._status import inspect

# show() has no object of its caller's to keep a producer in, as a plot library has none for its
# figure: one a key, for as long as the program runs.
_producers: dict[int, Producer] = {}
_lock = threading.Lock()


def _start_anew() -> None:
    """In a child process: the parent's producers are not ours, and the thread that held the lock
    may be gone.
    """
    global _lock
    _lock = threading.Lock()
    _producers.clear()


os.register_at_fork(after_in_child=_start_anew)


def show(image: Any, name: Optional[str] = None, *, key: str | int | None = None,
         order: Optional[str] = None) -> int:
    """Shows an image on the screen and returns its sequence number at once.

    If there is no consumer, a consumer window is started, which stays open when the program ends;
    until it is open, the image waits in the channel. If the channel is full, the oldest waiting
    image is dropped. image, name and order: as for Producer.publish(), with its errors. key: as for
    Producer. NoWindow: the image was published, but there is no display, or no vitrine-consumer
    ($VITRINE_CONSUMER, then the project's build folder, then $PATH).
    """
    number = int(key_of(key).value)
    with _lock:
        for last_try in (False, True):
            try:
                producer = _producers.get(number) or Producer(key, when_full="drop-oldest")
                _producers[number] = producer
                sequence = producer.publish(image, name, order=order)
                consumers = inspect(producer._handle).consumers.value
                break
            except (Removed, Closed):  # it was opened for a channel that is gone
                if _producers.pop(number, None) is None or last_try:
                    raise
        if consumers == 0:
            _start_window(producer)
    return sequence


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


def _start_window(producer: Producer) -> None:
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
        # setsid --fork: a session of its own, and no child of ours, so nobody has to wait for it.
        subprocess.run(["setsid", "--fork", program, "--key", text], check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors,
                       pass_fds=(mark.fileno(),))


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
