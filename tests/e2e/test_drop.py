#!/usr/bin/env python3
"""Drops on the producer's window, through the real protocol (XDND)."""
import os
import subprocess

import stage
from picture import png_of_size


class Drop(stage.Stage):
    def drop_and_publish(self, *what, options=(), names):
        """Drops files, publishes everything that was loaded, and waits until the consumer has shown
        it."""
        producer, consumer = self.producer(), self.consumer()
        self.drop(producer, *what, options=options)
        producer.wait_all("loaded", "name", names)
        producer.key("a")
        consumer.wait_all("shown", "name", names)
        return producer, consumer

    def test_one_file(self):
        path, picture = self.image("one.png")
        producer, consumer = self.producer(), self.consumer()
        self.drop(producer, path)
        producer.wait("loaded", path=path)
        producer.wait_shows(picture)
        producer.key("space")
        consumer.wait("shown", name="one.png", seq=1)
        consumer.wait_shows(picture)

    def test_five_files_at_once(self):
        images = [self.image("%d.png" % i) for i in range(1, 6)]
        _, consumer = self.drop_and_publish(*(path for path, _ in images),
                                            names=[path.name for path, _ in images])
        order = [event["name"] for event in consumer.events("shown")]
        self.assertEqual(order, [path.name for path, _ in images], "not in the order of the drop")
        consumer.wait_shows(images[-1][1])

    def test_folder(self):
        folder = self.images / "a folder"
        for name in ("1.png", "2.png", "10.png", "deeper/3.png"):
            self.image(name, folder=folder)
        (folder / "notes.txt").write_text("not an image")
        producer, consumer = self.drop_and_publish(
            folder, names=["1.png", "2.png", "10.png", "3.png"])
        order = [event["name"] for event in consumer.events("shown") if event["name"] != "3.png"]
        self.assertEqual(order, ["1.png", "2.png", "10.png"])
        self.assertFalse(list(producer.events("refused")), "a folder's other files are not errors")

    def test_bad_files_among_good_ones(self):
        good = [self.image("good %d.png" % i)[0] for i in (1, 2)]
        bad = {name: self.images / name for name in (
            "text.png", "empty.png", "cut.png", "missing.png", "pipe.png", "huge.png",
            "empty folder", "secret.png")}
        bad["text.png"].write_text("This is not an image, whatever its name says.\n")
        bad["empty.png"].touch()
        whole = good[0].read_bytes()
        bad["cut.png"].write_bytes(whole[:30])  # within its header
        os.mkfifo(bad["pipe.png"])
        bad["huge.png"].write_bytes(png_of_size(60000, 60000))
        bad["empty folder"].mkdir()
        if os.geteuid() == 0:
            bad.pop("secret.png")  # root may read everything
        else:
            bad["secret.png"].write_bytes(whole)
            bad["secret.png"].chmod(0)
        producer, consumer = self.producer(), self.consumer()
        self.drop(producer, good[0], *bad.values(), good[1])
        producer.wait_all("loaded", "path", good)
        producer.wait_all("refused", "path", bad.values())
        for event in producer.events("refused"):
            self.assertTrue(event["reason"], event)
        for name in bad:
            producer.wait_said(name)
        producer.key("a")
        consumer.wait_all("shown", "name", ["good 1.png", "good 2.png"])
        self.assertEqual(len(list(consumer.events("shown"))), 2, "something bad was published")

    def test_names(self):
        names = ["a b.png", "Grüße 図.png", "100% #1?.png", "a%20b.png", "quote \" ' \\.png",
                 "new\nline.png", "-h.png"]
        paths = [self.image(name)[0] for name in names]
        bytes_name = os.fsencode(self.images) + b"/bytes \xff.png"
        os.rename(self.image("x.png")[0], bytes_name)
        paths.append(stage.pathlib.Path(os.fsdecode(bytes_name)))
        producer, consumer = self.producer(), self.consumer()
        self.drop(producer, *paths)
        producer.wait_all("loaded", "path", paths)
        producer.key("a")
        shown = [name.replace("\n", "%0A") for name in names] + ["bytes %FF.png"]
        consumer.wait_all("shown", "name", shown)

    def test_text_that_is_a_path(self):
        path, _ = self.image("a b%20#.png")
        self.drop_and_publish(str(path), options=["--text"], names=["a b%20#.png"])

    def test_text_that_is_uris(self):
        paths = [self.image(name)[0] for name in ("ü 1.png", "%2.png")]
        self.drop_and_publish(*paths, options=["--both-text-first"], names=["ü 1.png", "%2.png"])

    def test_link_is_refused_by_name(self):
        path, _ = self.image("good.png")
        producer = self.producer()
        self.drop(producer, "http://example.org/cat.png", path, options=["--text"])
        producer.wait("loaded", path=path)
        producer.wait_all("refused", "path", ["http://example.org/cat.png"])
        producer.wait_said("http://example.org/cat.png", "is an address", "save it first")

    def test_link_in_a_list_of_uris(self):
        """SDL says nothing of a URI that is not a file of this machine."""
        good, _ = self.image("good.png")
        local, _ = self.image("local.png")
        links = ["http://example.org/cat.png", "ftp://example.org/dog.png",
                 "file://elsewhere.example/x.png"]
        producer = self.producer()
        self.drop(producer, links[0], good, *links[1:], "file://localhost%s" % local)
        producer.wait_all("loaded", "path", [good, local])
        producer.wait_all("refused", "path", links)
        consumer = self.consumer()
        self.drop(consumer, links[0])
        consumer.wait_said(links[0], "is an address", "save it first")

    def test_text_is_refused_once(self):
        """However many lines it has, and whatever is between them."""
        path, _ = self.image("good.png")
        for program in (self.producer(), self.consumer()):
            self.drop(program, "Dear all:", "see a.png", path, "Yours", options=["--text"])
            program.wait_said("Dear all:", "is text, not a file")
        self.programs[0].wait("loaded", path=path)
        self.drop(program, "more text", options=["--text"])
        program.wait_said("more text", "is text, not a file")
        for program in self.programs:
            self.assertNotIn("a.png: is text", program.said())
            self.assertNotIn("Yours", program.said())

    def test_quoted_paths_of_a_terminal(self):
        paths = [self.image(name)[0] for name in ("a b.png", "it's.png")]
        text = " ".join("'%s'" % str(path).replace("'", "'\\''") for path in paths)
        producer = self.producer()
        self.drop(producer, text, options=["--text"])
        producer.wait_all("loaded", "path", paths)

    def test_hovering_is_shown(self):
        producer = self.producer()

        def drop_place():
            return producer.screenshot().crop(20, 300, 140, 95).to_png()
        self.desktop.settle()
        before = drop_place()
        source = self.desktop.start(
            [stage.BUILD / "tests/xdnd_source", "--hover", hex(producer.window), "file:///x.png"],
            stdin=subprocess.PIPE)
        self.assertTrue(stage.wait_for(lambda: drop_place() != before))
        source.stdin.close()
        self.assertTrue(stage.wait_for(lambda: drop_place() == before))
        self.assertEqual(source.wait(30), 0)


if __name__ == "__main__":
    stage.main()
