#!/usr/bin/env python3
"""With many files, the chosen one is decoded first, then those that the tray shows."""
import os
import pathlib
import signal

import stage
from picture import Picture

COUNT = 60


class Order(stage.Stage):
    def test_the_last_of_many_is_chosen(self):
        picture = self.images / "picture.png"
        picture.write_bytes(Picture.plain(1500, 1000, 9, 99, 199).to_png())
        paths = [self.images / ("%03d.png" % number) for number in range(COUNT)]
        for path in paths:
            os.link(picture, path)
        kept = pathlib.Path(self.desktop.environment["XDG_STATE_HOME"]) / "vitrine/tray"
        kept.parent.mkdir(parents=True)
        kept.write_text("".join(path.as_uri() + "\n" for path in paths))
        producer = self.producer()
        # It is stopped meanwhile, so that it always handles the second key right after the first.
        producer.process.send_signal(signal.SIGSTOP)
        producer.key("ctrl+t", "End")
        producer.process.send_signal(signal.SIGCONT)
        producer.wait_all("loaded", "path", paths[-3:])
        order = [event["path"] for event in producer.events("loaded")]
        for path in paths[-3:]:
            self.assertLess(order.index(str(path)), COUNT // 3)


if __name__ == "__main__":
    stage.main()
