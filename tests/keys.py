"""Keys for the channels of tests that run at the same time."""
import atexit
import secrets
import socket


def reserve_key():
    """
    Returns a key, 0x7702…, that no other test uses until this process ends. A socket with the key in
    its abstract name reserves it: the kernel lets one process bind a name, and frees it when the
    process ends, however it ends. new_test_key() in ipc/support.c does the same.
    """
    while True:
        key = 0x77020000 | secrets.randbelow(1 << 16)
        reservation = socket.socket(socket.AF_UNIX)
        try:
            reservation.bind("\0vitrine-test-key-0x%08x" % key)
        except OSError:
            reservation.close()
            continue
        atexit.register(reservation.close)
        return key
