#!/usr/bin/env python3
"""A test that fails removes its IPC objects, even if no screenshot can be taken of it."""
import os
import pathlib
import re
import subprocess
import sys

import stage

SCRIPT = """
import sys, unittest
sys.path.insert(0, sys.argv.pop(1))
import stage

class Fails(stage.Stage):
    def test(self):
        print("key 0x%08x" % self.key, flush=True)
        self.producer("--slots", "3")
        self.desktop.screenshot = None
        self.fail("on purpose")

stage.main()
"""


class Cleanup(stage.Stage):
    def test_after_a_failure_without_a_screenshot(self):
        folder = pathlib.Path(stage.__file__).parent
        done = subprocess.run([sys.executable, "-c", SCRIPT, folder], text=True, timeout=300,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env={**os.environ, "VITRINE_EVIDENCE": str(self.evidence)})
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("on purpose", done.stdout)
        key = int(re.search("key (0x[0-9a-f]+)", done.stdout)[1], 16)
        self.assertEqual(stage.ipc_objects(key), {}, done.stdout)


if __name__ == "__main__":
    stage.main()
