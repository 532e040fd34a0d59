#!/usr/bin/env python3
"""The X-ray of both windows: compares its colours and numbers with the kernel's; step mode, K, the
trace."""
import json
import re
import signal
import subprocess

import stage

AMBER, BLUE = (0xf2, 0xb1, 0x34), (0x5b, 0x9c, 0xf5)
TEAL, RED, VIOLET = (0x6f, 0xe3, 0xcf), (0xf0, 0x70, 0x5f), (0xc9, 0xa8, 0xf0)
PANEL, EDGE = (0x1c, 0x1f, 0x25), (0x74, 0x79, 0x83)
TRAY = (0x19, 0x1b, 0x20)
BACKGROUND = (0x15, 0x17, 0x1b)
BAR, PANEL_WIDTH = 54, 380
LARGE = (1180, 720)
NAMES = ["mutex", "empty", "full", "nothing", "alive", "producers", "consumers", "mirrors"]
OF_SLOT = ["ready", "latest", "writer", "reader"]


def is_near(pixel, colour):
    return all(abs(a - b) <= 2 for a, b in zip(pixel, colour))


class Xray(stage.Stage):
    def pair(self, producer_options=(), consumer_options=(), count=3):
        size = "%dx%d+0+20" % LARGE
        paths = [self.image("%d.png" % (i + 1))[0] for i in range(count)]
        producer = self.producer("--slots", "3", "--geometry", size, "--xray",
                                 *producer_options, *paths)
        consumer = self.consumer("--geometry", size, "--xray", *consumer_options)
        producer.wait_all("loaded", "path", paths)
        return producer, consumer

    # ---- what the window shows -------------------------------------------------------------------

    def border(self, program, slot):
        """The colour of a slot's card: the middle of its left border, in a window of 1180 x 720."""
        return program.pixel(818, 194 + slot * 85 + 39)

    def wait_colours(self, program, *colours):
        self.desktop.activate(program.window)
        seen = []

        def look():
            seen[:] = [self.border(program, slot) for slot in range(len(colours))]
            return all(map(is_near, seen, colours))
        self.assertTrue(stage.wait_for(look), "the cards are %s, not %s" % (seen, colours))

    def figure_border(self, program, number):
        """The colour of the left border of the card of mutex, empty or full; amber: a process
        sleeps there."""
        return program.pixel((818, 914, 1010)[number], 79)

    # ---- what the kernel and the command say -----------------------------------------------------

    def values(self, rows=None):
        """{name: value}, as the kernel has them, or had when `rows` were read."""
        kernel = [row[0] for row in rows or self.semaphores()]
        named = dict(zip(NAMES, kernel))
        for i in range((len(kernel) - 8) // 4):
            for j, name in enumerate(OF_SLOT):
                named["%s %d" % (name, i)] = kernel[8 + 4 * i + j]
        return named

    def states(self):
        return [slot["state"] for slot in self.status()["slots"]]

    # ---- states ----------------------------------------------------------------------------------

    def test_a_full_buffer(self):
        producer, consumer = self.pair(count=4)
        consumer.key("space")
        consumer.wait("paused")
        producer.key("a")
        producer.wait("waiting")
        for program in (producer, consumer):
            self.wait_colours(program, BLUE, BLUE, BLUE)
            self.assertTrue(stage.wait_for(
                lambda each=program: is_near(self.figure_border(each, 1), AMBER)),
                "the producer sleeps on empty, and the window does not show it")
        self.assertEqual(self.states(), ["ready"] * 3)
        self.assertEqual(self.semaphores()[1][0], 0)
        consumer.key("space")
        consumer.wait("shown", seq=4)

    def test_the_state_leaves_the_number_of_the_slot(self):
        """Also where the word for a slot is long: "posição 0"."""
        self.desktop.environment["LANGUAGE"] = "pt"
        producer = self.producer("--geometry", "%dx%d+0+20" % LARGE, "--xray", "--slots", "2",
                                 self.image("1.png")[0])
        producer.wait("loaded")
        producer.key("space")
        self.wait_colours(producer, BLUE)

        def state_begins():
            shot = producer.screenshot()
            return next((x for x in range(908, shot.width - 30)
                         if is_near(shot.pixel(x, 240), BLUE)), None)
        begins = stage.wait_for(state_begins)
        self.assertGreater(begins, 908 + 9 * 7, "the state lies over the number")
        self.consumer().wait("shown", seq=1)

    def test_a_sleeping_consumer(self):
        producer, consumer = self.pair()
        self.desktop.activate(consumer.window)
        self.assertTrue(stage.wait_for(lambda: is_near(self.figure_border(consumer, 2), AMBER)))
        self.wait_colours(consumer, EDGE, EDGE, EDGE)
        consumer.key("x")  # and away again
        self.assertTrue(stage.wait_for(
            lambda: not is_near(consumer.pixel(1000, 6), PANEL)))
        self.assertTrue(producer.running)

    def test_panel_and_chart_in_a_narrow_window(self):
        """In 620 x 480 the timeline is below the picture and the panel, not between them."""
        path, _ = self.image("one.png", (100, 60))
        producer = self.producer("--xray", "--timeline", path)
        producer.wait("loaded")
        width, height = stage.WINDOW

        def row(y):
            shot = producer.screenshot()
            return [shot.pixel(x, y) for x in (2, 300, width - 3)]
        self.assertTrue(stage.wait_for(lambda: set(row(height - 54 - 4)) == {TRAY}))
        self.assertTrue(stage.wait_for(lambda: row(100)[2] == PANEL))  # above the timeline
        producer.key("t")
        self.assertTrue(stage.wait_for(lambda: row(height - 54 - 4)[2] == PANEL))

    def test_in_a_narrow_window_a_notice_leaves_the_slots(self):
        """Also where the panel covers the picture: as on a projector of 1024 x 768."""
        paths = [self.image("%d.png" % (i + 1))[0] for i in range(5)]
        producer = self.producer("--geometry", "500x690+0+20", "--xray", *paths)
        producer.wait_all("loaded", "path", paths)

        def blue():
            """How much of the window has the colour of slots that are ready."""
            shot = producer.screenshot()
            return sum(shot.row(y, 0, shot.width).count(bytes(BLUE)) for y in range(shot.height))

        def has_notice():
            shot = producer.screenshot()
            return any(all(shot.pixel(x, y + i) == BLUE for i in range(0, 30, 5))
                       for x in range(24, 40) for y in range(200, shot.height - 100, 5))
        producer.key("a")
        producer.wait("waiting")
        self.assertTrue(stage.wait_for(has_notice))
        with_notice = blue()
        producer.key("Escape")  # the last one is given up
        producer.wait("gave-up")
        self.assertTrue(stage.wait_for(lambda: not has_notice()))
        self.assertEqual(self.states(), ["ready"] * 4)
        self.assertGreaterEqual(with_notice, blue())
        self.consumer().wait("shown", seq=4)

    def wait_notice_in_the_bar(self, program, colour):
        """Until there is a notice with a mark of this colour, in one line below the timeline."""
        def look():
            shot = program.screenshot()
            marks = [y for x in range(16, 40) for y in range(shot.height - 12)
                     if all(shot.pixel(x, y + i) == colour for i in range(0, 12, 3))]
            return marks and min(marks) > shot.height - BAR
        self.assertTrue(stage.wait_for(look, every=0.2))

    def test_in_a_low_window_a_notice_leaves_the_sentences(self):
        """As on a screen of 640 x 480. It leaves the timeline, too."""
        options = ("--geometry", "480x435+0+20", "--xray", "--timeline")
        paths = [self.image("%d.png" % (i + 1))[0] for i in range(3)]
        producer = self.producer("--slots", "2", *options, *paths)
        producer.wait_all("loaded", "path", paths)
        producer.key("a")
        producer.wait("waiting")
        self.wait_notice_in_the_bar(producer, BLUE)
        producer.key("Escape")
        producer.wait("gave-up")
        consumer = self.consumer(*options)
        consumer.wait("shown", seq=2)
        consumer.key("ctrl+o")
        self.wait_notice_in_the_bar(consumer, AMBER)

    def test_in_a_low_window_the_timeline_gives_way_to_the_card(self):
        """The card of step mode and the sentences below it need the room."""
        producer = self.producer("--geometry", "480x435+0+20", "--xray", "--timeline")

        def above_the_bar(colour):
            shot = producer.screenshot()
            return shot.pixel(shot.width - 3, shot.height - BAR - 4) == colour
        self.assertTrue(stage.wait_for(lambda: above_the_bar(TRAY)))
        producer.key("period")
        self.assertTrue(stage.wait_for(lambda: above_the_bar(PANEL)))
        producer.key("Escape")
        self.assertTrue(stage.wait_for(lambda: above_the_bar(TRAY)))

    def wait_whole_beside_the_panel(self, program):
        """Until something is to the left of the panel, and nothing goes under it."""
        def look():
            shot = program.screenshot()
            strip = shot.crop(0, 0, shot.width - PANEL_WIDTH - 4, 160)
            edge = shot.crop(strip.width, 0, 3, 160)
            return (edge == stage.Picture.plain(3, 160, *BACKGROUND)
                    and strip != stage.Picture.plain(strip.width, 160, *BACKGROUND))
        self.assertTrue(stage.wait_for(look))

    def test_beside_the_panel_all_is_whole(self):
        """The words of a window without an image, and the image."""
        size = ("--geometry", "480x300+0+20", "--xray")
        consumer = self.consumer(*size, exact=False)
        producer = self.producer(self.image("1.png")[0])
        self.desktop.activate(consumer.window)
        self.wait_whole_beside_the_panel(consumer)
        producer.wait("loaded")
        producer.key("space")
        consumer.wait("shown")
        self.desktop.activate(consumer.window)
        self.wait_whole_beside_the_panel(consumer)

    def test_the_panel_does_not_cover_the_button(self):
        """--manual, in a window where the panel covers the picture."""
        producer = self.producer(self.image("1.png")[0])
        consumer = self.consumer("--geometry", "500x690+0+20", "--xray", "--manual")
        producer.wait("loaded")
        producer.key("space")
        self.desktop.activate(consumer.window)

        def look():
            shot = consumer.screenshot()
            return any(200 * bytes(AMBER) in shot.row(y, 0, shot.width)
                       for y in range(400, shot.height))
        self.assertTrue(stage.wait_for(look))
        consumer.key("Return")
        consumer.wait("shown", seq=1)

    def test_mirrors_see_the_same(self):
        producer, mirror = self.pair(consumer_options=["--mirror"])
        producer.key("Home", "space")
        mirror.wait("shown", seq=1)
        self.wait_colours(mirror, BLUE, EDGE, EDGE)
        self.assertEqual(self.states(), ["ready", "empty", "empty"])
        self.assertEqual(self.values()["mirrors"], 1)
        mirror.key("m")  # becomes a consumer and takes the image, so that none is left
        self.wait_values(full=0, reader_0=0)

    # ---- step mode -------------------------------------------------------------------------------

    def wait_values(self, **wanted):
        def look():
            values = self.values()
            return all(values[name.replace("_", " ")] == value for name, value in wanted.items())
        self.assertTrue(stage.wait_for(look), "%s is not %s" % (self.values(), wanted))

    def test_held_still_all_numbers_agree(self):
        """Both windows are in step mode: kernel, command and windows must agree at every step."""
        producer, consumer = self.pair(["--step"], ["--step"])
        consumer.key("period")  # wait and lock: sleeps on full
        self.assertTrue(stage.wait_for(lambda: self.semaphores()[2][1] == 1))
        producer.key("Home", "space")
        steps = [  # the effect of the key, and the values after it
            (None, EDGE, dict(empty=3, full=0, writer_0=0)),
            (producer, EDGE, dict(empty=2, full=0, writer_0=0)),  # reserve
            (producer, AMBER, dict(empty=2, writer_0=1)),  # claim
            (producer, TEAL, dict(mutex=1, ready_0=0, reader_0=1, latest_0=1)),  # publish; taken
            (consumer, VIOLET, dict(reader_0=0, full=0, latest_0=1, empty=2)),  # release; kept
        ]
        for who, colour, wanted in steps:
            if who:
                who.key("period")
            self.wait_values(**wanted)
            self.compare()
            if wanted.get("writer_0") == 1:
                # The last process that operated on a semaphore, even if it only tested for 0.
                after_claim = [self.semaphores()[8 + i] for i in (0, 1, 3)]
                self.assertEqual([row[0] for row in after_claim], [0, 0, 0])
                self.assertEqual({row[3] for row in after_claim}, {producer.pid})
            for program in (producer, consumer):
                self.wait_colours(program, colour, EDGE, EDGE)
            # The values are still the same: both programs really are stopped.
            self.wait_values(**wanted)

    def compare(self):
        """Compares every value of the command with ipcs; repeats that until no process naps in
        between."""
        def look():
            before, status, after = self.semaphores(), self.status(), self.semaphores()
            if before != after:
                return False
            told = {name: status[name]["value"] for name in NAMES}
            for i, slot in enumerate(status["slots"]):
                told.update(("%s %d" % (name, i), slot["semaphores"][name]["value"])
                            for name in OF_SLOT)
            self.assertEqual(told, self.values(after))
            return True
        self.assertTrue(stage.wait_for(look))

    def test_the_mutex_held(self):
        """--step=all stops between lock and publish; the other window says for which process it
        waits."""
        producer, consumer = self.pair(["--step=all"])
        producer.key("Home", "space")
        for wanted in (dict(empty=2), dict(writer_0=1), dict(mutex=0)):
            producer.key("period")
            self.wait_values(**wanted)
        # The consumer sleeps on full; only a process that wants the mutex waits for it. The
        # producer keeps the mutex.
        self.wait_colours(consumer, AMBER, EDGE, EDGE)
        self.assertTrue(consumer.running)
        producer.key("Escape")  # leaves step mode: the producer continues
        producer.wait("published", seq=1)
        consumer.wait("shown", seq=1)
        self.wait_values(mutex=1)

    def test_closing_while_it_stands(self):
        producer, consumer = self.pair(["--step=all"], ["--step"])
        producer.key("Home", "space")
        producer.key("period", "period")
        producer.close(asks=True)
        consumer.close()
        if self.ipc():  # before it ended, the producer may have published the image
            self.consumer().wait("shown", seq=1)

    def test_slow_motion(self):
        producer, consumer = self.pair(["--slow", "60ms"], ["--slow=60ms"])
        producer.key("Home", "space")
        consumer.wait("shown", seq=1)
        producer.key("bracketleft", "bracketright", "bracketright", "Right", "space")
        consumer.wait("shown", seq=2)

    # ---- K ---------------------------------------------------------------------------------------

    def test_killed_while_it_writes(self):
        producer, consumer = self.pair(["--step"])
        producer.key("Home", "space")
        producer.key("period", "period")  # reserve, claim
        self.wait_colours(consumer, AMBER, EDGE, EDGE)
        producer.key("k", "Escape")
        self.assertTrue(producer.running)
        producer.key("k", "k")
        producer.wait_exit(-signal.SIGKILL)
        self.wait_colours(consumer, EDGE, EDGE, EDGE)
        self.wait_values(writer_0=0, empty=3, producers=0, mutex=1)

    def test_killed_while_it_reads(self):
        producer, consumer = self.pair((), ["--step"])
        consumer.key("period")
        producer.key("Home", "space")
        self.wait_colours(producer, TEAL, EDGE, EDGE)
        consumer.key("k", "k")
        consumer.wait_exit(-signal.SIGKILL)
        self.wait_colours(producer, BLUE, EDGE, EDGE)  # it waits again
        self.wait_values(ready_0=1, reader_0=0, full=1, consumers=0)
        self.consumer().wait("shown", seq=1)

    # ---- the trace -------------------------------------------------------------------------------

    def test_one_trace_of_both(self):
        path = self.evidence / "trace.json"
        producer, consumer = self.pair(["--trace", path], ["--trace", path])
        producer.key("a")
        consumer.wait("shown", seq=3)
        consumer.key("t")
        producer.close()
        consumer.close()
        events = json.loads(path.read_text())
        calls = {(event["pid"], re.sub(r" \d+$", "", event["name"]))
                 for event in events if event.get("cat") == "semop"}
        for name in ("reserve", "claim", "lock", "publish"):
            self.assertIn((producer.pid, name), calls)
        for name in ("wait and lock", "take", "release"):
            self.assertIn((consumer.pid, name), calls)
        slots = [event for event in events if event.get("cat") == "slot"]
        self.assertEqual({event["name"] for event in slots}, {"writing", "ready", "reading"})
        for event in events:
            if event.get("ph") == "X":
                self.assertGreaterEqual(event["dur"], 0)

    def test_no_other_file_is_touched(self):
        letter = self.evidence / "letter.txt"
        letter.write_text("Dear reader")
        run = subprocess.run([stage.BUILD / "vitrine-producer", "--trace", letter],
                             env=self.desktop.environment, capture_output=True, text=True)
        self.assertEqual(run.returncode, 1)
        self.assertIn("is not a trace", run.stderr)
        self.assertEqual(letter.read_text(), "Dear reader")


if __name__ == "__main__":
    stage.main()
