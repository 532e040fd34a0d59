#!/usr/bin/env python3
"""A full buffer: the producer says that it waits; it can cancel, and publishes when a slot is
free."""
import stage


class Full(stage.Stage):
    def fill(self, producer, paths):
        """Publishes until two slots are full and the next image has to wait."""
        producer.wait_all("loaded", "path", paths)
        producer.key("a")
        for seq in (1, 2):
            producer.wait("published", seq=seq)
        return producer.wait("waiting")

    def test_giving_up_and_trying_again(self):
        paths = [self.image("%d.png" % i)[0] for i in (1, 2, 3)]
        producer = self.producer("--slots", "2", *paths)
        self.fill(producer, paths)
        producer.key("Escape")
        producer.wait("gave-up")
        self.assertTrue(producer.running)
        producer.key("End", "space")
        producer.wait("waiting")
        consumer = self.consumer()
        producer.wait("published", seq=3, name="3.png")
        names = [consumer.wait("shown", seq=seq)["name"] for seq in (1, 2, 3)]
        self.assertEqual(names, ["1.png", "2.png", "3.png"])

    def test_paused_consumer_holds_everything_up(self):
        images = [self.image("%d.png" % i) for i in (1, 2, 3)]
        paths = [path for path, _ in images]
        consumer = self.consumer("--slots", "2")
        consumer.key("space")
        consumer.wait("paused")
        producer = self.producer(*paths)
        self.fill(producer, paths)
        consumer.key("space")
        consumer.wait("resumed")
        producer.wait("published", seq=3)
        consumer.wait("shown", seq=3)
        consumer.wait_shows(images[2][1])

    def test_dropping_the_oldest(self):
        paths = [self.image("%d.png" % i)[0] for i in (1, 2, 3, 4)]
        producer = self.producer("--slots", "2", "--when-full", "drop-oldest", *paths)
        producer.wait_all("loaded", "path", paths)
        producer.key("a")
        producer.wait("published", seq=4)
        consumer = self.consumer()
        shown = [consumer.wait("shown")["seq"] for _ in range(2)]
        self.assertEqual(shown, ["3", "4"])

    def test_closing_while_it_waits(self):
        paths = [self.image("%d.png" % i)[0] for i in (1, 2, 3)]
        producer = self.producer("--slots", "2", *paths)
        self.fill(producer, paths)
        producer.key("q", "q")  # it asks, and is answered
        producer.wait_exit()
        consumer = self.consumer()
        for seq in (1, 2):
            consumer.wait("shown", seq=seq)


if __name__ == "__main__":
    stage.main()
