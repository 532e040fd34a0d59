#!/usr/bin/env python3
"""Any client may publish anything: if it is not a picture, the relay logs a line, the last good
picture stays, nothing crashes, and memory stays bounded."""
import hashlib
import pathlib
import struct
import sys
import threading
import time
import zlib

import relaytest
from mqtt import Client
from relaytest import ASSETS, LONG, TOPIC, resident
from support import Segment

PHOTO, GLASS = ASSETS / "lighthouse.jpg", ASSETS / "glass.png"
PAYLOADS = 5000 if LONG else 400


def png_of(width, height, data=b""):
    """A PNG file that announces width x height pixels."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)) \
        + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


class Hostile(relaytest.RelayTest):
    def setUp(self):
        super().setUp()
        # Here the broker must not drop anything, however fast it arrives.
        self.broker("listener PORT 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n"
                    "max_packet_size 268435455\n")
        self.relay = self.receiver(self.brokers[0].url())
        self.client = Client(self.brokers[0].port)
        self.addCleanup(self.client.__exit__)
        self.publish(self.brokers[0], PHOTO)
        self.wait_event(self.relay, "published", seq=1)
        self.good = self.newest()["sequence"]

    def refuses(self, payload, reason, **properties):
        before = len(self.events(self.relay, "refused"))
        self.client.publish(TOPIC, payload, **properties)
        self.assertTrue(relaytest.wait_for(
            lambda: len(self.events(self.relay, "refused")) > before), self.relay.log.read_text())
        self.assertRegex(self.events(self.relay, "refused")[-1]["reason"], reason)
        self.assertEqual(self.newest()["sequence"], self.good)

    def test_no_picture(self):
        self.refuses(b"hello", "not an image .text/plain")
        self.refuses(self.random.randbytes(100_000), "not an image")
        self.refuses(b"\0", "not an image")
        self.refuses(b"%PDF-1.7", "not an image", name="a.png", content_type="image/png")
        self.refuses(PHOTO.read_bytes()[1000:], "not an image", name="cut.jpg")

    def test_promises(self):
        self.refuses(png_of(60000, 60000), "60000 x 60000 pixels would need")
        self.refuses(png_of(2**31, 2**31), "declares|damaged|too early")
        self.refuses(png_of(2**32 - 1, 2**32 - 1), "declares|damaged|too early")
        self.refuses(GLASS.read_bytes()[:50_000], "incomplete: the file ends early")

    def test_damaged_on_the_way(self):
        picture = bytearray(GLASS.read_bytes())
        sums = {"md5": hashlib.md5(picture).hexdigest()}
        picture[len(picture) // 2] ^= 1
        for kind, digest in sums.items():
            self.refuses(bytes(picture), kind, checksum=kind + ":" + digest, sender="x", sequence=1,
                         name="a.png", content_type="image/png")

    def test_a_file_needs_all_properties(self):
        """A text passes if it came as a relay sends it: then it was in somebody's channel."""
        full = {"sender": "x", "sequence": 7, "name": "a.txt", "content_type": "text/plain"}
        for missing in full:
            self.refuses(b"hello", "not an image", **{k: v for k, v in full.items() if k != missing})
        self.client.publish(TOPIC, b"hello", **full)
        self.wait_event(self.relay, "published", name="a.txt")

    def test_names(self):
        names = ["../../../etc/passwd", "/etc/passwd", "..", ".", ".bashrc", "-rf", "a\u202egnp.exe",
                 "x" * 3000 + ".png", "", " ", "ä" * 500]
        for number, name in enumerate(names, 2):
            self.client.publish(TOPIC, GLASS.read_bytes() + bytes([number]), name=name)
            self.wait_event(self.relay, "published", seq=number)
        for name in self.take():
            self.assertFalse(name.startswith((".", "-")), name)
        for line in self.relay.log.read_text().splitlines():
            self.assertTrue(line.isprintable(), repr(line))

    def test_too_large(self):
        """The broker does not deliver messages above the requested size, so they use no memory
        here."""
        before = resident(self.relay)
        self.client.publish(TOPIC, GLASS.read_bytes() + bytes(255 << 20))
        self.client.publish(TOPIC, GLASS.read_bytes())
        self.wait_event(self.relay, "published", seq=2)
        self.assertLess(resident(self.relay), before + (16 << 20))

    def test_too_large_is_missed(self):
        """The sender announces the picture, so the receiver logs that it is missing."""
        properties = {"sender": "him", "sequence": 3, "bytes": 255 << 20}
        for _ in range(6):
            self.client.publish(TOPIC + "/status", b"here", **properties)
        event = self.wait_event(self.relay, "missing", number=3)
        self.assertIn("--max-size", event["reason"])
        self.assertEqual(len(self.events(self.relay, "missing")), 1)

    def damaged(self, samples):
        """Samples of pictures, some of them damaged."""
        kind = self.random.randrange(5)
        data = bytearray(self.random.choice(samples))
        if kind == 0:
            return self.random.randbytes(self.random.randrange(1, 2000))
        if kind == 1:
            return bytes(data[:self.random.randrange(1, len(data))])
        for _ in range(self.random.randrange(1, 30)):
            data[self.random.randrange(min(len(data), 300 if kind < 4 else len(data)))] = \
                self.random.randrange(256)
        return bytes(data)

    def judged(self):
        return len(self.events(self.relay, "refused")) + len(self.events(self.relay, "published"))

    def await_judgement(self, before):
        """Waits until most were checked; otherwise the next ones would replace them unseen."""
        end = time.monotonic() + 0.5
        while self.judged() == before and time.monotonic() < end:
            time.sleep(0.002)

    def test_fuzzed(self):
        samples = [path.read_bytes() for path in ASSETS.iterdir()
                   if path.is_file() and path.stat().st_size < 60_000]
        self.assertGreater(len(samples), 4)
        words = ["name", "sender", "sequence", "published", "checksum", "bytes", "x" * 200]
        values = ["", "0", "-1", "18446744073709551616", "1e9", "md5:", "xxh3:00", "md5:" + "0" * 32,
                  "xxh3:zzzzzzzzzzzzzzzz", ":", "\u202e", "%s%n", "a" * 5000, "7"]
        memory = None
        for number in range(PAYLOADS):
            properties = {self.random.choice(words): self.random.choice(values)
                          for _ in range(self.random.randrange(4))}
            topic = TOPIC if number % 8 else TOPIC + "/status"
            before = self.judged()
            self.client.publish(topic, self.damaged(samples), self.random.random() < 0.1,
                                content_type=self.random.choice((None, "image/png", "\u202e")),
                                **properties)
            if topic == TOPIC:
                self.await_judgement(before)
            if number == PAYLOADS // 4:
                memory = resident(self.relay)
        self.assertIsNone(self.relay.poll(), self.relay.errors.read_text())
        self.assertGreater(self.judged(), PAYLOADS // 2)
        self.client.publish(TOPIC, GLASS.read_bytes(), name="the last.png")
        self.wait_event(self.relay, "published", name="the last.png")
        self.assertLess(resident(self.relay), memory + (16 << 20))
        self.end(self.relay)


def ticks(process):
    """Its time on a processor, in hundredths of a second."""
    stat = pathlib.Path("/proc/%d/stat" % process.pid).read_text().rpartition(")")[2].split()
    return int(stat[11]) + int(stat[12])


class Restless(relaytest.RelayTest):
    """The newest image is overwritten before it is copied, by a fast camera or on purpose."""

    def test_the_sender_can_be_ended(self):
        image = self.file("large", size=40 << 20)
        self.send("-k", self.here, "--slots", "2", "--slot-size", "64M", image)
        newest, done = self.newest(self.here), threading.Event()
        with Segment(self.status_of(self.here)) as segment:
            at = segment.descriptor(newest["slot"], 0)

            def overwrite():
                for number in range(2, 1 << 40):
                    segment.write(at, number.to_bytes(8, sys.byteorder))
                    if done.wait(0.0001):
                        return

            thread = threading.Thread(target=overwrite)
            thread.start()
            try:
                relay = self.sender(self.broker().url())
                self.assertTrue(relaytest.wait_for(lambda: ticks(relay) > 30))  # it is at it
                self.end(relay)
            finally:
                done.set()
                thread.join()


if __name__ == "__main__":
    relaytest.main()
