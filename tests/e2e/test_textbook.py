#!/usr/bin/env python3
"""The smallest pair with windows: a picture is dropped; Space puts it into the buffer, and Space
takes it out. Each window can be closed while its worker sleeps on a semaphore, and nothing is left.
"""
import os

import stage
from program import Program

SIZE = (640, 480)


class Textbook(stage.Stage):
    def window(self, name):
        path = stage.BUILD / "textbook" / name
        if not path.exists():
            self.skipTest("the example was not built: it needs SDL2 and SDL2_image")
        program = Program(self.desktop, path, (), self.evidence / (name + ".log"),
                          cwd=self.images)
        self.programs.append(program)
        self.desktop.find_window(program.pid)
        self.desktop.settle()  # SDL3 replaces the window when it makes the renderer
        program.window = self.desktop.find_window(program.pid)
        self.desktop.place(program.window, 640 * (len(self.programs) - 1), 40, *SIZE)
        return program

    def pair(self, twin=""):
        status = os.stat(self.images)
        if not twin:  # ftok() of the folder
            self.key = ord("v") << 24 | (status.st_dev & 0xff) << 16 | status.st_ino & 0xffff
        return self.window("producer" + twin), self.window("consumer" + twin)

    def shows(self, program, picture):
        self.assertTrue(stage.wait_for(
            lambda: self.desktop.screenshot(program.window).find(picture)), program.name)

    def test_pair(self):
        self.hand_over("")

    def test_twin(self):
        self.hand_over("_vitrine")

    def hand_over(self, twin):
        producer, consumer = self.pair(twin)
        red = stage.Picture.plain(*SIZE, 200, 30, 30)
        path = self.images / "red.png"
        path.write_bytes(red.to_png())
        spot = stage.Picture.plain(300, 200, 200, 30, 30)
        self.desktop.key(consumer.window, "space")  # its worker sleeps until there is one
        self.drop(producer, path)
        self.shows(producer, spot)
        self.desktop.key(producer.window, "space")
        self.shows(consumer, spot)
        # It sleeps again now, and so does the producer when the buffer is full.
        self.desktop.key(consumer.window, "space")
        self.end(consumer)
        self.desktop.key(producer.window, *6 * ["space"])
        self.wait_full(4)
        self.end(producer)
        self.assertEqual(set(self.ipc()), {"sem", "shm"})  # four pictures wait
        rest = self.desktop.start([stage.BUILD / ("textbook/consumer" + twin), 4], cwd=self.images)
        self.assertEqual(rest.wait(60), 0)
        self.assertEqual(self.ipc(), {})

    def end(self, program):
        self.desktop.close_window(program.window)
        program.wait_exit()


if __name__ == "__main__":
    stage.main()
