#!/usr/bin/env python3
"""The keys of both windows; the consumer shows exactly the same pixels."""
import time

import stage
from picture import Picture
from stage import wait_for

NOTICE_SECONDS = 4  # how long news stay
PLACE_OF_NOTICE = (16, 200, 300, 80)  # in the producer's window


class Windows(stage.Stage):
    def pair(self, count, *producer_options, consumer_options=()):
        """A producer with images 1.png … loaded, a consumer, and the pictures."""
        images = [self.image("%d.png" % (i + 1)) for i in range(count)]
        paths = [path for path, _ in images]
        producer = self.producer(*producer_options, *paths)
        consumer = self.consumer(*consumer_options)
        producer.wait_all("loaded", "path", paths)
        return producer, consumer, [picture for _, picture in images]

    def test_space_shows_the_very_pixels(self):
        producer, consumer, pictures = self.pair(3)
        producer.key("Home")
        for number, picture in enumerate(pictures, 1):
            producer.key("space")
            consumer.wait("shown", seq=number, name="%d.png" % number,
                          width=picture.width, height=picture.height)
            consumer.wait_shows(picture)
            producer.key("Right")

    def test_choosing_and_taking_out(self):
        producer, consumer, _ = self.pair(4)
        producer.key("End", "Return")
        consumer.wait("shown", seq=1, name="4.png")
        producer.key("Left", "space")
        consumer.wait("shown", seq=2, name="3.png")
        producer.key("Home", "Right", "Delete", "a")  # 2.png goes
        names = [consumer.wait("shown", seq=seq)["name"] for seq in (3, 4, 5)]
        self.assertEqual(names, ["1.png", "3.png", "4.png"])
        producer.key("Home", "space")
        consumer.wait("shown", seq=6, name="1.png")

    def test_pause_keeps_images_waiting(self):
        producer, consumer, pictures = self.pair(2)
        producer.key("Home", "space")
        consumer.wait_shows(pictures[0])
        consumer.key("space")
        consumer.wait("paused")
        producer.key("Right", "space")
        producer.wait("published", seq=2)
        self.desktop.settle()
        self.assertTrue(consumer.shows(pictures[0]))
        consumer.key("space")
        consumer.wait("resumed")
        consumer.wait("shown", seq=2)
        consumer.wait_shows(pictures[1])

    def test_looking_back(self):
        producer, consumer, pictures = self.pair(3)
        producer.key("a")
        consumer.wait("shown", seq=3)
        consumer.wait_shows(pictures[2])
        consumer.key("Left")
        consumer.wait_shows(pictures[1])
        consumer.key("Left")
        consumer.wait_shows(pictures[0])
        consumer.key("Right")
        consumer.wait_shows(pictures[1])

    def test_mouse_buttons(self):
        """A double click on the picture switches full screen, the side buttons are ← and →."""
        producer, consumer, pictures = self.pair(2)
        producer.key("a")
        consumer.wait("shown", seq=2)
        consumer.wait_shows(pictures[1])
        for window, back in (consumer, pictures[0]), (producer, pictures[0]):
            size = self.desktop.geometry(window.window)[2:]
            for x, wanted in (300, self.desktop.size), (400, size):  # elsewhere: not clicks 3 and 4
                self.desktop.click(window.window, x, 200, times=2)
                self.assertTrue(wait_for(
                    lambda: self.desktop.geometry(window.window)[2:] == wanted), window.name)
                self.desktop.settle()
            self.desktop.click(window.window, 300, 200, button=8)
            window.wait_shows(back)
            self.desktop.click(window.window, 300, 200, button=9)
            window.wait_shows(pictures[1])

    def test_the_notice_that_no_consumer_is_there(self):
        """It goes as soon as one comes. Where that takes as long as the notice stays anyway, because
        the machine is busy, another try decides."""
        path, _ = self.image("a.png")

        def is_over(without):
            return producer.screenshot().crop(*PLACE_OF_NOTICE).data == without
        for _ in range(5):
            producer = self.producer(path)
            producer.wait("loaded")
            self.desktop.settle()
            without = producer.screenshot().crop(*PLACE_OF_NOTICE).data
            start = time.monotonic()
            producer.key("space")
            self.assertTrue(wait_for(lambda: not is_over(without)))
            consumer = self.consumer()
            self.assertTrue(wait_for(lambda: is_over(without)))
            seconds = time.monotonic() - start
            consumer.wait("shown")
            if seconds < NOTICE_SECONDS:
                return
            producer.close()
            consumer.close()
        self.fail("the notice stays for %d s" % NOTICE_SECONDS)

    def test_saving_never_overwrites(self):
        path, picture = self.image("holiday.png")
        (self.images / "out").mkdir()
        producer = self.producer(path)
        consumer = self.consumer(cwd=self.images / "out")
        producer.wait("loaded")
        producer.key("space")
        consumer.wait("shown")
        saved = []
        for _ in range(2):
            consumer.key("s")
            saved.append(self.images / "out" / consumer.wait("saved")["path"])
        self.assertNotEqual(*saved)
        for path in saved:
            self.assertEqual(Picture.from_png(path.read_bytes()), picture)

    def test_two_consumers_share(self):
        producer, first, _ = self.pair(6)
        second = self.consumer(place=(0, 300))
        producer.key("a")
        everything = {str(seq) for seq in range(1, 7)}

        def shown(consumer):
            return {event["seq"] for event in consumer.events("shown")}
        self.assertTrue(stage.wait_for(lambda: shown(first) | shown(second) == everything))
        self.assertFalse(shown(first) & shown(second), "an image went to both")

    def test_mirror_sees_the_newest_and_takes_nothing(self):
        producer, consumer, pictures = self.pair(2)
        mirror = self.consumer("--mirror", place=(0, 300))
        producer.key("Home", "space")
        for each in (consumer, mirror):
            each.wait("shown", seq=1)
            each.wait_shows(pictures[0])
        consumer.key("m")
        consumer.wait("mirror", on="true")
        producer.key("Right", "space")
        for each in (consumer, mirror):
            each.wait("shown", seq=2)
            each.wait_shows(pictures[1])
        consumer.key("m")
        consumer.wait("mirror", on="false")
        consumer.wait("shown", seq=2)  # nobody had taken it


if __name__ == "__main__":
    stage.main()
