#!/usr/bin/env python3
"""If objects are removed while in use, or programs are killed, the others continue."""
import signal
import subprocess

import stage


class Recovery(stage.Stage):
    def setUp(self):
        super().setUp()
        self.images_made = [self.image("%d.png" % i) for i in (1, 2, 3)]
        self.paths = [path for path, _ in self.images_made]
        self.pictures = [picture for _, picture in self.images_made]
        self.first = self.producer(*self.paths)
        self.second = self.consumer()
        self.first.wait_all("loaded", "path", self.paths)
        self.first.key("Home", "space")
        self.second.wait("shown", seq=1)

    def remove(self, *kinds):
        before = self.ipc()
        for kind in kinds:
            subprocess.run(["ipcrm", {"sem": "-s", "shm": "-m"}[kind], str(before[kind])],
                           check=True)
        for program in (self.first, self.second):
            program.wait("removed")
            program.wait("reopened")
        self.assertNotEqual(self.ipc()["sem"], before["sem"])
        self.assertNotEqual(self.ipc()["shm"], before["shm"])
        self.first.key("Right", "space")
        self.second.wait("shown", name="2.png")
        self.second.wait_shows(self.pictures[1])

    def test_both_objects_removed(self):
        self.remove("sem", "shm")

    def test_set_removed(self):
        self.remove("sem")

    def test_segment_removed(self):
        self.remove("shm")

    def test_consumer_killed(self):
        self.second.process.kill()
        self.second.wait_exit(-signal.SIGKILL)
        self.first.key("Right", "space")
        self.first.wait("published", seq=2)
        consumer = self.consumer()
        consumer.wait("shown", seq=2)
        consumer.wait_shows(self.pictures[1])

    def test_producer_killed(self):
        self.first.process.kill()
        self.first.wait_exit(-signal.SIGKILL)
        self.second.wait_shows(self.pictures[0])
        producer = self.producer(self.paths[2])
        producer.wait("loaded")
        producer.key("space")
        self.second.wait("shown", seq=2, name="3.png")
        self.second.wait_shows(self.pictures[2])

    def test_stopped_consumer_is_gone_round(self):
        """A stopped consumer keeps its slot; the other consumer gets everything that is
        published."""
        other = self.consumer(place=(0, 300))
        self.second.process.send_signal(signal.SIGSTOP)
        self.first.key("a")
        shown = [other.wait("shown")["seq"] for _ in range(2)]
        self.assertEqual(shown, sorted(shown))
        self.second.process.send_signal(signal.SIGCONT)
        self.assertTrue(self.second.running)


if __name__ == "__main__":
    stage.main()
