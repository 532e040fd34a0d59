#!/usr/bin/env python3
"""Sends many pictures, one after the other: neither the relays nor the broker may grow. With
VITRINE_TEST_LONG=1, 10,000 of them."""
import os
import pathlib

import relaytest
from relaytest import ASSETS, LONG, resident

PICTURES = 10000 if LONG else 120
GROWTH = 8 << 20


def descriptors(process):
    return len(list(pathlib.Path("/proc/%d/fd" % process.pid).iterdir()))


class Growth(relaytest.RelayTest):
    def wait_last(self, process, text):
        """Waits until the end of the log contains the text; does not read the whole log each
        time."""
        def look():
            with open(process.log, "rb") as log:
                log.seek(max(log.seek(0, os.SEEK_END) - 1000, 0))
                return text in log.read().decode()
        self.assertTrue(relaytest.wait_for(look), text)

    def test_many_pictures(self):
        broker = self.broker()
        sender = self.sender(broker.url())
        receiver = self.receiver(broker.url())
        processes = (sender, receiver, broker.process)
        small, large = (ASSETS / name for name in ("tiny.png", "glass.png"))
        for number in range(1, PICTURES + 1):
            name = "%d.png" % number
            picture = small if number % 10 else large
            path = self.file(name, content=picture.read_bytes() + name.encode())
            self.show(path)
            path.unlink()
            for process in (sender, receiver):
                self.wait_last(process, ' name="%s" ' % name)
            if number == PICTURES // 3:
                before = [(resident(process), descriptors(process)) for process in processes]
        for process, (memory, files) in zip(processes, before):
            self.assertLess(resident(process), memory + GROWTH)
            self.assertLessEqual(descriptors(process), files + 1)


if __name__ == "__main__":
    relaytest.main()
