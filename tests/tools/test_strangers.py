#!/usr/bin/env python3
"""Two users of one machine: Eve lays key files where Alice works, and makes the channels that Alice
means to use. Alice's programs must neither hang, nor publish to Eve, nor tell her what they read.
"""
import os
import pathlib
import subprocess
import unittest

import support

ALICE, EVE = 65533, 65534
SOURCE = pathlib.Path(__file__).resolve().parents[2]
PYTHON = "/usr/bin/python3"  # the system's, which other users can run
SECONDS = 20  # a program that hangs does so for ever
SECRET = b"hunter2:the-password\n"


@unittest.skipIf(os.geteuid() != 0, "only root can become two other users")
class Strangers(support.ToolTest):
    def setUp(self):
        super().setUp()
        os.chmod(self.folder, 0o1777)  # as /tmp is
        self.environment.update(HOME="/nonexistent", PYTHONPATH=str(SOURCE / "python"),
                                VITRINE_LIBRARY=str(support.BUILD / "libvitrine.so.0"))
        self.environment.pop("PYTHONHOME", None)
        for path in (support.BUILD, SOURCE / "python"):
            self.assert_reachable(path)
        self.picture = self.folder / "private.txt"
        self.picture.write_bytes(b"for friends only\n")
        os.chown(self.picture, ALICE, ALICE)
        os.chmod(self.picture, 0o600)

    def assert_reachable(self, path):
        if self.as_user(ALICE, "test", "-r", path).returncode != 0:
            self.skipTest("other users cannot read %s" % path)

    def as_user(self, uid, *command):
        return subprocess.run([str(word) for word in command], env=self.environment, user=uid,
                              group=uid, extra_groups=[], cwd=self.folder, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=SECONDS)

    def alice(self, *command, status=0):
        done = self.as_user(ALICE, *command)
        said = (done.stdout + done.stderr).decode(errors="replace")
        self.assertEqual(done.returncode, status, "%s\n%s" % (command, said))
        return said

    def programs(self):
        """All that look for a key file; what sends, sends Alice's file."""
        python = (PYTHON, "-B", "-m", "vitrine")
        return ((support.VITRINE, "send", self.picture), (support.VITRINE, "recv"),
                (support.VITRINE, "status"), (support.VITRINE, "clean"),
                (support.BUILD / "vitrine-producer", "--publish", self.picture),
                (support.BUILD / "vitrine-consumer",),
                *(() if support.SANITIZED else ((*python, "send", self.picture),
                                                (*python, "recv"), (*python, "status"))))

    # ---- key files ---------------------------------------------------------------------------

    def lay_fifo(self, path):
        os.mkfifo(path)
        os.chmod(path, 0o666)

    def lay_key(self, path):
        path.write_text("0x%08x\n" % self.key)
        os.chmod(path, 0o644)

    def lay_link(self, path):
        secret = self.folder / "pw"
        secret.write_bytes(SECRET)
        os.chown(secret, ALICE, ALICE)
        os.chmod(secret, 0o600)
        os.symlink(secret, path)

    def lay_second_name(self, path):
        self.lay_link(path)
        path.unlink()
        os.link(self.folder / "pw", path)

    def test_a_strangers_key_file_decides_nothing(self):
        del self.environment["VITRINE_KEY"]
        path = self.folder / "shared_memory.key"
        for lay in (self.lay_fifo, self.lay_key, self.lay_link, self.lay_second_name):
            lay(path)
            if lay != self.lay_second_name:  # which is still Alice's file
                os.chown(path, EVE, EVE, follow_symlinks=False)
            # One way to read the file, which only a FIFO could make each of them wait in.
            for program in self.programs() if lay == self.lay_fifo else self.senders():
                with self.subTest(lay.__name__, program=program):
                    said = self.alice(*program, status=1)
                    self.assertIn("shared_memory.key", said)
                    self.assertNotIn("hunter2", said)
                    self.assertEqual(self.ipc(), {})
            path.unlink()
            (self.folder / "pw").unlink(missing_ok=True)

    # ---- channels ----------------------------------------------------------------------------

    def eve_waits(self, key):
        """Eve was quicker, and lets everybody in."""
        os.chown(self.inbox, EVE, EVE)
        eve = self.start("recv", "-k", key, "--mode", "0666", "--slots", 2, "--slot-size", "1M",
                         "-o", self.inbox, user=EVE, group=EVE, extra_groups=[])
        self.wait_line(eve, "channel ")
        return eve

    def senders(self):
        return [program for program in self.programs() if "send" in program]

    def test_nothing_is_published_in_a_strangers_channel(self):
        key = "0x%08x" % self.key
        eve = self.eve_waits(key)
        before = self.status()
        for program in self.senders():
            with self.subTest(program=program):
                said = self.alice(*program, status=1)
                self.assertIn("another user (uid %d)" % EVE, said)
                self.assertIn("--any-owner", said)
        self.assertEqual(self.status()["full"], before["full"])
        self.assertEqual(self.received(), [])
        # Told to, it publishes, and says whose channel it is.
        said = self.alice(support.VITRINE, "send", "--any-owner", self.picture)
        self.assertIn("owner=%d " % EVE, said)
        self.finish(eve)
        self.assertEqual(self.received(), ["private.txt"])

    def test_status_names_the_owner(self):
        eve = self.eve_waits("0x%08x" % self.key)
        said = self.alice(support.VITRINE, "status")
        self.assertRegex(said, r"owner .*\b%d\b" % EVE)
        self.assertIn("another user's", said)
        self.assertEqual(self.status()["owner"], EVE)
        eve.terminate()
        eve.wait()

    def test_ones_own_key_is_nobody_elses(self):
        del self.environment["VITRINE_KEY"]
        self.key = 0x76000000 + ALICE
        eve = self.eve_waits("0x%08x" % self.key)
        for program in (*self.senders(), (support.VITRINE, "status")):
            with self.subTest(program=program):
                self.assertIn("another user", self.alice(*program, status=1))
        self.assertEqual(self.received(), [])
        eve.terminate()
        eve.wait()


if __name__ == "__main__":
    support.main()
