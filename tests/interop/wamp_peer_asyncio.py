"""A WAMP client made with Debian's python3-autobahn on asyncio, over WebSocket.

    wamp_peer_asyncio.py URL SERIALIZER      says what it sees on standard output, a line of JSON for each thing

SERIALIZER is as in wamp_peer.py.
"""
import asyncio
import json
import os
import sys

from autobahn.asyncio.wamp import ApplicationRunner, ApplicationSession
from autobahn.wamp.exception import ApplicationError
from autobahn.wamp.serializer import CBORSerializer, JsonSerializer, MsgPackSerializer
from autobahn.wamp.types import CallOptions, PublishOptions, RegisterOptions

SERIALIZERS = {"json": JsonSerializer, "msgpack": MsgPackSerializer, "cbor": CBORSerializer}


def say(*words):
    os.write(1, (json.dumps(words) + "\n").encode())


class Peer(ApplicationSession):
    failed = True  # until it has come to its end

    async def onJoin(self, details):
        say("joined", details.realm, self._transport._serializer.SERIALIZER_ID)
        await self.register(lambda *values: list(values), "com.same")
        say("same", [value.hex() if isinstance(value, bytes) else value
                     for value in await self.call("com.same", 1, 2.5, b"\x00\xff", None, {"deep": [[]]})])
        await self.progress()
        await self.events()
        try:
            await self.call("com.nobody")
        except ApplicationError as error:
            say("error", error.error)
        Peer.failed = False
        self.leave()

    async def progress(self):
        def counting(details):
            for number in (1, 2, 3):
                details.progress(number)
            return "done"

        await self.register(counting, "com.count", options=RegisterOptions(details_arg="details"))
        seen = []
        result = await self.call("com.count", options=CallOptions(on_progress=seen.append))
        say("progress", seen, result)

    async def events(self):
        """Many in one turn: they come back in few batches, where it batches."""
        seen, enough = [], asyncio.get_running_loop().create_future()

        def on_event(number):
            seen.append(number)
            if len(seen) == 200:
                enough.set_result(None)

        await self.subscribe(on_event, "com.topic")
        for number in range(200):
            self.publish("com.topic", number, options=PublishOptions(exclude_me=False))
        await enough
        say("events in order", seen == list(range(200)))

    def onDisconnect(self):
        asyncio.get_event_loop().stop()


def main():
    url, name = sys.argv[1:]
    kind, _, batched = name.partition(".")
    serializers = [SERIALIZERS[kind](batched=bool(batched))] if name != "any" else None
    ApplicationRunner(url, "realm1", serializers=serializers).run(Peer, log_level="critical")
    os._exit(1 if Peer.failed else 0)


main()
