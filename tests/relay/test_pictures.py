#!/usr/bin/env python3
"""Pictures go from one key to another through a broker, and arrive unchanged."""
import signal
import time

import relaytest
from mqtt import Client
from relaytest import ASSETS, TOPIC, resident
from support import PATIENCE

PHOTO, DRAWING, GLASS = ASSETS / "lighthouse.jpg", ASSETS / "circles.webp", ASSETS / "glass.png"


class Pictures(relaytest.RelayTest):
    def setUp(self):
        super().setUp()
        self.url = self.broker().url()

    def pair(self, *options):
        return self.sender(self.url, *options), self.receiver(self.url)

    def as_png(self, path):
        """The PNG that a local receiver makes of the pixels."""
        self.send("--as-pixels", "--still", "-k", self.here, path)
        return self.take(self.here)[path.stem + ".png"]

    def test_pixels_are_the_same(self):
        sender, receiver = self.pair()
        for seq, path in enumerate((GLASS, *map(ASSETS.joinpath, ("moon.gif", "tiny.png",
                                                                        "owl.xpm"))), 1):
            expected = self.as_png(path)
            self.wait_event(receiver, "published", number=seq)
            self.assertEqual(self.take(), {path.stem + ".png": expected}, path.name)
            self.wait_event(sender, "sent", seq=seq, type="image/png")

    def test_video_is_converted(self):
        """A frame of a stream arrives as the PNG that a local receiver would make of it."""
        sender, receiver = self.pair()
        noise = self.random.randbytes(64 * 48 * 3 // 2)
        stream = self.file("a.y4m", content=b"YUV4MPEG2 W64 H48 F5:1 Ip C420jpeg\nFRAME\n" + noise)
        self.send("-k", self.here, "--stream", stream)
        event = self.wait_event(receiver, "published", number=1)
        self.assertEqual(event["type"], "image/png")
        (expected,) = self.take(self.here).values()
        self.assertEqual(list(self.take().values()), [expected])

    def test_files_are_the_same(self):
        files = [path for path in sorted(ASSETS.iterdir()) if path.is_file() and
                 path.suffix in (".jpg", ".png", ".webp", ".gif", ".txt", ".xpm")]
        files.append(self.file("any bytes.bin", 100_000))
        sender, receiver = self.pair()
        for seq, path in enumerate(files, 1):
            self.show("-m" if seq % 2 else "--checksum=xxh3", path)
            self.wait_event(receiver, "published", number=seq)
            self.assertEqual(self.take(), {path.name: path.read_bytes()})
        self.assertGreater(len(files), 10)

    def test_nothing_is_taken(self):
        sender, receiver = self.pair()
        self.show(PHOTO)
        self.wait_event(receiver, "published", number=1)
        status = self.status_of(self.here)
        self.assertEqual((status["full"]["value"], status["mirrors"]["value"],
                          status["consumers"]["value"]), (1, 1, 0))
        self.assertEqual(self.take(self.here), {PHOTO.name: PHOTO.read_bytes()})

    def test_jpeg(self):
        sender, receiver = self.pair("--quality", "80")
        self.show("--as-pixels", PHOTO)
        event = self.wait_event(receiver, "published", number=1)
        self.assertEqual((event["name"], event["type"]), ("lighthouse.jpg", "image/jpeg"))
        (picture,) = self.take().values()
        self.assertTrue(picture.startswith(b"\xff\xd8\xff"))
        self.assertLess(len(picture), PHOTO.stat().st_size)
        self.show("--as-pixels", GLASS)  # transparent, which JPEG cannot be
        self.wait_event(receiver, "published", name="glass.png", type="image/png")

    def test_who_comes_later(self):
        sender = self.sender(self.url)
        self.show(PHOTO)
        self.wait_event(sender, "sent", seq=1)
        receiver = self.receiver(self.url)
        event = self.wait_event(receiver, "published", number=1)
        self.assertEqual(event["kept"], "true")
        self.assertEqual(self.take(), {PHOTO.name: PHOTO.read_bytes()})

    def test_who_comes_when_the_sender_has_gone(self):
        sender = self.sender(self.url)
        self.show(PHOTO)
        self.wait_event(sender, "sent", seq=1)
        self.end(sender)
        receiver = self.receiver(self.url)
        self.wait_event(receiver, "published", number=1)
        self.wait_event(receiver, "channel", role="mirror")
        self.assertEqual(self.take(), {PHOTO.name: PHOTO.read_bytes()})

    def test_one_picture_for_many(self):
        sender = self.sender(self.url)
        keys = ["0x%08x" % (int(self.there, 16) ^ (i << 4)) for i in range(4)]
        receivers = [self.receiver(self.url, key=key) for key in keys]
        self.show(PHOTO)
        try:
            for receiver, key in zip(receivers, keys):
                self.wait_event(receiver, "published", number=1)
                self.assertEqual(self.take(key), {PHOTO.name: PHOTO.read_bytes()})
        finally:
            for receiver, key in zip(receivers, keys):
                self.end(receiver)
                self.clean(key)

    # ---- other clients -------------------------------------------------------------------------

    def test_mosquitto_pub(self):
        receiver = self.receiver(self.url)
        broker = self.brokers[0]
        self.publish(broker, PHOTO)
        event = self.wait_event(receiver, "published", seq=1)
        self.assertEqual((event["name"], event["type"]), ("7b.jpg", "image/jpeg"))
        self.publish(broker, PHOTO)  # the same picture again counts as a new one
        self.wait_event(receiver, "published", seq=2)
        self.publish(broker, GLASS, "-r", "-V", "mqttv5", "-D", "publish", "content-type",
                     "text/plain", "-D", "publish", "user-property", "name", "../../etc/x y.png")
        event = self.wait_event(receiver, "published", seq=3)
        self.assertEqual(event["type"], "image/png")
        self.assertNotIn("/", event["name"])
        self.assertEqual(sorted(map(len, self.take().values())),
                         sorted([PHOTO.stat().st_size] * 2 + [GLASS.stat().st_size]))

    def test_mosquitto_sub(self):
        sender = self.sender(self.url)
        self.show(PHOTO)
        self.wait_event(sender, "sent", seq=1)
        broker = self.brokers[0]
        saved = self.subscribe(broker, "-t", TOPIC, "-C", "1", "-N")
        self.assertEqual(saved, PHOTO.read_bytes())
        said = self.subscribe(broker, "-t", TOPIC, "-V", "mqttv5", "-C", "1", "-F",
                              "%C|%P").decode()
        self.assertRegex(said, r"^image/jpeg\|.*name:lighthouse.jpg")
        for name in ("sender", "sequence", "published", "checksum:xxh3"):
            self.assertIn(name + ":", said)
        word = self.subscribe(broker, "-t", TOPIC + "/status", "-C", "1")
        self.assertEqual(word, b"here\n")

    # ---- the newest wins -----------------------------------------------------------------------

    def test_stopped_receiver_gets_the_newest(self):
        """Pictures for which the network and the broker have no room are dropped; the newest still
        arrives."""
        sender, receiver = self.pair()
        receiver.send_signal(signal.SIGSTOP)
        for number in range(1, 16):
            path = self.file("%d.png" % number, content=GLASS.read_bytes() +
                             self.random.randbytes(3_000_000))
            self.show(path)
            self.wait_event(sender, "sent", seq=number)
        # Of 45 MB the broker keeps only the newest picture, and little more for the stopped
        # receiver.
        self.assertLess(resident(self.brokers[0].process), 30 << 20)
        receiver.send_signal(signal.SIGCONT)
        self.wait_event(receiver, "published", number=15)
        self.assertLess(len(self.events(receiver, "published")), 15)
        self.assertEqual(self.newest()["name"], "15.png")

    def test_what_comes_too_fast_is_skipped(self):
        """While one picture is in transit, newer ones replace each other here, and no queue builds
        up."""
        sender = self.sender(self.url)
        self.show(GLASS)
        self.wait_event(sender, "sent", seq=1)
        self.brokers[0].process.send_signal(signal.SIGSTOP)
        path = self.file("large.png", content=GLASS.read_bytes() + self.random.randbytes(20 << 20))
        for number in range(2, 13):
            self.show(path if number == 2 else GLASS)
        self.brokers[0].process.send_signal(signal.SIGCONT)
        self.wait_event(sender, "sent", seq=12)
        sent = self.events(sender, "sent")
        self.assertLessEqual(len(sent), 4)
        self.assertEqual(len(sent) + sum(int(event["skipped"]) for event in sent), 12)

    # ---- the channel ---------------------------------------------------------------------------

    def test_removed_channels(self):
        sender, receiver = self.pair()
        self.show(PHOTO)
        self.wait_event(receiver, "published", number=1)
        self.clean(self.there)
        self.wait_line(receiver, "reopened")
        self.wait_event(receiver, "published", number=1, kept="true")
        self.assertEqual(self.take(), {PHOTO.name: PHOTO.read_bytes()})
        self.clean(self.here)
        self.show(GLASS)
        self.wait_event(receiver, "published", number=2, name="glass.png")

    def test_larger_than_a_slot(self):
        sender = self.sender(self.url)
        receiver = self.receiver(self.url, "--slot-size", "100K")
        self.show(PHOTO)
        event = self.wait_event(receiver, "refused", name=PHOTO.name)
        self.assertIn("slot", event["reason"])
        self.show(GLASS if GLASS.stat().st_size < 100_000 else ASSETS / "tiny.png")
        self.wait_event(receiver, "published", number=2)

    def test_age(self):
        """The relays convert between the clocks of machines, which count from their own start."""
        before = time.time()
        sender = self.sender(self.url)
        self.show(PHOTO)
        self.wait_event(sender, "sent", seq=1)
        said = self.subscribe(self.brokers[0], "-t", TOPIC, "-V", "mqttv5", "-C", "1", "-F",
                              "%P").decode()
        published = int(said.partition("published:")[2].split()[0]) / 1000
        self.assertGreaterEqual(published, before - 0.1)
        self.assertLessEqual(published, time.time() + 0.1)

    def test_old_pictures(self):
        """A picture that the broker had kept has the age that its sender gives, even if this
        machine has not been up for so long; a picture that has just been sent is new, whatever
        time its sender gives."""
        age = 10 * 365 * 86400
        with Client(self.brokers[0].port) as client:
            then = str(int((time.time() - age) * 1000))
            client.publish(TOPIC, GLASS.read_bytes(), True, published=then)
            receiver = self.receiver(self.url)
            self.wait_event(receiver, "published", seq=1, kept="true")
            self.assertAlmostEqual(self.newest()["age_s"], age, delta=PATIENCE)
            client.publish(TOPIC, PHOTO.read_bytes(), published=then)
            self.wait_event(receiver, "published", seq=2, kept="false")
            self.assertLess(self.newest()["age_s"], PATIENCE)
        for published in ("1", str(2**63), str(2**64 - 1), "0"):  # wrong clocks
            with Client(self.brokers[0].port) as client:
                client.publish(TOPIC, GLASS.read_bytes() + published.encode(), True,
                               published=published)
            self.end(receiver)
            receiver = self.receiver(self.url)
            self.wait_event(receiver, "published", kept="true")
            self.assertGreaterEqual(self.newest()["age_s"], 0)


if __name__ == "__main__":
    relaytest.main()
