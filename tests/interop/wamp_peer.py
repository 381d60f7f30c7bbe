"""A WAMP client made with Debian's python3-autobahn on Twisted (its asyncio flavour does not run on Python 3.11 over RawSocket).

    wamp_peer.py URL SERIALIZER ROLE [ARGUMENT...]      says what it sees on standard output, a line of JSON for each thing

SERIALIZER is json, msgpack or cbor, each also with .batched, or `any`: all that Autobahn has, in its own order.
"""
import datetime
import json
import os
import sys

import txaio

txaio.use_twisted()
from autobahn.twisted.util import sleep
from autobahn.twisted.rawsocket import WampRawSocketClientFactory
from autobahn.twisted.wamp import ApplicationRunner, ApplicationSession
from autobahn.wamp.exception import ApplicationError
from autobahn.wamp.serializer import CBORSerializer, JsonSerializer, MsgPackSerializer
from autobahn.wamp.types import CallOptions, ComponentConfig, PublishOptions, RegisterOptions
from twisted.internet import reactor
from twisted.internet.defer import Deferred, inlineCallbacks
from twisted.internet.endpoints import UNIXClientEndpoint

SERIALIZERS = {"json": JsonSerializer, "msgpack": MsgPackSerializer, "cbor": CBORSerializer}
VALUES = [1, -5, 2.5, "\u00fc\u20ac", b"\x00\xff", None, True, {"deep": [[], {}]}, 2**53]


def say(*words):
    os.write(1, (json.dumps(words[0] if len(words) == 1 else words) + "\n").encode())  # sys.stdout is Twisted's log


class Peer(ApplicationSession):
    failed = False

    @inlineCallbacks
    def onJoin(self, details):
        try:
            yield getattr(self, self.config.extra["role"])(details, *self.config.extra["arguments"])
        except Exception as error:  # the process says so by its exit status
            Peer.failed = True
            os.write(2, repr(error).encode())
        self.leave()

    def onLeave(self, details):
        if self.config.extra["role"] == "everything":
            say("left", details.reason)
        self.disconnect()

    def onDisconnect(self):
        if reactor.running:
            reactor.callLater(0, reactor.stop)

    @inlineCallbacks
    def everything(self, details):
        say("joined", details.realm, details.authrole)
        yield self.register(lambda a, b: a + b, "com.add")
        say("sum", (yield self.call("com.add", 2, 3)))
        yield self.register(lambda **kwargs: kwargs, "com.kwargs")
        say("kwargs", (yield self.call("com.kwargs", a=1, b=["x", None, 2.5])))
        yield self.register(lambda value: value, "com.same")
        say("binary", (yield self.call("com.same", b"\x00\xff\x10")).hex())
        yield self.progress()
        yield self.event()
        yield self.errors()
        say("sessions", (yield self.call("wamp.session.count")))

    @inlineCallbacks
    def progress(self):
        def counting(details):
            for number in (1, 2, 3):
                details.progress(number)
            return "done"

        yield self.register(counting, "com.count", options=RegisterOptions(details_arg="details"))
        seen = []
        result = yield self.call("com.count", options=CallOptions(on_progress=seen.append))
        say("progress", seen)
        say("result", result)

    @inlineCallbacks
    def event(self):
        came = Deferred()
        yield self.subscribe(lambda *args, **kwargs: came.callback((list(args), kwargs)), "com.topic")
        yield self.publish("com.topic", "hello", 7, k="v", options=PublishOptions(acknowledge=True, exclude_me=False))
        args, kwargs = yield came
        say("event", args, kwargs)

    @inlineCallbacks
    def errors(self):
        def failing():
            raise ApplicationError("com.error.custom", "why")

        def never():
            return sleep(60)

        yield self.register(failing, "com.fail")
        yield self.register(never, "com.never")
        for name, procedure, options in (("error", "com.fail", None), ("no callee", "com.nobody", None),
                                         ("timeout", "com.never", CallOptions(timeout=200))):
            try:
                yield self.call(procedure, options=options)
            except ApplicationError as error:
                say(*([name, error.error, list(error.args)] if name == "error" else [name, error.error]))

    @inlineCallbacks
    def callee(self, details, procedure):
        yield self.register(lambda *args: list(args), procedure)
        say("ready")
        yield Deferred()

    @inlineCallbacks
    def instrument(self, details):
        """What the commands of the shell are tried with."""
        def counting(details):
            for number in (1, 2, 3) if details.progress else ():
                details.progress(number)
            return "done"

        def failing():
            raise ApplicationError("com.error.custom", "why")

        yield self.register(lambda *args: sum(args), "com.add")
        yield self.register(lambda **kwargs: kwargs, "com.kwargs")
        yield self.register(counting, "com.count", options=RegisterOptions(details_arg="details"))
        yield self.register(failing, "com.fail")
        yield self.register(lambda: sleep(60), "com.never")
        yield self.subscribe(lambda *args, **kwargs: say("event", args, kwargs), "com.topic")
        say("ready")
        yield Deferred()

    @inlineCallbacks
    def publisher(self, details):
        yield self.publish("com.topic", "hello", b"\x00\xff", k="v", options=PublishOptions(acknowledge=True))

    @inlineCallbacks
    def asker(self, details, procedure):
        for arguments in ([1, "two"], ["fail"]):
            try:
                say("answer", (yield self.call(procedure, *arguments)))
            except ApplicationError as error:
                say("error", error.error, list(error.args))

    @inlineCallbacks
    def caller(self, details, procedure):
        answer = yield self.call(procedure, *VALUES)
        say("echo", [value.hex() if isinstance(value, bytes) else value for value in answer])

    def serializer(self, details):
        say(self._transport._serializer.SERIALIZER_ID)

    # The pair of services that Crossbar.io was shown with first, and who uses them.

    @inlineCallbacks
    def time_service(self, details):
        def now():
            return datetime.datetime.utcnow().strftime("%Y-%m-%dT%H:%M:%SZ")

        yield self.register(now, "com.timeservice.now")
        say("ready")
        yield Deferred()

    @inlineCallbacks
    def time_frontend(self, details):
        say("Current time from time service: " + (yield self.call("com.timeservice.now")))

    @inlineCallbacks
    def tick_service(self, details):
        tick = 0
        while True:
            tick += 1
            self.publish("com.tickservice.tick", tick)
            yield sleep(0.05)

    @inlineCallbacks
    def tick_listener(self, details, count):
        ticks, enough = [], Deferred()

        def on_tick(tick):
            ticks.append(tick)
            if len(ticks) == int(count):
                enough.callback(None)

        yield self.subscribe(on_tick, "com.tickservice.tick")
        yield enough
        say("ticks", ticks[:int(count)])

    @inlineCallbacks
    def left_behind(self, details, *procedures):
        for _ in range(200):
            found = []
            for procedure in procedures:
                registration = yield self.call("wamp.registration.lookup", procedure)
                found += [procedure] if registration else []
            sessions = yield self.call("wamp.session.count")
            if not found and sessions == 1:
                break
            yield sleep(0.05)
        say("registrations", found)
        say("sessions", sessions)


def connect_to_unix_socket(path, extra, serializer):
    """What ApplicationRunner has no words for."""
    factory = WampRawSocketClientFactory(lambda: Peer(ComponentConfig("realm1", extra)), serializer)
    failed = UNIXClientEndpoint(reactor, path).connect(factory)
    failed.addErrback(lambda why: (os.write(2, str(why.value).encode()), os._exit(1)))
    reactor.run()


def main():
    url, name, role, *arguments = sys.argv[1:]
    extra = {"role": role, "arguments": arguments}
    kind, _, batched = name.partition(".")
    serializer = SERIALIZERS[kind](batched=bool(batched)) if name != "any" else None
    if url.startswith("rs://unix:"):
        connect_to_unix_socket(url.removeprefix("rs://unix:"), extra, serializer)
    else:
        runner = ApplicationRunner(url, "realm1", extra=extra, serializers=[serializer] if serializer else None)
        runner.run(Peer, log_level="critical")
    os._exit(1 if Peer.failed else 0)


main()
