"""Maps a channel's segment, so that a test can damage its contents."""
import ctypes
import ctypes.util

_libc = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)
_libc.shmat.restype = ctypes.c_void_p
_libc.shmat.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
_libc.shmdt.argtypes = (ctypes.c_void_p,)


def flip(shmid, size, payload):
    """Flips one bit of `payload`, at its position in the segment's `size` bytes."""
    address = _libc.shmat(shmid, None, 0)
    if address == ctypes.c_void_p(-1).value:
        raise OSError(ctypes.get_errno(), "shmat")
    try:
        memory = (ctypes.c_char * size).from_address(address)
        at = bytes(memory).find(payload)
        if at < 0:
            raise ValueError("the payload is not in the segment")
        middle = at + len(payload) // 2
        memory[middle] = bytes((memory[middle][0] ^ 1,))
    finally:
        _libc.shmdt(address)
