"""One look at a channel: every semaphore and every slot, as dataclasses. It disturbs no program."""
from __future__ import annotations

import dataclasses
import os
from typing import Optional

from . import _library as c
from ._errors import Removed
from ._handle import Handle
from ._image import ImageInfo


@dataclasses.dataclass(frozen=True)
class Semaphore:
    value: int
    pid: int  #: of the process that changed it last; 0: nobody
    waiting: int  #: processes asleep until it rises
    waiting_for_zero: int  #: processes asleep until it is zero

    @classmethod
    def of(cls, semaphore: c.Semaphore) -> Semaphore:
        return cls(semaphore.value, semaphore.pid, semaphore.ncnt, semaphore.zcnt)


@dataclasses.dataclass(frozen=True)
class SlotStatus:
    state: str  #: "empty", "writing", "ready", "reading" or "damaged"
    holder: int  #: pid of who writes or reads it; 0: nobody
    latest: bool  #: it holds the newest image
    image: Optional[ImageInfo]  #: waiting, being read, or the newest
    ready: Semaphore
    latest_semaphore: Semaphore
    writer: Semaphore
    reader: Semaphore

    @classmethod
    def of(cls, slot: c.SlotInfo) -> SlotStatus:
        return cls(
            state=c.SLOT_STATES[slot.state], holder=slot.holder, latest=slot.latest,
            image=ImageInfo.of(slot.image) if slot.has_image else None,
            ready=Semaphore.of(slot.ready), latest_semaphore=Semaphore.of(slot.latest_semaphore),
            writer=Semaphore.of(slot.writer), reader=Semaphore.of(slot.reader))


@dataclasses.dataclass(frozen=True)
class Status:
    key: int
    key_text: str  #: as the creator wrote it
    semid: int
    shmid: int
    slot_size: int  #: bytes
    segment_size: int  #: bytes
    resident: int  #: bytes of memory the slots may use now
    owner_uid: int
    mode: int  #: permission bits
    attached: int  #: attachments to the segment, without the one that looks
    segment_removed: bool  #: by ipcrm -m: it goes when the last one detaches
    producers: Semaphore  #: its value counts them; so for consumers and mirrors
    consumers: Semaphore
    mirrors: Semaphore
    mutex: Semaphore
    empty: Semaphore  #: slots that a producer may claim
    full: Semaphore  #: images that wait for a consumer
    nothing: Semaphore  #: 1 until the first image
    alive: Semaphore
    slots: tuple[SlotStatus, ...]


def inspect(handle: Handle) -> c.Snapshot:
    snapshot = c.Snapshot()
    if handle.inspect(snapshot) < 0:
        raise Removed("the channel was removed; open it again")
    return snapshot


def status(key: str | int | None = None) -> Status:
    """The state of the channel under `key` (as for Producer). All values come from one look, so
    they are consistent. NotThere: there is no such channel. Other errors: BadKey, Foreign,
    WrongVersion, Denied.
    """
    handle = Handle(c.INSPECTOR, key)
    try:
        snapshot, info = inspect(handle), handle.info
    finally:
        handle.leave()
    semaphores = {name: Semaphore.of(getattr(snapshot, name)) for name in (
        "producers", "consumers", "mirrors", "mutex", "empty", "full", "nothing", "alive")}
    return Status(
        key=info.key & 0xffffffff, key_text=c.decode(info.key_text), semid=info.semid,
        shmid=info.shmid, slot_size=info.slot_size, segment_size=info.segment_size,
        resident=snapshot.resident, owner_uid=snapshot.owner_uid, mode=snapshot.mode & 0o777,
        attached=snapshot.attached - 1, segment_removed=snapshot.segment_removed, **semaphores,
        slots=tuple(SlotStatus.of(slot) for slot in snapshot.slots[:snapshot.slot_count]))


def process_name(pid: int) -> str:
    """The name of a process; "" if it has ended."""
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
            name = file.read().strip()
        with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as file:
            whole = os.path.basename(file.read().partition("\0")[0])
    except OSError:
        return ""
    return whole if whole.startswith(name) else name  # the kernel cuts it after 15 bytes
