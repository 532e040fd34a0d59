#!/usr/bin/env python3
"""Brokers that are missing, that go and come back, that require a password or TLS; the
configuration for a class in docs/relay; and the output of `vitrine relay --check` in all these
cases."""
import pathlib
import re
import socket
import subprocess
import threading

import relaytest
from broker import free_port
from mqtt import Connection, packet
from relaytest import ASSETS

PHOTO, GLASS = ASSETS / "lighthouse.jpg", ASSETS / "glass.png"
DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs/relay"
KILLS = 30 if relaytest.LONG else 2
SECRET = "correct horse"


class Reconnecting(relaytest.RelayTest):
    def test_broker_comes_later(self):
        port = free_port()
        url = "mqtt://127.0.0.1:%d/class/7b" % port
        sender = self.sender(url, wait="offline")
        receiver = self.receiver(url, wait="offline")
        for relay in (sender, receiver):
            self.assertIn("Connection refused", self.events(relay, "offline")[0]["reason"])
        self.show(PHOTO)
        self.broker(port=port)
        self.wait_event(receiver, "published", number=1)
        self.assertEqual(self.take(), {PHOTO.name: PHOTO.read_bytes()})

    def test_killed_in_mid_transfer(self):
        """The broker is killed several times while large pictures are in transit: those that arrive
        are complete, and the newest arrives in the end."""
        broker = self.broker()
        sender, receiver = self.sender(broker.url()), self.receiver(broker.url())
        noise = self.random.randbytes(20 << 20)
        stop = threading.Event()

        def show():
            number = 0
            while not stop.is_set():
                number += 1
                self.show("-m", self.file("%d.png" % number, content=GLASS.read_bytes() +
                                          number.to_bytes(4, "big") + noise))
        showing = threading.Thread(target=show)
        showing.start()
        try:
            for _ in range(KILLS):
                before = len(self.events(receiver, "published"))
                self.assertTrue(relaytest.wait_for(
                    lambda: len(self.events(receiver, "published")) > before))
                stop.wait(self.random.random() * 0.2)
                broker.kill()
                broker.start()
        finally:
            stop.set()
            showing.join()
        self.show("-m", PHOTO)
        self.wait_event(receiver, "published", name=PHOTO.name)
        taken = self.take()  # with the checksums checked
        self.assertEqual(taken[PHOTO.name], PHOTO.read_bytes())
        for name, picture in taken.items():
            if name != PHOTO.name:
                self.assertTrue(picture.endswith(noise), name)
        self.assertEqual(self.events(receiver, "refused"), [])

    def test_taken_over(self):
        """The log has the broker's reason for closing the connection."""
        receiver = self.receiver(self.broker().url())
        self.brokers[0].stop()
        event = self.wait_event(receiver, "offline")
        self.assertIn("127.0.0.1:%d: " % self.brokers[0].port, event["reason"])
        self.brokers[0].start()
        self.assertTrue(relaytest.wait_for(
            lambda: len(self.events(receiver, "connected")) == 2))

    def test_connected_means_subscribed(self):
        """A message that is published after the log's line is not missed, retained or not."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(30)
            url = "mqtt://127.0.0.1:%d/class/7b" % server.getsockname()[1]
            receiver = self.receiver(url, wait="channel")
            connection, _ = server.accept()
        connection.settimeout(30)
        with Connection(connection) as broker:
            self.assertEqual(broker.receive()[0], 0x10)
            broker.send(packet(0x20, b"\0\0\0"))
            subscriptions = [broker.receive() for _ in ("class/7b/status", "class/7b")]
            for kind, body in subscriptions:
                self.assertEqual(kind, 0x82)
                self.assertEqual(self.events(receiver, "connected"), [])
                broker.send(packet(0x90, body[:2] + b"\0\0"))
            self.wait_event(receiver, "connected")
            self.end(receiver)

    def test_ends_while_offline(self):
        relay = self.receiver("mqtt://127.0.0.1:%d/x" % free_port(), wait="offline")
        self.end(relay)
        relay = self.sender("mqtt://127.0.0.1:%d/x" % free_port(), wait="offline")
        self.end(relay)


class Classroom(relaytest.RelayTest):
    """The configuration files of docs/relay, on another port."""

    def classroom(self, tls=False):
        folder = self.folder / "etc"
        folder.mkdir()
        (folder / "vitrine.acl").write_text((DOCS / "classroom.acl").read_text())
        subprocess.run(["mosquitto_passwd", "-c", "-b", folder / "vitrine.passwords", "teacher",
                        SECRET], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        text = (DOCS / "classroom.conf").read_text()
        if tls:  # without a listener that needs no TLS
            text = (DOCS / "classroom-tls.conf").read_text() + \
                text.replace("\nlistener 1883\n", "\n")
            self.certificates(folder / "certs")
        text = re.sub(r"(?m)^listener \d+$", "listener PORT 127.0.0.1", text)
        return self.broker(text.replace("/etc/mosquitto", str(folder)))

    def certificates(self, folder):
        folder.mkdir()

        def openssl(*words):
            subprocess.run(["openssl", *map(str, words)], check=True, cwd=folder,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", 2, "-subj", "/CN=Class",
                "-keyout", "ca.key", "-out", "ca.crt")
        for name in ("broker", "teacher"):
            openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=" + name, "-keyout",
                    name + ".key", "-out", name + ".csr")
            (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
            openssl("x509", "-req", "-in", name + ".csr", "-CA", "ca.crt", "-CAkey", "ca.key",
                    "-CAcreateserial", "-days", 2, "-extfile", "names", "-out", name + ".crt")
        self.ca = folder / "ca.crt"
        self.certificate = ("--cert", folder / "teacher.crt", "--certkey", folder / "teacher.key")

    def teacher(self, url, *options, **more):
        self.environment["VITRINE_MQTT_PASSWORD"] = SECRET
        try:
            return self.sender(url, "--user", "teacher", *options, **more)
        finally:
            del self.environment["VITRINE_MQTT_PASSWORD"]

    def assert_secret(self, relay):
        for name in ("cmdline", "environ"):
            self.assertNotIn(SECRET.encode(),
                             pathlib.Path("/proc/%d/%s" % (relay.pid, name)).read_bytes())
        for file in (relay.log, relay.errors):
            self.assertNotIn(SECRET, file.read_text())

    def test_one_writer(self):
        url = self.classroom().url()
        sender, receiver = self.teacher(url), self.receiver(url)
        self.assert_secret(sender)
        self.show(PHOTO)
        self.wait_event(receiver, "published", number=1)
        self.assertEqual(self.take(), {PHOTO.name: PHOTO.read_bytes()})
        self.publish(self.brokers[0], GLASS, "-r")  # by a student: the broker drops it silently
        self.clean(self.there)
        student = self.sender(url, "-k", self.there)
        self.send("-k", self.there, GLASS)
        event = self.wait_event(student, "refused")
        self.assertIn("not allow this user to send", event["reason"])
        self.end(student)
        self.clean(self.there)
        self.wait_event(receiver, "published", number=1, kept="true")  # nothing has changed
        self.assertEqual(self.events(receiver, "another"), [])

    def test_bridge(self):
        """The broker of a building gets the pictures and their properties from the broker of the
        campus. No client of the building can send anything to the campus."""
        campus = self.broker()
        text = (DOCS / "bridge.conf").read_text().replace("broker.example.org:1883",
                                                          "127.0.0.1:%d" % campus.port)
        building = self.broker("listener PORT 127.0.0.1\nallow_anonymous true\n" + text)
        sender = self.sender(campus.url())
        receiver = self.receiver(building.url())
        self.wait_event(receiver, "sender", state="here")
        self.show(PHOTO)
        event = self.wait_event(receiver, "published", number=1)
        self.assertEqual(event["name"], PHOTO.name)
        late = self.receiver(building.url(), key=self.there)
        self.wait_event(late, "published", number=1, kept="true")
        self.end(late)
        self.publish(building, GLASS)
        self.wait_event(receiver, "published", name="7b.png")
        self.end(sender)
        self.wait_event(receiver, "sender", state="left")
        self.assertRegex(self.check(campus.url()), 'has "lighthouse.jpg"')

    def test_passwords(self):
        url = self.classroom().url()
        file = self.file("password", content=SECRET.encode() + b"\n")
        sender = self.sender(url, "--user", "teacher", "--password-file", file)
        self.assert_secret(sender)
        self.end(sender)
        file.write_text("wrong\n")
        sender = self.sender(url, "--user", "teacher", "--password-file", file, wait="offline")
        self.assertRegex(self.events(sender, "offline")[0]["reason"], "password")
        self.end(sender)
        said = self.run_tool("relay", "--to", url.replace("//", "//teacher:%s@" % "pw"), status=2)
        self.assertIn("VITRINE_MQTT_PASSWORD", said[1])
        self.assertNotIn("pw@", said[1])
        said = self.run_tool("relay", "--to", url, "--password-file", file, status=1)
        self.assertIn("--user", said[1])
        file.write_text("")
        self.run_tool("relay", "--to", url, "--user", "x", "--password-file", file, status=1)

    def test_tls(self):
        broker = self.classroom(tls=True)
        url = broker.url(scheme="mqtts")
        sender = self.teacher(url, "--cafile", self.ca, *self.certificate)
        receiver = self.receiver(url, "--cafile", self.ca)
        self.show(PHOTO)
        self.wait_event(receiver, "published", number=1)
        self.assertEqual(self.take(), {PHOTO.name: PHOTO.read_bytes()})
        self.assertRegex(self.check(url, "--cafile", self.ca), "ok +broker: .*TLS")
        broker.kill()
        broker.start()
        self.show(GLASS)
        self.wait_event(receiver, "published", name=GLASS.name)

    def test_tls_that_is_not_to_be_trusted(self):
        url = self.classroom(tls=True).url(scheme="mqtts")
        receiver = self.receiver(url, wait="offline")  # without --cafile, the CA is unknown
        self.assertRegex(self.events(receiver, "offline")[0]["reason"], "TLS: .*certificate")
        said = self.check(url, status=1)
        self.assertRegex(said, r"STOP +broker: .*certificate")
        self.assertIn("--cafile", said)
        # This host name is not in the certificate.
        said = self.check(url.replace("127.0.0.1", "127.0.0.2"), "--cafile", self.ca, status=1)
        self.assertIn("STOP", said)
        said = self.check(url.replace("mqtts", "mqtt"), status=1)  # the broker needs TLS
        self.assertIn("mqtts://", said)
        said = self.run_tool("relay", "--from", url, "--cafile", "nowhere.crt", status=1)
        self.assertIn("nowhere.crt", said[1])

    # ---- vitrine relay --check -----------------------------------------------------------------

    def test_check(self):
        url = self.classroom().url()
        said = self.check(url)
        self.assertRegex(said, "ok +broker: .*answers")
        self.assertRegex(said, "warn +topic: no picture")
        self.assertRegex(said, "ok +rights: this user may only read")
        sender = self.teacher(url)
        self.show(PHOTO)
        self.wait_event(sender, "sent", seq=1)
        said = self.check(url)
        self.assertRegex(said, 'ok +topic: class/7b has "lighthouse.jpg", image/jpeg')
        self.assertRegex(said, "ok +sender: .* is connected")
        self.assertRegex(said, "ok +clock: within")
        self.assertRegex(said, "ok +limits: ")
        self.assertLess(len(said.splitlines()), 20)
        self.assertRegex(self.check(url + "x"), "warn +topic: no picture .*class/7bx")
        self.assertRegex(self.check(url, "--max-size", "10K"), "warn +topic: .*more than --max-size allows")
        self.assertRegex(self.check(url.replace("class", "staff")), "may not read")
        self.end(sender)
        self.assertRegex(self.check(url), "warn +sender: the sender has left")
        file = self.file("password", content=b"wrong\n")
        said = self.check(url, "--user", "teacher", "--password-file", file, status=1)
        self.assertRegex(said, "STOP +broker: .*password")

    def test_check_where_nobody_answers(self):
        said = self.check("mqtt://127.0.0.1:%d/x" % free_port(), status=1)
        self.assertRegex(said, "STOP +broker: .*refused")
        self.assertIn("fix: ", said)
        said = self.check("mqtt://no-such-host.invalid/x", status=1)
        self.assertRegex(said, "STOP +broker: .*no host")

    def test_usage(self):
        for words, hint in ((["--to", "http://h/x"], "mqtt://"), (["--to", "mqtt://h"], "topic"),
                            (["--to", "mqtt://h/a/#"], r"\+ and #"), (["--to", "mqtt://h/+"], "#"),
                            (["--from", "mqtt://h/a#"], "whole levels"),
                            (["--from", "mqtt://h/a", "--per-topic"], r"\+ or #"),
                            (["--from", "mqtt://h/+", "--per-topic=65"], "64"),
                            (["--to", "mqtt://h/a", "--field", "x"], "--from"),
                            (["--serve=h:x"], "ADDRESS:PORT"), (["--serve=0"], "65535"),
                            (["--serve", "--to", "mqtt://h/x"], "one of"),
                            (["--to", "mqtt://h/x", "--page-port", "80"], "--serve"),
                            (["--from", "mqtt://h/#/x"], "#"), (["--to", "mqtt://h:0/x"], "port"),
                            (["--to", "mqtt:///x"], "host"), (["--to", "mqtt://[::1/x"], "bracket"),
                            (["--to", "mqtt://h/$SYS"], r"\$"), ([], "--to"),
                            (["--to", "mqtt://h/x", "--from", "mqtt://h/x"], "one of"),
                            (["--from", "mqtt://h/x", "--quality", "5"], "--to"),
                            (["--to", "mqtt://h/x", "--quality", "101"], "100"),
                            (["--to", "mqtt://h/x", "--cafile", "a"], "mqtts"),
                            (["--to", "mqtts://h/x", "--cert", "a"], "--certkey"),
                            (["--to", "mqtt://h/%f"], "%XX"), (["mqtt://h/x"], "--from"),
                            (["--from", "mqtt://h/x", "--max-size", "1T"], "256M")):
            with self.subTest(words):
                _, said = self.run_tool("relay", *words, status=2)
                self.assertRegex(said, "(?m)^vitrine relay: .*" + hint)


if __name__ == "__main__":
    relaytest.main()
