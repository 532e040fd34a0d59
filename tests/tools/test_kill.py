"""Files of 0 bytes to 100 MB while both ends are killed with -9 at random: every file whose
`published` line was printed arrives, byte for byte. 200 MB; with VITRINE_TEST_LONG=1, 2 GB."""
import hashlib
import os
import random
import re
import signal
import threading
import time

import support
from support import LONG

TOTAL = (2000 if LONG else 200) << 20
COUNT = 1000 if LONG else 100
LARGEST = 100 << 20
KILLS = 300 if LONG else 40  # of senders and of receivers, at least
KINDS = (0, 1, 4095, 4096, 4097, 65536, 1 << 20)


def sizes(rng):
    """COUNT sizes with a sum of TOTAL bytes; one of them is LARGEST."""
    left, chosen = TOTAL - LARGEST, [LARGEST]
    while len(chosen) < COUNT:
        most = max(1, 2 * left // (COUNT - len(chosen)))
        size = rng.choice(KINDS) if rng.random() < 0.3 else int(most * rng.random())
        chosen.append(min(size, left))
        left -= chosen[-1]
    rng.shuffle(chosen)
    return chosen


def lifetime(rng):
    """A lifetime in seconds: mostly short, for many kills; sometimes long enough for the largest
    file."""
    return rng.random() * rng.choice((0.01, 0.02, 0.05, 0.1, 1))


class Killing(support.ToolTest):
    def setUp(self):
        super().setUp()
        self.use_memory()
        self.done = threading.Event()
        self.killed = {"send": 0, "recv": 0}

    def make_files(self):
        noise = self.random.randbytes(1 << 20)
        files = {}
        for number, size in enumerate(sizes(self.random)):
            name = "%04d.bin" % number
            head = number.to_bytes(4, "big") if size >= 4 else b""
            with open(self.folder / name, "wb") as file:
                file.write(head)
                for at in range(len(head), size, len(noise)):
                    file.write(noise[:min(len(noise), size - at)])
            files[name] = size
        return files

    def kill_later(self, process, seconds):
        """True: it was killed; false: it ended by itself before that."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.done.is_set():
            if process.poll() is not None:
                return False
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True

    def keep_receiving(self):
        rng = random.Random(self.random.random())
        while not self.done.is_set():
            receiver = self.start("recv", "-m", "-o", self.inbox, "--follow")
            self.killed["recv"] += self.kill_later(receiver, lifetime(rng))

    def keep_sending(self, names):
        """Sends until there is a `published` line for each name."""
        missing = list(names)
        while missing:
            sender = self.start("send", "--checksum", "xxh3", *missing)
            self.killed["send"] += self.kill_later(sender, lifetime(self.random))
            printed = set(re.findall(r'^published .*name="([^"]+)".*\n', sender.log.read_text(),
                                     re.MULTILINE))
            missing = [name for name in missing if name not in printed]

    def test_every_published_file_arrives(self):
        files = self.make_files()
        while min(self.killed.values()) < KILLS:
            self.round(files)
        print("figures: %(send)d senders and %(recv)d receivers killed, 0 files lost" % self.killed)

    def round(self, files):
        self.done.clear()
        receiver = threading.Thread(target=self.keep_receiving)
        receiver.start()
        try:
            self.keep_sending(files)
        finally:
            self.done.set()
            receiver.join()
        waits = bool(self.ipc()) and self.status()["full"]["value"] > 0
        self.recv("-m", status=0 if waits else 1)
        self.check_arrived(files)

    def check_arrived(self, files):
        expected = {name: digest(self.folder / name) for name in files}
        for path in self.inbox.iterdir():
            # A receiver killed between rename and release gets the file once more: a.bin, a-2.bin.
            name = re.sub(r"-\d+\.bin$", ".bin", path.name)
            self.assertIn(name, expected, "left behind")
            self.assertEqual(digest(path), expected[name], path.name)
        self.assertEqual(expected.keys() - set(os.listdir(self.inbox)), set())
        for path in self.inbox.iterdir():
            path.unlink()


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha1").digest()


if __name__ == "__main__":
    support.main()
