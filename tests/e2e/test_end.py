#!/usr/bin/env python3
"""However a program ends, no IPC object is left if no image waits, and no waiting image is lost."""
import signal

import stage


class End(stage.Stage):
    def end_both(self, end):
        """Shows one image, ends both programs with `end`, and checks that nothing is left."""
        path, _ = self.image("one.png")
        producer, consumer = self.producer(path), self.consumer()
        producer.wait("loaded")
        producer.key("space")
        consumer.wait("shown")
        end(producer)
        producer.wait_exit()
        self.assertEqual(set(self.ipc()), {"sem", "shm"}, "removed under the consumer")
        end(consumer)
        consumer.wait_exit()
        self.assertEqual(self.ipc(), {})

    def test_close_button(self):
        self.end_both(lambda program: self.desktop.close_window(program.window))

    def test_key(self):
        self.end_both(lambda program: program.key("q"))

    def test_sigterm(self):
        self.end_both(lambda program: program.process.send_signal(signal.SIGTERM))

    def test_sigint(self):
        self.end_both(lambda program: program.process.send_signal(signal.SIGINT))

    def test_images_wait_for_the_next_consumer(self):
        images = [self.image("%d.png" % i) for i in (1, 2)]
        paths = [path for path, _ in images]
        producer = self.producer(*paths)
        producer.wait_all("loaded", "path", paths)
        producer.key("a")
        for seq in (1, 2):
            producer.wait("published", seq=seq)
        producer.close()
        self.assertEqual(next(producer.events("closed"))["waiting"], "2")
        consumer = self.consumer()
        for seq in (1, 2):
            consumer.wait("shown", seq=seq, name="%d.png" % seq)
        consumer.wait_shows(images[1][1])
        consumer.close()
        self.assertEqual(self.ipc(), {})


if __name__ == "__main__":
    stage.main()
