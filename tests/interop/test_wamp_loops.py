"""The WAMP router on two loops: sessions whose sockets are on either of them meet in one realm. Clients are Debian's
python3-websockets, which speak WAMP by hand here, to see in what order what arrives."""
import asyncio
import collections
import contextlib
import itertools
import json
import re
import socket
import ssl
import struct
import unittest
from pathlib import Path

import websockets

from case import Case
from certificates import Authority

SESSIONS = 200
PUBLISHERS, EVENTS = 5, 30
CALLEES, CALLERS, CALLS = 8, 100, 20
SECONDS_MAX = 120
WELCOME, ERROR, SUBSCRIBED, EVENT, CALL, RESULT, REGISTERED, INVOCATION, YIELD = 2, 8, 33, 36, 48, 50, 65, 68, 70
PUBLISHED = 17


class Session:
    """Answers invocations with what they bring, keeps the order of what comes."""

    def __init__(self, client):
        self.client, self.ids, self.waiting = client, itertools.count(1), {}
        self.events, self.invocations = [], []

    @classmethod
    async def join(cls, client):
        self = cls(client)
        roles = {name: {} for name in ("caller", "callee", "publisher", "subscriber")}
        await client.send(json.dumps([1, "realm1", {"roles": roles}]))
        welcome = json.loads(await client.recv())
        assert welcome[0] == WELCOME, welcome
        self.reader = asyncio.ensure_future(self._read())
        return self

    async def _read(self):
        with contextlib.suppress(websockets.ConnectionClosed):  # as long as there is something to read
            await self._read_all()

    async def _read_all(self):
        async for text in self.client:
            message = json.loads(text)
            if message[0] == EVENT:
                self.events.append(message[4])
            elif message[0] == INVOCATION:
                self.invocations.append(message[4])
                await self.client.send(json.dumps([YIELD, message[1], {}, message[4]]))
            else:
                self.waiting.pop(message[2 if message[0] == ERROR else 1]).set_result(message)

    async def ask(self, code, *rest):
        """An answer to come, for what is sent before this returns."""
        number, answer = next(self.ids), asyncio.get_running_loop().create_future()
        self.waiting[number] = answer
        await self.client.send(json.dumps([code, number, *rest]))
        return answer

    async def get(self, code, *rest):
        return await asyncio.wait_for(await self.ask(code, *rest), SECONDS_MAX)


class WampLoops(Case):
    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.node = self.start("serve", "--dev", "--loops", "2", "--listen", "127.0.0.1:0")

    async def join(self, count):
        async def one():
            return await Session.join(await self.connect(self.node, "/ws", subprotocols=["wamp.2.json"]))

        return await asyncio.gather(*(one() for _ in range(count)))

    async def count(self, session):
        return (await session.get(CALL, {}, "wamp.session.count"))[3][0]

    async def test_events_come_in_the_order_of_their_publisher_to_everybody(self):
        sessions = await self.join(SESSIONS)
        publishers, subscribers = sessions[:PUBLISHERS], sessions[PUBLISHERS:]
        for answer in await asyncio.gather(*(each.get(32, {}, "com.numbers") for each in subscribers)):
            self.assertEqual(answer[0], SUBSCRIBED)

        async def publish(number, session):
            for i in range(EVENTS):
                answer = await session.ask(16, {"acknowledge": True}, "com.numbers", [number, i, "x" * (i * 97 % 5000)])
            self.assertEqual((await asyncio.wait_for(answer, SECONDS_MAX))[0], PUBLISHED)

        await asyncio.gather(*(publish(number, each) for number, each in enumerate(publishers)))
        for each in subscribers:
            await self.until(lambda: len(each.events) >= PUBLISHERS * EVENTS, SECONDS_MAX, "every event")
            by_publisher = collections.defaultdict(list)
            for number, i, _ in each.events:
                by_publisher[number].append(i)
            self.assertEqual(by_publisher, {number: list(range(EVENTS)) for number in range(PUBLISHERS)})

    async def test_calls_come_in_the_order_of_their_caller_and_each_is_answered(self):
        sessions = await self.join(CALLEES + CALLERS)
        callees, callers = sessions[:CALLEES], sessions[CALLEES:]
        for number, each in enumerate(callees):
            self.assertEqual((await each.get(64, {}, f"com.echo{number}"))[0], REGISTERED)

        async def call(number, session):
            said = [[number, i] for i in range(CALLS)]
            answers = [await session.ask(CALL, {}, f"com.echo{number % CALLEES}", each) for each in said]
            results = await asyncio.wait_for(asyncio.gather(*answers), SECONDS_MAX)
            self.assertEqual([(each[0], each[3]) for each in results], [(RESULT, each) for each in said])

        await asyncio.gather(*(call(number, each) for number, each in enumerate(callers)))
        for number, each in enumerate(callees):
            by_caller = collections.defaultdict(list)
            for caller, i in each.invocations:
                by_caller[caller].append(i)
            self.assertEqual(by_caller, {caller: list(range(CALLS)) for caller in range(number, CALLERS, CALLEES)})

    async def test_of_killed_sessions_nothing_is_left(self):
        witness, *others = await self.join(SESSIONS)
        for number, each in enumerate(others):
            await each.get(64, {}, f"com.own{number}")
        self.assertEqual(await self.count(witness), SESSIONS)
        for each in others[::2]:
            each.client.transport.abort()
        for each in others[1::2]:
            await each.client.close()

        async def only_the_witness():
            while await self.count(witness) > 1:
                await asyncio.sleep(0.05)

        await asyncio.wait_for(only_the_witness(), SECONDS_MAX)
        registrations = (await witness.get(CALL, {}, "wamp.registration.list"))[3][0]
        self.assertEqual(registrations, {"exact": [], "prefix": [], "wildcard": []})


class RawSocketOverTls(Case):
    """At a port of its own: bytes by hand, as python3-autobahn would need Twisted's TLS for them."""

    SESSIONS = 24

    def test_sessions_of_either_loop_meet_and_others_are_answered_in_http(self):
        authority = Authority()
        self.addCleanup(authority.remove)
        certificate, key = authority.issue("node")
        node = self.start("serve", "--dev", "--loops", "2", "--listen", "127.0.0.1:0", "--rawsocket-listen", "127.0.0.1:0",
                          "--tls-certificate", certificate, "--tls-key", key)
        host, port = re.search(r"RawSocket on ([0-9.]+):(\d+)", node.output()).groups()
        trusting = ssl.create_default_context(cafile=authority.file)
        sockets = [line.split() for line in Path("/proc", str(node.process.pid), "net/tcp").read_text().splitlines()[1:]]
        listening = [each for each in sockets if each[3] == "0A" and int(each[1].split(":")[1], 16) == int(port)]
        self.assertEqual(len(listening), 2, "one for each loop")

        def join():
            line = trusting.wrap_socket(socket.create_connection((host, int(port)), timeout=20), server_hostname="localhost")
            self.addCleanup(line.close)
            line.sendall(b"\x7f\xf1\0\0")
            magic, chosen, *_ = take(line, 4)
            self.assertEqual((magic, chosen & 15), (0x7f, 1))
            self.assertEqual(ask(line, [1, "realm1", {"roles": {"caller": {}}}])[0], WELCOME)
            return line

        def take(line, count):
            taken = b""
            while len(taken) < count:
                taken += line.recv(count - len(taken)) or self.fail("it was closed")
            return taken

        def ask(line, message):
            text = json.dumps(message).encode()
            line.sendall(struct.pack(">I", len(text)) + text)
            return json.loads(take(line, struct.unpack(">I", take(line, 4))[0]))

        lines = [join() for _ in range(self.SESSIONS)]
        for line in lines:
            self.assertEqual(ask(line, [CALL, 1, {}, "wamp.session.count"])[3], [self.SESSIONS])
        stranger = trusting.wrap_socket(socket.create_connection((host, int(port)), timeout=20), server_hostname="localhost")
        self.addCleanup(stranger.close)
        stranger.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        self.assertTrue(take(stranger, 12).startswith(b"HTTP/1.1 404"))


if __name__ == "__main__":
    unittest.main()
