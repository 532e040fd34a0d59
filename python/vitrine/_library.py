"""libvitrine as ctypes sees it: found, loaded, its version checked, its structs and functions.

A mirror of common/ipc/vitrine.h and nothing more; a test compares the sizes and offsets with C's.
Everything else in the package calls the library through `lib` here.
"""
from __future__ import annotations

import ctypes
import ctypes.util
import os
import pathlib
from ctypes import POINTER, Structure, c_bool, c_char, c_char_p, c_double, c_int, c_int32
from ctypes import c_int64, c_uint8, c_uint32, c_uint64, c_void_p

ABI = 2
SONAME = "libvitrine.so.0"

NAME_MAX = 256
MEDIA_TYPE_MAX = 64
SLOTS_MIN, SLOTS_MAX = 2, 64

# enum vitrine_error
EINVAL, ETIMEDOUT, EINTR, EREMOVED, ETOOLARGE, EFULL, ENONE, EFOREIGN, EVERSION = range(-1, -10, -1)
EKEY, EBUSY, ELIMIT, ENOMEM, EACCES, EDAMAGED, EFORK, ESYSTEM = range(-10, -18, -1)

# enum vitrine_role
PRODUCER, CONSUMER, MIRROR, INSPECTOR = range(4)

# enum vitrine_kind, enum vitrine_checksum
PIXELS, FILE = 1, 2
FRAME = b"video/x-raw"  # the media type of pixels that are a frame of a stream
NO_CHECKSUM, MD5, XXH3 = range(3)

# enum vitrine_type
UINT8, UINT16, FLOAT32, FLOAT64 = range(4)

# enum vitrine_when_full
WHEN_FULL = {"wait": 0, "drop-oldest": 1, "fail": 2}

# enum vitrine_slot_state
SLOT_STATES = ("empty", "writing", "ready", "reading", "damaged")


class Key(Structure):
    _fields_ = [("value", c_int32), ("source", c_uint32), ("text", c_char * NAME_MAX)]


class Options(Structure):
    _fields_ = [
        ("role", c_uint32), ("slots", c_uint32), ("mode", c_uint32), ("wakeable", c_bool),
        ("any_owner", c_bool),
        ("key", POINTER(Key)), ("slot_size", c_uint64), ("patience_ns", c_uint64),
        ("observer", c_void_p), ("observer_data", c_void_p)]


class Info(Structure):
    _fields_ = [
        ("key", c_int32), ("semid", c_int32), ("shmid", c_int32), ("role", c_uint32),
        ("slots", c_uint32), ("owner_uid", c_uint32), ("created", c_bool),
        ("slot_size", c_uint64), ("segment_size", c_uint64), ("key_text", c_char * NAME_MAX)]


class Image(Structure):
    _fields_ = [
        ("sequence", c_uint64), ("published_ns", c_int64), ("size", c_uint64), ("data", c_void_p),
        ("slot", c_uint32), ("kind", c_uint32), ("format", c_uint32), ("width", c_uint32),
        ("height", c_uint32), ("pitch", c_uint32), ("publisher", c_int32), ("checksum", c_uint32),
        ("digest", c_uint8 * 16), ("name", c_char * NAME_MAX),
        ("media_type", c_char * MEDIA_TYPE_MAX)]


class Array(Structure):
    _fields_ = [
        ("data", c_void_p), ("stride", c_int64), ("width", c_uint32), ("height", c_uint32),
        ("format", c_uint32), ("type", c_uint32), ("low", c_double), ("high", c_double)]


class Claim(Structure):
    _fields_ = [("slot", c_uint32), ("data", c_void_p), ("size", c_uint64), ("dropped", c_uint64)]


class Semaphore(Structure):
    _fields_ = [("value", c_int32), ("pid", c_int32), ("ncnt", c_int32), ("zcnt", c_int32)]


class SlotInfo(Structure):
    _fields_ = [
        ("state", c_uint32), ("holder", c_int32), ("latest", c_bool), ("has_image", c_bool),
        ("ready", Semaphore), ("latest_semaphore", Semaphore), ("writer", Semaphore),
        ("reader", Semaphore), ("image", Image)]


class Snapshot(Structure):
    _fields_ = [
        ("mutex", Semaphore), ("empty", Semaphore), ("full", Semaphore), ("nothing", Semaphore),
        ("alive", Semaphore), ("producers", Semaphore), ("consumers", Semaphore),
        ("mirrors", Semaphore), ("owner_uid", c_uint32), ("mode", c_uint32),
        ("attached", c_uint32), ("segment_removed", c_bool), ("resident", c_uint64),
        ("slot_count", c_uint32), ("slots", SlotInfo * SLOTS_MAX)]


_FUNCTIONS = {
    "vitrine_strerror": (c_char_p, [c_int]),
    "vitrine_key": (c_int, [POINTER(Key), c_char_p, c_char_p]),
    "vitrine_open_abi": (c_int, [POINTER(c_void_p), POINTER(Options), c_uint32]),
    "vitrine_leave": (c_int, [c_void_p]),
    "vitrine_close": (c_int, [c_void_p]),
    "vitrine_message": (c_char_p, [c_void_p]),
    "vitrine_info": (POINTER(Info), [c_void_p]),
    "vitrine_pixels": (c_int, [POINTER(Image), c_char_p, c_uint32, c_uint32, c_uint32]),
    "vitrine_file": (c_int, [POINTER(Image), c_char_p, c_uint64, c_char_p]),
    "vitrine_store": (c_int, [POINTER(Image), c_void_p, c_uint32, c_uint32, POINTER(Array)]),
    "vitrine_load": (c_int, [POINTER(Image), c_uint32, c_uint32, POINTER(Array)]),
    "vitrine_claim": (c_int, [c_void_p, c_uint64, c_uint32, c_int64, POINTER(Claim)]),
    "vitrine_publish": (c_int, [c_void_p, POINTER(Claim), POINTER(Image), c_int64]),
    "vitrine_abandon": (c_int, [c_void_p, POINTER(Claim)]),
    "vitrine_prepare": (c_int, [c_void_p, c_uint64]),
    "vitrine_trim": (c_int, [c_void_p]),
    "vitrine_take": (c_int, [c_void_p, c_int64, POINTER(Image)]),
    "vitrine_release": (c_int, [c_void_p, POINTER(Image)]),
    "vitrine_requeue": (c_int, [c_void_p, POINTER(Image)]),
    "vitrine_latest": (c_int, [c_void_p, POINTER(Image)]),
    "vitrine_unchanged": (c_bool, [c_void_p, POINTER(Image)]),
    "vitrine_wait_newer": (c_int, [c_void_p, c_uint64, c_int64]),
    "vitrine_fd": (c_int, [c_void_p]),
    "vitrine_inspect": (c_int, [c_void_p, POINTER(Snapshot)]),
}


def source_tree() -> pathlib.Path | None:
    """The project's own tree, if the package is used from there and not installed."""
    root = pathlib.Path(__file__).resolve().parents[2]
    return root if (root / "common/ipc/vitrine.h").exists() else None


def _candidates() -> list[str]:
    """The places to search, in this order. If VITRINE_LIBRARY is set, it is the only one."""
    named = os.environ.get("VITRINE_LIBRARY")
    if named:
        return [named]
    here = pathlib.Path(__file__).resolve()
    # Beside the package, or in the lib/ under which lie python3/dist-packages/vitrine.
    places = [folder / SONAME for folder in [here.parent, *list(here.parents)[3:4]]]
    root = source_tree()
    if root:
        places += [root / "build" / preset / SONAME for preset in ("release", "debug")]
    found = [str(place) for place in places if place.exists()] + [SONAME]
    other = ctypes.util.find_library("vitrine")
    return found + [other] if other and other != SONAME else found


def _check(library: ctypes.CDLL, path: str) -> None:
    """Refuses a library of another version before any struct is passed to it."""
    try:
        function = library.vitrine_abi
    except AttributeError:
        raise ImportError(f"{path} is not libvitrine, or one too old for this package") from None
    function.restype, function.argtypes = c_uint32, []
    if function() != ABI:
        raise ImportError(
            f"{path} has ABI {function()}, this package was written for ABI {ABI}: "
            "install both from the same version of Vitrine")


def _load() -> ctypes.CDLL:
    tried = []
    for path in _candidates():
        try:
            library = ctypes.CDLL(path)
        except OSError as reason:
            tried.append(f"{path}: {reason}")
            continue
        _check(library, path)
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
        return library
    raise ImportError(
        f"the library {SONAME} cannot be loaded: install it, or set VITRINE_LIBRARY to its file "
        f"({'; '.join(tried)})")


# A CDLL, not a PyDLL: other threads of Python run on while a call sleeps.
lib = _load()


def decode(text: bytes) -> str:
    """A text of the library as str: it is UTF-8, with other bytes as %XX."""
    return text.decode("utf-8", "replace")


def strerror(code: int) -> str:
    return decode(lib.vitrine_strerror(code))
