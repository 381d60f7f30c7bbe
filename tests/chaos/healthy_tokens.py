"""Healthy clients of topics that need tokens: two who stay, and newcomers who trade a token, say something and leave, all the time."""
import asyncio
import json
import urllib.parse

import websockets

from healthy_topics import OPTIONS, mark, number_of
from ledger import Line
from party import together
from relay_case import token

LIFE_SECONDS = 24 * 3600
TRADE_SECONDS_MAX = 20


async def ask(address, method, target, made):
    """(status, body) of one request to the access service."""
    reader, writer = await asyncio.open_connection(*address)
    try:
        writer.write((f"{method} {target} HTTP/1.1\r\nHost: {address[0]}:{address[1]}\r\nAuthorization: {made}\r\n"
                      "Content-Length: 0\r\nConnection: close\r\n\r\n").encode())
        head, _, body = (await asyncio.wait_for(reader.read(), TRADE_SECONDS_MAX)).partition(b"\r\n\r\n")
        return int(head.split()[1]), body.decode()
    finally:
        writer.close()


async def opened(party, topic):
    """An address with a code, of a booking that nobody cancels."""
    status, body = await ask(party.node, "POST", f"/session/{topic}", token(topic, booking="healthy", life=LIFE_SECONDS))
    assert status == 200, body
    parts = urllib.parse.urlsplit(json.loads(body)["uri"])
    return "ws://{}:{}{}?{}".format(*party.node, parts.path, parts.query)


class TokenTopic:
    """Two who send to each other."""

    def __init__(self, party):
        self.party, self.present = party, [False, False]
        self.lines = [party.add(Line(f"token topic, {way}", "the other")) for way in ("there", "back")]
        for which in (0, 1):
            party.stay(self.lines[which], self._client(which))

    def _client(self, which):
        async def client():
            async with websockets.connect(await opened(self.party, "rig"), **OPTIONS) as client:
                self.present[which] = True

                async def read():
                    self.lines[1 - which].receive("the other", number_of(await client.recv()))

                async def send():
                    if all(self.present):
                        await client.send(mark(self.lines[which].send()))
                await together(self.party.until_over(read), self.party.say(0.05, send))
        return client


class Newcomers:
    def __init__(self, party):
        self.party, self.line = party, party.add(Line("newcomers", "porter"))
        party.stay(self.line, self.porter)

    async def porter(self):
        """Hears everybody who comes."""
        async with websockets.connect(await opened(self.party, "door"), **OPTIONS) as client:
            async def read():
                self.line.receive("porter", number_of(await client.recv()))
            await together(self.party.until_over(read), self.party.say(0.25, self._visit))

    async def _visit(self):
        number = self.line.send()
        try:
            async with websockets.connect(await opened(self.party, "door"), **OPTIONS) as client:
                await client.send(mark(number))
        except (OSError, EOFError, AssertionError, IndexError, asyncio.TimeoutError, websockets.WebSocketException):
            pass  # it is missing at the porter's, unless what went wrong excuses that
