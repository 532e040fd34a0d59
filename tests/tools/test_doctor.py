"""vitrine doctor on imitated machines: folders with the files that it examines."""
import os
import re
import resource
import shutil
import subprocess
import sys
import unittest

import support

SHM_HEAD = "       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  " \
           "cgid      atime      dtime      ctime                   rss                  swap\n"
SEM_HEAD = "       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime\n"


class Doctor(support.ToolTest):
    def setUp(self):
        super().setUp()
        self.root = self.folder / "root"
        self.write("proc/sysvipc/shm", SHM_HEAD)
        self.write("proc/sysvipc/sem", SEM_HEAD)
        for name, value in (("shmmax", 1 << 40), ("shmall", 1 << 40), ("shmmni", 4096),
                            ("sem", "32000 1024000000 500 32000"), ("shm_rmid_forced", 0)):
            self.write("proc/sys/kernel/" + name, "%s\n" % value)
        self.write("proc/sys/vm/overcommit_memory", "0\n")
        self.write("proc/self/cgroup", "0::/user\n")
        self.link("proc/self/ns/ipc", "ipc:[4026531839]")
        self.link("proc/self/ns/pid", "pid:[4026531836]")
        self.write("tmp/.X11-unix/X7", "")
        self.write("usr/bin/xclip", "")
        self.environment.update(DISPLAY=":7")
        self.environment.pop("WAYLAND_DISPLAY", None)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def link(self, name, target):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.symlink_to(target)

    def report(self, status, user=1000):
        out, _ = self.run_tool("doctor", "--root", self.root, "--user", user, status=status)
        return out.decode()

    def finds(self, level, what, cure, status=None, **more):
        """Checks for one finding, and the command that fixes it on the next line."""
        text = self.report(status if status is not None else level == "STOP", **more)
        self.assertRegex(text, r"(?m)^%s  +%s: .*\n(?:STOP .*\n)*      fix: .*%s" % (
            level, re.escape(what), re.escape(cure)))
        self.assertEqual(len(re.findall(r"(?m)^(?:warn|STOP)", text)), 1, text)

    def test_all_is_well(self):
        text = self.report(0)
        self.assertTrue(text.endswith("vitrine-consumer: 0; warnings: 0\n"), text)

    def test_no_sysv_ipc(self):
        (self.root / "proc/sysvipc/shm").unlink()
        self.finds("STOP", "System V IPC", "CONFIG_SYSVIPC=y")

    def test_shmmax(self):
        self.write("proc/sys/kernel/shmmax", "33554432\n")
        self.finds("STOP", "kernel.shmmax", "sudo sysctl -w kernel.shmmax=1073807360")

    def test_shmall(self):
        self.write("proc/sys/kernel/shmall", "300000\n")
        self.write("proc/sysvipc/shm", SHM_HEAD + "1 2 600 536870912 1 1 1 0 0 0 0 0 0 0 0 0\n")
        self.finds("STOP", "kernel.shmall", "sudo sysctl -w kernel.shmall=")

    def test_shmmni(self):
        self.write("proc/sys/kernel/shmmni", "1\n")
        self.write("proc/sysvipc/shm", SHM_HEAD + "1 2 600 4096 1 1 1 0 0 0 0 0 0 0 0 0\n")
        self.finds("STOP", "kernel.shmmni", "sudo sysctl -w kernel.shmmni=2")

    def test_no_segments_at_all(self):
        self.write("proc/sys/kernel/shmmni", "0\n")
        self.finds("STOP", "kernel.shmmni", "sudo sysctl -w kernel.shmmni=4096")

    def test_no_proc(self):
        for name in ("proc/sysvipc", "proc/self"):
            shutil.rmtree(self.root / name)
        self.assertRegex(self.report(1), r"(?m)^STOP  /proc: .*\n      fix: sudo mount -t proc")

    @unittest.skipIf(support.SANITIZED, "a sanitizer takes all addresses")
    def test_addresses(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (800 << 20, 800 << 20))
        out, _ = self.run_tool("doctor", "--root", self.root, "--user", 1000, status=1,
                               preexec_fn=limit)
        self.assertRegex(out.decode(), r"(?m)^STOP  ulimit -v: .*\n      fix: ulimit -v unlimited")
        _, err = self.run_tool("send", self.file("a", 10), status=1, preexec_fn=limit)
        self.assertIn("ulimit -v", err)

    def test_sem(self):
        for limits, cure in (("20 32000 100 128", "48 32000 100 128"),
                             ("250 40 100 128", "250 108 100 128"),
                             ("250 32000 10 128", "250 32000 24 128"),
                             ("250 32000 100 1", "250 32000 100 4")):
            with self.subTest(limits):
                self.write("proc/sysvipc/sem", SEM_HEAD + "1 2 600 30 0 0 0 0 0 0\n")
                self.write("proc/sys/kernel/sem", limits + "\n")
                self.finds("STOP", "kernel.sem", 'sudo sysctl -w kernel.sem="%s"' % cure)

    def test_shm_rmid_forced(self):
        self.write("proc/sys/kernel/shm_rmid_forced", "1\n")
        self.finds("STOP", "kernel.shm_rmid_forced", "sysctl -w kernel.shm_rmid_forced=0")

    def test_overcommit(self):
        self.write("proc/sys/vm/overcommit_memory", "2\n")
        for limit, level in ((1000000, "STOP"), (9000000, "warn")):
            self.write("proc/meminfo", "CommitLimit: %d kB\nCommitted_AS: 500000 kB\n" % limit)
            self.finds(level, "vm.overcommit_memory", "sysctl -w vm.overcommit_memory=0")

    def test_memory_group(self):
        self.write("sys/fs/cgroup/user/memory.max", "536870912\n")
        self.finds("warn", "memory cgroup", "docker update --memory 2g")

    def test_remove_ipc(self):
        (self.root / "run/systemd/system").mkdir(parents=True)
        self.write("etc/systemd/logind.conf", "[Login]\n#RemoveIPC=yes\n")
        self.finds("warn", "log-out", "RemoveIPC=no")
        for user in (0, 999):
            self.report(0, user=user)
            self.assertIn("warnings: 0", self.report(0, user=user))
        self.write("etc/systemd/logind.conf", "[Login]\nRemoveIPC=no\n")
        self.assertIn("warnings: 0", self.report(0))
        self.write("usr/lib/systemd/logind.conf.d/50-vendor.conf", "[Login]\nRemoveIPC = yes\n")
        self.finds("warn", "log-out", "loginctl enable-linger")
        self.write("etc/systemd/logind.conf.d/60-ours.conf", "[Login]\nRemoveIPC=off\n")
        self.assertIn("warnings: 0", self.report(0))
        (self.root / "etc/systemd/logind.conf.d/60-ours.conf").unlink()
        self.write("etc/systemd/logind.conf.d/50-vendor.conf", "[Login]\nRemoveIPC=no\n")
        self.assertIn("warnings: 0", self.report(0))

    def test_containers(self):
        self.link("proc/self/ns/ipc", "ipc:[4026532999]")
        self.finds("warn", "containers", "docker run --ipc=host")
        self.link("proc/self/ns/ipc", "ipc:[4026531839]")
        self.link("proc/self/ns/pid", "pid:[4026532998]")
        self.finds("warn", "containers", "--pid=host")

    def test_display(self):
        self.environment["DISPLAY"] = ":8"
        self.finds("STOP", "display", "xvfb-run")
        del self.environment["DISPLAY"]
        self.finds("STOP", "display", "xvfb-run")
        self.write("run/user/1000/wayland-0", "")
        self.environment.update(WAYLAND_DISPLAY="wayland-0", XDG_RUNTIME_DIR="/run/user/1000")
        self.assertIn("warnings: 0", self.report(0))

    def test_clipboard(self):
        self.environment["PATH"] = "/opt/nothing:/usr/bin"
        (self.root / "usr/bin/xclip").unlink()
        self.finds("warn", "clipboard", "sudo apt-get install xclip")
        self.write("run/user/1000/wayland-0", "")
        self.environment.update(WAYLAND_DISPLAY="wayland-0", XDG_RUNTIME_DIR="/run/user/1000")
        self.finds("warn", "clipboard", "sudo apt-get install wl-clipboard")
        self.write("usr/bin/wl-copy", "")
        self.assertIn("warnings: 0", self.report(0))

    def test_fonts(self):
        (self.folder / "fonts.conf").write_text("<fontconfig></fontconfig>")
        self.environment["FONTCONFIG_FILE"] = str(self.folder / "fonts.conf")
        self.finds("STOP", "fonts", "sudo apt-get install fonts-dejavu-core")

    def real(self):
        """Runs on this machine without a display, so there is at least one serious finding."""
        return self.run_tool("doctor", status=1)[0].decode()

    def wait_real(self, words):
        """Waits until the report has these words. A test that runs at the same time may have images
        waiting for a moment; and its list of channels has each segment of this user attached for a
        moment: it is not a leftover then."""
        self.assertTrue(support.wait_for(lambda: words in self.real()), self.real())

    def test_leftovers(self):
        del self.environment["DISPLAY"]
        self.send(self.file("a"))
        self.wait_real("1 image waits in channel 0x%08x, and no program has it open\n"
                       "      fix: vitrine recv -k 0x%08x " % (self.key, self.key))
        self.recv()
        receiver = self.start("recv")
        self.wait_line(receiver, "channel role=")
        self.assertIn("channel: 0x%08x exists and is in order" % self.key, self.real())
        receiver.kill()
        receiver.wait()
        self.wait_real("fix: vitrine clean -k 0x%08x" % self.key)
        self.run_tool("clean")
        self.assertIn("there is none under 0x%08x" % self.key, self.real())

    @unittest.skipIf(os.geteuid() != 0, "only root can be another user")
    def test_what_a_stranger_gives_away_is_no_leftover(self):
        """Another user creates a set under such a key, and makes this user its owner (IPC_SET)."""
        del self.environment["DISPLAY"]
        subprocess.run([sys.executable, "-c", """if True:
            import ctypes, os, struct, sys
            os.setresgid(65534, 65534, 65534)
            os.setresuid(65534, 65534, 65534)
            libc, status = ctypes.CDLL(None), ctypes.create_string_buffer(512)
            made = libc.semget(int(sys.argv[1]), 16, 0o1600)
            libc.semctl(made, 0, 2, status)
            struct.pack_into("I", status, 4, 0)
            sys.exit(libc.semctl(made, 0, 1, status))
            """, str(self.key)], check=True)
        self.addCleanup(subprocess.run, ["ipcrm", "-s", str(self.ipc()["sem"])], check=True)
        self.wait_real("leftovers: there are none")


if __name__ == "__main__":
    support.main()
