"""Consumers: take the oldest image, read it in place, release it. And mirrors, which only look."""
from __future__ import annotations

import types
import weakref
from typing import TYPE_CHECKING, Iterator, Optional

from . import _library as c
from ._errors import Closed, Damaged, Error
from ._handle import Handle, Membership, deadline
from ._image import Image, ImageInfo

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LOOKS = 1000  # how often a mirror reads again what was overwritten meanwhile


class TakenImage(Image):
    """
    An image that stays in its slot until it is released: `array`, `raw` and `data` show the shared
    memory itself, read-only. Valid until release(), requeue() or the consumer's next step; then
    these properties raise Closed, and an array that was kept shows whatever lies there later.

    As a context manager it is released at the end of the block, and requeued if the block ends by
    an exception. One that is dropped is requeued: an image is handed out at least once.
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
        """The payload where it lies: `info.size` bytes, read-only. Closed: it was released."""
        if not self._finalizer.alive or self._handle.closed:
            raise Closed(f"image {self.info.sequence} was released: copy() what you want to keep")
        return self._memory

    @property
    def array(self) -> npt.NDArray[np.uint8]:
        """As Image.array, but read-only, and a view of the slot itself."""
        return super().array

    def copy(self) -> Image:
        """
        The same image in private memory, for keeps. Damaged: it was overwritten meanwhile, since
        somebody changed the channel's semaphores, a right that `mode` gives.
        """
        image = super().copy()
        if not self._handle.call(c.lib.vitrine_unchanged, self._image):
            raise Damaged(f"image {self.info.sequence} was overwritten while it was read: somebody "
                          "changed the channel's semaphores (mode gives others that right)")
        return image

    def release(self) -> None:
        """Done with it: its slot is free for the next image. A second time it does nothing."""
        self._end(c.lib.vitrine_release)

    def requeue(self) -> None:
        """Gives it back unread: it waits again, before all newer ones."""
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
    """
    A hold on a channel that takes images out of it, the oldest first:

        for image in vitrine.Consumer():
            print(image.name, image.array.shape)

    Each step releases the image before, then waits for the next. At the end of a `with` block, and
    by close(), the last image is released; if the block ends by an exception, or the consumer is
    just dropped, it is given back and waits again. Two consumers share the images of a channel.

    key, slots, slot_size, mode, errors, threads and forks as for Producer. timeout: seconds that
    each step may wait (then Timeout); None for ever.
    """

    def __init__(self, key: str | int | None = None, *, slots: int = 0, slot_size: int = 0,
                 mode: int = 0, timeout: Optional[float] = None) -> None:
        self._timeout = timeout
        deadline(timeout)
        self._last: Optional[TakenImage] = None  # of the iteration
        self._membership = Membership(c.CONSUMER, key, slots, slot_size, mode)

    def take(self, timeout: Optional[float] = None) -> TakenImage:
        """
        Takes the oldest image that waits, for the caller to release; several may be held at once.
        Errors: Timeout, Removed; Damaged: its numbers cannot be true (it was passed over).
        """
        image = TakenImage(self._membership)
        image._take(deadline(self._timeout if timeout is None else timeout))
        return image

    def fileno(self) -> int:
        """
        A descriptor for select, poll and asyncio's add_reader(): readable while an image waits.
        Then take(timeout=0); Timeout: another consumer was quicker. Do not read or close it.
        """
        return self._membership.handle.call(c.lib.vitrine_fd)

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
        """
        Releases the last image of an iteration, gives back those held by take(), and leaves.
        Returns how many images wait in a channel that this was the last to leave.
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
    """
    Looks at the newest image of a channel, takes nothing and delays nobody:

        image = vitrine.Mirror().latest()
        for image in vitrine.Mirror():      # every newest image; those in between are left out
            ...

    What it gives are private copies, each checked to be whole. key, slots, slot_size, mode, errors,
    threads and forks as for Producer. timeout: seconds that each wait may take; None for ever.
    """

    def __init__(self, key: str | int | None = None, *, slots: int = 0, slot_size: int = 0,
                 mode: int = 0, timeout: Optional[float] = None) -> None:
        self._timeout = timeout
        deadline(timeout)
        self._seen = 0
        self._membership = Membership(c.MIRROR, key, slots, slot_size, mode)
        self._handle = self._membership.handle

    def latest(self) -> Image:
        """
        A private copy of the newest image. Never waits. NotThere: nothing was published yet;
        Damaged: its numbers cannot be true, or it changes faster than it can be read.
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
        """As Consumer.fileno(): readable while there is a newer image than latest() last gave."""
        return self._handle.call(c.lib.vitrine_fd)

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
