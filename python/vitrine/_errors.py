"""The exceptions, one for each kind of failure that a program can handle, with the library's
message.
"""
from __future__ import annotations

from . import _library as c


class Error(Exception):
    """A failure of the library; `code` is the negative enum vitrine_error."""

    code: int = c.ESYSTEM


class InvalidArgument(Error, ValueError):
    """An argument is invalid."""

    code = c.EINVAL


class Timeout(Error, TimeoutError):
    """The timeout expired before there was an image, or a free slot."""

    code = c.ETIMEDOUT


class Removed(Error):
    """The channel was removed: close the object and open a new one."""

    code = c.EREMOVED


class TooLarge(Error, ValueError):
    """The image is larger than a slot; `size` and `slot_size` are both in bytes."""

    code = c.ETOOLARGE

    def __init__(self, message: str, size: int = 0, slot_size: int = 0) -> None:
        super().__init__(message)
        self.size = size
        self.slot_size = slot_size


class Full(Error):
    """No slot is free, and no image may be dropped."""

    code = c.EFULL


class NotThere(Error, LookupError):
    """There is no such channel, or nothing has been published yet."""

    code = c.ENONE


class Foreign(Error):
    """The object under the key belongs to another user or program."""

    code = c.EFOREIGN


class WrongVersion(Error):
    """The channel has another layout version."""

    code = c.EVERSION


class BadKey(Error, ValueError):
    """Not a key, or another name hashes to the same key."""

    code = c.EKEY


class Busy(Error):
    """Another process is taking too long to create the channel."""

    code = c.EBUSY


class Limit(Error):
    """A kernel limit on shared memory or semaphores was reached."""

    code = c.ELIMIT


class NoMemory(Error, MemoryError):
    """Not enough memory."""

    code = c.ENOMEM


class Denied(Error, PermissionError):
    """The channel's mode denies this user access."""

    code = c.EACCES


class Damaged(Error):
    """The channel's semaphores contradict each other, or the description of an image is impossible.
    """

    code = c.EDAMAGED


class Forked(Error, RuntimeError):
    """The object was opened by a parent process: open one in this process."""

    code = c.EFORK


class Closed(Error, ValueError):
    """The object was closed or the image was released, so its memory is no longer accessible."""

    code = c.EINVAL


class NoWindow(Error):
    """The image is published, but no window could be started to show it."""


class WindowClosed(Error):
    """The user closed the window; nothing was published."""


_KINDS: tuple[type[Error], ...] = (
    InvalidArgument, Timeout, Removed, TooLarge, Full, NotThere, Foreign, WrongVersion, BadKey,
    Busy, Limit, NoMemory, Denied, Damaged, Forked)
_BY_CODE = {kind.code: kind for kind in _KINDS}


def error(code: int, message: str) -> Error:
    """The exception for a negative code of the library."""
    return _BY_CODE.get(code, Error)(message)
