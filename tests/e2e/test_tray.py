#!/usr/bin/env python3
"""The producer's tray keeps what the user put into it: Esc, quitting, Delete, the next start."""
import pathlib

import stage


class Tray(stage.Stage):
    def dropped(self, count, *arguments):
        """A producer onto which `count` images were dropped, and their paths."""
        paths = [self.image("%d.png" % i)[0] for i in range(1, count + 1)]
        producer = self.producer(*arguments)
        self.drop(producer, *paths)
        producer.wait_all("loaded", "path", paths)
        self.desktop.settle()
        return producer, paths

    def ground(self, producer):
        return producer.pixel(5, 100)

    def wait_question(self, producer, bright, asks=True):
        """Waits until the window is darkened by a question, or as bright as before."""
        self.assertTrue(stage.wait_for(lambda: (self.ground(producer) != bright) == asks))

    def published(self, producer):
        return [event["name"] for event in producer.events("published")]

    def test_escape_never_quits(self):
        path, _ = self.image("1.png")
        producer, consumer = self.producer(path), self.consumer()
        producer.wait("loaded")
        for program in (producer, consumer):
            program.key("x", "t", "i", "f", *["Escape"] * 9)
        producer.key("space")
        consumer.wait("shown", seq=1)
        self.assertTrue(producer.running and consumer.running)

    def test_quitting_asks_for_a_dropped_tray(self):
        producer, _ = self.dropped(2)
        bright = self.ground(producer)
        for again in ("Escape", "space"):
            producer.key("q")
            self.wait_question(producer, bright)
            producer.key(again)
            self.wait_question(producer, bright, asks=False)
        self.assertFalse(self.published(producer), "the answer did something else, too")
        self.desktop.close_window(producer.window)
        self.wait_question(producer, bright)
        producer.key("ctrl+q")
        producer.wait_exit()

    def test_quitting_asks_while_images_wait(self):
        paths = [self.image("%d.png" % i)[0] for i in (1, 2, 3)]
        producer = self.producer("--slots", "2", *paths)
        producer.wait_all("loaded", "path", paths)
        self.desktop.settle()
        bright = self.ground(producer)
        producer.key("a")
        producer.wait("waiting")
        self.desktop.close_window(producer.window)
        self.wait_question(producer, bright)
        producer.close()  # once more is an answer
        consumer = self.consumer()
        for seq in (1, 2):
            consumer.wait("shown", seq=seq)

    def test_it_quits_once_nothing_waits_any_more(self):
        paths = [self.image("%d.png" % i)[0] for i in (1, 2, 3)]
        producer = self.producer("--slots", "2", *paths)
        producer.wait_all("loaded", "path", paths)
        self.desktop.settle()
        bright = self.ground(producer)
        producer.key("a")
        producer.wait("waiting")
        self.desktop.close_window(producer.window)
        self.wait_question(producer, bright)
        consumer = self.consumer()
        producer.wait_exit()
        consumer.wait_all("shown", "seq", [1, 2, 3])

    def test_delete_is_undone(self):
        producer, _ = self.dropped(4)
        producer.key("Home", "Right", "Delete", "Delete", "ctrl+z", "ctrl+z", "ctrl+z", "space",
                     "a")
        self.assertTrue(stage.wait_for(lambda: len(self.published(producer)) == 4))
        consumer = self.consumer()
        producer.wait("published", seq=5)
        consumer.wait_all("shown", "seq", range(1, 6))
        self.assertEqual(self.published(producer), ["2.png", "1.png", "2.png", "3.png", "4.png"])

    def test_the_tray_of_last_time(self):
        """The tray of a killed program is kept, too; that of a program with only a command line is
        not."""
        producer, paths = self.dropped(3)
        kept = pathlib.Path(self.desktop.environment["XDG_STATE_HOME"]) / "vitrine/tray"
        self.assertTrue(stage.wait_for(
            lambda: kept.exists() and kept.read_text().count("file://") == len(paths)))
        producer.process.kill()
        producer.wait_exit(-9)
        other = self.producer(self.image("other.png")[0])
        other.wait("loaded")
        other.close()
        again = self.producer()
        again.key("ctrl+t")
        again.wait_all("loaded", "path", paths)
        again.key("space")
        again.wait("published", seq=1, name="1.png")
        again.key("q", "q")
        again.wait_exit()
        consumer = self.consumer()
        consumer.wait("shown", seq=1)

    def test_a_hostile_list_is_refused(self):
        kept = pathlib.Path(self.desktop.environment["XDG_STATE_HOME"]) / "vitrine/tray"
        kept.parent.mkdir(parents=True)
        kept.write_text("file:///etc/passwd\nhttp://example.org/\n")
        producer = self.producer()
        producer.wait_said(str(kept), "is an address")
        producer.key("ctrl+t", "space")
        producer.key("q")
        producer.wait_exit()
        self.assertFalse(list(producer.events("loaded")))

    def test_a_remote_turns_pages(self):
        paths = [self.image("%d.png" % i)[0] for i in (1, 2, 3)]
        producer, consumer = self.producer(*paths), self.consumer()
        producer.wait_all("loaded", "path", paths)
        producer.key("Home", "F5")
        self.assertTrue(stage.wait_for(
            lambda: self.desktop.geometry(producer.window)[2:] == self.desktop.size))
        producer.key("period", "Next", "Next", "Next", "Prior", "F5")
        names = [consumer.wait("shown")["name"] for _ in range(3)]
        self.assertEqual(names, ["2.png", "3.png", "2.png"])
        self.assertFalse(list(producer.events("step")), "the step mode has begun")
        self.assertTrue(stage.wait_for(
            lambda: self.desktop.geometry(producer.window)[2:] == stage.WINDOW))
        producer.key("Home", "Next", "space")  # moves by one trayful, and publishes nothing
        consumer.wait("shown", seq=4, name="3.png")

    def shown_names(self, consumer, count):
        stage.wait_for(lambda: len(list(consumer.events("shown"))) >= count)
        return [event["name"] for event in consumer.events("shown")][:count]

    def test_slide_show(self):
        paths = [self.image("%d.png" % i)[0] for i in (1, 2, 3)]
        consumer = self.consumer()
        producer = self.producer("--every", "300ms", *paths)
        self.assertEqual(self.shown_names(consumer, 5), [
            "1.png", "2.png", "3.png", "1.png", "2.png"])
        producer.key("e")
        producer.wait("slide-show", state="paused")
        producer.key("e")
        producer.wait("slide-show", state="on", every="0.300")
        producer.key("Escape")
        producer.wait("slide-show", state="off")
        self.assertTrue(producer.running)

    def test_slide_show_once_in_random_order(self):
        names = ["%d.png" % i for i in range(1, 6)]
        paths = [self.image(name, (60, 40))[0] for name in names]
        consumer = self.consumer()
        producer = self.producer("--every=0.2", "--shuffle", "--once", *paths)
        producer.wait("slide-show", state="off")
        self.assertEqual(sorted(self.shown_names(consumer, 5)), names)


if __name__ == "__main__":
    stage.main()
