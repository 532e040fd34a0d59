#!/usr/bin/env python3
"""How the programs start, and the errors if they cannot."""
import ctypes
import os
import pathlib
import re
import subprocess

import stage

PROGRAMS = ("vitrine-producer", "vitrine-consumer")
IPC_CREAT, IPC_EXCL = 0o1000, 0o2000
NOBODY = 65534


class Start(stage.Stage):
    def run_program(self, name, *arguments, user=None, **changes):
        """Runs a program that ends by itself, and returns the result."""
        environment = {**self.desktop.environment, **changes}
        try:
            return subprocess.run([stage.BUILD / name, *arguments], capture_output=True, text=True,
                                  timeout=30, stdin=subprocess.DEVNULL, user=user,
                                  env={k: v for k, v in environment.items() if v is not None})
        except subprocess.TimeoutExpired as late:
            self.fail("%s %s does not end; it said: %s%s" % (
                name, " ".join(arguments), late.stdout, late.stderr))

    def test_no_display(self):
        for name in PROGRAMS:
            with self.subTest(name):
                done = self.run_program(name, DISPLAY=None, SDL_VIDEODRIVER=None,
                                        XDG_RUNTIME_DIR=None)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertRegex(done.stderr, "(?m)^%s: .*: " % name)
                self.assertIn("DISPLAY", done.stderr)
                self.assertEqual(done.stderr.count("\n"), 1)  # no library has a word in it
                self.assertEqual(self.ipc(), {})

    def test_usage_errors(self):
        for name in PROGRAMS:
            for arguments in (["--no-such-option"], ["--slots", "1"], ["--slots", "many"],
                              ["--slot-size", "-1"], ["--mode", "9"], ["--geometry", "big"]):
                with self.subTest(name, arguments=arguments):
                    done = self.run_program(name, *arguments)
                    self.assertEqual(done.returncode, 2, done.stderr)
                    self.assertIn(name + ": ", done.stderr)

    def test_bad_keys(self):
        for name in PROGRAMS:
            for key in ("0", "", "0x1ffffffff"):
                with self.subTest(name, key=key):
                    done = self.run_program(name, "--key", key)
                    self.assertEqual(done.returncode, 2, done.stderr)
                    self.assertIn(name + ": ", done.stderr)

    def test_options_that_cannot_be_together(self):
        done = self.run_program("vitrine-consumer", "--mirror", "--manual")
        self.assertEqual(done.returncode, 2)
        self.assertIn("a mirror takes no image", done.stderr)

    def test_places_that_are_not_there(self):
        nowhere = str(self.images / "nowhere")
        done = self.run_program("vitrine-consumer", "--save-to", nowhere)
        self.assertEqual(done.returncode, 1)
        self.assertIn("--save-to %s: No such file or directory: create the folder" % nowhere,
                      done.stderr)
        for name in PROGRAMS:
            done = self.run_program(name, "--trace", nowhere + "/trace.json")
            self.assertEqual(done.returncode, 1)
            self.assertIn("No such file or directory; give a file in a folder", done.stderr)
        self.assertEqual(self.ipc(), {})

    def test_help_and_version(self):
        for name in PROGRAMS:
            for option in ("--help", "-h", "--version", "-V"):
                with self.subTest(name, option=option):
                    done = self.run_program(name, option, DISPLAY=None)
                    self.assertEqual((done.returncode, done.stderr), (0, ""))
                    self.assertTrue(re.search("(?i)vitrine", done.stdout))

    def test_segment_of_somebody_else(self):
        libc = ctypes.CDLL(None, use_errno=True)
        segment = libc.shmget(self.key, 4096, IPC_CREAT | IPC_EXCL | 0o600)
        address = libc.shmat
        address.restype = ctypes.c_void_p
        memory = address(segment, None, 0)
        ctypes.memmove(memory, b"somebody else's", 15)
        try:
            for name in PROGRAMS:
                with self.subTest(name):
                    done = self.run_program(name)
                    self.assertEqual(done.returncode, 1, done.stderr)
                    self.assertIn("0x%08x" % self.key, done.stderr)
                    self.assertEqual(self.ipc(), {"shm": segment})
                    self.assertEqual(ctypes.string_at(memory, 15), b"somebody else's")
        finally:
            subprocess.run(["ipcrm", "-m", str(segment)], check=True)
            libc.shmdt(ctypes.c_void_p(memory))

    def test_channel_of_another_user(self):
        if os.geteuid() != 0:
            return  # only root can start a program as somebody else
        self.producer()
        before = self.ipc()
        done = self.run_program("vitrine-consumer", user=NOBODY)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("0x%08x" % self.key, done.stderr)
        self.assertEqual(self.ipc(), before)

    def test_consumer_cannot_write(self):
        programs = {self.producer(): "rw-s", self.consumer(): "r--s",
                    self.consumer("--mirror", place=(0, 300)): "r--s"}
        for program, access in programs.items():
            maps = pathlib.Path("/proc/%d/maps" % program.pid).read_text()
            modes = [line.split()[1] for line in maps.splitlines() if "SYSV%08x" % self.key in line]
            self.assertTrue(modes, program.name)
            self.assertEqual(set(modes), {access}, program.name)

    def test_consumer_first(self):
        path, picture = self.image("one.png")
        consumer = self.consumer()
        self.assertEqual(next(consumer.events("channel"))["created"], "true")
        producer = self.producer(path)
        self.assertEqual(next(producer.events("channel"))["created"], "false")
        producer.wait("loaded")
        producer.key("space")
        consumer.wait_shows(picture)


if __name__ == "__main__":
    stage.main()
