#!/usr/bin/env python3
"""The library compiled in another way shares a channel with the usual one: builds.py COMPILER...

    builds.py musl-gcc       another C library (Debian: musl-tools)
    builds.py cc -m32        another size of pointers (Debian: libc6-dev-i386, lib32gcc-12-dev)

Compiles common/ipc and exchange.c with the compiler, and hands an image over between that and the
library of VITRINE_BUILD, in both directions. Programs of 32 bits run under qemu-i386 (Debian: qemu-user) where the kernel does not run
them. Where the compiler, its headers or what runs its programs is missing: exit 77.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
import keys  # noqa: E402

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("VITRINE_BUILD", SOURCE / "build/release"))
LIBRARY = SOURCE / "common/ipc"
FLAGS = ("-std=gnu11", "-D_GNU_SOURCE", '-DVITRINE_VERSION="0.0.0"', "-O1", "-Wall", "-Wextra",
         "-Werror", "-Wno-psabi", f"-I{LIBRARY}", "-pthread")
EMULATOR = "qemu-i386"
SKIP = 77


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIP)


def run(*command):
    return subprocess.run([str(word) for word in command], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)


def headers_of(compiler):
    """Linux's own headers, <asm/…>, lie in a folder that Debian's gcc -m32 does not look into."""
    done = run("cc", "-print-multiarch")
    return ("-idirafter", f"/usr/include/{done.stdout.strip()}") if "-m32" in compiler else ()


def runner_of(compiler, folder):
    """
    What runs programs of this compiler: (), or the emulator and its options. None: no program can be
    made (with the headers that all need), or nothing runs it.
    """
    source, program = folder / "nothing.c", folder / "nothing"
    source.write_text("#include <errno.h>\n#include <sys/sem.h>\nint main(void) { return 0; }\n")
    try:
        if run(*compiler, *headers_of(compiler), "-o", program, source).returncode != 0:
            return None
    except OSError:
        return None
    for runner in ((), (EMULATOR, "-L", "/")):
        try:
            if run(*runner, program).returncode == 0:
                return runner
        except OSError:  # the kernel does not run it, or there is no emulator
            pass
    return None


def build(compiler, program, *library):
    done = run(*compiler, *headers_of(compiler), *FLAGS, "-o", program, SOURCE / "tests/ipc/exchange.c",
               *library)
    if done.returncode != 0:
        sys.exit(f"{' '.join(compiler)} does not compile the library:\n{done.stdout}")


def hand_over(sender, receiver):
    """Each is a command: a program, behind what runs it."""
    key = f"0x{keys.reserve_key():08x}"
    text = f"from {sender[-1].name} to {receiver[-1].name}"
    for done in (run(*sender, "publish", key, text), run(*receiver, "take", key)):
        if done.returncode != 0:
            run("ipcrm", "-S", key, "-M", key)
            sys.exit(f"{text}: {done.stdout}")
    if done.stdout != f"exchange text/plain {text}":
        sys.exit(f"{text}: {done.stdout}")
    left = [kind for kind in ("shm", "sem") for line in
            pathlib.Path("/proc/sysvipc", kind).read_text().splitlines()[1:]
            if int(line.split()[0]) == int(key, 16)]
    if left:
        sys.exit(f"{text}: left behind: {' '.join(left)}")


def main():
    compiler = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="vitrine-builds-") as name:
        folder = pathlib.Path(name)
        runner = runner_of(compiler, folder)
        if runner is None:
            skip(f"no program can be made and run here by {' '.join(compiler)}")
        usual, other = (folder / "usual",), (*runner, folder / "other")
        build([os.environ.get("CC", "cc")], usual[-1], BUILD / "common/ipc/libvitrine.a")
        build(compiler, other[-1], *sorted(LIBRARY.glob("*.c")))
        hand_over(usual, other)
        hand_over(other, usual)


if __name__ == "__main__":
    main()
