"""As much of MQTT 5 as it takes to publish anything at all, right or wrong, and to listen."""
import socket
import struct

CONTENT_TYPE, USER_PROPERTY = 3, 38


def text(value):
    value = value.encode() if isinstance(value, str) else value
    return struct.pack(">H", len(value)) + value


def number(value):
    """A variable byte integer."""
    out = bytearray()
    while True:
        value, digit = value >> 7, value & 127
        out.append(digit | (128 if value else 0))
        if not value:
            return bytes(out)


def packet(kind, body):
    return bytes([kind]) + number(len(body)) + body


def properties(content_type=None, **pairs):
    out = b"" if content_type is None else bytes([CONTENT_TYPE]) + text(content_type)
    for name, value in pairs.items():
        out += bytes([USER_PROPERTY]) + text(name) + text(str(value))
    return number(len(out)) + out


class Connection:
    """One end of a connection, of a client or a broker. Use it in a `with`."""

    def __init__(self, connection):
        self.socket = connection

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def _read(self, size):
        out = b""
        while len(out) < size:
            got = self.socket.recv(size - len(out))
            if not got:
                raise EOFError("the other side hung up")
            out += got
        return out

    def receive(self):
        """(first byte, body) of the next packet."""
        kind, length, shift = self._read(1)[0], 0, 0
        while True:
            digit = self._read(1)[0]
            length |= (digit & 127) << shift
            shift += 7
            if digit < 128:
                return kind, self._read(length)


class Client(Connection):
    def __init__(self, port, name="test", connection=None):
        super().__init__(connection or socket.create_connection(("127.0.0.1", port), timeout=30))
        self.last = 0
        self.send(packet(0x10, text("MQTT") + bytes([5, 2, 0, 0, 0]) + text(name)))
        kind, body = self.receive()
        assert kind == 0x20 and body[1] == 0, body

    def publish(self, topic, payload, retain=False, **pairs):
        """With QoS 1; returns when the broker has it."""
        self.last += 1
        self.send(packet(0x32 | retain, text(topic) + struct.pack(">H", self.last) +
                         properties(**pairs) + payload))
        kind, _ = self.receive()
        assert kind & 0xf0 == 0x40, kind
