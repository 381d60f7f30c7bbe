"""A component made with Debian's python3-autobahn: it says who people are, and what they may do.

    wamp_desk.py URL            joins realm1 as "desk" by WAMP-CRA, registers com.desk.login and com.desk.may, and says so and what it is asked on
                                standard output, a line of JSON for each; ends when its standard input does
"""
import json
import os
import sys

import txaio

txaio.use_twisted()
from autobahn.twisted.wamp import ApplicationRunner, ApplicationSession
from autobahn.wamp import auth
from autobahn.wamp.exception import ApplicationError
from twisted.internet import reactor, stdio
from twisted.internet.defer import Deferred, inlineCallbacks
from twisted.internet.protocol import Protocol

PUBLIC_KEY = "1adfc8bfe1d35616e64dffbd900096f23b066f914c8c2ffbb66f6075b96e116d"  # of the specification's example
# As auth.derive_scram_credential returns it, which would take seconds: it makes 4096 rounds.
SCRAM_CREDENTIAL = {
    "kdf": "argon2id-13", "memory": 256, "iterations": 3, "salt": "000102030405060708090a0b0c0d0e0f",
    "stored-key": "6d4cb580b47c3fc6dff0a4dadd1d6d4f0455b8a7f8fe5abb50edd3f20908c8ad",
    "server-key": "591eadcb015f75b2bcfaf3ffb596a08862d02dafb50351f90b3231ed64ed8e7b"}


def say(*words):
    os.write(1, (json.dumps(words) + "\n").encode())


def login(realm, authid, details):
    method = details["authmethod"]
    say("login", realm, authid, method, sorted(details))
    if method == "anonymous":
        return "user"
    if method == "ticket" and (authid, details["ticket"]) == ("joe", "joe's ticket"):
        return {"role": "user", "extra": {"greeting": "hello joe"}}
    if method == "wampcra" and authid == "ann":
        return {"role": "user", "secret": "ann's secret", "salt": "salt123"}
    if method == "scram" and authid == "eve":
        return {"role": "user", **SCRAM_CREDENTIAL}
    if method == "cryptosign" and details["pubkey"] == PUBLIC_KEY:
        return {"role": "user", "authid": "rig01", "pubkey": PUBLIC_KEY}
    raise ApplicationError("com.desk.error.unknown", "nobody I know")


def may(session, uri, action, options):
    say("may", session["authrole"], uri, action, options)
    if uri.startswith("com.broken."):
        raise ApplicationError("com.desk.error.tired", "not now")
    if uri.startswith("com.never."):
        return Deferred()
    if uri.startswith("com.kept."):
        return {"allow": True, "disclose": True, "cache": True}
    return uri.startswith("com.open.")


class Ending(Protocol):
    def connectionLost(self, reason=None):
        os._exit(0)


class Desk(ApplicationSession):
    def onConnect(self):
        self.join("realm1", ["wampcra"], "desk")

    def onChallenge(self, challenge):
        return auth.compute_wcs(b"desk's secret", challenge.extra["challenge"].encode()).decode()

    @inlineCallbacks
    def onJoin(self, details):
        yield self.register(login, "com.desk.login")
        yield self.register(may, "com.desk.may")
        say("ready")

    def onDisconnect(self):
        if reactor.running:
            reactor.callLater(0, reactor.stop)


stdio.StandardIO(Ending())
ApplicationRunner(sys.argv[1], "realm1").run(Desk, log_level="critical")
os._exit(1)
