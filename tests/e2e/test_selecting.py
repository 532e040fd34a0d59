#!/usr/bin/env python3
"""The producer's tray by mouse: selecting, a new order, the scroll bar, the menu; Tab."""
import stage

TRAY = 480 - 54 - 136  # its upper edge, in a window of 620 x 480
THUMB = TRAY + 58      # the middle of the thumbnails
STEP, LEFT = 148, 24


def x_of(place):
    return LEFT + 64 + place * STEP


class Selecting(stage.Stage):
    def tray_of(self, count, *options):
        paths = [self.image("%d.png" % i, (60, 40))[0] for i in range(1, count + 1)]
        producer = self.producer(*options, "--slots", "32", *paths)
        producer.wait_all("loaded", "path", paths)
        producer.key("Home")
        return producer

    def click(self, producer, place, held=None, button=1):
        """Clicks on an image of the tray while a key is held down."""
        if held:
            self.desktop.hold(held, True)
        self.desktop.click(producer.window, x_of(place), THUMB, button=button)
        if held:
            self.desktop.hold(held, False)

    def published(self, producer, count):
        stage.wait_for(lambda: len(list(producer.events("published"))) >= count)
        return [event["name"][:-4] for event in producer.events("published")]

    def test_selection(self):
        producer = self.tray_of(4)
        consumer = self.consumer()
        self.desktop.activate(producer.window)
        self.click(producer, 0)
        self.click(producer, 2, "ctrl")
        producer.key("space")
        self.assertEqual(self.published(producer, 2), ["1", "3"])
        self.click(producer, 1)
        self.click(producer, 3, "shift")
        producer.key("space")
        self.assertEqual(self.published(producer, 5)[2:], ["2", "3", "4"])
        producer.key("Delete", "ctrl+z", "Escape", "Home", "ctrl+a", "space")
        self.assertEqual(self.published(producer, 9)[5:], ["1", "2", "3", "4"])
        producer.key("Escape", "End", "space")  # Escape cancels the selection
        self.assertEqual(self.published(producer, 10)[9:], ["4"])
        consumer.wait_all("shown", "seq", range(1, 11))

    def drag(self, producer, place, to_x, release=True):
        left, top, _, _ = self.desktop.geometry(producer.window)
        y = top + THUMB
        self.desktop.mouse(left + x_of(place), y)
        self.desktop.button(True)
        self.desktop.mouse(left + x_of(place) + 20, y)
        self.desktop.mouse(left + to_x, y)
        if release:
            self.desktop.button(False)

    def drag_and_cancel(self, producer, place, to_x):
        """Drags an image, presses Esc once the drag is visible, and releases the button."""
        def row():
            return producer.screenshot().crop(0, TRAY + 30, 620, 60).to_png()
        self.desktop.settle()
        before = row()
        self.drag(producer, place, to_x, release=False)
        self.assertTrue(stage.wait_for(lambda: row() != before))
        self.desktop.activate(producer.window)
        self.desktop.press("Escape")
        self.assertTrue(stage.wait_for(lambda: row() == before))
        self.desktop.button(False)

    def test_a_new_order(self):
        producer, consumer = self.tray_of(3), self.consumer()
        self.desktop.activate(producer.window)
        self.drag(producer, 0, x_of(2) + 70)  # behind the last one
        self.drag(producer, 1, x_of(0) - 70)  # before the first one
        self.drag_and_cancel(producer, 0, x_of(2))
        producer.key("a")
        self.assertEqual(self.published(producer, 3), ["3", "2", "1"])
        producer.key("ctrl+z", "ctrl+z", "a")  # Ctrl+Z undoes both, but not what was cancelled
        self.assertEqual(self.published(producer, 6)[3:], ["1", "2", "3"])
        consumer.wait_all("shown", "seq", range(1, 7))

    def test_scroll_bar_and_edges(self):
        producer, consumer = self.tray_of(20), self.consumer()
        self.desktop.activate(producer.window)
        self.desktop.click(producer.window, 590, TRAY + 132)  # the bar's right end
        self.desktop.click(producer.window, 620 - LEFT - 64 - STEP, THUMB, times=2)
        self.assertEqual(self.published(producer, 1), ["20"])
        self.desktop.click(producer.window, 30, TRAY + 132)  # its left end
        self.desktop.click(producer.window, 585, TRAY + 9)  # "more" at the right: the next page
        self.desktop.click(producer.window, x_of(1), THUMB, times=2)
        self.assertNotIn(self.published(producer, 2)[1], ("1", "2", "3", "20"))
        consumer.wait_all("shown", "seq", (1, 2))

    def test_menu(self):
        producer, consumer = self.tray_of(3), self.consumer()
        self.desktop.activate(producer.window)
        self.click(producer, 1, button=3)
        producer.key("Down", "Return")  # the first entry: publish
        self.assertEqual(self.published(producer, 1), ["2"])
        self.click(producer, 2, button=3)
        producer.key("Escape", "space")
        self.assertEqual(self.published(producer, 2), ["2", "3"])
        producer.key("Menu", "Up", "Return")  # the last entry: quit
        producer.wait_exit()
        consumer.wait_all("shown", "seq", (1, 2))

    def test_tab_goes_through_the_status_bar(self):
        producer = self.tray_of(1)
        self.desktop.settle()
        plain = producer.screenshot().to_png()
        producer.key("shift+Tab")  # the last one: help
        self.desktop.settle()
        self.assertNotEqual(producer.screenshot().to_png(), plain)
        focused = producer.screenshot().to_png()
        producer.key("Return")
        self.assertTrue(stage.wait_for(lambda: producer.screenshot().to_png() != focused))
        producer.key("Escape", "Tab", "Return")  # the first one: publish
        self.assertEqual(self.published(producer, 1), ["1"])
        self.consumer().wait("shown", seq=1)

    def test_tooltip(self):
        producer = self.tray_of(2)
        left, top, _, _ = self.desktop.geometry(producer.window)

        def above_the_bar():
            return producer.screenshot().crop(0, 0, 620, TRAY + 130).to_png()
        self.desktop.settle()
        before = above_the_bar()
        self.desktop.mouse(left + x_of(1), top + THUMB)
        self.assertTrue(stage.wait_for(lambda: above_the_bar() != before))
        self.desktop.mouse(left + 300, top + 100)
        self.assertTrue(stage.wait_for(lambda: above_the_bar() == before))


if __name__ == "__main__":
    stage.main()
