"""Producers: claim a slot, write into it and publish it; or publish() an existing image."""
from __future__ import annotations

import hashlib
import os
import stat
import types
import weakref
from typing import TYPE_CHECKING, Any, BinaryIO, Optional

from . import _library as c
from . import _pixels
from ._errors import Closed, Timeout
from ._handle import Call, Handle, Membership, deadline

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Slot:
    """A claimed slot of the shared memory, to write into in place.

    As a context manager it publishes the slot at the end of the block, or abandons it if the block
    ends with an exception. If the object is garbage-collected, the slot is abandoned.
    """

    def __init__(self, membership: Membership, image: c.Image, shape: tuple[int, ...],
                 timeout: Optional[float], md5: bool) -> None:
        self._membership = membership
        self._handle = membership.handle
        self._image = image
        self._shape = shape
        self._timeout = timeout
        self._md5 = md5
        self._array: Optional[npt.NDArray[np.uint8]] = None
        self._claim = c.Claim()
        #: what was dropped for it (when_full="drop-oldest"): a sequence number; 0: nothing
        self.dropped = 0
        self.sequence = 0  #: the image's number, as soon as it is published
        # Registered before the claim: the struct itself tells whether there is one.
        self._finalizer = weakref.finalize(self, _abandon, self._handle, self._claim)

    def _claim_now(self, when_full: int, end: float) -> None:
        handle, size, claim = self._handle, self._image.size, self._claim
        if size > handle.info.slot_size:
            raise handle.too_large(size) from None
        try:
            handle.wait(_claiming(handle, size, when_full, claim), end)
            self.dropped = int(claim.dropped)
            self._memory = handle.view(claim.data, size)
        except BaseException:
            self._finalizer()  # a signal's exception may come when the slot is ours already
            raise

    @property
    def data(self) -> memoryview:
        """The slot's bytes, writable, as many as the image has. Closed: it was published or
        abandoned.
        """
        if not self._finalizer.alive or self._handle.closed:
            raise Closed("the slot was published or abandoned: it is no longer yours")
        return self._memory

    @property
    def array(self) -> npt.NDArray[np.uint8]:
        """The slot as a writable uint8 array of the claimed shape; no copy. Initially it contains
        old data. Once the slot is published or abandoned, the array is read-only, and its
        contents may change. TypeError: the slot was claimed as bytes.
        """
        data = self.data
        if not self._shape:
            raise TypeError("this slot was claimed for bytes: use `data`")
        if self._array is None:
            self._array = _pixels.as_array(self._image, self._shape, data)
        return self._array

    def publish(self, timeout: Optional[float] = None) -> int:
        """Publishes the slot as the newest image. Returns its sequence number. May wait while
        another process holds the mutex: microseconds, unless that process is stopped while
        holding it. After Timeout the slot is still claimed.
        """
        return self._publish(deadline(self._timeout if timeout is None else timeout))

    def _publish(self, end: float) -> int:
        handle, image, data = self._handle, self._image, self.data
        if self._md5:
            _put_md5(image, data)
        try:
            handle.wait(_publishing(handle, self._claim, image), end)
            self._finalizer.detach()
        except Timeout:
            raise
        except BaseException:
            self.abandon()  # refused by the library if it was published just before a signal
            raise
        self._shut()
        self.sequence = int(image.sequence)
        return self.sequence

    def abandon(self) -> None:
        """Gives the slot back unpublished; does nothing if it was already published or abandoned.
        """
        self._shut()
        self._finalizer()

    def _shut(self) -> None:
        """The slot is no longer ours: makes all views of it read-only."""
        if self._array is not None:
            self._array.setflags(write=False)
        try:
            self._memory.release()
        except BufferError:
            pass  # an array shows it; its memory stays mapped until that is gone

    def __enter__(self) -> Slot:
        return self

    def __exit__(self, kind: Optional[type[BaseException]], error: Optional[BaseException],
                 traceback: Optional[types.TracebackType]) -> None:
        if kind is not None:
            self.abandon()
        elif self._finalizer.alive:
            try:
                self.publish()
            except BaseException:
                self.abandon()
                raise


def _claiming(handle: Handle, size: int, when_full: int, claim: c.Claim) -> Call:
    call, pointer = c.lib.vitrine_claim, handle.pointer

    def begin(sleep: int) -> int:
        status: int = call(pointer, size, when_full, sleep, claim)
        return status

    return begin


def _publishing(handle: Handle, claim: c.Claim, image: c.Image) -> Call:
    call, pointer = c.lib.vitrine_publish, handle.pointer

    def begin(sleep: int) -> int:
        status: int = call(pointer, claim, image, sleep)
        return status

    return begin


def _put_md5(image: c.Image, data: memoryview) -> None:
    image.checksum = c.MD5
    image.digest[:] = hashlib.md5(data, usedforsecurity=False).digest()


def _abandon(handle: Handle, claim: c.Claim) -> None:
    if claim.data:
        handle.finish(c.lib.vitrine_abandon, claim)


class Producer:
    """Publishes images in a channel.

    key: a name, a number, or None for $VITRINE_KEY, ./shared_memory.key or the user's own key.
    slots (2 … 64), slot_size (bytes) and mode (permission bits) are used only for a new channel; 0
    means the library's default: 4 slots of 256 MiB, 0600. any_owner: allow publishing in a channel
    of another user, who can read and change everything in it; without it such a channel raises
    Foreign.

    live: the images are frames of a stream: windows show them without keeping them, and show the
    frame rate. when_full: "wait" for a free slot (the default), "drop-oldest" (the default with
    live, so that a live picture does not lag), "fail" (Full). timeout: seconds that each call may
    wait; None: no limit. A timeout given to a call overrides it.

    Errors: BadKey, Foreign, WrongVersion, Busy, Limit, NoMemory, Denied, Damaged, InvalidArgument;
    TooLarge: the channel exists with smaller slots than requested. Several threads may use it; a
    lock serialises their calls. After a fork the child must open its own (Forked).
    """

    def __init__(self, key: str | int | None = None, *, slots: int = 0, slot_size: int = 0,
                 mode: int = 0, live: bool = False, when_full: Optional[str] = None,
                 timeout: Optional[float] = None, any_owner: bool = False) -> None:
        self._live = live
        self._when_full = _when_full(when_full or ("drop-oldest" if live else "wait"))
        self._timeout = timeout
        deadline(timeout)
        self._membership = Membership(c.PRODUCER, key, slots, slot_size, mode, any_owner)
        self._handle = self._membership.handle

    def publish(self, image: Any, name: Optional[str] = None, *, order: Optional[str] = None,
                vmin: Optional[float] = None, vmax: Optional[float] = None,
                normalize: bool = False, when_full: Optional[str] = None,
                timeout: Optional[float] = None, md5: bool = False) -> int:
        """Publishes an image, written once into the slot. Returns its sequence number (1, 2, 3 …).

        image:
        - an array (NumPy, or anything that NumPy can view), of any strides: (H, W) grey, (H, W, 3)
          R G B, (H, W, 4) R G B A with straight alpha. uint8 is used unchanged; of uint16 (0 …
          65535) the high byte; floats (0 … 1) are multiplied by 255, rounded and clipped, NaN
          becomes 0; bool becomes 0 and 255. What a masked array masks is transparent;
        - lists of numbers: whole ones 0 … 255, others 0 … 1;
        - a Pillow image of any mode with a known range of values;
        - a Figure of matplotlib, or what belongs to one, such as Axes; a tensor with DLPack;
        - an image from a channel: its bytes, unchanged;
        - a path, an open binary file or BytesIO (read from its beginning), or the bytes of an image
          file: Pillow decodes it and turns it upright. What it would reduce to 8 bits or to paler
          colours (16 bits, CMYK, an ICC profile) or cannot decode (HEIC, AVIF, JPEG XL, SVG, a cut
          file) is sent as the file itself, and so is everything without Pillow: its reader decodes
          it.

        name: shown by windows; None: the file's name, or "array". order: the order of an array's
        components if not RGB: "BGR" (OpenCV; fits grey and four components too), "RGBX" or "BGRX"
        (X: ignored). vmin, vmax: the values of an array that become black and white, with which any
        integer dtype is accepted; normalize: its least and greatest value. md5: adds a checksum
        that readers can verify.

        Errors before anything is claimed: ValueError and TypeError for an object that is not an
        image, OSError for a file that cannot be read, TooLarge. Later: Timeout, Full, Removed,
        NoMemory.
        """
        values = _pixels.Values(vmin, vmax, normalize)
        return self._send(_pixels.plan(image, name, order, values), when_full, timeout, md5)

    def publish_file(self, file: str | os.PathLike[str] | bytes | BinaryIO,
                     name: Optional[str] = None, *, media_type: Optional[str] = None,
                     when_full: Optional[str] = None, timeout: Optional[float] = None,
                     md5: bool = False) -> int:
        """Publishes a file's bytes unchanged: a path, the bytes, or an open binary file, which is
        read from its position to its end. Errors as for publish(); OSError: it cannot be read;
        ValueError: it is at its end already.
        """
        if isinstance(file, (str, os.PathLike)):
            path = os.fsdecode(file)
            with open(path, "rb") as opened:
                return self.publish_file(opened, name or os.path.basename(path),
                                         media_type=media_type, when_full=when_full,
                                         timeout=timeout, md5=md5)
        if not isinstance(file, (bytes, bytearray, memoryview)):
            name = name or os.path.basename(str(getattr(file, "name", "") or "bytes"))
            _check_position(file, name)
            size = _size_left(file)
            if size is not None:
                return self._send(_pixels.plan_reading(file, size, name, media_type), when_full,
                                  timeout, md5)
            file = file.read()
        plan = _pixels.plan_file(memoryview(file).cast("B"), name or "bytes", media_type)
        return self._send(plan, when_full, timeout, md5)

    def claim(self, shape: tuple[int, ...], name: Optional[str] = None, *,
              order: Optional[str] = None, when_full: Optional[str] = None,
              timeout: Optional[float] = None, md5: bool = False) -> Slot:
        """
        Claims a slot for an image of `shape` ((H, W), (H, W, 3) or (H, W, 4), uint8), to be written
        in place: `with producer.claim((h, w, 3)) as slot: slot.array[...] = …`. The array is
        packed: OpenCV can draw on it. order and errors as publish().
        """
        shape = tuple(int(side) for side in shape)
        found = _pixels.shape_order(shape, order)
        image = _pixels.pixels(name or "array", shape[1], shape[0], found)
        self._mark(image)
        return self._claim(image, shape, when_full, self._deadline(timeout), md5)

    def claim_bytes(self, size: int, name: str, *, media_type: Optional[str] = None,
                    when_full: Optional[str] = None, timeout: Optional[float] = None,
                    md5: bool = False) -> Slot:
        """Claims a slot for `size` bytes of a file, to be written into `slot.data` in place."""
        if size < 0:
            raise ValueError(f"{size} bytes: it must be 0 or more")
        return self._claim(_pixels.file(name, size, media_type), (), when_full,
                           self._deadline(timeout), md5)

    def _claim(self, image: c.Image, shape: tuple[int, ...], when_full: Optional[str], end: float,
               md5: bool) -> Slot:
        slot = Slot(self._membership, image, shape, self._timeout, md5)
        slot._claim_now(self._when_full if when_full is None else _when_full(when_full), end)
        return slot

    def _send(self, plan: _pixels.Plan, when_full: Optional[str], timeout: Optional[float],
              md5: bool) -> int:
        """Claims, writes and publishes in one call: no other code holds the slot, so it needs no
        object.
        """
        end = self._deadline(timeout)
        full = self._when_full if when_full is None else _when_full(when_full)
        handle, image, claim = self._handle, plan.image, c.Claim()
        self._mark(image)
        if image.size > handle.info.slot_size:
            raise handle.too_large(image.size) from None
        try:
            handle.wait(_claiming(handle, image.size, full, claim), end)
            memory = handle.view(claim.data, image.size)
            plan.write(memory)
            if md5:
                _put_md5(image, memory)
            handle.wait(_publishing(handle, claim, image), end)
        except BaseException:
            _abandon(handle, claim)  # refused by the library if it was published just before
            raise
        return int(image.sequence)

    def _mark(self, image: c.Image) -> None:
        if self._live and image.kind == c.PIXELS:
            image.media_type = c.FRAME

    def _deadline(self, timeout: Optional[float]) -> float:
        return deadline(self._timeout if timeout is None else timeout)

    def prepare(self, shape: tuple[int, ...] | int) -> None:
        """Allocates the memory that the next image will need, so that publishing it need not: call
        it when idle, with the shape of the next array, or the bytes of the next file. It holds no
        slot and never waits. trim() leaves that memory alone until it has been used, or until
        prepare(0). Errors: Full, TooLarge, NoMemory.
        """
        if isinstance(shape, int):
            size = shape
        else:
            found = _pixels.shape_order(shape, None)
            size = int(_pixels.pixels("array", int(shape[1]), int(shape[0]), found).size)
        if size < 0:
            raise ValueError(f"{size} bytes: it must be 0 or more")
        self._handle.call(c.lib.vitrine_prepare, size)

    def trim(self) -> int:
        """Returns the memory of free slots to the system, except that of prepare(). Returns the
        number of slots. Call it when idle.
        """
        return self._handle.call(c.lib.vitrine_trim)

    def close(self) -> int:
        """Leaves the channel; claimed slots are abandoned. If this was the last object in the
        channel, returns the number of images still waiting. Calling it again does nothing.
        """
        return self._membership.leave()

    def __enter__(self) -> Producer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _check_position(file: BinaryIO, name: str) -> None:
    """ValueError: all of it was written or read just now, and nobody went back to the beginning."""
    if not file.seekable():
        return
    position = file.tell()
    end = file.seek(0, os.SEEK_END)
    file.seek(position)
    if 0 < end <= position:
        raise ValueError(f"{name}: its position is its end, {end}, so that nothing is left to read:"
                         " call seek(0) first")


def _size_left(file: BinaryIO) -> Optional[int]:
    """The number of bytes of a regular file left to read; None: not a regular file."""
    try:
        status = os.fstat(file.fileno())
    except (OSError, AttributeError):
        return None
    return max(0, status.st_size - file.tell()) if stat.S_ISREG(status.st_mode) else None


def _when_full(text: str) -> int:
    try:
        return c.WHEN_FULL[text]
    except KeyError:
        raise ValueError(f"when_full={text!r}: it is one of {', '.join(c.WHEN_FULL)}") from None
