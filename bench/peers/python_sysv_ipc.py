"""How a script sends images with sysv_ipc: a segment for each image. See python-sysv-ipc.c."""
import sysv_ipc


def sender(key, size):
    """Returns send(frame), which waits until the previous frame was taken."""
    empty, full = sysv_ipc.Semaphore(key), sysv_ipc.Semaphore(key + 2)

    def send(frame):
        empty.acquire()
        memory = sysv_ipc.SharedMemory(key, sysv_ipc.IPC_CREX, mode=0o600, size=size)
        memory.write(frame)
        memory.detach()
        full.release()

    return send
