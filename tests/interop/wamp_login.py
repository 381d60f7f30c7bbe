"""Joins a realm with Debian's python3-autobahn by one method, says who it is there and whether it may call and register, and leaves.

    wamp_login.py URL METHOD AUTHID SECRET [OPTIONS]

    SECRET   a ticket, a token, a WAMP-CRA secret, a password for SCRAM, or a seed of Ed25519 in hex
    OPTIONS  JSON: realm; place (the URI below which it calls and registers); cookie (a Cookie field); leave (a reason);
             stay (until it is told to go); authority, certificate, key (files, for wss); tls12 (no later one); binding
"""
import base64
import json
import os
import sys

import txaio

txaio.use_twisted()
from autobahn.twisted.wamp import ApplicationRunner, Session
from autobahn.wamp import auth, cryptosign
from autobahn.wamp.exception import ApplicationError
from twisted.internet import reactor
from twisted.internet.defer import inlineCallbacks
from twisted.internet.ssl import Certificate, PrivateCertificate, TLSVersion, optionsForClientTLS

url, method, authid, secret = sys.argv[1:5]
options = json.loads(sys.argv[5]) if len(sys.argv) > 5 else {}
realm, place = options.get("realm", "realm1"), options.get("place", "com")


def say(*words):
    os.write(1, (json.dumps(words) + "\n").encode())


def text_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def tls():
    if "authority" not in options:
        return None
    mine = None
    if "certificate" in options:
        mine = PrivateCertificate.loadPEM(text_of(options["certificate"]) + text_of(options["key"]))
    only12 = {"insecurelyLowerMinimumTo": TLSVersion.TLSv1_2, "lowerMaximumSecurityTo": TLSVersion.TLSv1_3}  # the latter is left out
    return optionsForClientTLS("localhost", Certificate.loadPEM(text_of(options["authority"])), mine,
                               extraCertificateOptions=only12 if options.get("tls12") else None)


# AuthScram hands its own pbkdf2() the salt as the text that came, and that takes bytes alone: no password opens anything by PBKDF2,
# whatever the router (22.7.1; 26.10.2 still). What is derived, and how, stays Autobahn's.
auth._hash_pbkdf2_secret = lambda password, salt, iterations: auth.pbkdf2(password, base64.b64decode(salt), iterations, keylen=32)


def channel_id(transport, binding):
    """Autobahn's, of the binding that it knows; what OpenSSL exports for the other one (RFC 9266)."""
    if binding == "tls-exporter":
        return transport.transport.getHandle().export_keying_material(b"EXPORTER-Channel-Binding", 32, b"")
    return transport.transport_details.channel_id.get(binding)


class Peer(Session):
    key = cryptosign.CryptosignKey.from_bytes(bytes.fromhex(secret)) if method == "cryptosign" else None

    def __init__(self, config):
        super().__init__(config)
        if method == "scram":
            self.add_authenticator(auth.create_authenticator("scram", authid=authid, password=secret))

    def onConnect(self):
        if method == "scram":
            return super().onConnect()
        extra = None
        if self.key:
            extra = {"pubkey": self.key.public_key()}
            if "binding" in options:
                extra["channel_binding"] = options["binding"]
        return self.join(realm, [method], authid or None, authextra=extra)

    def onChallenge(self, challenge):
        if challenge.method in ("ticket", "jwt"):
            return secret
        if challenge.method == "cryptosign":
            binding = options.get("binding")
            channel = channel_id(self.transport, binding) if binding else None
            # It knows the name of one binding, and does with these bytes what any other one wants too.
            return self.key.sign_challenge(challenge, channel_id=channel, channel_id_type=binding and "tls-unique")
        if challenge.method == "scram":
            return super().onChallenge(challenge)
        key = secret.encode()
        if "salt" in challenge.extra:
            key = auth.derive_key(key, challenge.extra["salt"], challenge.extra["iterations"], challenge.extra["keylen"])
        return auth.compute_wcs(key, challenge.extra["challenge"].encode()).decode()

    @inlineCallbacks
    def onJoin(self, details):
        say("joined", details.authid if authid else "somebody", details.authrole, details.authmethod)
        public = "com.public.nobody" if place == "com" else place + ".nobody"
        for what, request in (("call", lambda: self.call(public)), ("register", lambda: self.register(len, place + ".mine"))):
            try:
                yield request()
                say(what, "allowed")
            except ApplicationError as error:
                say(what, error.error)
        if not options.get("stay"):
            self.leave(options.get("leave"))

    def onLeave(self, details):
        if details.reason != "wamp.close.goodbye_and_out":
            say("left", details.reason, *([details.message] if options.get("stay") else []))
        self.disconnect()

    def onDisconnect(self):
        if reactor.running:
            reactor.callLater(0, reactor.stop)


headers = {"Cookie": options["cookie"]} if "cookie" in options else None
ApplicationRunner(url, realm, ssl=tls(), headers=headers).run(Peer, log_level="critical")
os._exit(0)
