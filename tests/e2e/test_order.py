#!/usr/bin/env python3
"""Many files: the chosen one is decoded first, then those that the tray shows."""
import os

import stage
from picture import Picture

COUNT = 150


class Order(stage.Stage):
    def test_the_last_of_many_is_chosen(self):
        picture = self.images / "picture.png"
        picture.write_bytes(Picture.plain(1500, 1000, 9, 99, 199).to_png())
        folder = self.images / "many"
        folder.mkdir()
        paths = [folder / ("%03d.png" % number) for number in range(COUNT)]
        for path in paths:
            os.link(picture, path)
        producer = self.producer(folder)
        producer.wait("loaded")
        producer.key("End")
        for path in paths[-3:]:  # in the order that they are decoded in, whatever that is
            producer.read = 0
            producer.wait("loaded", path=path)
        order = [event["path"] for event in producer.events("loaded")]
        for path in paths[-3:]:
            self.assertLess(order.index(str(path)), COUNT * 2 // 3)


if __name__ == "__main__":
    stage.main()
