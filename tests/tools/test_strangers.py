#!/usr/bin/env python3
"""Two users of one machine: Eve lays key files where Alice works, makes the channels that Alice means
to use, and changes the semaphores that she may change. Alice's programs must neither hang, nor publish
to Eve, nor tell her what they read, nor keep what she has torn.

Each attack that was ever tried on common/ipc, and the test that holds it off:

    the id of a removed set, given to one of 32,000 semaphores   ipc.reused
    a key file of somebody else's, a FIFO, a link                ipc.key, and here
    a channel of somebody else's under a name                    ipc.users, and here
    a segment of somebody else's under the key of one's own set  ipc.foreign, here
    the id of a removed segment, given to a smaller one          ipc.reused
    another program's segment that begins with zeros             ipc.foreign, and here
    pages that another producer gave back                        ipc.pages
    the kernel's late writes for a producer that was killed      ipc.late, which shows them
    a semget that fails for good                                 ipc.repeats
    a mirror that reads on after a trim                          ipc.pages
    SETVAL by whoever mode 0644 lets look                        ipc.users, and here
    leaving last a channel that only its owner can remove        ipc.users
    a producer that drops while another trims                    none: vitrine.h says that it may
    names that a file system refuses                             unit.naming
    a pause of everybody                                         ipc.start
    a creator in another PID namespace                           ipc.start, unit.presence
    mlockall and RLIMIT_MEMLOCK                                  ipc.limits
    SEMOPM of 2 to 11                                            ipc.limits
    a lock that somebody else holds                              here, unit.tracefile
    a link to a file that only Alice may read                    here, unit.links
    a link that comes and goes while it is checked               unit.links
    a FIFO where a file is expected                              tools.bad_input
    a newest image that never stands still                       relay.hostile
    semaphores that contradict each other, and stay so           here
    a socket where dropped paths go                              unit.handover
    a FIFO in place of the look that a window has saved          unit.window_memory
    a set that is given to Alice                                 tools.doctor
    a file that is called like a segment, for the X-ray          xray.sysv
"""
import fcntl
import os
import pathlib
import signal
import subprocess
import time
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
        for name in ("PYTHONHOME", "XDG_RUNTIME_DIR", "DISPLAY", "WAYLAND_DISPLAY"):
            self.environment.pop(name, None)
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
        """All programs that look for a key file; those that send, send Alice's file."""
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
            # All programs read the file in the same way; only a FIFO could block each of them.
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
        """Eve created the channel first, with access for all users. Her program keeps running,
        because only it can remove the channel."""
        os.chown(self.inbox, EVE, EVE)
        eve = self.start("recv", "-k", key, "--mode", "0666", "--slots", 2, "--slot-size", "1M",
                         "-o", self.inbox, "--follow", user=EVE, group=EVE, extra_groups=[])
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
        # With the option, it publishes, and says to whom the channel belongs.
        said = self.alice(support.VITRINE, "send", "--any-owner", self.picture)
        self.assertIn("owner=%d " % EVE, said)
        self.assertTrue(support.wait_for(lambda: self.received() == ["private.txt"]))
        eve.terminate()
        eve.wait()

    def test_status_names_the_owner(self):
        eve = self.eve_waits("0x%08x" % self.key)
        said = self.alice(support.VITRINE, "status")
        self.assertRegex(said, r"owner .*\b%d\b" % EVE)
        self.assertIn("belongs to another user", said)
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

    def test_another_programs_segment_is_not_touched(self):
        """Another program of Alice has a segment under a number that any program may choose; it
        begins with two counters of 0."""
        key = 0x12000000 | self.key & 0xffff
        script = """if True:
            import ctypes
            libc = ctypes.CDLL(None, use_errno=True)
            libc.shmat.restype = ctypes.c_void_p
            number = libc.shmget(%d, 65536, 0o3600)
            at = libc.shmat(number, None, 0)
            ctypes.memmove(at + 8, b"three months of measurements", 28)
            print(number)
            """ % key
        number = int(self.alice(PYTHON, "-c", script))
        self.addCleanup(subprocess.run, ["ipcrm", "-m", str(number)], check=False)
        for program in (*self.senders(), (support.VITRINE, "recv", "--timeout", "5")):
            with self.subTest(program=program):
                said = self.alice(*program, "--key", "0x%08x" % key, status=1)
                self.assertIn("segment %d is not a Vitrine channel" % number, said)
                self.assertEqual(support.ipc_objects(key), {"shm": number})
        self.assertEqual(support.Segment({"shmid": number}).__enter__().read(8, 12), b"three months")

    # ---- links -------------------------------------------------------------------------------

    def test_a_strangers_link_does_not_publish_what_is_private(self):
        folder = self.folder / "shared"
        folder.mkdir()
        os.chmod(folder, 0o777)  # not sticky, where the kernel itself would refuse
        link = folder / "photo.png"
        os.symlink(self.picture, link)
        os.chown(link, EVE, EVE, follow_symlinks=False)
        said = self.alice(support.VITRINE, "send", link, status=1)
        self.assertIn("a link of another user (uid %d)" % EVE, said)
        self.assertEqual(self.ipc(), {})
        os.chown(link, ALICE, ALICE, follow_symlinks=False)
        self.alice(support.VITRINE, "send", link)
        os.chown(self.inbox, ALICE, ALICE)
        self.alice(support.VITRINE, "recv", "-o", self.inbox, "--timeout", "0")
        self.assertEqual(self.received(), ["photo.png"])

    # ---- semaphores --------------------------------------------------------------------------

    def set_value(self, uid, semid, number, value):
        script = "import ctypes; print(ctypes.CDLL(None).semctl(%d, %d, 16, %d))" % (
            semid, number, value)
        done = self.as_user(uid, PYTHON, "-c", script)
        self.assertEqual(done.stdout, b"0\n", done.stderr)

    def test_what_a_stranger_tears_is_not_kept(self):
        """
        Mode 0644: Eve says that nobody reads the slot, and Alice's own producer overwrites it, while
        Alice's recv makes a PNG of it. recv is stopped meanwhile, so that it cannot be done before.
        """
        noise = self.folder / "noise.ppm"
        noise.write_bytes(b"P6 1500 1500 255\n" + self.random.randbytes(3 * 1500 * 1500))
        os.chmod(noise, 0o644)
        os.chown(self.inbox, ALICE, ALICE)
        common = ("--mode", "0644", "--slots", "2", "--slot-size", "16M")
        self.alice(support.VITRINE, "send", *common, "--as-pixels", noise, noise)
        recv = self.start("recv", "-n", "1", "-o", self.inbox, user=ALICE, group=ALICE,
                          extra_groups=[])
        semid = self.ipc()["sem"]
        reader = self.wait_reader(semid)
        recv.send_signal(signal.SIGSTOP)
        self.set_value(EVE, semid, reader, 0)
        self.set_value(EVE, semid, 1, 1)  # one slot is free
        self.alice(support.VITRINE, "send", self.picture)
        recv.send_signal(signal.SIGCONT)
        recv.wait(SECONDS)
        said = (self.folder / "0.stderr").read_text()
        self.assertEqual((recv.returncode, self.received()), (1, []), said)
        self.assertIn("overwritten while it was read", said)
        for kind, number in self.ipc().items():  # with such values it is nobody's channel
            subprocess.run(["ipcrm", "-s" if kind == "sem" else "-m", str(number)], check=True)

    def wait_reader(self, semid):
        """The number of the semaphore `reader` of slot 0 or 1, once one of them is 1."""
        numbers = (11, 15)
        return support.wait_for(lambda: next(
            (number for number in numbers if support.libc.semctl(semid, number, 12) == 1), None))

    def test_damage_that_stays_is_told_at_a_measured_rate(self):
        """An image waits, and no slot has it. recv tries again and again, but it neither fills a disk
        with errors nor uses the CPU."""
        recv = self.start("recv", "--follow", "-o", self.inbox)
        self.wait_line(recv, "channel ")
        semid = self.ipc()["sem"]
        began = time.monotonic()
        self.assertEqual(support.libc.semctl(semid, 2, 16, 1), 0)
        self.assertTrue(support.wait_for(lambda: recv.errors.read_text().count("refused") >= 4))
        self.assertGreater(time.monotonic() - began, 1)
        self.assertIn("contradict", recv.errors.read_text())
        recv.terminate()
        self.assertEqual(recv.wait(SECONDS), 1)
        for kind, number in self.ipc().items():  # with such values it is nobody's channel
            subprocess.run(["ipcrm", "-s" if kind == "sem" else "-m", str(number)], check=True)

    # ---- locks -------------------------------------------------------------------------------

    def test_a_strangers_lock_keeps_no_window_from_opening(self):
        """The folder of locks belongs to Eve, and she holds the lock. (There is no display, and the
        error says so.)"""
        self.environment["TMPDIR"] = str(self.folder)
        folder = self.folder / ("vitrine-%d" % ALICE)
        lock = folder / ("vitrine-%08x-window.lock" % self.key)
        folder.mkdir()
        os.chmod(folder, 0o777)
        os.chown(folder, EVE, EVE)
        lock.touch()
        os.chmod(lock, 0o666)
        os.chown(lock, EVE, EVE)
        with open(lock, "rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            said = self.alice(support.VITRINE, "show", support.ASSETS / "tiny.png", status=1)
        self.assertIn("ended before it showed anything", said)
        self.alice(support.VITRINE, "clean", "--force")


if __name__ == "__main__":
    support.main()
