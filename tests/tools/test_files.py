"""Normal use of send and recv: every option, pipes, names, pixels, checksums."""
import contextlib
import ctypes
import hashlib
import os
import pathlib
import pty
import re
import signal
import struct
import subprocess
import tty
import unittest
import zlib

import support
from support import ASSETS, VITRINE


class Sending(support.ToolTest):
    def test_sizes_arrive_byte_for_byte(self):
        sizes = [0, 1, 511, 4095, 4096, 4097, 1 << 20, (1 << 20) + 1, 5 << 20]
        files = [self.file("%d.bin" % size, size) for size in sizes]
        receiver = self.start("recv", "-m", "-o", self.inbox, "-n", len(files))
        out, _ = self.send("-m", *files)
        self.finish(receiver)
        for path in files:
            self.assertEqual((self.inbox / path.name).read_bytes(), path.read_bytes())
            self.assertIn('name="%s"' % path.name, out.decode())
            self.assertIn('md5="%s"' % hashlib.md5(path.read_bytes()).hexdigest(), out.decode())
        self.assertEqual(receiver.log.read_text().count('md5="ok"'), len(files))

    def test_published_line(self):
        out, _ = self.send(self.file("a b.txt", content=b"hello"))
        line = [line for line in out.decode().splitlines() if line.startswith("published")]
        self.assertRegex(line[0], r'^published seq=1 slot=\d name="a b.txt" type="text/plain" '
                                  r'bytes=5 ms=[\d.]+$')
        self.assertIn("closed waiting=1", out.decode())
        self.recv()

    def test_xxh3(self):
        self.send("--checksum", "xxh3", self.file("a"))
        out, _ = self.recv("-m")
        self.assertIn(b'xxh3="ok"', out)

    def test_the_sides_need_not_agree(self):
        self.send("-m", self.file("a"))
        self.assertNotIn(b"md5", self.recv()[0])
        self.send(self.file("b"))
        self.assertIn(b'checksum="none"', self.recv("-m")[0])

    def test_standard_input(self):
        image = (ASSETS / "tiny.png").read_bytes()
        out, _ = self.send("-", input=image)
        self.assertIn(b'name="stdin.png" type="image/png"', out)
        out, err = self.run_tool("recv", "-n", "1", "-o", "-")
        self.assertEqual(out, image)
        self.assertIn("received seq=1", err)

    def test_a_language_without_translation(self):
        """No locale is made for it."""
        for language, made in (("es", True), ("de_AT.UTF-8:fr", False), ("de:pt", True)):
            calls = subprocess.run(
                ["strace", "-f", "-e", "trace=openat", support.VITRINE, "--version"], check=True,
                env={**self.helpers_environment(), "LC_ALL": "xx_XX.UTF-8", "LANGUAGE": language},
                capture_output=True, text=True).stderr
            looked = any(name in calls for name in ("/locale/C.utf8/", "/tmp/vitrine-locale"))
            self.assertEqual(looked, made, calls)

    def test_the_decoders_words_are_translated(self):
        """It is a process of its own, and knows English only."""
        whole = (ASSETS / "forest.jpg").read_bytes()
        self.environment["LANGUAGE"] = "es"
        out, _ = self.send("--as-pixels", self.file("cut.jpg", content=whole[:9000]))
        self.assertIn("incompleta: el archivo termina antes de tiempo", out.decode())
        refused = {
            "bad.jpg": (whole[:30], "está incompleta: el archivo termina antes de tiempo"),
            "text.png": (b"\x89PNG\r\n\x1a\n" + bytes(99),
                         "no es una imagen PNG que se pueda abrir ("),
            "large.ppm": (b"P6 90000 90000 255\n", "90000 x 90000 píxeles necesitarían 30.2 GiB"),
            "sample.ppm": (b"P6 zwei 1 255\n", "cabecera imposible: anchura zwei"),
            "lab.tif": (struct.pack("<2sHIH", b"II", 42, 8, 7) + b"".join(
                struct.pack("<HHII", tag, 4, 1, value) for tag, value in
                ((256, 1), (257, 1), (258, 8), (259, 1), (262, 10), (273, 8), (279, 1))) + bytes(4),
                        "es una imagen TIFF de un tipo que aquí no se puede abrir ("),
        }
        for name, (content, reason) in refused.items():
            _, errors = self.send("--as-pixels", self.file(name, content=content), status=1)
            self.assertIn(reason, errors)
        self.run_tool("clean", "--force")

    def test_a_terminal_gets_plain_text_only(self):
        """A stranger's bytes must not change the terminal. What is not shown is not lost."""
        texts = {"plain": "Größe:\t3 ∈ ℕ\nno newline at its end".encode(), "empty": b""}
        others = {"color": b"\x1b[31mred", "title": b"a\n\x1b]0;x\x07", "c1": "\x9b31m".encode(),
                  "latin-1": b"Gr\xf6\xdfe", "nul": b"a\0b", "return": b"good\rbad",
                  "direction": "\u202etxt".encode(), "image": (ASSETS / "tiny.png").read_bytes()}
        for name, content in {**texts, **others}.items():
            with self.subTest(name):
                self.send(self.file(name, content=content))
                controller, terminal = pty.openpty()
                tty.setraw(terminal)
                receiver = self.start("recv", "-o", "-", stdout=terminal)
                self.finish(receiver, int(name in others))
                os.close(terminal)
                shown = b""
                with contextlib.suppress(OSError):  # EIO: all has been read
                    while piece := os.read(controller, 4096):
                        shown += piece
                os.close(controller)
                self.assertEqual(shown, texts.get(name, b""))
                if name in others:
                    self.assertIn("is not plain text", receiver.errors.read_text())
                    self.assertEqual(self.run_tool("recv", "-o", "-")[0], content)

    def test_standard_input_is_a_file(self):
        path = self.file("a", 100000)
        with open(path, "rb") as file:
            file.seek(1000)
            self.send("-", stdin=file)
        self.assertEqual(self.run_tool("recv", "-o", "-")[0], path.read_bytes()[1000:])

    def test_slow_pipe_keeps_no_slot(self):
        sender = self.start("send", "-", stdin=subprocess.PIPE)
        sender.stdin.write(b"one ")
        sender.stdin.flush()
        status = self.wait_status(lambda status: status["producers"]["value"] == 1)
        self.assertEqual({slot["state"] for slot in status["slots"]}, {"empty"})
        sender.stdin.write(b"two")
        sender.stdin.close()
        self.finish(sender)
        self.assertEqual(self.run_tool("recv", "-o", "-")[0], b"one two")

    def test_proc_files_have_no_size(self):
        self.send("/proc/sys/kernel/ostype")
        self.recv()
        self.assertEqual((self.inbox / "ostype").read_bytes(), b"Linux\n")

    def test_fifo(self):
        os.mkfifo(self.folder / "fifo")
        sender = self.start("send", self.folder / "fifo")
        (self.folder / "fifo").write_bytes(b"through a pipe")
        self.finish(sender)
        self.assertEqual(self.run_tool("recv", "-o", "-")[0], b"through a pipe")

    def test_as_pixels(self):
        out, _ = self.send("--as-pixels", ASSETS / "lighthouse.jpg")
        self.assertRegex(out.decode(), r'name="lighthouse.jpg" width=\d+ height=\d+')
        self.recv()
        self.assertEqual(self.received(), ["lighthouse.png"])
        self.assertEqual((self.inbox / "lighthouse.png").read_bytes()[:8], b"\x89PNG\r\n\x1a\n")

    def test_pixels_keep_their_alpha(self):
        pixels = self.random.randbytes(37 * 21 * 4)
        self.send("--as-pixels", "-m", self.file("a.png", content=png(37, 21, pixels)))
        self.assertIn(b'md5="ok"', self.recv("-m")[0])
        self.assertEqual(png_pixels(self.inbox / "a.png"), (37, 21, pixels))

    def test_when_full_fail(self):
        files = [self.file("%d" % i) for i in range(3)]
        _, err = self.send("--slots", 2, "--when-full", "fail", *files, status=1)
        self.assertIn("vitrine send: %s: no slot is free: both slots are in use" % files[2], err)
        self.recv()
        self.assertEqual(self.received(), ["0", "1"])

    def test_when_full_drop_oldest(self):
        files = [self.file("%d" % i) for i in range(4)]
        out, _ = self.send("--slots", 2, "--when-full", "drop-oldest", *files)
        self.assertIn(b"dropped seq=1", out)
        self.recv()
        self.assertEqual(self.received(), ["2", "3"])

    def test_when_full_wait(self):
        files = [self.file("%d" % i) for i in range(3)]
        sender = self.start("send", "--slots", 2, *files)
        self.wait_line(sender, "waiting name=")
        self.assertIn("there is no consumer", sender.log.read_text())
        self.recv("-n", 3, "--timeout", 30)
        self.finish(sender)
        self.assertEqual(self.received(), ["0", "1", "2"])

    def test_timeout(self):
        files = [self.file("%d" % i) for i in range(3)]
        _, err = self.send("--slots", 2, "--timeout", "0.2", *files, status=1)
        self.assertIn("no slot became free within 0.2 s: ", err)
        self.recv()

    def test_signals_end_it_cleanly(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            sender = self.start("send", "-", stdin=subprocess.PIPE)
            self.wait_line(sender, "channel role=")
            sender.send_signal(number)
            self.finish(sender, 1)
            self.assertIn("interrupted", sender.errors.read_text())
            self.assertFalse(self.ipc())

    def test_signal_while_it_waits_for_a_slot(self):
        """Each file that was not sent is named, also those whose turn had not come."""
        files = [self.file("%d" % i) for i in range(5)]
        sender = self.start("send", "--slots", 2, *files)
        self.wait_line(sender, "waiting name=")
        sender.send_signal(signal.SIGTERM)
        self.finish(sender, 1)
        unsent = re.findall(r"(\S+): interrupted; it was not sent", sender.errors.read_text())
        self.assertEqual(unsent, [str(file) for file in files[2:]])
        status = self.status()
        self.assertEqual((status["full"]["value"], status["empty"]["value"]), (2, 0))
        self.recv()

    def test_verbose(self):
        out, _ = self.send("-v", self.file("a"))
        self.assertIn(b'semop name="publish"', out)
        self.recv()


class Receiving(support.ToolTest):
    def test_waits_for_the_first_then_takes_what_waits(self):
        receiver = self.start("recv", "-o", self.inbox)
        self.wait_line(receiver, "channel role=")
        self.send(self.file("a"))
        self.finish(receiver)
        self.send(self.file("b"), self.file("c"))
        self.run_tool("recv", self.inbox)
        self.assertEqual(self.received(), ["a", "b", "c"])

    def test_interrupted(self):
        receiver = self.start("recv", "-o", self.inbox)
        self.wait_line(receiver, "channel role=")
        receiver.send_signal(signal.SIGINT)
        self.finish(receiver, 1)
        self.assertIn("interrupted: fewer images than requested", receiver.errors.read_text())

    def test_count_and_timeout(self):
        self.send(self.file("a"), self.file("b"))
        self.recv("-n", 1)
        self.assertEqual(self.received(), ["a"])
        _, err = self.recv("-n", 2, "--timeout", "0.1", status=1)
        self.assertIn("vitrine recv: nothing to receive: timed out", err)
        self.assertEqual(self.received(), ["a", "b"])

    def test_follow_until_a_signal(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            receiver = self.start("recv", "-o", self.inbox, "--follow")
            for name in ("a", "b"):
                self.send(self.file(name))
                self.wait_line(receiver, 'name="%s"' % name)
            receiver.send_signal(number)
            self.finish(receiver)
            self.assertFalse(self.ipc())
        self.assertEqual(self.received(), ["a", "a-2", "b", "b-2"])

    def test_follow_until_the_time_is_over(self):
        self.run_tool("recv", "--follow", "--timeout", "0.1")

    def test_never_over_a_file(self):
        (self.inbox / "a.tar.gz").write_bytes(b"mine")
        path = self.file("a.tar.gz", 10)
        for _ in range(2):
            self.send(path)
            self.recv()
        self.assertEqual((self.inbox / "a.tar.gz").read_bytes(), b"mine")
        self.assertEqual(self.received(), ["a.tar-2.gz", "a.tar-3.gz", "a.tar.gz"])

    def test_numbered(self):
        self.send(self.file("x.jpg"), self.file("y"), self.file("z.c", content=b"int z;\n"))
        self.recv("--name", "numbered")
        self.assertEqual(self.received(), ["file01.jpg", "file02.bin", "file03.c"])

    def test_type(self):
        self.send(self.file("x.jpeg"), self.file("y"))
        self.recv("--name", "numbered", "--type", ".jpg", "-n", 1)
        self.recv("--type", "dat")
        self.assertEqual(self.received(), ["file01.jpg", "y.dat"])

    def test_here_is_the_default(self):
        self.send(self.file("a"))
        (self.folder / "here").mkdir()
        out, _ = self.run_tool("recv", cwd=self.folder / "here")
        self.assertIn(b'path="a"', out)

    def test_output_to_a_file_and_to_a_closed_pipe(self):
        path = self.file("a", 300000)
        self.send(path)
        with open(self.folder / "out", "wb") as out:
            self.finish(self.start("recv", "-o", "-", stdout=out))
        self.assertEqual((self.folder / "out").read_bytes(), path.read_bytes())
        self.send(path)
        receiver = self.start("recv", "-o", "-", stdout=subprocess.PIPE)
        receiver.stdout.close()
        self.finish(receiver, 1)
        self.assertIn("Broken pipe", receiver.errors.read_text())
        self.assertEqual(self.run_tool("recv", "-o", "-")[0], path.read_bytes())

    def test_a_stuck_pipe_does_not_keep_it(self):
        self.send(self.file("a", 1 << 20))
        receiver = self.start("recv", "-o", "-", stdout=subprocess.PIPE)
        self.wait_status(lambda status: status["slots"][0]["state"] == "reading")
        receiver.stdout.read(1)
        receiver.send_signal(signal.SIGTERM)
        self.finish(receiver, 1)
        receiver.stdout.close()
        self.assertEqual(self.status()["full"]["value"], 1)
        self.recv()

    def test_the_removed_channel_is_opened_anew(self):
        receiver = self.start("recv", "-o", self.inbox, "--follow")
        self.wait_line(receiver, "channel role=")
        self.run_tool("clean", "--force")
        self.wait_line(receiver, "reopened role=")
        self.send(self.file("a"))
        self.wait_line(receiver, 'received seq=1 name="a"')
        receiver.send_signal(signal.SIGTERM)
        self.finish(receiver)

    def test_two_receivers_share(self):
        receivers = [self.start("recv", "-o", self.inbox, "--follow") for _ in range(2)]
        for receiver in receivers:
            self.wait_line(receiver, "channel role=")
        self.send(*[self.file("%02d" % i) for i in range(20)])
        self.assertTrue(support.wait_for(lambda: len(self.received()) == 20))
        for receiver in receivers:
            receiver.send_signal(signal.SIGTERM)
            self.finish(receiver)
        self.assertEqual(self.received(), ["%02d" % i for i in range(20)])

    def test_killed_while_it_writes_the_file_comes_again(self):
        path = self.file("a", 8 << 20)
        self.send(path)
        receiver = self.start("recv", "-o", "-", stdout=subprocess.PIPE)
        self.wait_status(lambda status: status["slots"][0]["state"] == "reading")
        receiver.kill()
        receiver.wait()
        receiver.stdout.close()
        self.recv()
        self.assertEqual((self.inbox / "a").read_bytes(), path.read_bytes())


class Usage(support.ToolTest):
    def test_help_and_version(self):
        out, _ = self.run_tool("--help")
        for command in (b"send", b"recv", b"show", b"status", b"clean", b"doctor"):
            self.assertIn(b"vitrine " + command, out)
            for option in ("--help", "-h"):
                self.assertIn(b"Usage: vitrine " + command, self.run_tool(command, option)[0])
            self.assertIn(b"0.2.0", self.run_tool(command, "-V")[0])
        self.assertIn(b"vitrine (Vitrine)", self.run_tool("-V")[0])

    def test_wrong_usage_is_2(self):
        for arguments in ([], ["frob"], ["send"], ["send", "--frob", "x"], ["recv", "-n", "0"],
                          ["recv", "-n", "x"], ["recv", "--name", "odd"], ["recv", "a", "b"],
                          ["recv", "--type", "a/b"], ["send", "--checksum", "sha1", "x"],
                          ["send", "--when-full", "pray", "x"], ["send", "--timeout", "soon", "x"],
                          ["send", "--slots", "1", "x"], ["status", "x"], ["show"],
                          ["send", "-k", "0", "x"], ["send", "-k", "", "x"],
                          ["status", "-k", "0x100000000"], ["clean", "-k", "n" * 300]):
            with self.subTest(arguments):
                out, err = self.run_tool(*arguments, status=2)
                self.assertTrue(err)
                self.assertFalse(out)

    def test_no_sdl_at_the_start(self):
        libraries = subprocess.run(["ldd", VITRINE], capture_output=True, text=True).stdout
        self.assertNotIn("SDL", libraries)


def png(width, height, pixels):
    """An RGBA PNG file."""
    def chunk(kind, body):
        return len(body).to_bytes(4, "big") + kind + body + \
            zlib.crc32(kind + body).to_bytes(4, "big")
    rows = b"".join(b"\0" + pixels[y * width * 4:][:width * 4] for y in range(height))
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((8, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + \
        chunk(b"IEND", b"")


def png_pixels(path):
    """(width, height, RGBA bytes) of an 8-bit PNG file, without libraries."""
    data, at, packed = pathlib.Path(path).read_bytes(), 8, b""
    while at < len(data):
        length, kind = int.from_bytes(data[at:at + 4], "big"), data[at + 4:at + 8]
        body = data[at + 8:at + 8 + length]
        at += 12 + length
        if kind == b"IHDR":
            width, height = int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big")
            assert body[8] == 8 and body[9] == 6, "not RGBA of 8 bits"
        elif kind == b"IDAT":
            packed += body
    rows, stride, previous, out = zlib.decompress(packed), width * 4, bytearray(width * 4), b""
    for y in range(height):
        kind, row = rows[y * (stride + 1)], bytearray(rows[y * (stride + 1) + 1:][:stride])
        for x in range(stride):
            left, up = row[x - 4] if x >= 4 else 0, previous[x]
            corner = previous[x - 4] if x >= 4 else 0
            guess = left + up - corner
            paeth = min((abs(guess - left), 0, left), (abs(guess - up), 1, up),
                        (abs(guess - corner), 2, corner))[2]
            row[x] = row[x] + (0, left, up, (left + up) // 2, paeth)[kind] & 255
        out += bytes(row)
        previous = row
    return width, height, out


NEW_MOUNTS, PRIVATE_TREE, DETACH = 0x20000, 0x44000, 2  # CLONE_NEWNS, MS_PRIVATE | MS_REC, MNT_DETACH


def leave_proc():
    """For preexec_fn: this process sees no /proc."""
    for done in (support.libc.unshare(NEW_MOUNTS),
                 support.libc.mount(b"none", b"/", None, PRIVATE_TREE, None),
                 support.libc.umount2(b"/proc", DETACH)):
        if done != 0:
            raise OSError(ctypes.get_errno(), "unmounting /proc")


@unittest.skipUnless(os.geteuid() == 0, "only root can unmount /proc")
@unittest.skipIf(support.SANITIZED, "a sanitizer needs /proc itself")
class WithoutProc(support.ToolTest):
    """Runs as in a chroot where /proc is not mounted."""

    def setUp(self):
        super().setUp()
        try:
            subprocess.run(["true"], preexec_fn=leave_proc, check=True)
        except subprocess.SubprocessError:
            self.skipTest("/proc cannot be unmounted here")

    def test_files(self):
        path = self.file("a", 100000)
        self.send("-m", path, path, preexec_fn=leave_proc)
        out, err = self.recv("-m", preexec_fn=leave_proc)
        self.assertEqual((out.count(b'md5="ok"'), err), (2, ""))
        self.assertEqual(self.received(), ["a", "a-2"])  # and no hidden file
        for name in self.received():
            self.assertEqual((self.inbox / name).read_bytes(), path.read_bytes())

    def test_from_a_pipe(self):
        self.send("-", input=b"hello", preexec_fn=leave_proc)
        self.assertEqual(self.run_tool("recv", "-o", "-", preexec_fn=leave_proc)[0], b"hello")

    def test_pixels(self):
        """Decoding needs /proc, and the error says so; saving as PNG does not need it."""
        image = ASSETS / "tiny.png"
        _, err = self.send("--as-pixels", image, status=1, preexec_fn=leave_proc)
        self.assertIn("cannot be decoded without /proc: mount -t proc proc /proc", err)
        self.send("--as-pixels", image)
        self.recv(preexec_fn=leave_proc)
        self.assertTrue((self.inbox / "tiny.png").read_bytes().startswith(b"\x89PNG"))


if __name__ == "__main__":
    support.main()
