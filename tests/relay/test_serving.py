#!/usr/bin/env python3
"""`vitrine relay --serve`: a broker that starts and ends with the relay, lets others only read, and
shows the newest picture in a browser."""
import base64
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import unittest
import urllib.request

import mqtt
import relaytest
from broker import HOST, free_port
from relaytest import ASSETS, wait_for

PHOTO, TINY = ASSETS / "lighthouse.jpg", ASSETS / "tiny.png"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


class WebSocket:
    """The socket of an mqtt.Client, through the handshake and the frames that a browser uses; or of a
    browser's debugger, with a path and kind 1."""

    def __init__(self, port, path="/mqtt", kind=2):
        self.kind = kind
        self.socket = socket.create_connection((HOST, port), timeout=30)
        self.socket.sendall(("GET %s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\n"
                             "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                             "Sec-WebSocket-Key: %s\r\n%s\r\n" % (
                                 path, HOST, port, base64.b64encode(os.urandom(16)).decode(),
                                 "Sec-WebSocket-Protocol: mqtt\r\n" if kind == 2 else "")).encode())
        self.file = self.socket.makefile("rb")
        self.status = self.file.readline()
        while self.file.readline().strip():
            pass
        self.pending = b""

    def sendall(self, data):
        """Less than 126 bytes. The mask is 0."""
        self.socket.sendall(bytes([0x80 | self.kind, 0x80 | len(data)]) + bytes(4) + data)

    def frame(self):
        head = self.file.read(2)
        if len(head) < 2 or head[0] & 15 == 8:
            return b""
        size = head[1] & 127
        if size > 125:
            size = int.from_bytes(self.file.read(2 if size == 126 else 8), "big")
        return self.file.read(size)

    def recv(self, count):
        self.pending = self.pending or self.frame()
        data, self.pending = self.pending[:count], self.pending[count:]
        return data

    def close(self):
        self.file.close()
        self.socket.close()


class Browser:
    """A headless Chromium with one page, controlled through its debugger."""

    def __init__(self, folder, url):
        self.process = subprocess.Popen(
            [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--remote-debugging-port=0", "--user-data-dir=%s" % folder, "--window-size=640,480",
             url], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        told = folder / "DevToolsActivePort"
        assert wait_for(lambda: told.exists() and told.read_text().count("\n"))
        port = int(told.read_text().split()[0])
        page = wait_for(lambda: next((target for target in json.load(urllib.request.urlopen(
            "http://%s:%d/json/list" % (HOST, port))) if target["type"] == "page"), None))
        path = "/devtools" + page["webSocketDebuggerUrl"].split("/devtools")[1]
        self.socket = WebSocket(port, path, 1)

    def call(self, method, **parameters):
        self.socket.sendall(json.dumps({"id": 1, "method": method, "params": parameters}).encode())
        while True:
            answer = json.loads(self.socket.frame())
            if answer.get("id") == 1:
                return answer["result"]

    def value(self, expression):
        return self.call("Runtime.evaluate", expression=expression)["result"].get("value")

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait(30)


class Serving(relaytest.RelayTest):
    def setUp(self):
        super().setUp()
        self.port, self.page_port = free_port(), free_port()
        self.environment["XDG_RUNTIME_DIR"] = str(self.folder)

    def serve(self, *options, wait="connected"):
        relay = self.start("relay", "--serve=%s:%d" % (HOST, self.port), "--page-port",
                           self.page_port, "-k", self.here, *options)
        if wait:
            self.wait_line(relay, wait)
        return relay

    def refused(self, *words):
        return self.run_tool("relay", *words, "-k", self.here, status=1)[1]

    @staticmethod
    def child(relay):
        """The broker's process."""
        task = "/proc/%d/task/%d/children" % (relay.pid, relay.pid)
        return int(pathlib.Path(task).read_text().split()[0])

    def folder_of(self, relay):
        """The broker's own."""
        words = pathlib.Path("/proc/%d/cmdline" % self.child(relay)).read_bytes().split(b"\0")
        return pathlib.Path(words[2].decode()).parent

    @staticmethod
    def is_alive(pid):
        try:
            return pathlib.Path("/proc/%d/stat" % pid).read_text().split(") ")[1][0] != "Z"
        except OSError:
            return False

    def test_a_class(self):
        relay = self.serve()
        told = self.events(relay, "serving")[0]
        self.assertEqual(told["url"], "mqtt://%s:%d/class" % (HOST, self.port))
        self.assertIn("vitrine relay --from " + told["url"], relay.errors.read_text())
        folder = self.folder_of(relay)
        self.assertEqual(folder.stat().st_mode & 0o777, 0o700)
        student = self.receiver(told["url"])
        self.show(PHOTO)
        self.wait_event(student, "published", name=PHOTO.name)
        self.assertEqual(self.take(), {PHOTO.name: PHOTO.read_bytes()})
        self.wait_event(student, "sender", state="here")
        self.assertRegex(self.check(told["url"]), "ok +rights: this user may only read")
        broker = self.child(relay)
        self.end(relay)
        self.assertFalse(self.is_alive(broker))
        self.assertFalse(folder.exists())

    def test_others_may_only_read(self):
        relay = self.serve()
        self.show(PHOTO)
        self.wait_event(relay, "sent", seq=1)
        for connection in (None, WebSocket(self.sockets_port(self.page()))):
            client = mqtt.Client(self.port, connection=connection)
            with client:
                for topic in ("class", "class/status", "other"):
                    client.publish(topic, b"GIF89a", True)
        student = self.receiver("mqtt://%s:%d/class" % (HOST, self.port))
        self.wait_event(student, "published", name=PHOTO.name, kept="true")
        self.assertEqual(len(self.events(student, "published")), 1)

    def test_killed(self):
        """The broker ends even if the relay is killed."""
        relay = self.serve()
        broker = self.child(relay)
        self.addCleanup(shutil.rmtree, self.folder_of(relay))
        relay.send_signal(signal.SIGKILL)
        self.assertTrue(wait_for(lambda: not self.is_alive(broker)))

    def test_broker_killed(self):
        relay = self.serve()
        folder = self.folder_of(relay)
        os.kill(self.child(relay), signal.SIGKILL)
        self.finish(relay, 1)
        self.assertIn("mosquitto has ended", relay.errors.read_text())
        self.assertFalse(folder.exists())

    def test_what_can_go_wrong(self):
        with socket.create_server((HOST, self.port)):
            said = self.refused("--serve=%s:%d" % (HOST, self.port))
        self.assertRegex(said, r"(?m)^vitrine relay: .*port %d: .*in use.*--serve=" % self.port)
        with socket.create_server((HOST, self.page_port)):
            said = self.refused("--serve=%s:%d" % (HOST, self.port), "--page-port", self.page_port)
        self.assertRegex(said, "in use.*--page-port")
        self.assertIn("of this machine", self.refused("--serve=192.0.2.1:%d" % self.port))
        self.assertIn("not an address", self.refused("--serve=nowhere:%d" % self.port))
        for said in (said,):
            self.assertEqual(len(said.splitlines()), 1, said)

    def page(self, path="/"):
        with socket.create_connection((HOST, self.page_port), timeout=30) as client:
            client.sendall(b"GET %s HTTP/1.1\r\nHost: h\r\n\r\n" % path.encode())
            client.settimeout(30)
            answer = b""
            while b"</html>" not in answer and (data := client.recv(65536)):
                answer += data
        return answer.decode()

    def sockets_port(self, page):
        """That of the page, or with Mosquitto from 2.1 on another one."""
        others = re.findall(r"const ORIGIN = 'http://' \+ location.hostname \+ ':(\d+)'", page)
        return int(others[0]) if others else self.page_port

    def test_page(self):
        """Does what a browser does: gets the page, then subscribes through a WebSocket."""
        self.serve()
        answer = self.page()
        self.assertRegex(answer, r"^HTTP/1\.[01] 200")
        self.assertIn("<title>Vitrine</title>", answer)
        self.assertNotRegex(answer, r"""(src|href)=["']?(https?:)?//""")
        self.assertEqual(re.findall(r"const TOPIC = '(\w+)'", answer), ["class"])
        self.show(PHOTO)
        port = self.sockets_port(answer)
        with mqtt.Client(port, connection=WebSocket(port)) as client:
            client.send(mqtt.packet(0x82, b"\0\1\0" + mqtt.text("class") + b"\0"))
            while True:
                kind, body = client.receive()
                if kind & 0xf0 == 0x30:
                    break
            self.assertTrue(body.endswith(PHOTO.read_bytes()))

    @unittest.skipUnless(CHROMIUM, "not installed: chromium")
    def test_browser(self):
        relay = self.serve()
        self.show(PHOTO)
        self.wait_event(relay, "sent", seq=1)
        browser = Browser(self.folder / "profile", "http://%s:%d/" % (HOST, self.page_port))
        self.addCleanup(browser.close)

        def shows(name, width):
            self.assertTrue(wait_for(lambda: browser.value("picture.naturalWidth") == width and
                                     not browser.value("picture.hidden")),
                            browser.value("document.body.innerText"))
            self.assertRegex(browser.value("document.body.innerText"),
                             r"^%s\s+(just now|\d+ s ago)\s*$" % name)
        shows(PHOTO.name, 2048)
        self.show(TINY)
        shows(TINY.name, 8)
        self.show(self.file("notes.txt", content=b"text"))
        self.assertTrue(wait_for(lambda: "cannot show notes.txt" in browser.value(
            "document.body.innerText")))
        self.show(PHOTO)
        shows(PHOTO.name, 2048)
        if os.environ.get("VITRINE_PAGE_SHOT"):  # for people who want to see what it looks like
            pathlib.Path(os.environ["VITRINE_PAGE_SHOT"]).write_bytes(base64.b64decode(
                browser.call("Page.captureScreenshot")["data"]))
        self.end(relay)
        self.assertTrue(wait_for(lambda: "No connection" in browser.value(
            "document.body.innerText")))


if __name__ == "__main__":
    relaytest.main()
