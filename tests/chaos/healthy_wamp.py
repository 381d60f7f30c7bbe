"""Healthy clients of WAMP: callers whose results are checked, publishers whose events are numbered, over both transports."""
from healthy_topics import mark, number_of
from ledger import Line
from party import together
from wamp_client import WampClient

EVERY_SECONDS = 0.05


class Member:
    """Somebody who joins."""

    def __init__(self, party):
        self.party = party

    async def session(self, transport, use):
        client = await WampClient.join(self.party.node, transport)
        try:
            await use(client)
        finally:
            await client.leave()


class Calls(Member):
    """The callee says back what it was asked, and its length."""

    def __init__(self, party, name, calling, called):
        super().__init__(party)
        self.calling, self.called, self.procedure = calling, called, "healthy.same." + called
        self.line, self.registered = party.add(Line(name, "caller")), False
        party.stay(self.line, self.callee)
        party.stay(self.line, self.caller)

    async def callee(self):
        async def serve(client):
            await client.register(self.procedure)
            self.registered = True
            await self.party.until_over(lambda: client.answer_next(lambda text: [len(text), text]))
        await self.session(self.called, serve)

    async def caller(self):
        async def use(client):
            open_calls = {}

            async def call():
                if self.registered:
                    number, request = self.line.send(), client.new_id()
                    open_calls[request] = number
                    await client.call(request, self.procedure, mark(number))

            async def read():
                self._check(open_calls, *await client.read_answer())
            await together(self.party.until_over(read), self.party.say(EVERY_SECONDS, call))
        await self.session(self.calling, use)

    def _check(self, open_calls, request, result):
        number = open_calls.pop(request, None)
        if number is None:
            self.line.break_(f"a second answer to request {request}: {result!r:.200}")
        elif isinstance(result, EOFError):
            self.line.break_(f"call {number} was answered by an error: {result!r:.200}")
        elif result != [len(mark(number)), mark(number)]:
            self.line.break_(f"call {number} has the answer of another: {result!r:.200}")
        else:
            self.line.receive("caller", number)


class Events(Member):
    def __init__(self, party, name, publishing):
        super().__init__(party)
        self.publishing, self.topic = publishing, "healthy.events." + publishing
        transports = ("websocket", "rawsocket")
        self.line = party.add(Line(name, *transports))
        self.subscribed = dict.fromkeys(transports, False)
        for transport in transports:
            party.stay(self.line, self._subscriber(transport))
        party.stay(self.line, self.publisher)

    def _subscriber(self, transport):
        async def subscriber():
            async def listen(client):
                await client.subscribe(self.topic)
                self.subscribed[transport] = True

                async def read():
                    self.line.receive(transport, number_of((await client.read_event())[0]))
                await self.party.until_over(read)
            await self.session(transport, listen)
        return subscriber

    async def publisher(self):
        async def use(client):
            async def publish():
                if all(self.subscribed.values()):
                    await client.publish(self.topic, mark(self.line.send()))
            await together(self.party.until_over(client.read), self.party.say(EVERY_SECONDS, publish))
        await self.session(self.publishing, use)
