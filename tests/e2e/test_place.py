#!/usr/bin/env python3
"""Where windows open: next to each other, completely on the screen, and where --geometry says."""
import itertools
import pathlib

import stage
from desktop import Desktop
from program import Window

PRODUCER, CONSUMER = "vitrine-producer", "vitrine-consumer"


class Place(stage.Stage):
    size = (1366, 768)

    def make_desktop(self):
        return Desktop(*self.size)

    def frame(self, program):
        """(left, top, right, bottom) of the window with its decorations."""
        self.desktop.settle()
        x, y, width, height = self.desktop.geometry(program.window)
        left, right, top, bottom = self.desktop.frame(program.window)
        return x - left, y - top, x + width + right, y + height + bottom

    def open_both(self, environment=None):
        return [self.frame(self.start(Window, name, environment=environment))
                for name in (PRODUCER, CONSUMER)]

    def assert_on_screen(self, *frames):
        for left, top, right, bottom in frames:
            self.assertGreaterEqual(min(left, top), 0)
            self.assertLessEqual(right, self.size[0])
            self.assertLessEqual(bottom, self.size[1])

    def test_next_to_each_other(self):
        producer, consumer = self.open_both()
        self.assert_on_screen(producer, consumer)
        self.assertLessEqual(producer[2], consumer[0])
        self.assertEqual(producer[1], consumer[1])
        for frame in (producer, consumer):
            self.assertGreater(frame[2] - frame[0], self.size[0] / 2 - 30)

    def test_a_third_window_covers_no_title_bar(self):
        frames = [self.frame(self.start(Window, name))
                  for name in (PRODUCER, CONSUMER, CONSUMER, CONSUMER)]
        self.assert_on_screen(*frames)
        corners = [frame[:2] for frame in frames]
        self.assertEqual(len(set(corners)), len(corners))

    def test_size_and_place_are_remembered(self):
        """They are also moved onto the screen if it has become smaller."""
        program = self.start(Window, PRODUCER)
        self.desktop.place(program.window, 100, 60, 500, 400)
        before = self.frame(program)
        program.key("q")
        program.wait_exit()
        again = self.start(Window, PRODUCER)
        self.assertEqual(self.frame(again), before)
        again.key("q")
        again.wait_exit()
        kept = pathlib.Path(self.desktop.environment["XDG_STATE_HOME"], "vitrine/producer.window")
        kept.write_text("3000x2000+5000+4000\n")
        self.assert_on_screen(self.frame(self.start(Window, PRODUCER)))

    def test_a_place_that_was_asked_for_is_not_remembered(self):
        program = self.start(Window, PRODUCER, "--geometry", "500x400+100+60")
        asked = self.frame(program)
        program.key("q")
        program.wait_exit()
        self.assertNotEqual(self.frame(self.start(Window, PRODUCER)), asked)

    def test_at_twice_the_scale(self):
        producer, consumer = self.open_both({"VITRINE_SCALE": "2"})
        self.assert_on_screen(producer, consumer)
        self.assertLess(producer[0], consumer[0])

    def test_geometry_is_in_pixels_of_the_screen(self):
        program = self.start(Window, PRODUCER, "--geometry", "1010x700+20+10",
                             environment={"VITRINE_SCALE": "1.5"})
        left, top, _, _ = self.frame(program)
        self.assertEqual((left, top), (20, 10))
        self.assertEqual(self.desktop.geometry(program.window)[2:], (1010, 700))


class Projector(Place):
    size = (1024, 768)
    test_geometry_is_in_pixels_of_the_screen = None
    test_size_and_place_are_remembered = test_a_place_that_was_asked_for_is_not_remembered = None


class Small(Place):
    """If there is no room for both, each is still visible beside the other, with its title bar."""
    size = (640, 480)
    test_geometry_is_in_pixels_of_the_screen = test_at_twice_the_scale = None
    test_size_and_place_are_remembered = test_a_place_that_was_asked_for_is_not_remembered = None
    test_a_third_window_covers_no_title_bar = None

    def test_next_to_each_other(self):
        producer, consumer = self.open_both()
        self.assert_on_screen(producer, consumer)
        self.assertGreater(consumer[0] - producer[0], 100)


class Large(Place):
    """Where there is room, further windows go beside the others, those of both programs."""
    size = (3840, 2160)
    test_next_to_each_other = test_a_third_window_covers_no_title_bar = None
    test_size_and_place_are_remembered = test_a_place_that_was_asked_for_is_not_remembered = None
    test_at_twice_the_scale = test_geometry_is_in_pixels_of_the_screen = None

    def test_five_windows_cover_nothing(self):
        frames = [self.frame(self.start(Window, name))
                  for name in (PRODUCER, CONSUMER, PRODUCER, CONSUMER, CONSUMER)]
        self.assert_on_screen(*frames)
        for one, other in itertools.combinations(frames, 2):
            self.assertTrue(one[2] <= other[0] or other[2] <= one[0] or
                            one[3] <= other[1] or other[3] <= one[1], (one, other))


if __name__ == "__main__":
    stage.main()
