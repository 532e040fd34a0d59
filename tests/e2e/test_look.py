#!/usr/bin/env python3
"""The appearance of windows: theme, text size, title, icon; the choices are kept for the next
start."""
import stage
from program import Window

PRODUCER, CONSUMER = "vitrine-producer", "vitrine-consumer"
BAR = {"dark": (0x11, 0x13, 0x17), "light": (0xea, 0xe8, 0xe3)}


class Look(stage.Stage):
    def assert_theme(self, program, theme):
        """Checks that the status bar has the theme's colour."""
        bar = stage.Picture.plain(20, 12, *BAR[theme])
        self.assertTrue(stage.wait_for(lambda: program.screenshot().find(bar)), theme)

    def assert_bar(self, program, theme, at_least, at_most=10000):
        """Checks the status bar's theme, and waits until its height is in this range."""
        self.assert_theme(program, theme)
        self.assertTrue(
            stage.wait_for(lambda: at_least <= self.bar_height(program, theme) <= at_most),
            self.bar_height(program, theme))

    def bar_height(self, program, theme):
        """The number of pixels in the status bar's colour in the first column, from the bottom
        up."""
        shot = program.screenshot()
        height = 0
        while height < shot.height and shot.pixel(2, shot.height - 1 - height) == BAR[theme]:
            height += 1
        return height

    def end(self, program):
        program.key("q")
        program.wait_exit()

    def title(self, program, wanted):
        found = stage.wait_for(lambda: self.desktop.title(program.window) == wanted)
        self.assertTrue(found, self.desktop.title(program.window))

    def test_theme_and_text_size_are_kept(self):
        producer = self.producer()
        self.assert_bar(producer, "dark", 53, 53)
        producer.key("ctrl+shift+plus", "ctrl+shift+plus", "ctrl+d")
        self.assert_bar(producer, "light", 79)
        self.end(producer)
        consumer = self.consumer()
        self.assert_bar(consumer, "light", 79)
        consumer.key("ctrl+shift+0")
        self.assert_bar(consumer, "light", 53, 53)
        self.end(consumer)
        given = self.consumer("--theme", "dark", "--text-size", "200")
        self.assert_bar(given, "dark", 106)
        self.end(given)
        self.assert_theme(self.consumer(), "light")  # an option is for one start

    def test_as_the_desktop_prefers(self):
        for gtk, theme in (("Adwaita", "light"), ("Adwaita:dark", "dark")):
            producer = self.producer("--theme", "auto", environment={"GTK_THEME": gtk})
            self.assert_theme(producer, theme)
            self.end(producer)

    def test_the_other_role_looks_the_same(self):
        program = self.producer("--theme", "light", "--text-size", "150")
        self.assert_bar(program, "light", 79)
        program.key("r")
        program.wait("channel", role="consumer")
        found = stage.wait_for(lambda: "consumer" in (self.desktop.title(
            self.desktop.find_window(program.pid)) or ""))
        self.assertTrue(found)
        program.window = self.desktop.find_window(program.pid)
        self.assert_bar(program, "light", 79)

    def test_titles(self):
        """The picture, the role, the state, and the channel."""
        name = "look-%08x" % self.key
        path, _ = self.image("forest.png")
        channel = ("--key", name)
        producer = self.producer(*channel)
        consumer = self.consumer("--mirror", *channel)
        self.title(producer, "Vitrine – producer – " + name)
        self.title(consumer, "Vitrine – consumer, mirror – " + name)
        self.drop(producer, path)
        self.title(producer, "forest.png – producer – " + name)
        self.assertEqual(self.desktop.x.property(producer.window, "_NET_WM_NAME").decode(),
                         "forest.png – producer – " + name)
        producer.key("space")
        self.title(consumer, "forest.png – consumer, mirror – " + name)
        consumer.key("space")
        self.title(consumer, "forest.png – consumer, mirror, paused – " + name)
        named = self.consumer("--title", "room 2", *channel)
        named.wait("shown")
        self.title(named, "room 2")

    def test_icon(self):
        producer = self.producer()
        self.assertTrue(stage.wait_for(lambda: self.desktop.x.number(
            producer.window, "_NET_WM_ICON") == 128))


if __name__ == "__main__":
    stage.main()
