"""Input that must be refused: each case gives one line that says what is wrong and why, and the
right exit status, and leaves the channel unchanged."""
import ctypes
import os
import resource
import signal
import socket
import subprocess
import unittest

import support
from support import Segment, as_other_user


class Fifos(support.ToolTest):
    """A FIFO in place of a file, which any user may create, does not block a program."""

    def setUp(self):
        super().setUp()
        self.fifo = self.folder / "fifo"
        os.mkfifo(self.fifo)

    def programs(self):
        yield "check", "--replay", self.fifo, "--", "/bin/true"
        yield "check", "--expect", self.fifo, "--", "/bin/true"
        yield "check", "--enum", self.fifo, "--", "/bin/true"
        yield "xray", "--text", "--enum", self.fifo
        yield "play", "--text", self.fifo
        if (support.BUILD / "vitrine-relay").exists():
            yield ("relay", "--check", "mqtt://127.0.0.1:1/x", "--user", "u", "--password-file",
                   self.fifo)

    def test_one_without_a_writer_is_empty(self):
        for program in self.programs():
            with self.subTest(program=program):
                self.assertIn(self.start(*program).wait(20), (1, 2, 3))

    def test_one_without_a_reader_is_an_error(self):
        check = self.start("check", "--save", self.fifo, "--", "/bin/false")
        check.wait(20)
        self.assertIn("fifo: No such device or address", check.errors.read_text())

    def test_a_signal_ends_the_wait_for_a_writer(self):
        writer = os.open(self.fifo, os.O_RDWR)
        self.addCleanup(os.close, writer)
        for program in self.programs():
            with self.subTest(program=program):
                process = self.start(*program)
                support.wait_for(lambda: self.has_open(process))
                process.terminate()
                self.assertEqual(process.wait(20), -signal.SIGTERM)

    def has_open(self, process):
        """True if the process has opened the FIFO."""
        folder = "/proc/%d/fd" % process.pid
        try:
            return any(os.path.samestat(os.stat(os.path.join(folder, number)), os.stat(self.fifo))
                       for number in os.listdir(folder))
        except OSError:
            return False


class Files(support.ToolTest):
    def refused(self, path, *words):
        """Sends it with a good file after it, which must still arrive."""
        good = self.file("good")
        _, err = self.send(path, good, status=1)
        self.assertTrue(err.startswith("vitrine send: "), err)
        self.assertEqual(err.count("\n"), 1, err)
        for word in words:
            self.assertIn(word, err)
        self.recv()
        self.assertEqual(self.received(), ["good"])

    def test_missing(self):
        self.refused(self.folder / "nothing", "nothing: does not exist")

    def test_folder(self):
        self.refused(self.inbox, "is a folder")

    def test_long_name(self):
        self.refused("x" * 10000, "is too long for the name of a file")

    def test_socket(self):
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(self.folder / "socket"))
            self.refused(self.folder / "socket", "is a socket")

    @unittest.skipUnless(os.geteuid() == 0, "only root can become somebody else")
    def test_unreadable(self):
        path = self.file("secret")
        path.chmod(0)
        for folder in (self.folder, self.inbox):
            folder.chmod(0o777)
        self.environment["VITRINE_KEY"] = "0x%08x" % self.key
        _, err = self.run_tool("send", path, status=1, preexec_fn=as_other_user)
        self.assertIn("secret: cannot be read by you", err)

    def test_larger_than_a_slot(self):
        with open(self.folder / "huge", "wb") as file:
            file.truncate(70000)
        good = self.file("good")
        _, err = self.send("--slot-size", "64K", self.folder / "huge", good, status=1)
        self.assertIn("huge: the image needs 68.4 KiB (70000 bytes), but a slot of this channel "
                      "has 64 KiB (65536 bytes)", err)
        self.assertIn("--slot-size", err)
        self.recv()
        self.assertEqual(self.received(), ["good"])

    def test_stream_larger_than_a_slot(self):
        _, err = self.send("--slot-size", "64K", "-", input=bytes(1 << 20), status=1)
        self.assertIn("standard input: gave more than the 64 KiB (65536 bytes)", err)
        _, err = self.send("--slot-size", "64K", "/dev/zero", status=1)
        self.assertIn("gave more than", err)

    def change_while_it_waits(self, change, *words):
        """The file is opened, then send waits for a slot; meanwhile it changes."""
        self.send("--slots", 2, self.file("1"), self.file("2"))
        path = self.file("changing", 5 << 20)
        sender = self.start("send", path)
        self.wait_line(sender, "waiting name=")
        change(path)
        self.recv("-n", 1)
        self.finish(sender, 1)
        for word in words:
            self.assertIn(word, sender.errors.read_text())
        status = self.status()
        self.assertEqual([slot["state"] for slot in status["slots"]].count("writing"), 0)
        self.assertEqual(status["full"]["value"], 1)
        self.recv()
        self.assertEqual(self.received(), ["1", "2"])

    def test_became_shorter(self):
        self.change_while_it_waits(lambda path: os.truncate(path, 1 << 20),
                                   "became shorter while it was read", "1048576 of 5242880")

    def test_grew(self):
        def grow(path):
            with open(path, "ab") as file:
                file.write(b"more")
        self.change_while_it_waits(grow, "grew while it was read")

    def test_rewritten(self):
        self.change_while_it_waits(lambda path: path.write_bytes(bytes(5 << 20)),
                                   "was changed while it was read")

    def test_vanished(self):
        self.change_while_it_waits(os.unlink, "was removed while it was read")

    def test_not_an_image_as_pixels(self):
        _, err = self.send("--as-pixels", self.file("noise.png"), status=1)
        self.assertTrue(err.startswith("vitrine send: %s" % (self.folder / "noise.png")))
        self.assertIn("without --as-pixels sends any file unchanged", err)

    def test_full_and_not_to_wait(self):
        self.send("--slots", 2, self.file("1"), self.file("2"))
        _, err = self.send("--when-full", "fail", self.file("3"), status=1)
        self.assertIn("3: no slot is free: both slots are in use: 2 wait and there is no "
                      "consumer", err)
        self.assertIn("--when-full=wait", err)
        self.recv()
        self.assertEqual(self.received(), ["1", "2"])

    def test_a_device_has_its_name(self):
        out, _ = self.send("/dev/null")
        self.assertIn(b'name="null"', out)
        out, _ = self.send("/dev/stdin", input=b"text")
        self.assertIn(b'name="stdin.txt"', out)
        self.recv()


class Places(support.ToolTest):
    def still_waits(self, *arguments, words, **more):
        """Checks that recv fails with these words, and that the image it could not write waits
        again."""
        path = self.file("a", 300000)
        self.send(path)
        out, err = self.run_tool("recv", "--timeout", "0", *arguments, status=1, **more)
        for word in words:
            self.assertIn(word, err)
        self.assertNotIn(b"received", out)
        self.assertEqual(self.status()["full"]["value"], 1)
        self.recv()
        self.assertEqual((self.inbox / "a").read_bytes(), path.read_bytes())

    def test_a_folder_is_made(self):
        """recv creates one folder, as in README, but not its parents, whose names may be
        mistyped."""
        self.still_waits("-o", self.folder / "no/where", words=["where: ", "mkdir -p"])
        path = self.file("b", 100)
        self.send(path)
        self.run_tool("recv", "--timeout", "0", "-o", "made", cwd=self.folder)
        self.assertEqual((self.folder / "made/b").read_bytes(), path.read_bytes())

    def test_a_file_is_no_folder(self):
        self.still_waits("-o", self.file("file"), words=["this is not a folder"])

    def test_larger_than_files_may_be(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))
        self.still_waits("-o", self.inbox, words=["a: File too large"], preexec_fn=limit)
        self.assertEqual(self.received(), ["a"])

    def test_full_standard_output(self):
        path = self.file("a")
        self.send(path)
        with open("/dev/full", "wb") as full:
            done = subprocess.run([support.VITRINE, "recv", "-o", "-"], stdout=full,
                                  stderr=subprocess.PIPE, env=self.environment, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"standard output: No space left on device; it still waits", done.stderr)
        self.assertNotIn(b"another folder", done.stderr)
        self.recv()
        self.assertEqual((self.inbox / "a").read_bytes(), path.read_bytes())

    @unittest.skipUnless(os.geteuid() == 0, "only root can mount")
    def test_full_disk(self):
        disk = self.folder / "disk"
        disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k", "none", disk],
                          stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest("mounting is not allowed here")
        try:
            self.still_waits("-o", disk, words=["a: No space left on device", "make room"])
            self.assertEqual(list(disk.iterdir()), [])
        finally:
            subprocess.run(["umount", disk], check=True)

    @unittest.skipUnless(os.geteuid() == 0, "only root can become somebody else")
    def test_no_permission_to_write(self):
        self.folder.chmod(0o755)
        _, err = self.run_tool("recv", "-o", self.inbox, "--timeout", "0", status=1,
                               preexec_fn=as_other_user)
        self.assertIn("inbox: Permission denied", err)
        self.assertFalse(self.ipc())

    @unittest.skipUnless(os.geteuid() == 0, "only root can become somebody else")
    def test_a_channel_of_somebody_else(self):
        self.send(self.file("a"))
        for command in (["recv", "-o", "/tmp", "--timeout", "0"], ["send", "/dev/null"], ["status"],
                        ["clean", "--force"]):
            _, err = self.run_tool(*command, status=1, cwd="/", preexec_fn=as_other_user)
            self.assertIn("belongs to another user", err)
        self.assertEqual(self.status()["full"]["value"], 1)
        self.recv()


class Liars(support.ToolTest):
    def tamper(self, change, *arguments, name="a.bin", **more):
        """Publishes a file, calls change(segment, slot), and receives."""
        self.send("-m", self.file(name, 100000), self.file("good"))
        status = self.status()
        slot = next(slot["slot"] for slot in status["slots"] if slot["sequence"] == 1)
        with Segment(status) as segment:
            change(segment, slot)
        return self.recv(*arguments, **more)

    def test_flipped_byte(self):
        def flip(segment, slot):
            at = segment.data(slot) + 50000
            segment.write(at, bytes([segment.read(at, 1)[0] ^ 1]))
        out, err = self.tamper(flip, "-m", status=1)
        self.assertIn("vitrine recv: a.bin: refused: its md5 is", err)
        self.assertIn(b'name="good"', out)
        self.assertEqual(self.received(), ["good"])
        self.assertFalse(self.ipc())

    def test_flipped_byte_to_standard_output(self):
        def flip(segment, slot):
            segment.write(segment.data(slot), b"\xff\x00\xff")
        self.send("-m", self.file("a"))
        status = self.status()
        with Segment(status) as segment:
            flip(segment, 0)
        out, _ = self.run_tool("recv", "-m", "-o", "-", status=1)
        self.assertEqual(out, b"")

    def test_size_beyond_the_slot(self):
        for size in (1 << 40, (1 << 64) - 1, (256 << 20) + 1):
            with self.subTest(size):
                def lie(segment, slot, size=size):
                    segment.write(segment.descriptor(slot, Segment.SIZE),
                                  ctypes.c_uint64(size))
                _, err = self.tamper(lie, status=1)
                self.assertIn("vitrine recv: refused: take: the description of the image in slot", err)
                self.assertEqual(self.received(), ["good"])
                (self.inbox / "good").unlink()

    def test_size_that_is_not_its_own(self):
        def lie(segment, slot):
            segment.write(segment.descriptor(slot, Segment.SIZE), ctypes.c_uint64(50))
        _, err = self.tamper(lie, "-m", status=1)
        self.assertIn("refused", err)
        self.assertEqual(self.received(), ["good"])

    def test_kind_that_does_not_exist(self):
        def lie(segment, slot):
            segment.write(segment.descriptor(slot, Segment.KIND), ctypes.c_uint32(7))
        _, err = self.tamper(lie, status=1)
        self.assertIn("refused", err)
        self.assertEqual(self.received(), ["good"])

    def test_names_lead_nowhere(self):
        for name, kept in ((b"../../etc/evil", "_.%2F..%2Fetc%2Fevil"), (b"..", "_."),
                           (b".", "_"), (b"", "file"), (b".profile", "_profile"),
                           (b"-rf", "_rf"), (b"/etc/passwd", "%2Fetc%2Fpasswd"),
                           (b"a\nb\x1b[31m", "a%0Ab%1B[31m"), (b"\xff\xfe", "%FF%FE"),
                           (b"n" * 256, "n" * 255)):
            with self.subTest(name):
                def rename(segment, slot, name=name):
                    segment.write(segment.descriptor(slot, Segment.NAME), name.ljust(256, b"\0"))
                self.tamper(rename)
                self.assertEqual(self.received(), sorted([kept, "good"]))
                for path in self.inbox.iterdir():
                    path.unlink()

    def test_long_names_that_collide(self):
        name = "é" * 125 + ".text"  # 255 bytes
        for _ in range(2):
            self.send(self.file(name))
            self.recv()
        self.assertEqual(self.received(), sorted([name, "é" * 124 + "-2.text"]))


class Keys(support.ToolTest):
    def test_bad_key_in_the_environment(self):
        self.environment["VITRINE_KEY"] = "0x1ffffffff"
        _, err = self.run_tool("send", "x", status=1)
        self.assertIn("vitrine send: VITRINE_KEY: “0x1ffffffff”: not a key: give a number", err)

    def write_key_file(self, text):
        path = self.folder / "shared_memory.key"
        path.write_text(text)
        path.chmod(0o644)  # whatever the umask: one that others may write is not trusted

    def test_bad_key_file(self):
        del self.environment["VITRINE_KEY"]
        self.write_key_file("0\n")
        _, err = self.run_tool("status", status=1)
        self.assertIn("./shared_memory.key", err)

    def test_a_command_without_a_channel_needs_no_key(self):
        self.write_key_file("")
        del self.environment["VITRINE_KEY"]
        out, _ = self.run_tool("check", "--", "/bin/true", status=3)
        self.assertIn(b"no program makes a System V IPC call", out)
        self.run_tool("xray", "--text")

    def test_an_option_without_a_meaning_is_refused(self):
        for command, option in (("bench", "--key=1"), ("bench", "--verbose"), ("check", "--key=1"),
                                ("check", "--verbose"), ("play", "--key=1"), ("play", "--verbose"),
                                ("xray", "--verbose"), ("status", "--verbose"),
                                ("doctor", "--verbose")):
            with self.subTest(command=command, option=option):
                done = subprocess.run([support.VITRINE, command, option], capture_output=True,
                                      text=True, timeout=20, check=False)
                self.assertEqual(done.returncode, 2, done)
                self.assertIn("unrecognized option", done.stderr)

    def test_key_file_without_a_key(self):
        del self.environment["VITRINE_KEY"]
        for text in ("", "\nkey\n"):
            self.write_key_file(text)
            _, err = self.run_tool("status", status=1)
            self.assertIn("has no key in its first line: write one there, or remove the file", err)

    def test_the_log_says_which_source_won(self):
        def source(*arguments):
            out, _ = self.run_tool("recv", "--follow", "--timeout", "0", *arguments)
            return out.split(b'source="')[1].split(b'"')[0]
        self.assertEqual(source(), b"environment")
        self.assertEqual(source("-k", "0x%08x" % self.key), b"argument")
        del self.environment["VITRINE_KEY"]
        self.write_key_file("0x%08x\n" % self.key)
        self.assertEqual(source(), b"file")

    def test_a_segment_that_is_not_ours(self):
        made = subprocess.run(["/usr/bin/python3", "-c",
                               "import ctypes; print(ctypes.CDLL(None).shmget(%d, 4096, 0o1600))"
                               % self.key], capture_output=True, text=True)
        shmid = int(made.stdout)
        self.assertGreaterEqual(shmid, 0)
        with Segment({"shmid": shmid, "slot_size": 0}) as segment:
            segment.write(0, b"somebody's data!")
        for command in (["send", "/dev/null"], ["recv", "--timeout", "0"], ["clean", "--force"]):
            _, err = self.run_tool(*command, status=1)
            self.assertIn("is not a Vitrine channel; nothing was touched", err)
        self.assertEqual(self.ipc(), {"shm": shmid})
        with Segment({"shmid": shmid, "slot_size": 0}) as segment:
            self.assertEqual(segment.read(0, 16), b"somebody's data!")
        subprocess.run(["ipcrm", "-m", str(shmid)], check=True)


if __name__ == "__main__":
    support.main()
