#!/usr/bin/env python3
"""What a user can do with the image shown: zoom, turn, save, copy; and drops on the consumer."""
import pathlib
import socket

import stage
from picture import Picture


class Viewing(stage.Stage):
    tools = ("xclip",)

    def shown(self, picture, *arguments, name="a.png", **more):
        """A consumer that shows this picture, which `vitrine send` has sent."""
        path = self.images / name
        path.write_bytes(picture.to_png())
        consumer = self.consumer("--save-to", self.images, *arguments, **more)
        self.send(path)
        consumer.wait("shown", name=name)
        return consumer

    def send(self, path):
        self.desktop.run(stage.BUILD / "vitrine", "send", "--as-pixels", path, check=True)

    def pattern(self, width, height):
        return Picture.pattern(width, height, self.random.randrange(1 << 16))

    @staticmethod
    def enlarged(picture, factor):
        rows = []
        for y in range(picture.height):
            row = b"".join(picture.row(y, x, 1) * factor for x in range(picture.width))
            rows.append(row * factor)
        return Picture(picture.width * factor, picture.height * factor, b"".join(rows))

    @staticmethod
    def turned_right(picture):
        data = b"".join(picture.row(picture.height - 1 - x, y, 1)
                        for y in range(picture.width) for x in range(picture.height))
        return Picture(picture.height, picture.width, data)

    def test_a_small_picture_fills_the_window(self):
        """The area is 620 x 426 pixels above the status bar, minus a margin; the producer also has
        a tray."""
        icon = self.pattern(8, 6)
        consumer = self.shown(icon)
        consumer.key("0")
        consumer.wait_shows(self.enlarged(icon, 65))
        consumer.key("z", "z")  # fill, 100 %
        consumer.wait_shows(icon)
        consumer.key("z")
        consumer.wait_shows(self.enlarged(icon, 65))
        consumer.key("minus")
        consumer.wait_shows(self.enlarged(icon, 64))
        consumer.key("v")  # a grid
        self.desktop.settle()
        self.assertFalse(consumer.shows(self.enlarged(icon, 64)))
        producer = self.producer(self.images / "a.png")
        producer.key("0")  # 620 x 290 pixels, and 16 pixels of margin
        producer.wait_shows(self.enlarged(icon, 43))

    def test_the_value_under_the_mouse(self):
        """The status bar changes when the mouse reaches another pixel of the image, not within
        one."""
        two = Picture(2, 1, bytes((200, 0, 0, 0, 0, 200)))
        consumer = self.shown(two)
        consumer.key("0", "v")

        def bar(x):
            self.desktop.mouse(640 + x, 200)
            self.desktop.settle()
            return consumer.screenshot().crop(0, 440, 400, 30).data
        self.assertNotEqual(bar(100), bar(500))
        self.assertEqual(bar(100), bar(140))
        consumer.key("Escape")
        # Now the bar describes the image again, and no longer changes with the mouse.
        self.assertTrue(stage.wait_for(lambda: bar(100) == bar(500)))

    def test_turned_and_saved(self):
        picture = self.pattern(90, 60)
        consumer = self.shown(picture)
        right = self.turned_right(picture)
        consumer.wait_shows(picture)
        consumer.key("greater")
        consumer.wait_shows(right)
        consumer.key("greater", "s")
        path = pathlib.Path(consumer.wait("saved")["path"])
        self.assertEqual(path, self.images / "a-1.png")
        self.assertEqual(Picture.from_png(path.read_bytes()), self.turned_right(right))
        consumer.key("bar", "underscore")  # both together turn it back
        consumer.wait_shows(picture)
        other = self.pattern(80, 70)
        (self.images / "b.png").write_bytes(other.to_png())
        consumer.key("greater")
        self.send(self.images / "b.png")
        consumer.wait_shows(other)  # the next one is not turned
        consumer.key("Left")
        consumer.wait_shows(right)  # this one still is

    def test_turned_and_published(self):
        """It is shown as it will be published, and stays turned when the window changes its role."""
        picture = self.pattern(90, 60)
        path = self.images / "a.png"
        path.write_bytes(picture.to_png())
        producer, consumer = self.producer("--checksum=xxh3", path), self.consumer()
        producer.wait("loaded")
        right = self.turned_right(picture)
        producer.key("1", "greater")
        producer.wait_shows(right)
        producer.key("space")
        consumer.wait_shows(right)
        producer.key("greater", "space")
        consumer.wait_shows(self.turned_right(right))
        producer.key("bar", "underscore", "less", "less", "less", "space")
        consumer.wait_shows(right)
        producer.key("less", "space")
        consumer.wait_shows(picture)

    def test_menu(self):
        consumer = self.shown(self.pattern(40, 30))
        self.desktop.click(consumer.window, 100, 100, button=3)
        consumer.key("Down", "Return")  # the first entry: save
        consumer.wait("saved", path=self.images / "a-1.png")
        consumer.key("Menu", "Escape", "Menu", "Up", "Return")  # the last entry: quit
        consumer.wait_exit()

    def test_asked_where_to_save(self):
        programs = self.images / "programs"
        programs.mkdir()
        chosen = self.images / "chosen.jpg"
        (programs / "zenity").write_text("#!/bin/sh\necho \"$@\" >'%s'\necho '%s'\n" % (
            self.images / "asked", chosen))
        (programs / "zenity").chmod(0o755)
        consumer = self.shown(self.pattern(40, 30), environment={"PATH": str(programs)})
        consumer.key("ctrl+s")
        consumer.wait("saved", path=chosen)
        self.assertEqual(chosen.read_bytes()[:3], b"\xff\xd8\xff")
        asked = (self.images / "asked").read_text()
        self.assertIn("--save", asked)
        self.assertIn("--filename=%s" % (self.images / "a-1.png"), asked)
        (programs / "zenity").unlink()
        consumer.key("ctrl+s")
        consumer.wait_said("no file chooser", "sudo apt install zenity")

    def test_copied(self):
        picture = self.pattern(90, 60)
        consumer = self.shown(picture)
        consumer.key("greater", "ctrl+c")
        consumer.wait("copied", name="a.png")
        png = self.images / "pasted.png"
        process = self.desktop.start(
            ["xclip", "-selection", "clipboard", "-t", "image/png", "-o"], output=png)
        self.assertEqual(process.wait(30), 0)
        self.desktop.processes.remove(process)
        self.assertEqual(Picture.from_png(png.read_bytes()), self.turned_right(picture))

    def test_no_program_to_copy_with(self):
        consumer = self.shown(self.pattern(40, 30), environment={"PATH": "/nowhere"})
        consumer.key("ctrl+c")
        consumer.wait_said("not copied", "sudo apt install xclip")

    def test_dropped_on_the_consumer(self):
        path, _ = self.image("one.png")
        folder = self.images / "folder"
        inside, _ = self.image("two.png", folder=folder)
        consumer = self.consumer()
        self.drop(consumer, path)
        consumer.wait("dropped", files=1, handed_over="false")
        self.desktop.settle()
        before = consumer.screenshot().data
        self.drop(consumer, folder)
        consumer.wait("dropped", files=1)
        self.assertTrue(stage.wait_for(lambda: consumer.screenshot().data != before))
        self.drop(consumer, "http://example.org/a.png", options=["--text"])
        consumer.wait_said("http://example.org/a.png", "save it first")
        consumer.key("r")
        consumer.wait("channel", role="producer")
        consumer.wait_all("loaded", "path", [path, inside])

    def test_handed_to_the_producer(self):
        """Files go to the producer if there is a session folder, even after a killed producer left
        a socket."""
        environment = {"XDG_RUNTIME_DIR": str(self.images), "SDL_VIDEODRIVER": "x11"}
        path, _ = self.image("one.png")
        consumer = self.consumer(environment=environment)
        left = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        left.bind(str(self.images / ("vitrine-producer-%08x-1" % self.key)))
        left.close()
        producer = self.producer(environment=environment)
        self.drop(consumer, path)
        consumer.wait("dropped", files=1, handed_over="true")
        producer.wait("loaded", path=path)
        producer.key("q", "q")  # it asks, and is answered
        producer.wait_exit()
        self.assertFalse(list(self.images.glob("vitrine-producer-*-%d" % producer.pid)))


if __name__ == "__main__":
    stage.main()
