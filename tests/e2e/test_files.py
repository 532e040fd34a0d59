#!/usr/bin/env python3
"""Files that are not images, image files sent as bytes, checksums, and taking images one by one."""
import hashlib

import stage
from segment import flip

SLOT = 1 << 20
TEXT = "Vitrine: ein Schaukasten. Βιτρίνα, витрина, 陳列窓.\n" + "".join(
    "line %d\twith a tab, and some more words than fit into the width of a small window\n" % i
    for i in range(200))


class Files(stage.Stage):
    def file(self, name, content):
        path = self.images / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def pair(self, *paths, producer=(), consumer=()):
        """Both windows, with these files in the tray; the first one is chosen."""
        inbox = self.images / "inbox"
        inbox.mkdir(exist_ok=True)
        first = self.producer("--slot-size", str(SLOT), *producer, *paths)
        second = self.consumer(*consumer, cwd=inbox)
        first.wait_all("loaded", "path", paths)
        first.key("Home")
        return first, second, inbox

    def look_of(self, program):
        return program.screenshot().crop(0, 0, 600, 400).data

    def wait_other_look(self, program, before):
        self.assertTrue(stage.wait_for(lambda: self.look_of(program) != before))
        return self.look_of(program)

    # ---- files and text --------------------------------------------------------------------------

    def test_dropped_file_is_saved_byte_for_byte(self):
        content = self.random.randbytes(100000)
        path = self.file("data.bin", content)
        producer, consumer, inbox = self.pair()
        self.desktop.settle()
        empty = self.look_of(consumer)
        self.drop(producer, path)
        producer.wait("loaded", path=path, type="application/octet-stream", bytes=100000)
        producer.key("space")
        producer.wait("published", name="data.bin", bytes=100000)
        consumer.wait("shown", name="data.bin", **{"as": "card"})
        self.wait_other_look(consumer, empty)
        (inbox / "data.bin").write_text("mine")
        for name in ("data-2.bin", "data-3.bin"):
            consumer.key("s")
            consumer.wait("saved", path=inbox / name)
            self.assertEqual((inbox / name).read_bytes(), content)
        self.assertEqual((inbox / "data.bin").read_text(), "mine")

    def test_empty_file(self):
        producer, consumer, inbox = self.pair(self.file("nothing.dat", b""))
        producer.key("space")
        consumer.wait("shown", name="nothing.dat")
        consumer.key("s")
        consumer.wait("saved", path=inbox / "nothing.dat")
        self.assertEqual((inbox / "nothing.dat").read_bytes(), b"")

    def test_text_is_shown_and_scrolled(self):
        producer, consumer, inbox = self.pair(self.file("story.txt", TEXT))
        producer.key("space")
        consumer.wait("shown", name="story.txt", type="text/plain", **{"as": "text"})
        self.desktop.settle()
        looks = [self.look_of(consumer)]
        for keys in (("Down",), ("Next", "Next"), ("ctrl+End",)):
            consumer.key(*keys)
            self.desktop.settle()
            looks.append(self.look_of(consumer))
        self.assertEqual(len(set(looks)), len(looks))
        consumer.key("ctrl+Home")
        self.assertTrue(stage.wait_for(lambda: self.look_of(consumer) == looks[0]))
        consumer.key("s")
        consumer.wait("saved", path=inbox / "story.txt")
        self.assertEqual((inbox / "story.txt").read_text(), TEXT)

    def test_bytes_of_an_image(self):
        """B: the consumer decodes the file, shows its pixels, and saves the file unchanged."""
        path, picture = self.image("photo.png")
        producer, consumer, inbox = self.pair(path)
        producer.key("b")
        producer.wait("published", name="photo.png", type="image/png")
        consumer.wait("shown", name="photo.png", type="image/png", width=picture.width)
        consumer.wait_shows(picture)
        consumer.key("s")
        consumer.wait("saved", path=inbox / "photo.png")
        self.assertEqual((inbox / "photo.png").read_bytes(), path.read_bytes())

    def test_damaged_image_file_is_a_card(self):
        whole, _ = self.image("whole.png")
        path, picture = self.image("later.png")
        producer, consumer, inbox = self.pair(whole, path)
        whole.write_bytes(whole.read_bytes()[:30])  # within its header
        producer.key("b")
        consumer.wait("shown", name="whole.png", **{"as": "card"})
        producer.key("End", "space")
        consumer.wait_shows(picture)

    def test_file_larger_than_a_slot(self):
        big = self.file("big.bin", self.random.randbytes(SLOT + 1))
        producer, consumer, _ = self.pair(big, self.file("small.txt", "small\n"))
        producer.key("space")
        producer.wait_said("big.bin", "1 MiB", str(SLOT + 1), "--slot-size")
        producer.key("End", "space")
        consumer.wait("shown", seq=1, name="small.txt")

    def test_looking_back_over_files(self):
        image, picture = self.image("1.png")
        producer, consumer, _ = self.pair(image, self.file("2.txt", TEXT),
                                          self.file("3.bin", b"\0\1\2"))
        producer.key("a")
        consumer.wait("shown", seq=3)
        self.desktop.settle()
        card = self.look_of(consumer)
        consumer.key("Left")
        self.wait_other_look(consumer, card)
        consumer.key("Left")
        consumer.wait_shows(picture)
        consumer.key("End")
        self.assertTrue(stage.wait_for(lambda: self.look_of(consumer) == card))

    # ---- checksums -------------------------------------------------------------------------------

    def test_checksums_are_right(self):
        image, picture = self.image("1.png", (60, 40))
        text = self.file("2.txt", TEXT)
        producer, consumer, _ = self.pair(image, text, producer=["-m"], consumer=["-m"])
        producer.key("Home", "a")
        consumer.wait("shown", seq=1, md5="ok")
        consumer.wait("shown", seq=2, md5="ok")
        self.assertEqual(producer.wait("published", seq=2)["md5"],
                         hashlib.md5(text.read_bytes()).hexdigest())

    def test_sides_need_not_agree(self):
        producer, consumer, _ = self.pair(self.file("1.txt", TEXT),
                                          producer=["--checksum", "xxh3"], consumer=["-m"])
        careless = self.consumer("--mirror", place=(0, 300))
        producer.key("space")
        consumer.wait("shown", seq=1, xxh3="ok")
        self.assertNotIn("xxh3", careless.wait("shown", seq=1))

    def test_flipped_byte_is_refused(self):
        content = self.random.randbytes(5000)
        good, picture = self.image("good.png", (60, 40))
        producer, consumer, _ = self.pair(self.file("bad.bin", content), good,
                                          producer=["-m"], consumer=["-m", "--manual"])
        channel = next(producer.events("channel"))
        producer.key("space", "End", "space")
        producer.wait("published", seq=2)
        size = int(channel["slots"]) * SLOT
        flip(int(channel["shmid"]), size, content)
        consumer.key("Return")
        consumer.wait("refused", seq=1, name="bad.bin")
        consumer.wait("shown", seq=2, md5="ok")
        consumer.wait_said("bad.bin", hashlib.md5(content).hexdigest())
        self.assertEqual(len(list(consumer.events("shown"))), 1)
        consumer.close(status=1)

    # ---- one by one ------------------------------------------------------------------------------

    def test_manual(self):
        images = [self.image("%d.png" % i) for i in (1, 2, 3)]
        producer, consumer, _ = self.pair(*(path for path, _ in images), consumer=["--manual"])
        producer.key("a")
        producer.wait("published", seq=3)
        for seq, (_, picture) in enumerate(images[:2], 1):
            consumer.key("Return")
            consumer.wait("shown", seq=seq)
            consumer.wait_shows(picture)
        _, _, width, height = self.desktop.geometry(consumer.window)
        self.desktop.click(consumer.window, width // 2, height - 54 - 24 - 20)
        consumer.wait("shown", seq=3)
        # There is no image: the window still reacts while it waits for the one that was requested.
        consumer.key("Return", "i", "i")
        producer.key("Home", "space", "space")
        consumer.wait("shown", seq=4)
        producer.wait("published", seq=5)
        consumer.key("Left", "End")
        self.assertEqual(len(list(consumer.events("shown"))), 4, "it took more than was asked for")
        consumer.key("Return")
        consumer.wait("shown", seq=5)


if __name__ == "__main__":
    stage.main()
