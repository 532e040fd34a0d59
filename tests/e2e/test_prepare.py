#!/usr/bin/env python3
"""When Space is pressed, the slot's memory is already allocated; no other free slot keeps
memory."""
import collections
import json
import os
import pathlib

import stage

SIZE = (2400, 1600)
BYTES = SIZE[0] * SIZE[1] * 4
PAGES = BYTES // os.sysconf("SC_PAGESIZE")


def faults(program):
    """The number of page faults of all threads of the program so far."""
    fields = pathlib.Path("/proc/%d/stat" % program.pid).read_text().rpartition(")")[2].split()
    return int(fields[7]) + int(fields[9])


class Prepared(stage.Stage):
    def photo(self, name):
        path = self.images / name
        path.write_bytes(b"P6 %d %d 255\n" % SIZE + os.urandom(3 * SIZE[0]) * SIZE[1])
        return path

    def memory(self):
        """The number of images for which the segment has memory."""
        number = str(self.ipc().get("shm"))
        for line in pathlib.Path("/proc/sysvipc/shm").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[1] == number:
                return round((int(fields[14]) + int(fields[15])) / BYTES, 2)
        return 0

    def wait_memory(self, images):
        self.assertTrue(stage.wait_for(lambda: abs(self.memory() - images) < 0.1),
                        "the segment has memory for %s images, not %s" % (self.memory(), images))

    def load(self, *options):
        paths = [self.photo("1.ppm"), self.photo("2.ppm")]
        consumer = self.consumer()
        producer = self.producer(*options, *paths)
        producer.wait_all("loaded", "path", paths)
        return producer, consumer

    def publish(self, producer, consumer):
        producer.key("space")
        producer.wait("published")
        consumer.wait("shown")

    def test_space_allocates_nothing(self):
        producer, consumer = self.load()
        self.wait_memory(1)
        self.publish(producer, consumer)
        for _ in range(3):
            self.wait_memory(2)  # the newest image, and what the next one will need
            before = faults(producer)
            self.publish(producer, consumer)
            self.assertLess(faults(producer) - before, PAGES // 4)
        producer.key("Delete", "Delete")
        self.wait_memory(1)

    def touched(self, program):
        """The bytes of the segment that the program accessed since its marks were cleared."""
        text = pathlib.Path("/proc/%d/smaps" % program.pid).read_text()
        mapping = text.partition("/SYSV")[2]
        return int(mapping.partition("Referenced:")[2].split()[0]) * 1024

    def test_choosing_touches_the_slot(self):
        producer, consumer = self.load()
        self.publish(producer, consumer)
        self.wait_memory(2)
        for key in ("End", "Home"):
            pathlib.Path("/proc/%d/clear_refs" % producer.pid).write_text("1")
            self.assertLess(self.touched(producer), BYTES // 2)
            producer.key(key)
            self.assertTrue(stage.wait_for(lambda: self.touched(producer) >= BYTES),
                            "only %d bytes were touched" % self.touched(producer))

    def calls(self, *options):
        """The names of the arrays that a producer executes while it publishes two images."""
        trace = self.images / "trace"
        producer, consumer = self.load("--trace", trace, *options)
        for key in ("Home", "End"):
            producer.key(key)
            self.publish(producer, consumer)
        producer.process.terminate()
        producer.wait_exit()
        return collections.Counter(
            event["name"].rstrip(" 0123456789") for event in json.loads(trace.read_text())
            if event.get("cat") == "semop" and event["args"]["result"] == "0")

    def test_preparing_is_in_the_trace(self):
        calls = self.calls()
        self.assertEqual(calls["publish"], 2)
        self.assertGreater(calls["abandon"], 0)

    def test_nothing_is_prepared_while_the_xray_is_open(self):
        calls = self.calls("--xray")
        self.assertEqual((calls["publish"], calls["claim"], calls["abandon"]), (2, 2, 0))

    def test_nothing_is_prepared_if_not_wanted(self):
        producer, consumer = self.load("--no-prepare")
        for key in ("Home", "End"):
            self.assertLess(self.memory(), 1.1)
            producer.key(key)
            self.publish(producer, consumer)
        self.wait_memory(1)  # a prepared slot would stay


if __name__ == "__main__":
    stage.main()
