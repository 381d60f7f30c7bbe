"""The WAMP router on two loops: sessions whose sockets are on either of them meet in one realm. Clients are Debian's
python3-websockets, which speak WAMP by hand here, to see in what order what arrives."""
import asyncio
import collections
import contextlib
import itertools
import json
import unittest

import websockets

from case import Case

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


if __name__ == "__main__":
    unittest.main()
