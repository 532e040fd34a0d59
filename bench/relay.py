#!/usr/bin/env python3
"""Measures a class on one machine: relay.py BUILD (script/bench relay calls it).

Runs a broker, one sending relay, and 30 receiving ones, each with its own channel, and sends a
photograph of 2 MB per second for a minute. Reports how long it takes until all 30 have each picture
in their channels, the cost per receiver, and the maximum memory of each process. --write FILE puts
the table into FILE between its marks. Everything stays on the loopback interface.
"""
import argparse
import os
import pathlib
import random
import re
import secrets
import selectors
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import machine

SOURCE = pathlib.Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- figures: begin -->\n", "<!-- figures: end -->\n"
PATIENCE = 30
GOAL_SECONDS, GOAL_BYTES = 2.0, 100e6


def broker_program():
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


def peak(pid):
    """The maximum memory of a process in bytes."""
    text = pathlib.Path("/proc/%d/status" % pid).read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", text)[1]) << 10


class Class:
    """The broker, the sender and the receivers; a context manager."""

    def __init__(self, build, folder, receivers):
        self.build, self.folder, self.count = build, folder, receivers
        self.processes = []
        base = 0x77030000 | secrets.randbelow(1 << 16) & ~0x3f
        self.keys = ["0x%08x" % (base + i) for i in range(receivers + 1)]

    def start(self, *words, **more):
        process = subprocess.Popen(list(map(str, words)), stdin=subprocess.DEVNULL, **more)
        self.processes.append(process)
        return process

    def __enter__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        # Like docs/relay/classroom.conf, but without passwords.
        text = (SOURCE / "docs/relay/classroom.conf").read_text()
        text = re.sub(r"(?m)^(password_file|acl_file) .*$", "", text)
        text = re.sub(r"(?m)^listener .*$", "listener %d 127.0.0.1" % self.port, text)
        (self.folder / "mosquitto.conf").write_text(text + "\nuser root\nlog_dest none\n")
        self.broker = self.start(broker_program(), "-c", self.folder / "mosquitto.conf",
                                 stderr=subprocess.DEVNULL)
        self._wait_for_broker()
        url = "mqtt://127.0.0.1:%d/class/7b" % self.port
        self.selector = selectors.DefaultSelector()
        self.receivers = [self._relay("--from", url, i + 1) for i in range(self.count)]
        self.sender = self._relay("--to", url, 0)
        for relay in self.receivers + [self.sender]:
            while not relay.is_connected:
                self.listen(PATIENCE)
        return self

    def _wait_for_broker(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.01)
        raise SystemExit("bench: mosquitto does not start")

    def _relay(self, direction, url, number):
        relay = self.start(self.build / "vitrine", "relay", direction, url, "-k",
                           self.keys[number], stdout=subprocess.PIPE)
        relay.is_connected, relay.rest, relay.arrived = False, b"", {}
        os.set_blocking(relay.stdout.fileno(), False)
        self.selector.register(relay.stdout, selectors.EVENT_READ, relay)
        return relay

    def listen(self, seconds):
        """Reads the logs of the relays, and records when pictures arrived."""
        end = time.monotonic() + seconds
        found = False
        while not found and (left := end - time.monotonic()) > 0:
            for key, _ in self.selector.select(left):
                relay, now = key.data, time.monotonic()
                got = key.fileobj.read()
                if not got:
                    raise SystemExit("bench: a relay has ended")
                *lines, relay.rest = (relay.rest + got).split(b"\n")
                for line in lines:
                    found = True
                    if line.startswith(b"connected "):
                        relay.is_connected = True
                    elif line.startswith(b"published "):
                        relay.arrived[line.split(b'name="')[1].split(b'"')[0].decode()] = now

    def show(self, path):
        """Publishes a file in the sender's channel. Returns the time at which that began."""
        now = time.monotonic()
        subprocess.run([self.build / "vitrine", "send", "-k", self.keys[0], "--when-full",
                        "drop-oldest", path], check=True, stdout=subprocess.DEVNULL)
        return now

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
        for process in reversed(self.processes):
            process.wait(PATIENCE)
        for key in self.keys:
            subprocess.run([self.build / "vitrine", "clean", "-k", key, "--force"],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def photograph(folder, number, size):
    """A JPEG file of `size` bytes: a photograph, and noise after its end."""
    path = folder / ("%d.jpg" % number)
    picture = (SOURCE / "assets/lighthouse.jpg").read_bytes()
    path.write_bytes(picture + random.Random(number).randbytes(size - len(picture)))
    return path


def run(room, pictures, size):
    """[seconds until each receiver had it], a list for each picture."""
    shown = {}
    start = time.monotonic()
    for number in range(pictures):
        path = photograph(room.folder, number, size)
        shown[path.name] = room.show(path)
        path.unlink()
        while (left := start + number + 1 - time.monotonic()) > 0:
            room.listen(left)
    end = time.monotonic() + PATIENCE
    last = "%d.jpg" % (pictures - 1)
    while time.monotonic() < end and any(last not in relay.arrived for relay in room.receivers):
        room.listen(0.1)
    return [[relay.arrived[name] - begun for relay in room.receivers if name in relay.arrived]
            for name, begun in shown.items()]


def table(room, times, arguments, cpu):
    """The figures as Markdown, and whether the goals were met."""
    complete = [each for each in times if len(each) == room.count]
    worst = sorted(max(each) for each in times if each)
    all_of = sorted(seconds for each in times for seconds in each)
    pictures = len(times)
    memory = {"broker": peak(room.broker.pid), "sending relay": peak(room.sender.pid),
              "receiving relay, the largest": max(peak(one.pid) for one in room.receivers)}
    per_receiver = sum(cpu[one.pid] for one in room.receivers) / room.count / pictures
    rows = [
        ("pictures that all %d have, of %d" % (room.count, pictures), str(len(complete)),
         str(pictures)),
        ("until one has it: median", "%.0f ms" % (statistics.median(all_of) * 1e3), ""),
        ("until all have it: median", "%.0f ms" % (statistics.median(worst) * 1e3), ""),
        ("until all have it: slowest picture", "%.0f ms" % (worst[-1] * 1e3),
         "%.0f ms" % (GOAL_SECONDS * 1e3)),
    ]
    rows += [("memory of the " + name, "%.0f MB" % (size / 1e6), "%.0f MB" % (GOAL_BYTES / 1e6))
             for name, size in memory.items()]
    rows += [
        ("processor: broker, per picture and receiver",
         "%.2f ms" % (cpu[room.broker.pid] / pictures / room.count * 1e3), ""),
        ("processor: receiving relay, per picture", "%.2f ms" % (per_receiver * 1e3), ""),
        ("processor: sending relay, per picture",
         "%.2f ms" % (cpu[room.sender.pid] / pictures * 1e3), ""),
    ]
    text = "| %d receivers, %.1f MB a second, %d s | measured | at most |\n|---|---:|---:|\n" % (
        room.count, arguments.size / 1e6, pictures)
    text += "".join("| %s | %s | %s |\n" % row for row in rows)
    is_met = len(complete) == pictures and worst[-1] <= GOAL_SECONDS and \
        max(memory.values()) <= GOAL_BYTES
    return text, is_met


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--receivers", type=int, default=30)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--size", type=int, default=2_000_000, help="bytes of a picture")
    parser.add_argument("--write", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--quick", action="store_const", const=10, dest="seconds",
                        help="ten seconds")
    arguments = parser.parse_args()
    if broker_program() is None or not (arguments.build / "vitrine-relay").exists():
        raise SystemExit("bench: this needs mosquitto, and a build with libmosquitto "
                         "(script/bootstrap test)")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="vitrine-bench-") as folder, \
            Class(arguments.build.resolve(), pathlib.Path(folder), arguments.receivers) as room:
        times = run(room, arguments.seconds, arguments.size)
        cpu = {process.pid: machine.cpu_seconds(process.pid) for process in room.processes}
        text, is_met = table(room, times, arguments, cpu)
    head = "Measured on %s; load average before it: %.2f%s.\n\n%s\n\n" % (
        time.strftime("%Y-%m-%d"), load,
        "; at priority %d" % os.getpriority(os.PRIO_PROCESS, 0)
        if os.getpriority(os.PRIO_PROCESS, 0) else "",
        "\n".join("- " + line for line in machine.describe()))
    print(head + text, end="")
    if arguments.write:
        page = arguments.write.read_text()
        before, begin, rest = page.partition(BEGIN)
        _, end, after = rest.partition(END)
        if not begin or not end:
            raise SystemExit("bench: %s: the marks of the figures are not there" % arguments.write)
        arguments.write.write_text(before + begin + "\n" + head + text + "\n" + end + after)
    if not is_met:
        print("bench: a goal was missed", file=sys.stderr)


if __name__ == "__main__":
    main()
