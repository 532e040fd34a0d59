#!/usr/bin/env python3
"""Each program can become the other one; the log as JSON; the sources of the key."""
import json
import pathlib
import re
import shutil
import subprocess
import unittest.mock

import stage
from picture import Picture
from program import Window


class Roles(stage.Stage):
    def become(self, program, role, title="– %s"):
        """Waits until the other program has taken over, and uses its window from now on."""
        other = "vitrine-" + role
        stage.wait_for(lambda: pathlib.Path("/proc/%d/exe" % program.pid).readlink().name == other)
        program.wait("channel", role=role)
        program.window = None
        title = title.replace("%s", role)

        def look():
            return [window for window, pid, name in self.desktop.windows()
                    if pid == program.pid and title in name]
        windows = stage.wait_for(look)
        self.assertTrue(windows, "there is no window %r" % title)
        program.window = windows[0]
        self.desktop.activate(program.window)

    def test_nothing_is_lost(self):
        """With a full buffer and a queue behind it, the same window shows all images, in order."""
        names = ["%d.png" % i for i in range(1, 7)]
        paths = [self.image(name, (60, 40))[0] for name in names]
        notes = self.images / "notes.txt"
        notes.write_text("as bytes\n")
        program = self.producer(*paths, notes)
        program.wait_all("loaded", "path", [*paths, notes])
        program.key("Home", "a", "b")
        program.wait("waiting")
        program.key("r")
        self.become(program, "consumer")
        program.wait_all("shown", "name", names[:4])
        program.key("r")
        self.become(program, "producer")
        program.wait_all("loaded", "path", [*paths, notes])
        stage.wait_for(lambda: len(list(program.events("published"))) == 8)
        program.key("r")
        self.become(program, "consumer")
        wanted = [*names, notes.name, "1.png"]
        stage.wait_for(lambda: len(list(program.events("shown"))) == len(wanted))
        self.assertEqual([event["name"] for event in program.events("shown")], wanted)
        self.assertFalse(program.said())

    def test_a_turned_image_stays_turned(self):
        path, picture = self.image("a.png", (90, 60))
        turned = Picture(60, 90, b"".join(picture.row(59 - x, y, 1)
                                          for y in range(90) for x in range(60)))
        program = self.producer(path)
        program.wait("loaded")
        program.key("1", "greater")
        program.wait_shows(turned)
        for role in ("consumer", "producer"):
            program.key("r")
            self.become(program, role)
        program.key("1")
        program.wait_shows(turned)

    def wait_geometry(self, program, wanted):
        self.assertTrue(
            stage.wait_for(lambda: self.desktop.geometry(program.window) == wanted),
            "%s, not %s" % (self.desktop.geometry(program.window), wanted))

    def test_place_and_full_screen_stay(self):
        program = self.consumer("--manual", place=(200, 100))
        self.desktop.settle()
        before = self.desktop.geometry(program.window)
        for role in ("producer", "consumer", "producer"):
            program.key("r")
            self.become(program, role)
            self.wait_geometry(program, before)
        program.key("f")
        full = (0, 0, *self.desktop.size)
        self.wait_geometry(program, full)
        program.key("r")
        self.become(program, "consumer")
        self.wait_geometry(program, full)
        program.key("f")
        self.wait_geometry(program, before)

    def test_options_come_back(self):
        """Each program has the options of its command line again."""
        path, _ = self.image("one.png")
        consumer = self.consumer("--manual", "-m")
        producer = self.producer(path)
        producer.wait("loaded")
        for role in ("producer", "consumer"):
            consumer.key("r")
            self.become(consumer, role)
        producer.key("space")
        producer.wait("published", seq=1)
        consumer.key("Return")
        consumer.wait("shown", seq=1)
        producer.key("space")
        producer.wait("published", seq=2)
        consumer.key("i", "i", "Return")
        consumer.wait("shown", seq=2)

    def options_after_changes(self, name, changes, *arguments):
        """The options of its command line, by name, when it has become the other one and back."""
        program = self.start(Window, name, *arguments)
        for role in changes:
            program.key("r")
            self.become(program, role, "a title")
        words = pathlib.Path("/proc/%d/cmdline" % program.pid).read_text().split("\0")
        self.desktop.stop(program.process)
        return {word.partition("=")[0]: word.partition("=")[2] for word in words[1:-1]}

    def test_every_option_stays(self):
        """All that --help lists, but for what is of this start alone."""
        memory, path = str(64 << 20), str(self.image("one.png")[0])
        both = {"--any-owner": "", "--checksum": "xxh3", "--decode-timeout": "7", "--full-screen": "",
                "--geometry": "620x480+10+30", "--json": "", "--key": "0x%08x" % self.key,
                "--lecture": "", "--memory": memory, "--mode": "640", "--slot-size": memory,
                "--slots": "3", "--slow": "1ms", "--text-size": "110", "--theme": "light",
                "--timeline": "", "--title": "a title", "--trace": str(self.images / "trace"),
                "--verbose": "", "--xray": ""}
        own = {"vitrine-producer": {
                   "--every": "3600000ms", "--no-prepare": "", "--once": "", "--shuffle": "",
                   "--still": "", "--watch": str(self.images), "--when-full": "wait"},
               "vitrine-consumer": {"--log-input": "", "--paused": "", "--save-to": str(self.images)}}
        not_kept = {"--help", "--usage", "--version",
                    "--md5",     # is --checksum=md5
                    "--record",  # is --trace without the calls of housekeeping
                    "--step",    # e2e.step
                    "--role",    # is how the other one starts
                    "--publish", "--format", "--fps", "--matrix", "--name", "--range", "--size",
                    "--stride",  # of the files and the standard input of its start
                    "--manual", "--mirror"}  # not beside --paused: test_options_come_back
        for name, further in own.items():
            with self.subTest(name), self.reading_json():
                wanted = both | further
                said = subprocess.check_output([stage.BUILD / name, "--help"], text=True)
                listed = set(re.findall(r"^ +(?:-\w, )?(--[\w-]+)", said, re.MULTILINE))
                self.assertEqual(listed - not_kept, set(wanted))
                files = [path] if name == "vitrine-producer" else []
                roles = ["consumer", "producer"] if files else ["producer", "consumer"]
                found = self.options_after_changes(name, roles, *files, *[
                    option + (value and "=" + value) for option, value in wanted.items()])
                self.assertEqual({option: found.get(option) for option in wanted}, wanted)

    def test_a_pause_stays(self):
        path, _ = self.image("one.png")
        consumer = self.consumer()
        producer = self.producer(path)
        producer.wait("loaded")
        consumer.key("space")
        consumer.wait("paused")
        for role in ("producer", "consumer"):
            consumer.key("r")
            self.become(consumer, role)
        producer.key("space")
        producer.wait("published", seq=1)
        consumer.key("space")
        consumer.wait("resumed")
        consumer.wait("shown", seq=1)

    def test_role_on_the_command_line(self):
        path, picture = self.image("one.png")
        producer = self.start(Window, "vitrine-consumer", "--geometry", "620x480+0+20", "--role",
                              "producer", "--publish", path)
        consumer = self.start(Window, "vitrine-producer", "--role=consumer", "--geometry",
                              "620x480+640+20", "--save-to", self.images)
        consumer.wait_shows(picture)
        self.assertEqual(next(producer.events("channel"))["role"], "producer")

    def test_json(self):
        name = 'a "quoted" Grüße.png'
        path, _ = self.image(name)

        def events(program):
            text = program.output.read_text()
            return [json.loads(line) for line in text[:text.rfind("\n") + 1].splitlines()]

        def has(program, **fields):
            return stage.wait_for(lambda: next((event for event in events(program) if
                                                fields.items() <= event.items()), None))
        with self.reading_json():
            producer, consumer = self.producer("--json", "-v", path), self.consumer("--json")
        self.assertTrue(has(producer, event="loaded", name=name))
        producer.key("space")
        self.assertTrue(has(producer, event="published", seq=1, name=name))
        self.assertTrue(has(producer, event="semop", name="publish", result="0"))
        self.assertTrue(has(consumer, event="shown", seq=1, name=name))
        self.assertEqual(has(consumer, event="channel")["key"], "0x%08x" % self.key)
        self.assertIs(has(producer, event="channel")["created"], True)

    def reading_json(self):
        """Window cannot wait for lines of JSON, so this reads them itself."""
        return unittest.mock.patch.object(Window, "wait", lambda *_, **__: None)

    def test_sources_of_the_key(self):
        """Each source takes precedence over those after it, and the log names the source."""
        here, beside = self.images / "here", self.images / "beside"
        for folder in (here, beside):
            folder.mkdir()
            (folder / "shared_memory.key").write_text("0x%08x\nnot this line\n" % self.key)
            (folder / "shared_memory.key").chmod(0o644)  # others may not write it, whatever the umask
        shutil.copy(stage.BUILD / "vitrine-consumer", beside)
        environment = self.desktop.environment
        other, number = "0x%08x" % (self.key ^ 1 << 15), environment["VITRINE_KEY"]

        def opens(source, *arguments, cwd):
            log = self.evidence / (source + ".log")
            program = Window(self.desktop, beside / "vitrine-consumer", arguments, log, cwd=cwd)
            self.programs.append(program)
            channel = next(program.events("channel"))
            self.assertEqual((channel["source"], channel["key"]), (source, number))
            program.close()
        opens("environment", cwd=here)
        environment["VITRINE_KEY"] = other
        opens("argument", "--key", number, cwd=here)
        del environment["VITRINE_KEY"]
        opens("file", cwd=here)
        opens("program-file", cwd=self.images)


if __name__ == "__main__":
    stage.main()
