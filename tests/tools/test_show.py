"""vitrine show with a substitute for the consumer's window: the programs are copied to a separate
folder, in which vitrine-consumer is a script that receives. tests/e2e tests the real window."""
import shutil
import signal
import subprocess

import support
from support import ASSETS, BUILD, PATIENCE


class Show(support.ToolTest):
    def setUp(self):
        super().setUp()
        self.place = self.folder / "bin"
        self.place.mkdir()
        for name in ("vitrine", "vitrine-decoder"):
            shutil.copy(BUILD / name, self.place)
        self.pids = self.folder / "pids"
        self.addCleanup(self.end_windows)

    def window(self, script):
        path = self.place / "vitrine-consumer"
        path.write_text("#!/bin/sh\necho $$ >>%s\n%s\n" % (self.pids, script))
        path.chmod(0o755)

    def windows(self):
        return self.pids.read_text().split() if self.pids.exists() else []

    def end_windows(self):
        for pid in self.windows():
            subprocess.run(["kill", pid], stderr=subprocess.DEVNULL)
        self.assertTrue(support.wait_for(lambda: not self.ipc()))

    def show(self, *arguments, status=0, **more):
        done = subprocess.run([self.place / "vitrine", "show", *arguments], env=self.environment,
                              cwd=self.folder, capture_output=True, text=True, timeout=PATIENCE,
                              stdin=more.pop("stdin", subprocess.DEVNULL), **more)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout, done.stderr

    def wait_received(self, names):
        support.wait_for(lambda: self.received() == names)
        self.assertEqual(self.received(), names)

    def test_opens_one_window_and_returns(self):
        self.window('exec %s/vitrine recv "$@" --follow -o %s' % (self.place, self.inbox))
        out, _ = self.show(ASSETS / "tiny.png")
        self.assertIn('published seq=1 slot=0 name="tiny.png" width=8', out)
        self.wait_received(["tiny.png"])
        self.show(ASSETS / "circles.webp")
        self.wait_received(["circles.png", "tiny.png"])
        self.assertEqual(len(self.windows()), 1)

    def test_two_at_once_open_one_window(self):
        """The window opens after both have published, so neither has seen a consumer before."""
        self.window('until [ -e go ]; do sleep 0.01; done; exec %s/vitrine recv "$@" --follow -o %s'
                    % (self.place, self.inbox))
        both = [subprocess.Popen([self.place / "vitrine", "show", ASSETS / name], text=True,
                                 env=self.environment, cwd=self.folder, stdout=subprocess.PIPE)
                for name in ("tiny.png", "circles.webp")]
        for show in both:
            self.assertTrue(any("published" in line for line in show.stdout))
        self.assertTrue(support.wait_for(self.windows))
        (self.folder / "go").touch()
        for show in both:
            show.communicate(timeout=PATIENCE)
            self.assertEqual(show.returncode, 0)
        self.wait_received(["circles.png", "tiny.png"])
        self.assertEqual(len(self.windows()), 1)

    def test_more_images_than_slots(self):
        self.window('exec %s/vitrine recv "$@" --follow -o %s' % (self.place, self.inbox))
        self.show("--slots", "2", *[ASSETS / "tiny.png"] * 5)
        self.wait_received(["tiny-%d.png" % i for i in range(2, 6)] + ["tiny.png"])

    def test_uses_the_window_that_is_there(self):
        receiver = self.start("recv", "--follow", "-o", self.inbox)
        self.wait_line(receiver, "channel role=")
        self.window("exit 3")
        self.show(ASSETS / "tiny.png")
        self.wait_received(["tiny.png"])
        self.assertEqual(self.windows(), [])
        receiver.send_signal(signal.SIGTERM)
        self.finish(receiver)

    def test_the_window_cannot_open(self):
        self.window("echo 'vitrine-consumer: no display' >&2\nexit 1")
        _, err = self.show("--slots", "2", *[ASSETS / "tiny.png"] * 5, status=1)
        self.assertIn("vitrine-consumer: no display\n", err)
        self.assertIn("ended before it showed anything", err)
        self.assertGreater(self.status()["full"]["value"], 0)
        self.recv()

    def test_there_is_no_such_program(self):
        self.environment["PATH"] = "/nonexistent"
        _, err = self.show(ASSETS / "tiny.png", status=1)
        self.assertIn("neither beside this program nor in PATH", err)
        self.assertEqual(self.status()["full"]["value"], 1)
        self.recv()

    def test_a_bad_file_opens_no_window(self):
        self.window("exit 3")
        _, err = self.show(self.file("noise"), status=1)
        self.assertTrue(err.startswith("vitrine show: "))
        self.assertEqual(self.windows(), [])
        self.assertFalse(self.ipc())

    def test_standard_input(self):
        self.window('exec %s/vitrine recv "$@" --follow -o %s' % (self.place, self.inbox))
        with open(ASSETS / "tiny.png", "rb") as file:
            self.show("-", stdin=file)
        self.wait_received(["stdin.png"])


if __name__ == "__main__":
    support.main()
