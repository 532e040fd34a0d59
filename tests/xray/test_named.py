#!/usr/bin/env python3
"""Objects of programs that nobody here wrote are watched by name: those of Qt, of PostgreSQL, of
Python's sysv_ipc, and of homework that calls ftok(). What is not installed is skipped.
"""
import ctypes
import hashlib
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest
import unittest.mock

import others
from support import objects, own_ipc_namespace, wait_for, xray

libc = ctypes.CDLL(None, use_errno=True)
libc.ftok.argtypes = ctypes.c_char_p, ctypes.c_int
IPC_CREAT = 0o1000


class Named(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        environment = unittest.mock.patch.dict(os.environ, TMPDIR=scratch.name)
        environment.start()
        self.addCleanup(environment.stop)
        self.addCleanup(self.remove_all)

    def remove_all(self):
        for kind, option in (("sem", "-s"), ("shm", "-m"), ("msg", "-q")):
            for made in objects(kind):
                subprocess.run(["ipcrm", option, str(made)], check=True)

    def start(self, begin):
        process = begin(self.folder)
        self.addCleanup(others.end, process)
        return process

    def asleep(self, process):
        wchan = pathlib.Path(f"/proc/{process.pid}/wchan")
        self.assertTrue(wait_for(lambda: "semtimedop" in wchan.read_text()))

    def test_ftok_of_a_file(self):
        """--sem FILE: the sets whose key ftok() made from that file, with any second argument."""
        file, other = self.folder / "buffer.c", self.folder / "other.c"
        file.write_text("")
        other.write_text("")
        made = [libc.semget(libc.ftok(os.fsencode(file), byte), 3, IPC_CREAT | 0o600)
                for byte in (1, 65, 255)]
        libc.semget(libc.ftok(os.fsencode(other), 65), 1, IPC_CREAT | 0o600)
        libc.semget(0, 1, 0o600)
        seen = json.loads(xray("--json", "--sem", file).stdout)["sets"]
        self.assertEqual({each["id"] for each in seen}, set(made))
        self.assertEqual({each["file"] for each in seen}, {str(file)})
        said = xray("--text", "--sem", "./buffer.c", "--names", "mutex,empty,full",
                    cwd=self.folder).stdout
        self.assertEqual(said.count("(made from ./buffer.c)"), 3)
        self.assertEqual(said.count("  mutex "), 3)
        said = xray("--text", "--sem", "./nowhere.c", cwd=self.folder)
        self.assertEqual(said.returncode, 2)
        self.assertIn("./nowhere.c: No such file or directory", said.stderr)

    def test_the_end_of_a_long_path_is_shown(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, 40 * "ñ", 40 * "n", 40 * "o", 40 * "p", "b.c")
            path.parent.mkdir(parents=True)
            path.touch()
            self.assertGreaterEqual(libc.semget(libc.ftok(bytes(path), 65), 1, IPC_CREAT | 0o600), 0)
            said = xray("--text", "--sem", path).stdout
            self.assertRegex(said, r"\(made from …ñ*/n{40}/o{40}/p{40}/b\.c\), owner")

    def test_the_files_of_qt(self):
        """Qt names a file after the object, and its key is ftok(file, 'Q'): here made by hand."""
        for prefix, name in (("sharedmemory", "Film"), ("systemsem", "Evil\x1b[31m")):
            file = self.folder / f"qipc_{prefix}_{name}{hashlib.sha1(name.encode()).hexdigest()}"
            file.write_text("")
            key = libc.ftok(os.fsencode(file), ord("Q"))
            if prefix == "sharedmemory":
                libc.shmget(key, 4096, IPC_CREAT | 0o600)
            else:
                libc.semget(key, 1, IPC_CREAT | 0o600)
        (self.folder / "qipc_systemsem_short").write_text("")
        os.mkfifo(self.folder / ("qipc_systemsem_" + 40 * "0"))
        said = xray("--text").stdout
        self.assertRegex(said, r"segment \d+, key 0x51\w{6} \(Qt: Film\), owner")
        self.assertRegex(said, r"semaphore set \d+, key 0x51\w{6} \(Qt: Evil%1B\[31m\), owner")
        self.assertNotIn("\x1b", said)
        self.assertEqual(json.loads(xray("--json").stdout)["segments"][0]["qt"], "Film")

    @unittest.skipUnless(others.has_qt(), "not installed: qtbase5-dev")
    def test_a_program_of_qt(self):
        player = self.start(others.qt)
        self.asleep(player)
        said = xray("--text").stdout
        self.assertRegex(said, r"semaphore set (\d+), key 0x51\w{6} \(Qt: Freeframes\), owner .*\n"
                               r"  0 +0 .* 1 process waits for it to increase")
        self.assertRegex(said, r"segment \d+, key 0x51\w{6} \(Qt: Filmstrip\), owner .*, 4 KiB, "
                               rf"1 mapping\n  player {player.pid}\n")
        self.assertRegex(said, rf"player {player.pid} sleeps in semop on set \d+: wants 0 −1 U; "
                               "0 is 0")
        made = next(each["id"] for each in json.loads(xray("--json").stdout)["sets"]
                    if each.get("qt") == "Freeframes")
        self.assertIn("  frames           0", xray("--sem", made, "--names", "frames").stdout)
        libc.semop(made, (ctypes.c_short * 3)(0, 1, 0), 1)
        self.assertEqual(player.wait(30), 0)

    @unittest.skipUnless(others.has_sysv_ipc(), "not installed: python3-sysv-ipc")
    def test_a_program_of_sysv_ipc(self):
        shop = self.start(others.sysv_ipc)
        file = self.folder / "shop.py"
        self.asleep(shop)
        said = xray("--text", "--names", "mutex,items").stdout
        self.assertRegex(said, rf"  mutex +0   last: python3 {shop.pid}\n")
        self.assertRegex(said, r"  items +0 .*1 process waits for it to increase")
        self.assertIn(f"python3 {shop.pid} sleeps in semop on set", said)
        self.assertRegex(said, r"wants items −1; items is 0")
        said = xray("--text", "--shm", file, "--sem", file, "--msg", file).stdout
        for what in ("semaphore set", "segment", "message queue"):
            self.assertRegex(said, rf"{what} \d+, key 0x41\w{{6}} "
                                   rf"\(made from {re.escape(str(file))}\)")
        self.assertIn(", 1 message, 5 bytes", said)

    @unittest.skipUnless(others.has_postgresql(), "needs PostgreSQL, and root to become its user")
    def test_a_postgresql(self):
        """The key of its segment is the inode of its data directory."""
        self.start(others.postgresql)
        data = self.folder / "data"

        def seen():
            return json.loads(xray("--json", "--shm", data).stdout)["segments"]
        self.assertTrue(wait_for(lambda: seen() and len(seen()[0]["attached"]) >= 3))
        segment, = seen()
        self.assertEqual(segment["key"] & 0xffffffff, data.stat().st_ino & 0xffffffff)
        self.assertEqual({each["name"] for each in segment["attached"]}, {"postgres"})
        said = xray("--text", "--shm", data).stdout
        self.assertRegex(said, rf"segment \d+, key 0x\w{{8}} \(made from {re.escape(str(data))}\), "
                               r"owner postgres, mode 600")
        self.assertGreaterEqual(len(re.findall(r"^  postgres \d+$", said, re.M)), 3)


if __name__ == "__main__":
    own_ipc_namespace()
    unittest.main()
