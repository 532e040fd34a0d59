"""What a script does that sends pictures with sysv_ipc: a segment for each. See python-sysv-ipc.c."""
import sysv_ipc


def sender(key, size):
    """send(frame): hands one over, when the last one has gone."""
    empty, full = sysv_ipc.Semaphore(key), sysv_ipc.Semaphore(key + 2)

    def send(frame):
        empty.acquire()
        memory = sysv_ipc.SharedMemory(key, sysv_ipc.IPC_CREX, mode=0o600, size=size)
        memory.write(frame)
        memory.detach()
        full.release()

    return send
