"""A WebSocket client that does what a library would not let one do, on a blocking socket; RFC 6455 by hand."""
import os
import socket
import struct

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
KEY, ACCEPT = "dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # RFC 6455, section 1.3


def frame(opcode, payload=b"", fin=True, masked=True):
    length = len(payload)
    head = bytes([(0x80 if fin else 0) | opcode])
    mark = 0x80 if masked else 0
    if length < 126:
        head += bytes([mark | length])
    elif length < 65536:
        head += bytes([mark | 126]) + struct.pack(">H", length)
    else:
        head += bytes([mark | 127]) + struct.pack(">Q", length)
    if not masked:
        return head + payload
    mask = os.urandom(4)
    masking = (mask * (length // 4 + 1))[:length]
    masked_payload = int.from_bytes(payload, "big") ^ int.from_bytes(masking, "big")  # ten mebibytes in no time
    return head + mask + masked_payload.to_bytes(length, "big")


class Raw:
    """Connects, from `source` if that is given, and sends the upgrade; `status` and `fields`, in lower case, are those of the answer."""

    def __init__(self, address, path, fields=(), receive_buffer=None, timeout=10, source=None):
        self.socket = socket.socket()
        if source:
            self.socket.bind((source, 0))
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.connect(address)
        self.buffer = b""
        lines = [f"GET {path} HTTP/1.1", f"Host: {address[0]}:{address[1]}", "Upgrade: websocket", "Connection: Upgrade",
                 f"Sec-WebSocket-Key: {KEY}", "Sec-WebSocket-Version: 13", *fields]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        self.status, self.fields = self._read_head()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def _more(self):
        data = self.socket.recv(65536)
        if not data:
            raise EOFError
        self.buffer += data

    def _read_head(self):
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        first, *rest = head.decode().split("\r\n")
        return int(first.split()[1]), {k.lower(): v.strip() for k, v in (line.split(":", 1) for line in rest)}

    def _take(self, count):
        while len(self.buffer) < count:
            self._more()
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def send(self, *arguments, **options):
        self.socket.sendall(frame(*arguments, **options))

    def read(self):
        """The next frame, as (opcode, payload); EOFError when the connection ended."""
        first, second = self._take(2)
        assert not second & 0x80, "a server's frame is masked"
        length = second & 0x7F
        if length == 126:
            length, = struct.unpack(">H", self._take(2))
        elif length == 127:
            length, = struct.unpack(">Q", self._take(8))
        return first & 0x0F, self._take(length)

    def read_close_code(self):
        """Reads up to a close frame; its code."""
        while True:
            opcode, payload = self.read()
            if opcode == CLOSE:
                return struct.unpack(">H", payload[:2])[0] if payload else None
