"""A Mosquitto for one test, on a free port of the loopback interface; a test can kill and restart
it."""
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import time

HOST = "127.0.0.1"  # not localhost: a bare container may have no /etc/hosts
PATIENCE = 30
# The same settings as in docs/relay/classroom.conf: the broker queues little. Since 2.1, Mosquitto
# accepts at most 2,000,000 bytes by default.
QUEUES = "max_inflight_messages 1\nmax_queued_messages 1\nmax_packet_size 268435455\n"


def find():
    """The path of the broker, or None. Debian installs it in /usr/sbin, which is only in root's
    PATH."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


class Broker:
    """`settings` are lines of its configuration, in which PORT stands for the port."""

    def __init__(self, folder, settings=None, port=None):
        self.folder = pathlib.Path(folder) / ("broker-" + secrets.token_hex(4))
        self.folder.mkdir()
        self.port = port or free_port()
        self.log = self.folder / "log"
        self.configuration = self.folder / "mosquitto.conf"
        settings = settings or "listener PORT 127.0.0.1\nallow_anonymous true\n" + QUEUES
        self.configuration.write_text(settings.replace("PORT", str(self.port)) +
                                      "\nuser root\nlog_dest stdout\n")
        self.process = None
        self.start()

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([find(), "-v", "-c", self.configuration], stdout=log,
                                            stderr=log, stdin=subprocess.DEVNULL)
        end = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection((HOST, self.port)).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    raise AssertionError("mosquitto does not start:\n" + self.log.read_text())
                time.sleep(0.01)

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(number)
        self.process.wait(PATIENCE)

    def kill(self):
        self.stop(signal.SIGKILL)

    def url(self, topic="class/7b", scheme="mqtt"):
        return "%s://%s:%d/%s" % (scheme, HOST, self.port, topic)
