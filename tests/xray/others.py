"""Programs that nobody here wrote, with System V objects: of Qt 5, of Python's sysv_ipc, and a
PostgreSQL. Each has_…() says whether it is installed; each …() starts it in a folder and returns
the process. The caller ends it."""
import glob
import os
import pathlib
import shutil
import signal
import subprocess

QT = pathlib.Path(__file__).resolve().parent / "programs/qt.cpp"
PYTHON = "/usr/bin/python3"  # Debian's, which has Debian's modules
INITDB = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
SYSV_IPC = """if True:
    import sys, sysv_ipc
    key = sysv_ipc.ftok(sys.argv[1], 65)
    memory = sysv_ipc.SharedMemory(key, sysv_ipc.IPC_CREX, size=4096)
    mutex = sysv_ipc.Semaphore(key, sysv_ipc.IPC_CREX, initial_value=1)
    queue = sysv_ipc.MessageQueue(key, sysv_ipc.IPC_CREX)
    queue.send(b"hello")
    items = sysv_ipc.Semaphore(None, sysv_ipc.IPC_CREX, initial_value=0)
    mutex.acquire()
    print("ready", flush=True)
    items.acquire()
"""


def _succeeds(*words):
    return shutil.which(words[0]) is not None and subprocess.run(
        words, capture_output=True, check=False).returncode == 0


def _start(*words, **environment):
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True,
                               env={**os.environ, **environment})
    if process.stdout.readline() != "ready\n":
        raise RuntimeError("%s did not start" % (words,))
    return process


def has_qt():
    return shutil.which("c++") is not None and _succeeds("pkg-config", "--exists", "Qt5Core")


def qt(folder):
    """A player with the QSharedMemory "Film strip" that sleeps on the QSystemSemaphore "Free
    frames". Their files are in the folder: the X-ray finds them with TMPDIR set to it."""
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "Qt5Core"], text=True,
                           capture_output=True, check=True).stdout.split()
    program = folder / "player"
    subprocess.run(["c++", "-fPIC", "-w", QT, "-o", program, *flags], check=True)
    return _start(program, TMPDIR=str(folder))


def has_sysv_ipc():
    return _succeeds(PYTHON, "-c", "import sysv_ipc")


def sysv_ipc(folder):
    """It holds one semaphore and sleeps on another; its keys are made from FOLDER/shop.py."""
    file = folder / "shop.py"
    file.write_text(SYSV_IPC)
    return _start(PYTHON, file, file)


def has_postgresql():
    return bool(INITDB) and os.getuid() == 0


def postgresql(folder):
    """A server whose data directory is FOLDER/data; its key is the inode of that."""
    data = folder / "data"
    data.mkdir()
    folder.chmod(0o755)
    shutil.chown(data, "postgres")
    how = {"user": "postgres", "group": "postgres", "extra_groups": [], "cwd": "/"}
    subprocess.run([INITDB[-1], "-D", data, "-A", "trust", "--no-sync"], check=True,
                   stdout=subprocess.DEVNULL, **how)
    return subprocess.Popen(
        [pathlib.Path(INITDB[-1]).with_name("postgres"), "-D", data, "-k", data, "-c",
         "listen_addresses=", "-c", "fsync=off"], stderr=subprocess.DEVNULL, **how)


def end(process):
    """A PostgreSQL then removes its segment."""
    process.send_signal(signal.SIGTERM)
    process.wait(60)
    if process.stdout is not None:
        process.stdout.close()
