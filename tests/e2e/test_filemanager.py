#!/usr/bin/env python3
"""Drags files with the mouse from a real file manager, and checks that the consumer shows them."""
import filemanager
import stage


class FileManager(stage.Stage):
    tools = filemanager.TOOLS

    def test_drag_three_files(self):
        folder = self.images / "files"
        images = [self.image(name, folder=folder) for name in ("a b.png", "c#1%20.png", "図.png")]
        producer, consumer = self.producer(place=(640, 0)), self.consumer(place=(640, 300))
        with filemanager.FileManager(self.desktop, folder, "x11") as manager:
            window = self.desktop.find_window(manager.process.pid)
            self.desktop.place(window, 0, 0, 600, 600)
            left, top, width, height = self.desktop.geometry(producer.window)
            self.desktop.activate(window)
            manager.drag_all(self.desktop.geometry(window), (left + width // 2, top + height // 4))
            producer.wait_all("loaded", "name", [path.name for path, _ in images])
        producer.key("a")
        consumer.wait_all("shown", "name", [path.name for path, _ in images])
        producer.key("Home", "space")
        consumer.wait("shown", seq=4)
        consumer.wait_shows(images[0][1])


if __name__ == "__main__":
    stage.main()
