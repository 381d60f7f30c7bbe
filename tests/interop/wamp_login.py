"""Joins realm1, or REALM, with Debian's python3-autobahn by one method, says who it is there and whether it may call and register, and leaves.

    wamp_login.py URL METHOD AUTHID SECRET [REALM]      SECRET: a ticket, a WAMP-CRA secret, or a seed of Ed25519 in hex
"""
import json
import os
import sys

import txaio

txaio.use_twisted()
from autobahn.twisted.wamp import ApplicationRunner, ApplicationSession
from autobahn.wamp import auth, cryptosign
from autobahn.wamp.exception import ApplicationError
from twisted.internet import reactor
from twisted.internet.defer import inlineCallbacks

url, method, authid, secret = sys.argv[1:5]
realm = sys.argv[5] if len(sys.argv) > 5 else "realm1"


def say(*words):
    os.write(1, (json.dumps(words) + "\n").encode())


class Peer(ApplicationSession):
    key = cryptosign.CryptosignKey.from_bytes(bytes.fromhex(secret)) if method == "cryptosign" else None

    def onConnect(self):
        extra = {"pubkey": self.key.public_key()} if self.key else None
        self.join(realm, [method], authid or None, authextra=extra)

    def onChallenge(self, challenge):
        if challenge.method == "ticket":
            return secret
        if challenge.method == "cryptosign":
            return self.key.sign_challenge(challenge)
        key = secret.encode()
        if "salt" in challenge.extra:
            key = auth.derive_key(key, challenge.extra["salt"], challenge.extra["iterations"], challenge.extra["keylen"])
        return auth.compute_wcs(key, challenge.extra["challenge"].encode()).decode()

    @inlineCallbacks
    def onJoin(self, details):
        say("joined", details.authid if authid else "somebody", details.authrole, details.authmethod)
        for what, request in (("call", lambda: self.call("com.public.nobody")), ("register", lambda: self.register(len, "com.mine"))):
            try:
                yield request()
                say(what, "allowed")
            except ApplicationError as error:
                say(what, error.error)
        self.leave()

    def onLeave(self, details):
        if details.reason != "wamp.close.goodbye_and_out":
            say("left", details.reason)
        self.disconnect()

    def onDisconnect(self):
        if reactor.running:
            reactor.callLater(0, reactor.stop)


ApplicationRunner(url, realm).run(Peer, log_level="critical")
os._exit(0)
