#!/usr/bin/env python3
"""Sources of the producer's images other than drops: arguments, folders, choosers, the mouse."""
import contextlib
import os
import threading
import time

import stage
from picture import Picture


class Sources(stage.Stage):
    def test_published_from_the_command_line(self):
        images = [self.image("%d.png" % i) for i in (1, 2)]
        consumer = self.consumer()
        self.producer("--publish", *(path for path, _ in images))
        names = [consumer.wait("shown", seq=seq)["name"] for seq in (1, 2)]
        self.assertEqual(names, ["1.png", "2.png"])
        consumer.wait_shows(images[1][1])

    def test_gallery(self):
        producer = self.producer()
        producer.key("g", "Return")  # the first of them, by name
        first = producer.wait("loaded")["name"]
        producer.key("End", "Return")
        self.assertEqual(producer.wait("loaded")["name"], "vitrine.txt")
        producer.key("Home", "Right", "Escape", "g", "Right", "Return")
        third = producer.wait("loaded")["name"]
        self.assertNotEqual(third, first)
        self.assertEqual(len(list(producer.events("loaded"))), 3, "not only what was chosen")
        producer.key("a")
        everything = {path.name for path in (stage.SOURCE / "assets").iterdir() if path.suffix in
                      (".png", ".jpg", ".webp", ".gif", ".xpm", ".txt")}
        producer.wait_all("loaded", "name", everything)
        self.assertFalse(producer.said())

    def test_gallery_by_mouse(self):
        producer = self.producer()
        producer.key("g")
        self.desktop.click(producer.window, 310, 240)  # one of the cells
        producer.wait("loaded", tray=1)

    def choosers(self, **scripts):
        """A PATH with only these programs."""
        folder = self.images / "programs"
        folder.mkdir()
        for name, text in scripts.items():
            (folder / name).write_text("#!/bin/sh\n" + text)
            (folder / name).chmod(0o755)
        return {"PATH": str(folder)}

    def test_file_chooser(self):
        paths = [self.image(name)[0] for name in ("a b.png", "ü.png")]
        producer = self.producer(environment=self.choosers(
            zenity="echo '%s//%s'\n" % tuple(paths)))
        producer.key("o")
        producer.wait_all("loaded", "path", paths)

    def test_file_chooser_stays_open(self):
        """While the dialog is open, the window still reacts; closing the window closes the dialog,
        too."""
        path, picture = self.image("one.png")
        pipe = self.images / "pipe"
        os.mkfifo(pipe)
        producer = self.producer(path, environment=self.choosers(
            kdialog="echo $$ >'%s'\nread line <'%s'\n" % (pipe, pipe)))
        producer.wait("loaded")
        producer.key("o")
        pid = int(pipe.read_text())
        producer.key("space")
        producer.wait("published")
        producer.wait_shows(picture)
        producer.close()
        self.assertFalse(os.path.exists("/proc/%d" % pid))
        self.consumer().wait("shown")

    def test_no_file_chooser(self):
        producer = self.producer(environment=self.choosers())
        producer.key("o")
        producer.wait_said("zenity", "kdialog")
        self.assertTrue(producer.running)

    def test_watched_folder(self):
        folder = self.images / "watched"
        folder.mkdir()
        producer, consumer = self.producer("--watch", folder), self.consumer()
        producer.wait("watch", there="true")
        _, picture = self.image("new.png", folder=folder)
        consumer.wait("shown", name="new.png")
        consumer.wait_shows(picture)
        path, _ = self.image("elsewhere.png")
        path.rename(folder / "moved in.png")
        consumer.wait("shown", name="moved in.png")
        _, changed = self.image("new.png", folder=folder)
        consumer.wait("shown", name="new.png")
        consumer.wait_shows(changed)

    def test_watched_folder_with_links_and_folders(self):
        folder = self.images / "watched"
        folder.mkdir()
        producer, consumer = self.producer("--watch", folder), self.consumer()
        producer.wait("watch", there="true")
        path, picture = self.image("elsewhere.png")
        os.link(path, folder / "hard.png")
        consumer.wait("shown", name="hard.png")
        os.symlink(path, folder / "soft.png")
        consumer.wait("shown", name="soft.png")
        self.image("one.png", folder=folder / "sub/deep")
        consumer.wait("shown", name="one.png")
        _, picture = self.image("two.png", folder=folder / "sub/deep")
        consumer.wait("shown", name="two.png")
        consumer.wait_shows(picture)

    @contextlib.contextmanager
    def being_written(self, path):
        """Keeps the file's time up to date, as if a program were still writing to it."""
        done = threading.Event()

        def touch():
            while not done.wait(0.05):
                os.utime(path)
        toucher = threading.Thread(target=touch)
        toucher.start()
        try:
            yield
        finally:
            done.set()
            toucher.join()

    def test_writer_that_is_not_done(self):
        """If a writer closes the file before it is complete, there is no error, and the item keeps
        its place."""
        folder = self.images / "watched"
        first, _ = self.image("a.png", folder=folder)
        second, _ = self.image("b.png", folder=folder)
        producer, consumer = self.producer("--watch", folder), self.consumer()
        producer.wait_all("loaded", "path", [first, second])
        _, picture = self.image("new.png")
        content = (self.images / "new.png").read_bytes()
        with self.being_written(first):
            for end in (20, len(content) // 2):  # the header; half of the file
                first.write_bytes(content[:end])
                time.sleep(0.3)  # as a program that computes between two writes
        first.write_bytes(content)
        consumer.wait("shown", name="a.png")
        consumer.wait_shows(picture)
        event = list(producer.events("loaded", path=str(first)))[-1]
        self.assertEqual(event["tray"], "1")
        self.assertEqual(list(producer.events("refused")), [])
        self.assertEqual(producer.said(), "")
        first.write_bytes(content[:20])  # if nothing follows, that is an error
        producer.wait("refused", path=str(first))

    def test_double_click_publishes(self):
        """A click in the tray chooses, a double click publishes."""
        red, green = (self.images / name for name in ("red.png", "green.png"))
        red.write_bytes(Picture.plain(*stage.PICTURE, 200, 30, 30).to_png())
        green.write_bytes(Picture.plain(*stage.PICTURE, 30, 200, 30).to_png())
        producer, consumer = self.producer(red, green), self.consumer()
        producer.wait_all("loaded", "path", [red, green])
        producer.key("Home")
        producer.wait_shows(Picture.plain(*stage.PICTURE, 200, 30, 30))
        self.desktop.settle()
        x, y = producer.screenshot().find(Picture.plain(20, 20, 30, 200, 30))
        self.desktop.click(producer.window, x + 10, y + 10)
        producer.wait_shows(Picture.plain(*stage.PICTURE, 30, 200, 30))
        self.desktop.click(producer.window, x + 60, y + 10, times=2)  # not a third click there
        consumer.wait("shown", name="green.png")

    def test_larger_than_a_slot(self):
        big, _ = self.image("big.png")
        small, picture = self.image("small.png", (40, 30))
        producer, consumer = self.producer("--slot-size", "100K", big, small), self.consumer()
        producer.wait_all("loaded", "path", [big, small])
        producer.key("Home", "space")
        producer.wait_said("big.png", "--slot-size")
        producer.key("End", "space")
        consumer.wait("shown", seq=1, name="small.png")
        producer.wait("published", seq=1, name="small.png")
        self.assertEqual(len(list(producer.events("published"))), 1)


if __name__ == "__main__":
    stage.main()
