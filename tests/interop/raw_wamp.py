"""A WAMP client by hand, on a blocking socket: JSON over RawSocket, or over WebSocket with the frames of raw.py. For what no library lets one
do: to say everything at once, not to read, to vanish."""
import itertools
import json
import socket
import struct

from raw import CLOSE, TEXT, Raw, frame

WELCOME, GOODBYE, ERROR, PUBLISH, PUBLISHED, SUBSCRIBE, SUBSCRIBED, EVENT = 2, 6, 8, 16, 17, 32, 33, 36
CALL, RESULT, REGISTER, REGISTERED, INVOCATION, YIELD = 48, 50, 64, 65, 68, 70
ROLES = {"roles": {name: {} for name in ("caller", "callee", "publisher", "subscriber")}}
SECONDS_MAX = 30


class RawWamp:
    """Says HELLO, and `requests` (each without its id, which is its place in the list) with it, before anything is read."""

    def __init__(self, address, transport, requests=(), realm="realm1", receive_buffer=None, source=None):
        self.ids = itertools.count(1)
        self.transport = transport
        hello = [[1, realm, ROLES], *([code, next(self.ids), *rest] for code, *rest in requests)]
        if transport == "websocket":
            self.raw = Raw(address, "/ws", ["Sec-WebSocket-Protocol: wamp.2.json"], receive_buffer, SECONDS_MAX, source)
            assert self.raw.status == 101, self.raw.status
            self.socket = self.raw.socket
            self.send(*hello)
            return
        self.socket, self.buffer = socket.socket(), b""
        if source:
            self.socket.bind((source, 0))
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(SECONDS_MAX)
        self.socket.connect(address)
        self.socket.sendall(b"\x7f\xf1\0\0" + b"".join(map(self._framed, hello)))
        assert self._take(4)[:1] == b"\x7f"

    @classmethod
    def join(cls, *arguments, **options):
        self = cls(*arguments, **options)
        welcome = self.read()
        assert welcome[0] == WELCOME, welcome
        self.id = welcome[1]
        return self

    def _framed(self, message):
        text = json.dumps(message).encode()
        return frame(TEXT, text) if self.transport == "websocket" else struct.pack(">I", len(text)) + text

    def send(self, *messages):
        """All in one write."""
        self.socket.sendall(b"".join(map(self._framed, messages)))

    def _take(self, count):
        while len(self.buffer) < count:
            data = self.socket.recv(1 << 18)
            if not data:
                raise EOFError
            self.buffer += data
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def read(self):
        """The next message; EOFError, or its close code, when there is none any more."""
        if self.transport != "websocket":
            length, = struct.unpack(">I", self._take(4))
            return json.loads(self._take(length))
        opcode, payload = self.raw.read()
        if opcode == CLOSE:
            raise EOFError(struct.unpack(">H", payload[:2])[0] if payload else None)
        return json.loads(payload)

    def ask(self, code, *rest):
        """The answer to one request, when nothing else is on its way."""
        number = next(self.ids)
        self.send([code, number, *rest])
        answer = self.read()
        assert answer[2 if answer[0] == ERROR else 1] == number, answer
        return answer

    def call(self, procedure, *args):
        answer = self.ask(CALL, {}, procedure, list(args))
        assert answer[0] == RESULT, answer
        return answer[3][0] if len(answer) > 3 else None

    def vanish(self):
        """As a process that is killed, on a machine that is switched off."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()
