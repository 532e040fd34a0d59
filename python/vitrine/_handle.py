"""A handle of libvitrine made safe for Python: threads, signals, fork, garbage collection.

Producer, Consumer, Mirror and status() each hold one. What is true of all of them is decided here:

- calls of several threads take turns; close() from another thread ends a wait within SLICE;
- a wait sleeps in slices, so that Ctrl+C (any Python signal handler) works in every one of them;
- a child process that got the object by fork cannot use it;
- a finalizer, which may run at any point of any thread, never blocks: what it gives back while
  the handle is busy is given back by whoever keeps it busy;
- the memory stays mapped as long as a view of it exists, whatever was closed meanwhile.
"""
from __future__ import annotations

import collections
import ctypes
import os
import threading
import time
import weakref
from typing import Any, Callable

from . import _library as c
from ._errors import BadKey, Closed, Error, Forked, Timeout, TooLarge, error

SLICE = 0.1  # seconds; no wake-up depends on it but that of a signal handler
FOREVER = float("inf")
Call = Callable[[int], int]  # a call of the library that sleeps for so many nanoseconds at most


def key_of(text: str | int | None) -> c.Key:
    """The key, as vitrine_key() finds it. BadKey: it is not a valid key."""
    key = c.Key()
    if isinstance(text, int):
        if not 0 < text < 1 << 32:
            raise BadKey(f"key {text}: a number must be 1 to 0xffffffff")
        text = f"0x{text:08x}"
    rc = c.lib.vitrine_key(key, None if text is None else os.fsencode(text), None)
    if rc == c.EFOREIGN:
        raise error(rc, "the key file ./shared_memory.key decides where images go, so it must be "
                        "a regular file that belongs to you or root, that only its owner can write "
                        "to, and not a link: remove it, fix its owner and mode, or give key=")
    if rc < 0:
        raise error(rc, f'key "{c.decode(key.text)}": a number must be from 1 to '
                        "0xffffffff; a name must have 1 to 255 bytes")
    return key


def deadline(timeout: float | None) -> float:
    """The time.monotonic() at which a wait of `timeout` seconds expires; None: never."""
    if timeout is None:
        return FOREVER
    if not timeout >= 0:
        raise ValueError(f"a time-out of {timeout} seconds: it must be 0 or more, or None")
    return time.monotonic() + timeout


_forks = 0  # between the first process and this one


def _count_fork() -> None:
    global _forks
    _forks += 1


os.register_at_fork(after_in_child=_count_fork)


def _free(pointer: ctypes.c_void_p) -> None:
    """Unmaps and frees; in a child process the library touches nothing but the child's memory."""
    if pointer.value:
        c.lib.vitrine_close(pointer)
        pointer.value = None


def _finish(ready: Any) -> None:
    if not ready.done():
        ready.set_result(None)


async def readable(descriptor: int, end: float) -> None:
    """Waits until a descriptor is readable. Timeout: time.monotonic() has reached `end`."""
    import asyncio
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    loop.add_reader(descriptor, _finish, ready)
    try:
        left = None if end == FOREVER else max(0.0, end - time.monotonic())
        await asyncio.wait_for(ready, left)
    except asyncio.TimeoutError:
        raise Timeout("the timeout expired before there was an image") from None
    finally:
        loop.remove_reader(descriptor)


class Handle:
    def __init__(self, role: int, key: str | int | None, slots: int = 0, slot_size: int = 0,
                 mode: int = 0, any_owner: bool = False) -> None:
        self.pointer = ctypes.c_void_p()
        self._pid, self._forks = os.getpid(), _forks
        self._lock = threading.RLock()
        self._closed = False
        self._given_back: collections.deque[tuple[Any, ctypes.Structure]] = collections.deque()
        for name, number, bits in (("slots", slots, 32), ("slot_size", slot_size, 64),
                                   ("mode", mode, 32)):
            if not isinstance(number, int):
                raise TypeError(f"{name}={number!r} is not a whole number")
            if not 0 <= number < 1 << bits:
                raise ValueError(f"{name}={number} is out of range")
        # Registered first: an exception of a signal handler may come between any two steps. At
        # the end of the program the kernel unmaps; views may be in use until then.
        weakref.finalize(self, _free, self.pointer).atexit = False
        self._open(c.Options(role=role, key=ctypes.pointer(key_of(key)), slots=slots, mode=mode,
                             slot_size=slot_size, any_owner=any_owner))
        info = c.lib.vitrine_info(self.pointer).contents
        self.info = c.Info.from_buffer_copy(info)
        self._slot_type = ctypes.c_ubyte * int(self.info.slot_size)

    def _open(self, options: c.Options) -> None:
        while True:
            rc = c.lib.vitrine_open_abi(self.pointer, options, c.ABI)
            if rc == 0:
                return
            why, there = self._message(), 0
            if rc == c.ETOOLARGE:
                there = int(c.lib.vitrine_info(self.pointer).contents.slot_size)
            _free(self.pointer)
            if rc == c.ETOOLARGE:
                raise TooLarge(why, int(options.slot_size), there)
            if rc != c.EINTR:
                raise error(rc, why)

    @property
    def closed(self) -> bool:
        return self._closed

    # ---- calls -----------------------------------------------------------------------------------

    def _check(self) -> None:
        # Asked before the lock: after a fork it may be held by a thread that is not here. Counted,
        # as getpid() is a system call, and this is asked several times a frame. A fork that Python
        # has not noticed is refused by the library.
        if self._forks != _forks:
            raise Forked(f"this object belongs to process {self._pid}; open one in this process")
        if self._closed:
            raise Closed("it was closed; open another")

    def call(self, function: Any, *arguments: Any) -> int:
        """Calls a function that does not sleep. Returns its result or raises the exception for it.
        """
        self._check()
        if self._given_back:
            self._give_back()
        with self._lock:
            self._check()
            rc: int = function(self.pointer, *arguments)
            why = self._message() if rc < 0 else ""
        if self._given_back:
            self._give_back()
        if rc < 0:
            raise error(rc, why)
        return rc

    def wait(self, call: Call, end: float) -> None:
        """Calls a function that may sleep until it succeeds or time.monotonic() reaches `end`."""
        while True:
            self._check()
            if self._given_back:
                self._give_back()
            left = SLICE if end == FOREVER else max(0.0, end - time.monotonic())
            with self._lock:
                if self._closed:
                    raise Closed("it was closed meanwhile")
                rc = call(int(min(left, SLICE) * 1e9))
                why = "" if rc >= 0 else self._message()
            if self._given_back:
                self._give_back()
            if rc >= 0:
                return
            over = rc == c.ETIMEDOUT and left <= SLICE and end != FOREVER
            if over or rc not in (c.ETIMEDOUT, c.EINTR):
                raise error(rc, why)  # never kept in a variable: that would keep this frame
            # The slice was over, or a signal came: Python has run its handler by now.
            time.sleep(0)  # another thread may want its turn

    def _message(self) -> str:
        return c.decode(c.lib.vitrine_message(self.pointer))

    def too_large(self, size: int) -> Error:
        """Raises the library's own error for `size` bytes, which do not fit a slot."""
        try:
            # The library refuses before it touches anything.
            self.call(c.lib.vitrine_claim, size, c.WHEN_FULL["fail"], 0, c.Claim())
        except TooLarge as refusal:
            return TooLarge(str(refusal), size, int(self.info.slot_size))
        raise AssertionError("a slot was claimed that is too small")

    def inspect(self, snapshot: c.Snapshot) -> int:
        """One look at the whole state; for any thread at any time, even while another sleeps."""
        self._check()
        return int(c.lib.vitrine_inspect(self.pointer, snapshot))

    # ---- the end ---------------------------------------------------------------------------------

    def finish(self, function: Any, struct: ctypes.Structure) -> None:
        """For finalizers: gives back what `struct` holds by calling `function`, now or soon."""
        if self._forks == _forks:
            self._given_back.append((function, struct))
            self._give_back()

    def _give_back(self) -> None:
        # Looked at again after each unlock: a finalizer may have found it locked just before.
        while self._given_back and self._lock.acquire(blocking=False):
            try:
                item = self._given_back[0]
                if not self._closed:
                    item[0](self.pointer, item[1])  # done twice it is refused, and harmless
                # A finalizer of this thread may have come in between and done the same.
                if self._given_back and self._given_back[0] is item:
                    self._given_back.popleft()
            except IndexError:
                pass  # another thread was quicker
            finally:
                self._lock.release()

    def leave(self) -> int:
        """Gives back what is held and leaves the channel, once. Returns the number of images
        waiting in a channel that nobody has open. In a child process nothing is given back,
        because the child never owned it.
        """
        self._closed = True  # whoever sleeps in a wait sees it at the end of the slice
        if self._forks != _forks:
            return 0
        # At the end of the program a daemon thread may sleep in here: then the kernel gives back.
        if not self._lock.acquire(timeout=10 * SLICE):
            return 0
        try:
            return int(c.lib.vitrine_leave(self.pointer))
        finally:
            self._lock.release()

    # ---- memory ----------------------------------------------------------------------------------

    def view(self, address: int, size: int) -> memoryview:
        """`size` bytes of a slot; the memory stays mapped as long as the view, or one of it."""
        memory = self._slot_type.from_address(address)
        memory.handle = self  # type: ignore[attr-defined]
        return memoryview(memory)[:size].cast("B")


class Membership:
    """
    Being in a channel: ends by leave(), when nobody refers to it any more, and at the end of the
    program. Producers and their slots, consumers and their images share one, so that a slot or an
    image keeps it without keeping the producer or consumer.
    """

    def __init__(self, role: int, key: str | int | None, slots: int, slot_size: int,
                 mode: int, any_owner: bool = False) -> None:
        self.handle = Handle(role, key, slots, slot_size, mode, any_owner)
        self._finalizer = weakref.finalize(self, self.handle.leave)

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("what is open in this process cannot be pickled: open a Producer, Consumer "
                        "or Mirror in the process that uses it")

    def leave(self) -> int:
        """What Handle.leave() returns; a second time 0."""
        return int(self._finalizer() or 0)
