#!/usr/bin/env python3
"""What cameras, Home Assistant and Node-RED send: pictures as text, many topics at once, brokers of
MQTT 3.1.1, sockets; and pictures cut short, of every format."""
import base64
import json
import shutil
import signal
import socket
import subprocess
import threading

import relaytest
import support
from broker import HOST, free_port
from mqtt import Client
from relaytest import ASSETS, TOPIC

PHOTO, GLASS, TINY = ASSETS / "lighthouse.jpg", ASSETS / "glass.png", ASSETS / "tiny.png"
TEXT = base64.b64encode(PHOTO.read_bytes()).decode()
PAHO = """
import sys, base64, json
import paho.mqtt.client as paho
import paho.mqtt.publish as publish
picture = open(sys.argv[3], "rb").read()
version = getattr(paho, sys.argv[4])
text = base64.b64encode(picture).decode()
publish.single("class/7b", json.dumps({"camera": {"image": text}}), qos=1, hostname=sys.argv[1],
               port=int(sys.argv[2]), protocol=version)
"""


class Texts(relaytest.RelayTest):
    def setUp(self):
        super().setUp()
        self.broker("listener PORT 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n")
        self.url = self.brokers[0].url()

    def send_text(self, text, topic=TOPIC):
        self.publish(self.brokers[0], self.file("message", content=text.encode()), topic=topic)

    def arrives(self, relay, seq, content=PHOTO, name="7b.jpg"):
        event = self.wait_event(relay, "published", seq=seq)
        self.assertEqual(event["name"], name)
        self.assertEqual(self.take(), {name: content.read_bytes()})

    def refused(self, relay, text, reason):
        before = len(self.events(relay, "refused"))
        self.send_text(text)
        self.assertTrue(relaytest.wait_for(
            lambda: len(self.events(relay, "refused")) > before), relay.log.read_text())
        self.assertRegex(self.events(relay, "refused")[-1]["reason"], reason)

    def test_text_with_a_picture(self):
        relay = self.receiver(self.url, "--field", "camera.image")
        wrapped = "\n".join(TEXT[at:at + 76] for at in range(0, len(TEXT), 76)) + "\n"
        url = "data:image/jpeg;base64," + TEXT
        other = base64.b64encode(GLASS.read_bytes()).decode()
        for seq, (text, picture) in enumerate((
                (TEXT, PHOTO), (other, GLASS), (wrapped, PHOTO),
                ("data:image/png;base64," + other, GLASS),
                (json.dumps({"camera": {"image": TEXT, "id": 3}}), PHOTO),
                (json.dumps({"camera.image": other}), GLASS),
                (json.dumps({"camera": {"image": url}}, indent=1), PHOTO)), 1):
            self.send_text(text)
            self.arrives(relay, seq, picture, "7b.png" if picture is GLASS else "7b.jpg")
        self.publish(self.brokers[0], TINY)  # a picture file that is not text
        self.arrives(relay, 8, TINY, "7b.png")

    def test_elements_of_lists(self):
        relay = self.receiver(self.url, "--field", "images.1.data")
        self.send_text(json.dumps({"images": [{"data": "x"}, {"data": TEXT}]}))
        self.arrives(relay, 1)

    def test_what_is_wrong_is_said(self):
        relay = self.receiver(self.url)
        self.publish(self.brokers[0], PHOTO)
        self.wait_event(relay, "published", seq=1)
        good = self.newest()["sequence"]
        self.refused(relay, json.dumps({"a": 1, "cam": [{"image": TEXT}]}), "--field cam.0.image")
        self.refused(relay, json.dumps({"a": 1}), "JSON without an image")
        self.refused(relay, '{"a": tru', "line 1 is wrong")
        self.refused(relay, TEXT[:len(TEXT) // 2 // 4 * 4 + 1], "base64 is damaged")
        self.refused(relay, "data:image/svg+xml,%3Csvg/%3E", "data: URI that is not in base64")
        self.refused(relay, "data:image/png;base64,AAAA", "has no image")
        self.refused(relay, "QUFBQUFB", "not an image .text/plain")
        self.refused(relay, "[" * 100_000, "wrong: maximum parsing depth")
        self.refused(relay, "[" + "0," * 200_000 + "0]", "more than 100,000 values")
        self.refused(relay, TEXT[:len(TEXT) // 2 // 4 * 4], "incomplete: the file ends early")
        self.assertEqual(self.newest()["sequence"], good)
        self.end(relay)
        self.clean(self.there)
        relay = self.receiver(self.url, "--field", "picture")
        self.refused(relay, json.dumps({"image": TEXT}), "--field image")
        self.refused(relay, json.dumps({"picture": [255, 216], "image": ""}), "without an image")
        self.send_text("")

    def test_check_names_the_field(self):
        self.publish(self.brokers[0], self.file("m", content=json.dumps(
            {"image": TEXT}).encode()), "-r")
        self.assertRegex(self.check(self.url), "warn +topic: .*JSON; give --field image")
        self.publish(self.brokers[0], self.file("m2", content=TEXT.encode()), "-r")
        self.assertRegex(self.check(self.url), "ok +topic: ")

    def test_paho(self):
        """The client library that most scripts use, with three versions of MQTT."""
        python = relaytest.python_with("paho.mqtt.client")
        if python is None:
            self.skipTest("not installed: python3-paho-mqtt")
        relay = self.receiver(self.url, "--field", "camera.image")
        for seq, (version, path) in enumerate((("MQTTv31", PHOTO), ("MQTTv311", GLASS),
                                               ("MQTTv5", PHOTO)), 1):
            subprocess.run([python, "-c", PAHO, HOST, str(self.brokers[0].port), path, version],
                           check=True, timeout=30)
            self.arrives(relay, seq, path, "7b" + path.suffix)


SAMPLES = """
import sys
from PIL import Image
noise = Image.frombytes("RGB", (160, 120), open(sys.argv[2], "rb").read())
for ending, name, options in (
        ("png", "PNG", {}), ("jpg", "JPEG", {}), ("progressive.jpg", "JPEG", {"progressive": True}),
        ("gif", "GIF", {}), ("webp", "WEBP", {}), ("lossless.webp", "WEBP", {"lossless": True}),
        ("bmp", "BMP", {}), ("tif", "TIFF", {}), ("lzw.tif", "TIFF", {"compression": "tiff_lzw"}),
        ("ppm", "PPM", {}), ("tga", "TGA", {}), ("rle.tga", "TGA", {"compression": "tga_rle"}),
        ("pcx", "PCX", {}), ("ico", "ICO", {"sizes": [(64, 64)]})):
    (noise.convert("P") if name == "GIF" else noise).save(sys.argv[1] + "/noise." + ending, name,
                                                          **options)
"""


class Cut(relaytest.RelayTest):
    """docs/relay.md: a picture must be complete; otherwise the last good one stays."""

    def samples(self):
        """One picture in every format that a program here can write."""
        python = relaytest.python_with("PIL")
        if python is None:
            self.skipTest("not installed: python3-pil")
        self.missing = []
        folder = self.folder / "samples"
        folder.mkdir()
        subprocess.run([python, "-c", SAMPLES, folder, self.file("noise", 160 * 120 * 3)], check=True)
        for package, *words in (
                ["libheif-examples", "heif-enc", "-o", "noise.heic", "noise.png"],
                ["libjxl-tools", "cjxl", "--quiet", "noise.png", "noise.jxl"]):
            if shutil.which(words[0]):
                subprocess.run(words, cwd=folder, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
            else:
                self.missing.append(package)
        return sorted(folder.iterdir())

    def test_every_format(self):
        samples = self.samples()
        self.broker("listener PORT 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n")
        relay = self.receiver(self.brokers[0].url())
        with Client(self.brokers[0].port) as client:
            published = 0
            for path in samples:
                picture = path.read_bytes()
                client.publish(TOPIC, picture, name=path.name)
                published += 1
                self.wait_event(relay, "published", seq=published)
                for part in (0.2, 0.5, 0.95):
                    before = len(self.events(relay, "refused"))
                    client.publish(TOPIC, picture[:int(len(picture) * part)],
                                   name="cut" + path.suffix)
                    self.assertTrue(relaytest.wait_for(
                        lambda: len(self.events(relay, "refused")) > before),
                        "%s %s:\n%s" % (path.name, part, relay.log.read_text()))
            self.assertEqual(self.newest()["sequence"], published)
        if self.missing:
            self.skipTest("not installed: " + ", ".join(self.missing))


class ManyTopics(relaytest.RelayTest):
    def setUp(self):
        super().setUp()
        self.broker("listener PORT 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n")

    def pub(self, topic, path, *options):
        self.publish(self.brokers[0], path, *options, topic=topic)

    def test_one_channel(self):
        self.pub("frigate/back/person/snapshot", TINY, "-r")
        relay = self.receiver(self.brokers[0].url("frigate/+/person/snapshot"))
        self.wait_event(relay, "published", name="back.png", kept="true",
                        topic="frigate/back/person/snapshot")
        self.pub("frigate/front/person/snapshot", PHOTO)
        self.wait_event(relay, "published", name="front.jpg")
        self.pub("frigate/front/dog/snapshot", GLASS)
        self.pub("frigate/back/person/snapshot", GLASS)
        self.wait_event(relay, "published", name="back.png", seq=3)
        self.assertEqual(self.take(), {"back.png": TINY.read_bytes(),
                                       "front.jpg": PHOTO.read_bytes(),
                                       "back-2.png": GLASS.read_bytes()})
        said = self.check(self.brokers[0].url("frigate/+/person/snapshot"))
        self.assertRegex(said, "ok +topic: .*has 1 message")

    def test_everything_below(self):
        """The topic # also brings other messages: the log has one line for each topic."""
        relay = self.receiver(self.brokers[0].url("house/#"))
        for number in range(3):
            self.pub("house/events", self.file("e%d" % number, content=b"{}"))
        self.pub("house/cam/1", PHOTO)
        self.pub("house/cam/status", self.file("s", content=b"here"))
        self.wait_event(relay, "published", name="cam-1.jpg")
        self.wait_event(relay, "refused", topic="house/cam/status")
        self.assertEqual(len(self.events(relay, "refused")), 2)

    def test_two_relays(self):
        """Each relay announces itself on its own topic, and has its own numbers."""
        relay = self.receiver(self.brokers[0].url("class/+"))
        senders = []
        for name, path in (("7a", PHOTO), ("7b", GLASS)):
            self.send("-k", self.here, path)
            senders.append(self.sender(self.brokers[0].url("class/" + name)))
            event = self.wait_event(relay, "published", topic="class/" + name)
            self.assertEqual(event["name"], name + "-" + path.name)
            self.wait_event(relay, "sender", state="here", topic="class/" + name)
        self.end(senders[0])
        self.wait_event(relay, "sender", state="left", topic="class/7a")
        self.assertEqual(self.status_of(self.there)["producers"]["value"], 1)
        self.end(senders[1])
        self.wait_event(relay, "sender", state="left", topic="class/7b")
        self.assertTrue(relaytest.wait_for(
            lambda: self.status_of(self.there)["producers"]["value"] == 0))

    def test_channel_for_each(self):
        keys = [self.there + "." + name for name in ("front", "back", "side")]
        for key in keys:
            self.addCleanup(self.clean, key)
        relay = self.start("relay", "--from", self.brokers[0].url("cams/+"), "-k", self.there,
                           "--per-topic=2")
        self.wait_line(relay, "connected")
        for name, path in (("front", PHOTO), ("back", GLASS), ("front", TINY), ("side", TINY)):
            self.pub("cams/" + name, path)
            if name != "side":
                self.wait_event(relay, "published", topic="cams/" + name,
                                bytes=path.stat().st_size)
        self.assertTrue(relaytest.wait_for(lambda: "--per-topic allows" in relay.errors.read_text()))
        self.assertEqual(self.take(keys[0]), {"front.jpg": PHOTO.read_bytes(),
                                              "front.png": TINY.read_bytes()})
        self.assertEqual(self.take(keys[1]), {"back.png": GLASS.read_bytes()})
        self.end(relay)

    def test_too_many_topics(self):
        relay = self.receiver(self.brokers[0].url("many/#"))
        with Client(self.brokers[0].port) as client:
            for number in range(1030):
                client.publish("many/%d" % number, b"x")
        self.assertTrue(relaytest.wait_for(lambda: "too many topics" in relay.errors.read_text()))
        self.assertEqual(relay.errors.read_text().count("too many topics"), 1)


class OldBroker:
    """Forwards MQTT 3.1.1 to a broker, and answers MQTT 5 as old brokers do."""

    def __init__(self, broker, answer):
        self.broker, self.answer = broker, answer
        self.listener = socket.create_server((HOST, free_port()))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        first = client.recv(4096)
        if first[first.index(b"MQTT") + 4] == 5:
            client.sendall(self.answer)
            client.close()
            return
        broker = socket.create_connection((HOST, self.broker.port))
        broker.sendall(first)
        threading.Thread(target=self.copy, args=(broker, client), daemon=True).start()
        self.copy(client, broker)

    @staticmethod
    def copy(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Brokers(relaytest.RelayTest):
    def test_only_mqtt_3_1_1(self):
        for answer in (b"\x20\x02\x00\x01", b""):
            with self.subTest(answer):
                old = OldBroker(self.broker(), answer)
                self.addCleanup(old.listener.close)
                url = "mqtt://%s:%d/class/7b" % (HOST, old.port)
                sender, receiver = self.sender(url), self.receiver(url)
                for relay in (sender, receiver):
                    self.assertEqual(self.events(relay, "connected")[0]["protocol"], "3.1.1")
                    self.assertIn("only MQTT 3.1.1", relay.errors.read_text())
                    self.assertEqual(self.events(relay, "offline"), [])
                self.show(PHOTO)
                self.wait_event(receiver, "published", name="7b.jpg")
                self.assertEqual(self.take(), {"7b.jpg": PHOTO.read_bytes()})
                self.assertRegex(self.check(url), "warn +protocol: .*3.1.1")
                self.end(sender)
                self.end(receiver)
                self.clean(self.here)
                self.clean(self.there)

    def test_unix_socket(self):
        path = self.folder / "broker.sock"
        self.broker("listener PORT 127.0.0.1\nlistener 0 %s\nallow_anonymous true\n" % path)
        url = "mqtt+unix://%s/class/7b" % str(path).replace("/", "%2F")
        receiver = self.receiver(url)
        self.sender(url)
        self.show(PHOTO)
        self.wait_event(receiver, "published", name=PHOTO.name)
        self.assertRegex(self.check(url), "ok +broker: " + str(path))
        said = self.check(url.replace("broker.sock", "no.sock"), status=1)
        self.assertRegex(said, "STOP +broker: .*No such file")
        self.assertIn("listener 0", said)

    def test_an_interrupted_check_says_so(self):
        silent = socket.create_server((HOST, 0))
        self.addCleanup(silent.close)
        silent.settimeout(support.PATIENCE)
        checker = self.start("relay", "--check", "mqtt://%s:%d/x" % silent.getsockname())
        connection, _ = silent.accept()
        self.addCleanup(connection.close)
        checker.send_signal(signal.SIGINT)
        self.finish(checker, 1)
        self.assertIn("interrupted: the check was not finished", checker.errors.read_text())

    def test_cures_fit(self):
        """Each failure has its own remedy."""
        silent = socket.create_server((HOST, 0))
        self.addCleanup(silent.close)
        said = self.check("mqtts://%s:%d/x" % (HOST, self.broker().port), status=1)
        self.assertRegex(said, "fix: .*(does not use TLS|8883)")
        other = socket.create_server((HOST, 0))
        self.addCleanup(other.close)

        def answer():
            for _ in range(2):
                connection, _ = other.accept()
                connection.recv(100)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.close()
        threading.Thread(target=answer, daemon=True).start()
        said = self.check("mqtt://%s:%d/x" % other.getsockname(), status=1)
        self.assertRegex(said, "STOP +broker: .*(not from an MQTT broker|closed the connection)")
        self.assertRegex(said, "fix: check whether this port accepts MQTT: ")


if __name__ == "__main__":
    relaytest.main()
