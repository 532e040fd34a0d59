#!/usr/bin/env python3
"""Drags files with the mouse from a real file manager, and checks that the consumer shows them."""
import filemanager
import stage


class FileManager(stage.Stage):
    tools = filemanager.TOOLS

    def drag(self, folder, producer):
        with filemanager.FileManager(self.desktop, folder) as manager:
            self.desktop.place(manager.window, 0, 0, 420, 600)
            manager.select_all()
            manager.drag_to(producer.window)
            if not stage.wait_for(lambda: len(list(producer.events("loaded"))) >= 3):
                self.desktop.save_screenshot(self.evidence / "after-drag.png")
                raise RuntimeError("nothing arrived in the producer")

    def test_drag_three_files(self):
        folder = self.images / "files"
        images = [self.image(name, folder=folder) for name in ("a b.png", "c#1%20.png", "図.png")]
        producer, consumer = self.producer(place=(640, 0)), self.consumer(place=(640, 300))
        try:
            self.drag(folder, producer)
        except RuntimeError as failure:
            print("the first drag failed, trying once more: %s" % failure, flush=True)
            self.drag(folder, producer)
        producer.key("a")
        consumer.wait_all("shown", "name", [path.name for path, _ in images])
        producer.key("Home", "space")
        consumer.wait("shown", seq=4)
        consumer.wait_shows(images[0][1])


if __name__ == "__main__":
    stage.main()
