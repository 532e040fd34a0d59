"""Consumers, which take the oldest image, read it in place and release it; and mirrors, which only
look.
"""
from __future__ import annotations

import types
import weakref
from typing import TYPE_CHECKING, Any, Iterator, Optional

from . import _library as c
from ._errors import Closed, Damaged, Error, Timeout
from ._handle import Handle, Membership, deadline, readable
from ._image import Image, ImageInfo

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LOOKS = 1000  # how often a mirror reads again what was overwritten meanwhile


class TakenImage(Image):
    """An image that stays in its slot until it is released: `array`, `raw` and `data` show the
    shared memory itself, read-only. They are valid until release(), requeue() or the consumer's
    next step. After that these properties raise Closed, and an array that was kept shows
    whatever the slot contains.

    As a context manager it releases the image at the end of the block, or requeues it if the block
    ends with an exception. If the object is garbage-collected, the image is requeued: every image
    is delivered at least once.
    """

    def __init__(self, membership: Membership) -> None:
        self._membership = membership
        self._handle = membership.handle
        self._image = c.Image()
        # Registered before the take: the struct itself tells whether there is an image.
        self._finalizer = weakref.finalize(self, _requeue, self._handle, self._image)

    def _take(self, end: float) -> None:
        image, pointer = self._image, self._handle.pointer
        try:
            self._handle.wait(lambda sleep: int(c.lib.vitrine_take(pointer, sleep, image)), end)
            memory = self._handle.view(image.data, image.size).toreadonly()
            super().__init__(ImageInfo.of(image), memory)
        except BaseException as error:
            if isinstance(error, Damaged):
                image.data = None  # the library has released it
            self._finalizer()  # a signal's exception may come when the image is ours already
            raise

    @property
    def data(self) -> memoryview:
        """The payload in the slot: `info.size` bytes, read-only. Closed: it was released."""
        if not self._finalizer.alive or self._handle.closed:
            raise Closed(f"image {self.info.sequence} was released: copy() what you want to keep")
        return self._memory

    @property
    def array(self) -> npt.NDArray[np.uint8]:
        """Like Image.array, but read-only; what is not converted is a view of the slot itself."""
        return super().array

    def copy(self) -> Image:
        """A lasting copy of the image in private memory. Damaged: it was overwritten in the
        meantime, because another process changed the channel's semaphores, as `mode` may allow.
        """
        image = super().copy()
        self._check_unchanged()
        return image

    def _loaded(self, order: str, out: Optional[npt.NDArray[Any]]) -> npt.NDArray[Any]:
        result = super()._loaded(order, out)
        self._check_unchanged()
        return result

    def _check_unchanged(self) -> None:
        if not self._handle.call(c.lib.vitrine_unchanged, self._image):
            raise Damaged(f"image {self.info.sequence} was overwritten while it was read: somebody "
                          "changed the channel's semaphores (mode gives others that right)")

    def release(self) -> None:
        """Releases the image: its slot is free for the next one. Calling it again does nothing."""
        self._end(c.lib.vitrine_release)

    def requeue(self) -> None:
        """Puts the image back: it waits again, ahead of all newer ones."""
        self._end(c.lib.vitrine_requeue)

    def _end(self, function: object) -> None:
        if not self._finalizer.alive:
            return
        self._array = None
        try:
            self._memory.release()
        except BufferError:
            pass  # an array shows it; the memory stays mapped until that is gone
        try:
            self._handle.call(function, self._image)
            self._finalizer.detach()
        except BaseException:
            self._finalizer()  # at once: later its slot may hold another image of ours
            raise

    def __enter__(self) -> TakenImage:
        return self

    def __exit__(self, kind: Optional[type[BaseException]], error: Optional[BaseException],
                 traceback: Optional[types.TracebackType]) -> None:
        if kind is None:
            self.release()
        else:
            self.requeue()


def _requeue(handle: Handle, image: c.Image) -> None:
    if image.data:
        handle.finish(c.lib.vitrine_requeue, image)


class Consumer:
    """Takes images from a channel, the oldest first:

        for image in vitrine.Consumer():
            print(image.name, image.array.shape)

    Each step releases the previous image, then waits for the next. At the end of a `with` block,
    and in close(), the last image is released; if the block ends with an exception, or the consumer
    is garbage-collected, the image is given back and waits again. Several consumers share the
    images of a channel.

    key, slots, slot_size, mode, errors, threads and forks: as for Producer. timeout: seconds that
    each step may wait (then Timeout); None: no limit.
    """

    def __init__(self, key: str | int | None = None, *, slots: int = 0, slot_size: int = 0,
                 mode: int = 0, timeout: Optional[float] = None) -> None:
        self._timeout = timeout
        deadline(timeout)
        self._last: Optional[TakenImage] = None  # of the iteration
        self._membership = Membership(c.CONSUMER, key, slots, slot_size, mode)

    def take(self, timeout: Optional[float] = None) -> TakenImage:
        """Takes the oldest waiting image, which the caller must release; several may be held at
        once. Errors: Timeout, Removed; Damaged: its description is impossible (the image was
        skipped).
        """
        image = TakenImage(self._membership)
        image._take(deadline(self._timeout if timeout is None else timeout))
        return image

    def fileno(self) -> int:
        """A descriptor for select, poll and asyncio's add_reader(): readable while an image waits.
        Then call take(timeout=0); Timeout: another consumer was faster. Do not read or close it.
        """
        return self._membership.handle.call(c.lib.vitrine_fd)

    def __aiter__(self) -> Consumer:
        return self

    async def __anext__(self) -> TakenImage:
        """As __next__(), for `async for`: other tasks run while it waits. One task at a time."""
        self._release()
        end = deadline(self._timeout)
        while True:
            try:
                self._last = image = self.take(timeout=0)
                return image
            except Timeout:
                await readable(self.fileno(), end)

    def __iter__(self) -> Iterator[TakenImage]:
        return self

    def __next__(self) -> TakenImage:
        self._release()
        image = TakenImage(self._membership)
        image._take(deadline(self._timeout))
        self._last = image
        return image

    def _release(self) -> None:
        last, self._last = self._last, None
        if last:
            last.release()

    def close(self) -> int:
        """Releases the last image of an iteration, gives back those held by take(), and leaves the
        channel. If this was the last object in the channel, returns the number of images still
        waiting.
        """
        try:
            self._release()
        except Error:
            pass  # removed, closed or another process's: then there is nothing to release
        return self._membership.leave()

    def __enter__(self) -> Consumer:
        return self

    def __exit__(self, kind: Optional[type[BaseException]], error: Optional[BaseException],
                 traceback: Optional[types.TracebackType]) -> None:
        if kind is None:
            self.close()
        else:
            self._membership.leave()  # the library requeues what is held


class Mirror:
    """Reads the newest image of a channel, takes none and delays no other program:

        image = vitrine.Mirror().latest()
        for image in vitrine.Mirror():      # every newest image; those in between are skipped
            ...

    Its images are private copies, each checked to be complete.

    key, slots, slot_size, mode, errors, threads and forks: as for Producer. timeout: seconds that
    each wait may take; None: no limit.
    """

    def __init__(self, key: str | int | None = None, *, slots: int = 0, slot_size: int = 0,
                 mode: int = 0, timeout: Optional[float] = None) -> None:
        self._timeout = timeout
        deadline(timeout)
        self._seen = 0
        self._membership = Membership(c.MIRROR, key, slots, slot_size, mode)
        self._handle = self._membership.handle

    def latest(self) -> Image:
        """A private copy of the newest image. Never waits. NotThere: nothing has been published
        yet; Damaged: its description is impossible, or it changes faster than it can be read.
        """
        found = c.Image()
        for _ in range(LOOKS):
            self._handle.call(c.lib.vitrine_latest, found)
            memory = memoryview(bytearray(self._handle.view(found.data, found.size)))
            if self._handle.call(c.lib.vitrine_unchanged, found):
                self._seen = int(found.sequence)
                return Image(ImageInfo.of(found), memory)
        raise Damaged("the newest image changes faster than it can be read")

    def newer(self, timeout: Optional[float] = None) -> Image:
        """Waits for an image newer than the last one seen, and copies it. Timeout, Removed."""
        end = deadline(self._timeout if timeout is None else timeout)
        pointer, seen = self._handle.pointer, self._seen
        self._handle.wait(lambda sleep: int(c.lib.vitrine_wait_newer(pointer, seen, sleep)), end)
        return self.latest()

    def fileno(self) -> int:
        """Like Consumer.fileno(): readable while there is an image newer than the last one that
        latest() returned.
        """
        return self._handle.call(c.lib.vitrine_fd)

    def __aiter__(self) -> Mirror:
        return self

    async def __anext__(self) -> Image:
        """As __next__(), for `async for`: other tasks run while it waits. One task at a time."""
        end = deadline(self._timeout)
        while True:
            try:
                return self.newer(timeout=0)
            except Timeout:
                await readable(self.fileno(), end)

    def __iter__(self) -> Iterator[Image]:
        return self

    def __next__(self) -> Image:
        return self.newer()

    def close(self) -> int:
        """Leaves the channel; returns as Producer.close()."""
        return self._membership.leave()

    def __enter__(self) -> Mirror:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
