"""A mouse for a wlroots compositor (sway), by the protocol wlr-virtual-pointer-unstable-v1.

wtype sends keys, but no tool of Debian keeps a pointer; programs see a pointer only while one
exists. This is a Wayland client that has no other object than the pointer.
"""
import pathlib
import socket
import struct
import time

DISPLAY = 1  # the object that every connection has
SYNC, GET_REGISTRY, BIND, CREATE_POINTER = 0, 1, 0, 0  # requests of display, registry, manager
MOTION_ABSOLUTE, BUTTON, FRAME = 1, 2, 4  # requests of zwlr_virtual_pointer_v1
INTERFACE = b"zwlr_virtual_pointer_manager_v1\0"
LEFT = 0x110  # BTN_LEFT of linux/input-event-codes.h


class VirtualPointer:
    def __init__(self, environment, size):
        self.size = size
        self.last_object = DISPLAY
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(30)
        self.socket.connect(str(pathlib.Path(environment["XDG_RUNTIME_DIR"],
                                             environment["WAYLAND_DISPLAY"])))
        self.registry = self._new_object()
        self._send(DISPLAY, GET_REGISTRY, struct.pack("=I", self.registry))
        number = next(number for number, interface in self._roundtrip() if interface == INTERFACE)
        manager = self._new_object()
        self._send(self.registry, BIND, struct.pack("=II32sII", number, len(INTERFACE), INTERFACE,
                                                    1, manager))
        self.pointer = self._new_object()
        self._send(manager, CREATE_POINTER, struct.pack("=II", 0, self.pointer))
        self._roundtrip()

    def close(self):
        self.socket.close()

    def _new_object(self):
        self.last_object += 1
        return self.last_object

    def _send(self, target, request, arguments):
        self.socket.sendall(struct.pack("=IHH", target, request, 8 + len(arguments)) + arguments)

    def _receive(self, size):
        data = b""
        while len(data) < size:
            data += self.socket.recv(size - len(data)) or self._fail()
        return data

    @staticmethod
    def _fail():
        raise RuntimeError("sway closed the pointer's connection")

    def _roundtrip(self):
        """Waits until sway has handled all requests. Returns the (number, interface) that it
        announced meanwhile."""
        callback = self._new_object()
        self._send(DISPLAY, SYNC, struct.pack("=I", callback))
        announced = []
        while True:
            sender, event, size = struct.unpack("=IHH", self._receive(8))
            data = self._receive(size - 8)
            if sender == callback:
                return announced
            if sender == DISPLAY and event == 0:
                raise RuntimeError("sway: %r" % data)
            if sender == self.registry and event == 0:
                number, length = struct.unpack_from("=II", data)
                announced.append((number, data[8:8 + length]))

    @staticmethod
    def _now():
        return int(time.monotonic() * 1000) & 0xffffffff

    def move(self, x, y):
        self._send(self.pointer, MOTION_ABSOLUTE, struct.pack("=IIIII", self._now(), x, y, *self.size))
        self._send(self.pointer, FRAME, b"")
        self._roundtrip()

    def button(self, is_down):
        self._send(self.pointer, BUTTON, struct.pack("=III", self._now(), LEFT, is_down))
        self._send(self.pointer, FRAME, b"")
        self._roundtrip()
