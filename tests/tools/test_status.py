"""Compares status with ipcs and with the real state; tests clean and its refusals."""
import ctypes
import json
import os
import pty
import re
import signal
import subprocess
import unittest

import support
from support import ASSETS, VITRINE, as_other_user


class Status(support.ToolTest):
    def wait_text(self, pattern):
        """Waits until the status as text matches, and returns the text. A list of channels made by a
        test that runs at the same time attaches each segment of this user for a moment."""
        def look():
            text = self.run_tool("status")[0].decode()
            return text if re.search(pattern, text) else None
        text = support.wait_for(look)
        self.assertTrue(text, "never %s: %s" % (pattern, self.run_tool("status")[0].decode()))
        return text

    def test_none(self):
        out, err = self.run_tool("status", "--json", status=1)
        self.assertEqual(json.loads(out), {"exists": False, "key": "0x%08x" % self.key,
                                           "text": "0x%08x" % self.key})
        self.assertIn("there is no channel", err)
        self.assertEqual(self.run_tool("status", status=1)[0], b"")

    def test_agrees_with_ipcs(self):
        self.send("--slots", 3, "--slot-size", "1M", "--mode", "640", self.file("a", 300000))
        status = self.status()
        self.assertEqual(self.ipc(), {"sem": status["semid"], "shm": status["shmid"]})
        sets = subprocess.run(["ipcs", "-s", "-i", str(status["semid"])], capture_output=True,
                              text=True, env={"LC_ALL": "C", "PATH": os.environ["PATH"]}).stdout
        rows = [list(map(int, line.split())) for line in sets.splitlines()
                if len(line.split()) == 5 and line.split()[0].isdigit()]
        names = ["mutex", "empty", "full", "nothing", "alive", "producers", "consumers", "mirrors"]
        ours = [status[name] for name in names]
        for slot in status["slots"]:
            ours += [slot["semaphores"][name] for name in ("ready", "latest", "writer", "reader")]
        self.assertEqual(len(rows), 8 + 4 * 3)
        self.assertEqual([row[1:] for row in rows],
                         [[sem[k] for k in ("value", "ncnt", "zcnt", "pid")] for sem in ours])
        self.assertEqual((status["mode"], status["owner"], status["slot_count"],
                          status["slot_size"]), ("0640", os.getuid(), 3, 1 << 20))
        self.assertGreaterEqual(status["resident"], 300000)
        self.assertLess(status["resident"], 400000)
        self.recv()

    def test_names_are_whole(self):
        """The kernel cuts the name of a program after 15 bytes."""
        program = self.folder / "a-receiver-with-a-long-name"
        program.symlink_to(VITRINE)
        self.running.append(subprocess.Popen(
            [program, "recv", "-o", self.inbox, "--follow"], env=self.environment,
            stdout=subprocess.DEVNULL))
        self.wait_status(lambda status: status["consumers"]["value"] == 1 and
                         [process["name"] for process in status["processes"]] == [program.name])

    def test_slots(self):
        self.send(self.file("a.txt", content=b"text"))
        self.send("--as-pixels", "-m", ASSETS / "tiny.png")
        first, second, third, _ = self.status()["slots"]
        age = first.pop("age_s")
        self.assertTrue(0 <= age < support.PATIENCE)
        first.pop("semaphores"), first.pop("publisher")
        self.assertEqual(first, {
            "slot": 0, "state": "ready", "latest": False, "holder": 0, "sequence": 1,
            "name": "a.txt", "kind": "file", "format": None, "width": None, "height": None,
            "size": 4, "media_type": "text/plain", "checksum": "none"})
        self.assertEqual((second["kind"], second["width"], second["height"], second["size"],
                          second["checksum"], second["latest"]),
                         ("pixels", 8, 8, 256, "md5", True))
        self.assertEqual((third["state"], third["name"], third["sequence"]), ("empty", None, None))
        text = self.wait_text(r"\nattached: 0")
        for words in ("owner ", "mode 0600", "#1 a.txt, text/plain, 4 B", "#2 tiny.png, 8 x 8",
                      "the newest"):
            self.assertIn(words, text)
        self.recv()

    def test_who_is_there(self):
        receiver = self.start("recv", "--follow", "-o", self.inbox)
        status = self.wait_status(lambda status: status["full"]["ncnt"] == 1 and
                                  status["attached"] == 1)
        self.assertEqual(status["processes"],
                         [{"pid": receiver.pid, "name": "vitrine", "writes": False}])
        self.assertEqual(status["consumers"]["value"], 1)
        text = self.run_tool("status")[0].decode()
        self.assertRegex(text, r"  1 until it increases\n")
        self.assertIn("vitrine %d (reads)" % receiver.pid, text)
        receiver.send_signal(signal.SIGTERM)
        self.finish(receiver)

    def test_processes_are_counted_once(self):
        """A process counts once, even if it has attached the segment several times, which nattch
        counts."""
        libc = ctypes.CDLL(None)
        libc.shmat.restype, libc.shmdt.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
        self.send(self.file("a"))
        shmid = self.status()["shmid"]
        for _ in range(2):
            self.addCleanup(libc.shmdt, libc.shmat(shmid, None, 0o10000))
        self.wait_text(r"\nattached: 1: \S+ %d \(reads\); nattch is 2: " % os.getpid())
        self.recv()

    def test_holder(self):
        self.send(self.file("a", 1 << 20))
        receiver = self.start("recv", "-o", "-", stdout=subprocess.PIPE)
        status = self.wait_status(lambda status: status["slots"][0]["state"] == "reading")
        self.assertEqual(status["slots"][0]["holder"], receiver.pid)
        receiver.stdout.read()
        receiver.stdout.close()
        self.finish(receiver)

    def test_names_are_json(self):
        name = 'a"b\\c\t\xe9\N{SNOWMAN}'
        self.send(self.file(name))
        self.assertEqual(self.status()["slots"][0]["name"], name.replace("\t", "%09"))
        self.recv()

    def test_watch(self):
        watcher = self.start("status", "--json", "--watch")
        self.wait_line(watcher, '"exists": false')
        self.send(self.file("a"))
        self.wait_line(watcher, '"name": "a"')
        self.recv()
        support.wait_for(lambda: '"exists": false' in watcher.log.read_text().splitlines()[-1])
        watcher.send_signal(signal.SIGINT)
        self.finish(watcher)
        for line in watcher.log.read_text().splitlines():
            json.loads(line)


class Clean(support.ToolTest):
    def test_nothing(self):
        self.assertIn(b"nothing key=", self.run_tool("clean")[0])

    def test_asks_for_force_when_images_wait(self):
        self.send(self.file("a"), self.file("b"))
        _, err = self.run_tool("clean", status=1)
        self.assertIn(": 2 images wait: not removed; --force", err)
        self.assertEqual(self.status()["full"]["value"], 2)
        out, _ = self.run_tool("clean", "--force")
        self.assertIn(b"images=2", out)
        self.assertFalse(self.ipc())

    def test_asks_for_force_when_somebody_is_there(self):
        receiver = self.start("recv")
        self.wait_line(receiver, "channel role=")
        _, err = self.run_tool("clean", status=1)
        self.assertIn(": 1 program is in it", err)
        receiver.send_signal(signal.SIGTERM)
        self.finish(receiver, 1)

    def ask(self, answer):
        """Runs clean on a terminal and answers its question. Returns (exit status, output)."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(VITRINE, ["vitrine", "clean"], self.environment)
        shown = b""
        while b"[y/N]" not in shown:
            shown += os.read(terminal, 1000)
        os.write(terminal, answer)
        _, status = os.waitpid(pid, 0)
        os.close(terminal)
        return os.waitstatus_to_exitcode(status), shown.decode()

    def test_asks_on_a_terminal(self):
        self.send(self.file("a"))
        status, shown = self.ask(b"n\n")
        self.assertEqual(status, 1)
        self.assertIn(": 1 image waits. Remove it anyway?", shown)
        self.assertTrue(self.ipc())
        self.assertEqual(self.ask(b"y\n")[0], 0)
        self.assertFalse(self.ipc())

    def leave_a_dead_channel(self):
        receiver = self.start("recv")
        self.wait_line(receiver, "channel role=")
        receiver.kill()
        receiver.wait()
        self.assertEqual(set(self.ipc()), {"sem", "shm"})

    def test_what_the_dead_left(self):
        self.leave_a_dead_channel()
        self.run_tool("clean")
        self.assertFalse(self.ipc())

    def test_half_of_a_channel(self):
        for kind in ("sem", "shm"):
            with self.subTest(kind):
                self.leave_a_dead_channel()
                subprocess.run(["ipcrm", "-s" if kind == "sem" else "-m",
                                str(self.ipc()[kind])], check=True)
                self.run_tool("clean")
                self.assertFalse(self.ipc())

    @unittest.skipUnless(os.geteuid() == 0, "needs a user that nobody else is")
    def test_all_of_this_user_and_nobody_elses(self):
        self.send(self.file("mine"))
        path = self.file("theirs")
        path.chmod(0o644)
        self.folder.chmod(0o755)
        keys = [self.key ^ 0x10000, self.key ^ 0x20000]
        for key in keys:
            self.run_tool("send", "-k", "0x%08x" % key, path, cwd="/", preexec_fn=as_other_user)
        _, err = self.run_tool("clean", "--all", cwd="/", status=1, preexec_fn=as_other_user)
        self.assertEqual(err.count("1 image waits"), 2)
        out, _ = self.run_tool("clean", "--all", "--force", cwd="/", preexec_fn=as_other_user)
        for key in keys:
            self.assertIn(b"removed key=0x%08x images=1" % key, out)
            self.assertFalse(support.ipc_objects(key))
        self.assertEqual(self.status()["full"]["value"], 1)
        self.recv()


    @unittest.skipUnless(os.geteuid() == 0, "needs a user that nobody else is")
    def test_all_interrupted(self):
        """At the question about the first channel: it and those after it remain."""
        path = self.file("theirs")
        path.chmod(0o644)
        self.folder.chmod(0o755)
        key = self.key ^ 0x10000
        self.run_tool("send", "-k", "0x%08x" % key, path, cwd="/", preexec_fn=as_other_user)
        pid, terminal = pty.fork()
        if pid == 0:
            as_other_user()
            os.execve(VITRINE, ["vitrine", "clean", "--all"], self.environment)
        shown = b""
        while b"?" not in shown:
            shown += os.read(terminal, 1000)
        os.write(terminal, b"\x03")
        try:
            while data := os.read(terminal, 1000):
                shown += data
        except OSError:  # the terminal's other end is closed
            pass
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 1, shown)
        os.close(terminal)
        self.assertIn(b"interrupted: the other channels were not checked", shown)
        self.assertTrue(support.ipc_objects(key))
        self.run_tool("clean", "--force", "-k", "0x%08x" % key, cwd="/", preexec_fn=as_other_user)


class Progress(support.ToolTest):
    def test_bar_on_a_terminal_only_after_a_second(self):
        """A progress bar is drawn on a terminal, unless the work is quick."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(VITRINE, ["vitrine", "send", str(self.file("a", 1 << 20))], self.environment)
        shown = b""
        try:
            while data := os.read(terminal, 1000):
                shown += data
        except OSError:  # the terminal's other end is closed
            pass
        os.waitpid(pid, 0)
        os.close(terminal)
        self.assertIn(b"published seq=1", shown)
        self.assertNotIn(b"\033[K", shown)
        self.recv()


if __name__ == "__main__":
    support.main()
