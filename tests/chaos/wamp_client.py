"""A WAMP client on asyncio: JSON over RawSocket or WebSocket. It does what a good client must, answers to pings included, and no more."""
import asyncio
import itertools
import json
import struct

import websockets

from raw_wamp import CALL, ERROR, EVENT, INVOCATION, PUBLISH, REGISTER, RESULT, ROLES, SUBSCRIBE, WELCOME, YIELD

MESSAGE, PING, PONG = 0, 1, 2  # kinds of frames of RawSocket


class Ended(EOFError):
    """The router has ended the session, or the connection."""


class RawSocketTransport:
    @classmethod
    async def open(cls, address):
        self = cls()
        self.reader, self.writer = await asyncio.open_connection(*address)
        self.writer.write(b"\x7f\xf1\0\0")
        answer = await self.reader.readexactly(4)
        assert answer[0] == 0x7F and answer[1] & 0x0F == 1, answer
        return self

    def _write(self, kind, data):
        self.writer.write(struct.pack(">I", kind << 24 | len(data)) + data)

    async def send(self, message):
        self._write(MESSAGE, json.dumps(message).encode())
        await self.writer.drain()

    async def read(self):
        while True:
            head, = struct.unpack(">I", await self.reader.readexactly(4))
            data = await self.reader.readexactly(head & 0xFFFFFF)
            if head >> 24 == PING:
                self._write(PONG, data)
            elif head >> 24 == MESSAGE:
                return json.loads(data)

    async def close(self):
        self.writer.close()


class WebSocketTransport:
    @classmethod
    async def open(cls, address):
        self = cls()
        self.client = await websockets.connect(f"ws://{address[0]}:{address[1]}/ws", subprotocols=["wamp.2.json"], compression=None,
                                               ping_interval=None)
        return self

    async def send(self, message):
        await self.client.send(json.dumps(message))

    async def read(self):
        return json.loads(await self.client.recv())

    async def close(self):
        await self.client.close()


TRANSPORTS = {"rawsocket": RawSocketTransport, "websocket": WebSocketTransport}


class WampClient:
    """A session, from join() to leave(). One task reads."""

    @classmethod
    async def join(cls, address, transport, realm="realm1"):
        self = cls()
        self.ids = itertools.count(1)
        self.transport = await TRANSPORTS[transport].open(address)
        await self.transport.send([1, realm, ROLES])
        welcome = await self.transport.read()
        if welcome[0] != WELCOME:
            raise Ended(welcome)
        return self

    async def leave(self):
        await self.transport.close()

    async def read(self):
        message = await self.transport.read()
        if message[0] in (3, 6):  # ABORT, GOODBYE
            raise Ended(message)
        return message

    async def _request(self, code, *rest):
        number = self.new_id()
        await self.transport.send([code, number, *rest])
        return number

    async def _granted(self, code, *rest):
        await self._request(code, *rest)
        answer = await self.read()
        if answer[0] == ERROR:
            raise Ended(answer)

    async def subscribe(self, topic):
        await self._granted(SUBSCRIBE, {}, topic)

    async def register(self, procedure):
        await self._granted(REGISTER, {}, procedure)

    async def publish(self, topic, *args):
        await self._request(PUBLISH, {}, topic, args)

    def new_id(self):
        return next(self.ids)

    async def call(self, request, procedure, *args):
        """Its answer comes from read_answer()."""
        await self.transport.send([CALL, request, {}, procedure, args])

    async def read_event(self):
        """The arguments of the next one."""
        message = await self.read()
        assert message[0] == EVENT, message
        return message[4]

    async def answer_next(self, function):
        """Waits for an invocation and answers it with what `function` makes of its arguments."""
        message = await self.read()
        assert message[0] == INVOCATION, message
        await self.transport.send([YIELD, message[1], {}, [function(*message[4])]])

    async def read_answer(self):
        """(request's id, result); of an error the result is the Ended that it is."""
        message = await self.read()
        if message[0] == ERROR:
            return message[2], Ended(message)
        assert message[0] == RESULT, message
        return message[1], message[3][0]
