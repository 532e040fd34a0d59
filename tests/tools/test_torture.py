"""The shell's and Python's ends of a channel under torture: `vitrine send`, `recv`, `status` and
`doctor`, `python -m vitrine send` and `recv`, a Python producer and a Python consumer, all at once,
killed with -9 at random moments, or stopped and continued within 50 ms. Every file whose
`published` line was printed arrives at least once; all that arrives is whole; and nothing else is
left behind, neither half a file nor an IPC object.

100 kills; with VITRINE_TEST_LONG=1, 1,500; or as many as the first argument says.
A build with sanitizers cannot be loaded into Python: there the shell's ends are alone.
"""
import hashlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

import support
from support import BUILD, LONG, PATIENCE, SANITIZED, VITRINE

KILLS = 1500 if LONG else 100  # of the programs that send or receive
HERE = pathlib.Path(__file__).resolve().parent
PYTHON = str(HERE.parents[1] / "python")
FILES = 20  # that one sender is given at once
STOP_SECONDS = 0.03


class End:
    """A program that is started again and again, and its maximum lifetime."""

    def __init__(self, name, arguments, longest, gets_files=False):
        self.name = name
        self.arguments = arguments
        self.longest = longest
        self.gets_files = gets_files
        self.files = []  # not known to be published
        self.log = self.errors = self.process = None
        self.killed = self.stopped = self.ended = 0


class Torture(support.ToolTest):
    def setUp(self):
        super().setUp()
        self.use_memory()
        self.environment.update(PYTHONPATH=PYTHON, VITRINE_LIBRARY=str(BUILD / "libvitrine.so"))
        self.ledger = self.folder / "ledger"
        self.ledger.touch()
        self.published = set()
        self.count = 0

    def ends(self):
        module = [sys.executable, "-m", "vitrine"]
        slower = 6 if SANITIZED else 1  # to start; most must get so far before they are killed
        yield End("send", [VITRINE, "send", "--checksum", "xxh3"], 0.1 * slower, True)
        yield End("recv", [VITRINE, "recv", "-m", "-o", self.inbox, "--follow"], 0.2 * slower)
        yield End("status", [VITRINE, "status", "--json"], 0.01)
        yield End("doctor", [VITRINE, "doctor"], 0.01)
        if SANITIZED:
            return
        yield End("python send", [*module, "send", "--md5"], 0.6, True)
        yield End("python recv", [*module, "recv", "-o", self.inbox], 0.8)
        yield End("python producer", [sys.executable, HERE / "end_producer.py"], 0.8)
        yield End("python consumer", [sys.executable, HERE / "end_consumer.py", self.ledger], 1)

    # ---- one end -------------------------------------------------------------------------------

    def new_file(self):
        """A file whose first 32 bytes are the checksum of the rest, so that a receiver can check
        it."""
        self.count += 1
        body = self.random.randbytes(self.random.choice((0, 1, 4000, 70000, 300000)))
        name = "%06d.bin" % self.count
        (self.folder / name).write_bytes(hashlib.sha256(body).digest() + body)
        return name

    def begin(self, end):
        arguments = list(map(os.fspath, end.arguments))
        if end.gets_files:
            end.files += [self.new_file() for _ in range(FILES - len(end.files))]
            arguments += end.files
        if end.name == "python producer":
            self.count += 1
            arguments.append("p%06d" % self.count)
        end.log = self.folder / ("%s.log" % end.name.replace(" ", "-"))
        end.errors = end.log.with_suffix(".err")
        with open(end.log, "wb") as log, open(end.errors, "wb") as errors:
            end.process = subprocess.Popen(arguments, env=self.environment, cwd=self.folder,
                                           stdout=log, stderr=errors)
        end.dies = time.monotonic() + self.random.random() * end.longest

    def bury(self, end):
        """Records what a dead program had achieved: each complete line in its log counts."""
        status, said = end.process.wait(), end.log.read_bytes()
        errors = end.errors.read_bytes()
        end.process = None
        if status == -signal.SIGKILL:
            end.killed += 1
        else:
            end.ended += 1
            self.assertIn(status, (0, 1), "%s: %s%s" % (end.name, said, errors))
            self.assertNotIn(b"Traceback", errors, end.name)
            if end.name == "status":
                json.loads(said)
        for name in re.findall(rb'^published .*?name="?([^"\s]+)"?.*\n', said, re.MULTILINE):
            self.published.add(name.decode())
            if name.decode() in end.files:
                end.files.remove(name.decode())
                (self.folder / name.decode()).unlink()

    def torment(self, end):
        if end.process.poll() is not None:
            self.bury(end)
        elif time.monotonic() >= end.dies:
            end.process.kill()
            self.bury(end)
        elif self.random.random() < 0.03:
            end.process.send_signal(signal.SIGSTOP)
            time.sleep(self.random.random() * STOP_SECONDS)
            end.process.send_signal(signal.SIGCONT)
            end.stopped += 1

    # ---- all of them ---------------------------------------------------------------------------

    def test_both_ends_of_shell_and_python(self):
        ends = list(self.ends())
        try:
            self.run_until_killed(ends)
        finally:
            for end in ends:
                if end.process:
                    end.process.kill()
                    self.bury(end)
        self.drain()
        arrived = self.arrived()
        self.assertEqual(self.published - arrived.keys(), set(), "published and lost")
        self.assertGreaterEqual(len(arrived), len(ends))
        for end in ends:
            print("%-16s %5d killed, %4d stopped, %5d came to their end" % (
                end.name, end.killed, end.stopped, end.ended))
        print("figures: %d kills, %d stops, %d published, %d arrived, 0 lost, 0 torn, 0 left" % (
            sum(end.killed for end in ends), sum(end.stopped for end in ends),
            len(self.published), sum(arrived.values())))

    def run_until_killed(self, ends):
        """Runs until enough programs were killed, and enough of each kind."""
        workers = [end for end in ends if end.longest > 0.05]
        progress, since = -1, time.monotonic()
        while sum(end.killed for end in workers) < KILLS or min(
                end.killed for end in workers) < 5 or len(self.published) < 100:
            for end in ends:
                if end.process:
                    self.torment(end)
                else:
                    self.begin(end)
            time.sleep(0.001)
            if progress != len(self.published):
                progress, since = len(self.published), time.monotonic()
            self.assertLess(time.monotonic() - since, PATIENCE, "nothing gets through any more")

    def drain(self):
        """Receives the waiting images; then the channel must be gone."""
        if self.ipc():
            waits = self.status().get("full", {"value": 0})["value"] > 0
            self.recv("-m", status=0 if waits else 1)

    def arrived(self):
        """How often each name arrived. Checks that every file is complete."""
        names = {}
        for line in self.ledger.read_text().splitlines():
            self.assertTrue(line.startswith("took name="), line)
            names.setdefault(line[10:], []).append("ledger")
        for path in self.inbox.iterdir():
            content = path.read_bytes()
            # A receiver killed between name and release gets the file once more: a.bin, a-2.bin.
            name = re.match(r"(\d{6}|p\d{6}-\d+)(-\d+)?\.bin$", path.name)
            self.assertTrue(name, "%s was left behind" % path.name)
            self.assertEqual(hashlib.sha256(content[32:]).digest(), content[:32], path.name)
            names.setdefault(name[1] + ".bin", []).append(path.name)
        return {name: len(where) for name, where in names.items()}


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1].isdigit():
        KILLS = int(sys.argv.pop(1))
    support.main()
