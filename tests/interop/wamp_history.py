"""Publishes to a topic whose events are kept, or asks for them, with Debian's python3-autobahn; says so, a line of JSON for each thing.

    wamp_history.py URL SERIALIZER publish TOPIC FIRST COUNT [BYTES [PAUSE]]
                                             numbers, each acknowledged, with so much text beside it and so many seconds after it; then waits
    wamp_history.py URL SERIALIZER read TOPIC [KEYWORD=VALUE...]        [publication, timestamp, number] of each event, and leaves
"""
import json
import os
import sys

import txaio

txaio.use_twisted()
from autobahn.twisted.wamp import ApplicationRunner, ApplicationSession
from autobahn.wamp.serializer import CBORSerializer, JsonSerializer, MsgPackSerializer
from autobahn.wamp.types import PublishOptions
from twisted.internet import reactor
from twisted.internet.defer import Deferred, inlineCallbacks
from twisted.internet.task import deferLater

SERIALIZERS = {"json": JsonSerializer, "msgpack": MsgPackSerializer, "cbor": CBORSerializer}
url, serializer, role, topic, *arguments = sys.argv[1:]


def say(value):
    os.write(1, (json.dumps(value) + "\n").encode())  # sys.stdout is Twisted's log


class Peer(ApplicationSession):
    failed = True  # until it has done what it came for

    @inlineCallbacks
    def onJoin(self, details):
        try:
            yield getattr(self, role)(*arguments)
            Peer.failed = False
        except Exception as error:  # the process says so by its exit status
            os.write(2, repr(error).encode())
        self.leave()

    def onLeave(self, details):
        if Peer.failed:
            os.write(2, f"left: {details.reason} {details.message}".encode())
        self.disconnect()

    def onDisconnect(self):
        if reactor.running:
            reactor.callLater(0, reactor.stop)

    @inlineCallbacks
    def publish_numbers(self, first, count, bytes_each="0", pause="0"):
        for number in range(int(first), int(first) + int(count)):
            done = yield self.publish(topic, number, text="x" * int(bytes_each), options=PublishOptions(acknowledge=True))
            say([done.id, number])
            if float(pause) > 0:
                yield deferLater(reactor, float(pause), lambda: None)
        say("done")
        yield Deferred()

    @inlineCallbacks
    def read(self, *keywords):
        subscription = yield self.subscribe(lambda *args, **kwargs: None, topic)
        events = yield self.call("wamp.subscription.get_events", subscription.id, **dict(word.split("=", 1) for word in keywords))
        for event in events:
            say([event["publication"], event["timestamp"], event["args"][0]])


if role == "publish":
    role = "publish_numbers"
ApplicationRunner(url, "realm1", serializers=[SERIALIZERS[serializer]()]).run(Peer, log_level="critical")
os._exit(1 if Peer.failed else 0)
