"""The exceptions: one for each thing that can be done about it, with the library's own message."""
from __future__ import annotations

from . import _library as c


class Error(Exception):
    """What the library refused or could not do; `code` is its negative enum vitrine_error."""

    code: int = c.ESYSTEM


class InvalidArgument(Error, ValueError):
    """An argument makes no sense."""

    code = c.EINVAL


class Timeout(Error, TimeoutError):
    """The time given was over before there was an image, or a free slot."""

    code = c.ETIMEDOUT


class Removed(Error):
    """Somebody removed the channel: close, and open it again."""

    code = c.EREMOVED


class TooLarge(Error, ValueError):
    """The image is larger than a slot; `size` and `slot_size` are both in bytes."""

    code = c.ETOOLARGE

    def __init__(self, message: str, size: int = 0, slot_size: int = 0) -> None:
        super().__init__(message)
        self.size = size
        self.slot_size = slot_size


class Full(Error):
    """No slot is free, and none may be dropped."""

    code = c.EFULL


class NotThere(Error, LookupError):
    """There is no such channel, or nothing was published yet."""

    code = c.ENONE


class Foreign(Error):
    """What lies under the key is somebody else's."""

    code = c.EFOREIGN


class WrongVersion(Error):
    """The channel has another layout version."""

    code = c.EVERSION


class BadKey(Error, ValueError):
    """Not a key, or another name hashes to the same key."""

    code = c.EKEY


class Busy(Error):
    """Somebody has been making the channel for too long."""

    code = c.EBUSY


class Limit(Error):
    """A kernel limit on shared memory or semaphores is reached."""

    code = c.ELIMIT


class NoMemory(Error, MemoryError):
    """There is no memory left."""

    code = c.ENOMEM


class Denied(Error, PermissionError):
    """The channel's mode keeps this user out."""

    code = c.EACCES


class Damaged(Error):
    """The channel's numbers contradict each other, or an image cannot be what it says."""

    code = c.EDAMAGED


class Forked(Error, RuntimeError):
    """The object was opened by a parent process: open one in this process."""

    code = c.EFORK


class Closed(Error, ValueError):
    """The object was closed, or the image was released: what it showed is no longer there."""

    code = c.EINVAL


class NoWindow(Error):
    """The image is published, but no window could be started to show it."""


_KINDS: tuple[type[Error], ...] = (
    InvalidArgument, Timeout, Removed, TooLarge, Full, NotThere, Foreign, WrongVersion, BadKey,
    Busy, Limit, NoMemory, Denied, Damaged, Forked)
_BY_CODE = {kind.code: kind for kind in _KINDS}


def error(code: int, message: str) -> Error:
    """The exception for a negative code of the library."""
    return _BY_CODE.get(code, Error)(message)
