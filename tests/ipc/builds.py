#!/usr/bin/env python3
"""The library compiled in another way shares a channel with the usual one: builds.py COMPILER...

    builds.py musl-gcc       another C library (Debian: musl-tools)
    builds.py cc -m32        another size of pointers (Debian: gcc-multilib)
    builds.py --works cc -m32    only whether programs of that compiler can be made and run

Compiles common/ipc and exchange.c with the compiler and with cc, and hands an image over in both
directions. Where the compiler, its headers or a kernel that runs its programs is missing: exit 77.
"""
import os
import pathlib
import secrets
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
LIBRARY = SOURCE / "common/ipc"
FLAGS = ("-std=gnu11", "-D_GNU_SOURCE", '-DVITRINE_VERSION="0.0.0"', "-O1", "-Wall", "-Wextra",
         "-Werror", f"-I{LIBRARY}", "-pthread")
SKIP = 77


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIP)


def run(*command):
    return subprocess.run([str(word) for word in command], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)


def works(compiler, folder):
    """Whether a program of this compiler can be made, and runs: with the headers that all need."""
    source, program = folder / "nothing.c", folder / "nothing"
    source.write_text("#include <errno.h>\n#include <sys/sem.h>\nint main(void) { return 0; }\n")
    try:
        return (run(*compiler, "-o", program, source).returncode == 0 and
                run(program).returncode == 0)
    except OSError:  # there is no such compiler, or the kernel does not run what it makes
        return False


def build(compiler, program):
    done = run(*compiler, *FLAGS, "-o", program, SOURCE / "tests/ipc/exchange.c",
               *sorted(LIBRARY.glob("*.c")))
    if done.returncode != 0:
        sys.exit(f"{' '.join(compiler)} does not compile the library:\n{done.stdout}")


def hand_over(sender, receiver):
    key = f"0x7702{secrets.randbelow(1 << 16):04x}"
    text = f"from {sender.name} to {receiver.name}"
    for done in (run(sender, "publish", key, text), run(receiver, "take", key)):
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
    compiler = [word for word in sys.argv[1:] if word != "--works"]
    with tempfile.TemporaryDirectory(prefix="vitrine-builds-") as name:
        folder = pathlib.Path(name)
        if not works(compiler, folder):
            skip(f"no program can be made and run here by {' '.join(compiler)}")
        if "--works" in sys.argv:
            return
        usual, other = folder / "usual", folder / "other"
        build([os.environ.get("CC", "cc")], usual)
        build(compiler, other)
        hand_over(usual, other)
        hand_over(other, usual)


if __name__ == "__main__":
    main()
