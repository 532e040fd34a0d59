#!/usr/bin/env python3
"""Ctrl+V in the producer: images, files, paths and links, with and without the desktop's program;
in the consumer: where to paste them."""
import stage


class Paste(stage.Stage):
    tools = ("xclip",)

    def copy(self, content, kind="UTF8_STRING"):
        """Puts content on the clipboard, as another program would."""
        file = self.images / "copied"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        command = ["xclip", "-selection", "clipboard", "-t", kind, "-i", file]
        self.assertEqual(self.desktop.start(command).wait(30), 0)

    def test_an_image(self):
        path, picture = self.image("shot.png")
        self.copy(path.read_bytes(), "image/png")
        producer, consumer = self.producer(), self.consumer()
        producer.key("ctrl+v")
        loaded = producer.wait("loaded", width=picture.width)
        self.assertTrue(loaded["name"].startswith("pasted ") and loaded["name"].endswith(".png"))
        producer.wait_shows(picture)
        producer.key("space")
        consumer.wait_shows(picture)
        producer.key("ctrl+v")  # another file, even within the same second
        self.assertNotEqual(producer.wait("loaded")["path"], loaded["path"])

    def test_files_of_a_file_manager(self):
        paths = [self.image(name)[0] for name in ("a b.png", "100% #1?.png")]
        self.copy("".join("file://localhost%s\r\n" % str(path).replace("%", "%25").replace(
            " ", "%20").replace("#", "%23").replace("?", "%3f") for path in paths),
            "text/uri-list")
        producer = self.producer()
        producer.key("ctrl+v")
        producer.wait_all("loaded", "path", paths)

    def test_text(self):
        names = ["plain.png", "it's quoted.png", "uri.png"]
        paths = [self.image(name)[0] for name in names]
        producer = self.producer()
        for text, path in (("%s\n" % paths[0], paths[0]),
                           ("'%s' " % str(paths[1]).replace("'", "'\\''"), paths[1]),
                           ("file://%s" % paths[2], paths[2])):
            self.copy(text)
            producer.key("ctrl+v")
            producer.wait("loaded", path=path)

    def test_what_is_no_file(self):
        producer = self.producer()
        self.copy("http://example.org/cat.png")
        producer.key("ctrl+v")
        producer.wait("refused", path="http://example.org/cat.png")
        producer.wait_said("http://example.org/cat.png", "is an address", "save it first")
        self.copy("not a path")
        producer.key("ctrl+v")
        producer.wait("refused", path="not a path")
        self.assertFalse(list(producer.events("loaded")))

    def test_the_consumer_says_where(self):
        """Ctrl+O and Ctrl+V have the same notice, which counts, and goes with Esc."""
        consumer = self.consumer()
        mark = stage.Picture.plain(2, 24, 0xf2, 0xb1, 0x34)
        for keys in (["ctrl+o"], ["ctrl+v"], ["ctrl+o", "ctrl+v"]):
            consumer.key(*keys)
            self.assertTrue(stage.wait_for(lambda: consumer.screenshot().find(mark)), keys)
            consumer.key("Escape")
            self.assertTrue(stage.wait_for(lambda: not consumer.screenshot().find(mark)), keys)

    def test_without_the_program(self):
        path, _ = self.image("1.png")
        producer = self.producer(environment={"PATH": str(self.images)})
        producer.key("ctrl+v")
        producer.wait_said("nothing was pasted", "xclip is not installed", "apt install xclip")
        self.copy(str(path))
        producer.key("ctrl+v")
        producer.wait("loaded", path=path)


if __name__ == "__main__":
    stage.main()
