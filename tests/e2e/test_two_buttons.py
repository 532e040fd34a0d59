#!/usr/bin/env python3
"""examples/two_buttons.c: two copies run, and each shows the newest image, no matter which of them
loaded it."""
import stage
from program import Program


class TwoButtons(stage.Stage):
    def copy(self, *arguments, chooser="false\n"):
        """Starts a copy; `chooser` is a script in place of its file chooser."""
        folder = self.images / ("programs-%d" % len(self.programs))
        folder.mkdir()
        (folder / "zenity").write_text("#!/bin/sh\n" + chooser)
        (folder / "zenity").chmod(0o755)
        path = next((path for path in (stage.BUILD / "two_buttons", stage.BUILD / "examples/two_buttons")
                     if path.exists()), None)
        if path is None:
            self.skipTest("the example was not built: it needs SDL2, SDL2_image and SDL2_ttf")
        log = self.evidence / ("%d-two_buttons.log" % len(self.programs))
        program = Program(self.desktop, path, arguments, log, environment={
            "SDL_RENDER_DRIVER": "software",  # drivers of graphics cards leak, some of them
            "PATH": "%s:%s" % (folder, self.desktop.environment["PATH"])})
        self.programs.append(program)
        self.assertTrue(stage.wait_for(lambda: self.has_place(program)))
        return program

    def has_place(self, program):
        """Places its window beside the others. False: SDL has replaced the window in the meantime,
        for the renderer."""
        self.desktop.find_window(program.pid)
        self.desktop.settle()
        program.window = self.desktop.find_window(program.pid)
        try:
            self.desktop.place(program.window, 40 + 580 * (len(self.programs) - 1), 40, 560, 460)
        except RuntimeError:
            return False
        return True

    def wait_shows(self, program, picture):
        """The image is enlarged, so a spot of its colour is enough."""
        self.desktop.activate(program.window)
        self.assertTrue(stage.wait_for(
            lambda: self.desktop.screenshot(program.window).find(picture)))

    def plain(self, name, *colour):
        path = self.images / name
        path.write_bytes(stage.Picture.plain(90, 60, *colour).to_png())
        return path, stage.Picture.plain(90, 60, *colour)

    def test_two_copies(self):
        red, shown_red = self.plain("red one.png", 200, 30, 30)
        blue, shown_blue = self.plain("blue.png", 30, 30, 200)
        first = self.copy(chooser="echo '%s'\n" % red)
        second = self.copy(chooser="echo '%s'\n" % blue)
        self.desktop.key(first.window, "l")
        # The other copy, with the mouse; before the image arrives, it says that there is none.
        self.assertTrue(stage.wait_for(
            lambda: self.desktop.click(second.window, 400, 30) or
            self.desktop.screenshot(second.window).find(shown_red)))
        self.desktop.click(second.window, 120, 30)  # load, by the mouse
        self.assertTrue(stage.wait_for(
            lambda: self.desktop.key(first.window, "d") or
            self.desktop.screenshot(first.window).find(shown_blue)))
        self.desktop.key(second.window, "d")
        self.wait_shows(second, shown_blue)
        for program in (first, second):
            self.desktop.close_window(program.window)
            program.wait_exit()

    def test_argument_and_drop(self):
        red, shown_red = self.plain("red.png", 200, 30, 30)
        green, shown_green = self.plain("green.png", 30, 160, 30)
        program = self.copy(red)
        self.desktop.key(program.window, "d")
        self.wait_shows(program, shown_red)
        self.drop(program, green)
        self.assertTrue(stage.wait_for(
            lambda: self.desktop.key(program.window, "d") or
            self.desktop.screenshot(program.window).find(shown_green)))


if __name__ == "__main__":
    stage.main()
