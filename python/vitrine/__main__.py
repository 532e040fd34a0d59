"""python -m vitrine send|recv|show|status: use a channel from the shell.

The log on standard output has one line per event; errors are written as `vitrine: what: why` to
standard error. Exit status: 0 success, 1 failure, 2 wrong usage.
"""
from __future__ import annotations

import argparse
import dataclasses
import json
import math
import os
import sys
from typing import Any, Optional

import vitrine

from . import _receive
from ._handle import key_of
from ._library import SLOTS_MAX, SLOTS_MIN
from ._show import show_published
from ._status import process_name

KEY_HELP = "a name or a number (default: $VITRINE_KEY, ./shared_memory.key, then a key of your own)"


def quoted(text: str) -> str:
    """A text in an event's line: quoted, always one line."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + printable(escaped) + '"'


def printable(text: object) -> str:
    """A text that is safe for a terminal: control characters become \\xNN."""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in str(text))


def say(event: str, **fields: Any) -> None:
    words = [f"{key}={quoted(value) if isinstance(value, str) else value}"
             for key, value in fields.items()]
    print(event, *words, flush=True)


def complain(what: str, why: object) -> None:
    print(f"vitrine: {printable(what)}: {printable(why)}", file=sys.stderr, flush=True)


def reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) and error.errno \
        else str(error)


# ---- send ----------------------------------------------------------------------------------------

def send(options: argparse.Namespace) -> int:
    failed = 0
    with vitrine.Producer(options.key, slots=options.slots, slot_size=options.slot_size,
                          when_full=options.when_full, timeout=options.timeout,
                          any_owner=options.any_owner) as producer:
        for path in options.file:
            try:
                send_one(producer, path, options)
            except (vitrine.Removed, vitrine.Timeout, vitrine.Full) as error:
                complain(path, error)
                return 1
            except (vitrine.Error, OSError, ValueError) as error:
                complain(path, reason(error))
                failed = 1
    return failed


def send_one(producer: vitrine.Producer, path: str, options: argparse.Namespace) -> None:
    name = "stdin" if path == "-" else os.path.basename(path)
    more = {"name": options.name or name, "md5": options.md5}
    if options.as_pixels:
        what: Any = sys.stdin.buffer.read() if path == "-" else path
        sequence = producer.publish(what, **more)
    elif path == "-":
        sequence = producer.publish_file(sys.stdin.buffer, **more)
    else:
        sequence = producer.publish_file(path, **more)
    say("published", seq=sequence, name=more["name"])


# ---- recv ----------------------------------------------------------------------------------------

def recv(options: argparse.Namespace) -> int:
    count = math.inf if options.count is None else options.count
    failed = 0
    with vitrine.Consumer(options.key, slots=options.slots, slot_size=options.slot_size,
                          timeout=options.timeout) as consumer:
        while count > 0:
            # Release only when the file has its final name: a kill in between loses nothing.
            with consumer.take() as image:
                count -= 1
                if options.output == "-":
                    private = image.copy()  # what is checked is what is written
                    _receive.check(private)
                    sys.stdout.buffer.write(_receive.content(private))
                    sys.stdout.flush()
                    continue
                try:
                    path = _receive.save(image, options.output)
                except (vitrine.Damaged, ValueError) as error:
                    complain(image.name, error)
                    failed = 1
                    continue
            say("received", seq=image.sequence, path=path, bytes=image.info.size)
    return failed


# ---- show ----------------------------------------------------------------------------------------

def show(options: argparse.Namespace) -> int:
    failed = 0
    for path in options.file:
        try:
            show_one(path, options)
        except (vitrine.NoWindow, vitrine.Removed, vitrine.Timeout) as error:
            complain(path, error)
            return 1
        except (vitrine.Error, OSError, ValueError, ImportError) as error:
            complain(path, reason(error))
            failed = 1
    return failed


def show_one(path: str, options: argparse.Namespace) -> None:
    what: Any = sys.stdin.buffer.read() if path == "-" else path
    name = options.name or ("stdin" if path == "-" else os.path.basename(path))

    def publish(producer: vitrine.Producer) -> int:
        # The window that was opened for the first image takes the others: nothing is dropped.
        return producer.publish(what, name, vmin=options.vmin, vmax=options.vmax,
                                normalize=options.normalize, when_full="wait",
                                timeout=options.timeout)
    sequence = show_published(publish, options.window, options.key, True)
    say("published", seq=sequence, name=name)


# ---- status --------------------------------------------------------------------------------------

def show_status(options: argparse.Namespace) -> int:
    status = vitrine.status(options.key)
    if options.json:
        print(json.dumps(dataclasses.asdict(status)))
        return 0
    print(f"channel {printable(status.key_text)}: key 0x{status.key:08x}, set {status.semid}, "
          f"segment {status.shmid}, uid {status.owner_uid}, mode {status.mode:04o}")
    print(f"{len(status.slots)} slots of {status.slot_size / 2**20:g} MiB, "
          f"{status.resident / 2**20:.1f} MiB of memory used, {status.attached} attached"
          + (", removed: disappears with the last program" if status.segment_removed else ""))
    for name in ("producers", "consumers", "mirrors", "mutex", "empty", "full"):
        semaphore = getattr(status, name)
        asleep = f", {semaphore.waiting} asleep" if semaphore.waiting else ""
        print(f"  {name:<10} {semaphore.value}{asleep}")
    for i, slot in enumerate(status.slots):
        words = [slot.state + (" (latest)" if slot.latest else "")]
        if slot.holder:
            words.append(f"by {printable(process_name(slot.holder) or 'a process that is gone')} "
                         f"({slot.holder})")
        if slot.image:
            words.append(f"{slot.image.sequence} {quoted(slot.image.name)}, {slot.image.size} "
                         f"bytes, {slot.image.age:.1f} s old")
        print(f"  slot {i}: " + ", ".join(words))
    return 0


# ---- the command line ----------------------------------------------------------------------------

def size(text: str) -> int:
    """Converts "64M", "1.5G" or "4096" to bytes."""
    for unit, factor in (("K", 10), ("M", 20), ("G", 30)):
        head, found, tail = text.upper().partition(unit)
        if found and tail in ("", "B", "IB"):
            return int(float(head) * (1 << factor))
    return int(text)


def seconds(text: str) -> float:
    value = float(text)
    if not value >= 0:
        raise ValueError
    return value


def key(text: str) -> str:
    """Parses --key; wrong usage is reported before anything is opened."""
    try:
        key_of(text)
    except vitrine.BadKey as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def slots(text: str) -> int:
    if not SLOTS_MIN <= int(text) <= SLOTS_MAX:
        raise argparse.ArgumentTypeError(f"a channel has {SLOTS_MIN} to {SLOTS_MAX} slots")
    return int(text)


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m vitrine", description=__doc__.split("\n")[0])
    parser.add_argument("-V", "--version", action="version", version=vitrine.__version__)
    commands = parser.add_subparsers(metavar="send|recv|show|status", required=True)

    def command(name: str, function: Any, help: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help, description=help)
        made.set_defaults(run=function, command=name)
        made.add_argument("-k", "--key", type=key, metavar="KEY", help=KEY_HELP)
        return made

    def channel_options(made: argparse.ArgumentParser) -> None:
        made.add_argument("--slots", type=slots, default=0, metavar="N",
                          help="for a new channel")
        made.add_argument("--slot-size", type=size, default=0, metavar="SIZE",
                          help="for a new channel: 64M, 1G …")
        made.add_argument("--timeout", type=seconds, metavar="S", help="give up after S seconds")

    made = command("send", send, "publish each file's own bytes; - is standard input")
    channel_options(made)
    made.add_argument("file", nargs="+", metavar="FILE|-")
    made.add_argument("--as-pixels", action="store_true", help="decode image files first (Pillow)")
    made.add_argument("--name", help="instead of the file's own")
    made.add_argument("-m", "--md5", action="store_true", help="send a checksum along")
    made.add_argument("--any-owner", action="store_true",
                      help="allow publishing in another user's channel")
    made.add_argument("--when-full", choices=("wait", "drop-oldest", "fail"), default="wait")
    made = command("recv", recv, "write each image to a file: files as they are, pixels as PNG")
    channel_options(made)
    made.add_argument("-o", "--output", default=".", metavar="DIR|-",
                      help="where to; - is standard output")
    made.add_argument("-n", "--count", type=int, metavar="COUNT", help="end after COUNT images")
    made = command("show", show, "show images and NumPy's .npy files in a window, which opens if "
                   "there is none and stays when this program ends; - is standard input")
    made.add_argument("file", nargs="+", metavar="FILE|-")
    made.add_argument("--name", help="instead of the file's own")
    made.add_argument("--window", metavar="NAME", help="a window of this name, and its channel")
    made.add_argument("--vmin", type=float, metavar="V", help="the value that becomes black")
    made.add_argument("--vmax", type=float, metavar="V", help="the value that becomes white")
    made.add_argument("--normalize", action="store_true",
                      help="the least value becomes black, the greatest white")
    made.add_argument("--timeout", type=seconds, metavar="S", default=30.0,
                      help="give up if the window takes no image for S seconds (30)")
    made = command("status", show_status, "show what is in the channel and who is using it")
    made.add_argument("--json", action="store_true", help="one JSON object")
    return parser


def main(arguments: Optional[list[str]] = None) -> int:
    parser = make_parser()
    options = parser.parse_args(arguments)
    if options.command == "show" and options.normalize and (
            options.vmin is not None or options.vmax is not None):
        parser.error("give either --normalize or --vmin and --vmax")
    try:
        return int(options.run(options))
    except (vitrine.Error, ValueError) as error:
        complain(options.command, error)
    except BrokenPipeError:
        sys.stderr.close()
    except OSError as error:
        complain(error.filename or "system", error.strerror or error)
    except KeyboardInterrupt:
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main())
