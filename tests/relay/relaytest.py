"""Helpers for the tests of the relay: the command's helpers, a broker, and two keys in place of two
machines: `here`, which sends, and `there`, which receives.
"""
import json
import pathlib
import re
import secrets
import shutil
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))
import support  # noqa: E402
from broker import HOST, Broker, find  # noqa: E402
from support import ASSETS, LONG, keys, main, wait_for  # noqa: E402, F401

TOPIC = "class/7b"


def python_with(module):
    """A Python that has this module: this one, or the system's; None if neither has it."""
    for path in (sys.executable, "/usr/bin/python3"):
        if shutil.which(path) and subprocess.run([path, "-c", "import " + module],
                                                 stderr=subprocess.DEVNULL).returncode == 0:
            return path


def resident(process):
    """The bytes of the process's private memory."""
    for line in pathlib.Path("/proc/%d/status" % process.pid).read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) << 10


class RelayTest(support.ToolTest):
    @classmethod
    def setUpClass(cls):
        if find() is None or shutil.which("mosquitto_pub") is None:
            raise unittest.SkipTest("mosquitto and mosquitto-clients are not installed")

    def setUp(self):
        super().setUp()
        for name in ("VITRINE_MQTT_USER", "VITRINE_MQTT_PASSWORD"):
            self.environment.pop(name, None)
        # AddressSanitizer keeps freed memory, which must not count as growth.
        self.environment["ASAN_OPTIONS"] = \
            self.environment.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"
        self.here = "0x%08x" % self.key
        self.there = "0x%08x" % keys.reserve_key()
        self.brokers = []
        self.addCleanup(self._clean)

    def _clean(self):
        self._end_processes()
        for broker in self.brokers:
            broker.stop()
        for key in (self.here, self.there):
            self.clean(key)
        self.assertFalse(support.ipc_objects(int(self.there, 16)))

    def clean(self, key):
        subprocess.run([support.VITRINE, "clean", "-k", key, "--force"], stdout=subprocess.DEVNULL,
                       env=self.helpers_environment())

    def broker(self, *arguments, **more):
        self.brokers.append(Broker(self.folder, *arguments, **more))
        return self.brokers[-1]

    def run_tool(self, command, *arguments, **more):
        """Other commands than relay only help here."""
        if command != "relay":
            more["env"] = self.helpers_environment()
        return super().run_tool(command, *arguments, **more)

    # ---- relays --------------------------------------------------------------------------------

    def sender(self, url, *options, wait="connected", **more):
        relay = self.start("relay", "--to", url, "-k", self.here, *options, **more)
        self.wait_line(relay, wait)
        return relay

    def receiver(self, url, *options, wait="connected", key=None, **more):
        relay = self.start("relay", "--from", url, "-k", key or self.there, *options, **more)
        self.wait_line(relay, wait)
        return relay

    def end(self, relay, status=0):
        relay.terminate()
        self.finish(relay, status)

    def check(self, url, *options, status=0):
        """Runs `vitrine relay --check` and returns its output."""
        return self.run_tool("relay", "--check", url, *options, status=status)[0].decode()

    def events(self, relay, name):
        """[{field: value}] of the log's lines with this event."""
        lines = [line for line in relay.log.read_text().splitlines() if line.split(" ")[0] == name]
        return [{key: quoted or bare for key, quoted, bare in
                 re.findall(r'(\w+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))', line)} for line in lines]

    def wait_event(self, relay, name, /, **fields):
        """Waits for the first such event with these fields, and returns it."""
        def look():
            return next((event for event in self.events(relay, name) if all(
                event.get(key) == str(value) for key, value in fields.items())), None)
        found = wait_for(look)
        self.assertTrue(found, "no %s %s in:\n%s\n%s" % (
            name, fields, relay.log.read_text(), relay.errors.read_text()))
        return found

    # ---- pictures ------------------------------------------------------------------------------

    def show(self, *arguments):
        self.send("-k", self.here, "--when-full", "drop-oldest", *arguments)

    def take(self, key=None):
        """Takes everything that waits there. Returns {name: bytes}."""
        folder = self.folder / ("taken-" + secrets.token_hex(4))
        folder.mkdir()
        self.run_tool("recv", "-m", "-k", key or self.there, "--timeout", "0", "--follow",
                      "-o", folder)
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    def status_of(self, key):
        return json.loads(self.run_tool("status", "--json", "-k", key)[0])

    def newest(self, key=None):
        """The newest image there, from `status --json`; None if there is none."""
        status = self.status_of(key or self.there)
        return next((slot for slot in status.get("slots", []) if slot["latest"]), None)

    def publish(self, broker, path, *options, topic=TOPIC):
        """Publishes a file with mosquitto_pub; without a path, an empty message, which clears the
        retained one."""
        content = ["-n"] if path is None else ["-f", path]
        subprocess.run(["mosquitto_pub", "-h", HOST, "-p", str(broker.port), "-t", topic, "-q",
                        "1", *content, *options], check=True, timeout=support.PATIENCE)

    def subscribe(self, broker, *arguments):
        """Runs mosquitto_sub and returns its output."""
        return subprocess.run(["mosquitto_sub", "-h", HOST, "-p", str(broker.port), *arguments],
                              stdout=subprocess.PIPE, check=True, timeout=support.PATIENCE).stdout
