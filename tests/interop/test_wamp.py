"""The WAMP router with Debian's python3-autobahn: over WebSocket and RawSocket, in JSON, MessagePack and CBOR."""
import json
import subprocess
import unittest
from pathlib import Path

from case import Case

HERE = Path(__file__).parent
PEER_SECONDS_MAX = 60
SERIALIZERS = ("json", "msgpack", "cbor")


class WampCase(Case):
    """A router for developers: everybody may do everything."""

    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.node = self.start("serve", "--dev", "--listen", "127.0.0.1:0")

    def url(self, transport):
        return self.node.url("/ws") if transport == "websocket" else self.node.url("", "rs")

    def peer(self, transport, serializer, role, *arguments):
        """A client program in a process of its own: two in one reactor would share what we want to see apart."""
        command = ["/usr/bin/python3", "-B", "-W", "ignore", str(HERE / "wamp_peer.py"), self.url(transport), serializer, role, *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.communicate()

    def said(self, process):
        """What it printed, each line JSON; it must have ended well."""
        out, err = process.communicate(timeout=PEER_SECONDS_MAX)
        self.assertEqual(process.returncode, 0, err)
        return [json.loads(line) for line in out.splitlines()]

    def ready(self, process):
        line = process.stdout.readline()
        self.assertEqual(line, '"ready"\n', line or process.stderr.read())


class Wamp(WampCase):
    def test_calls_events_and_errors_in_every_serializer_over_both_transports(self):
        for transport in ("websocket", "rawsocket"):
            for serializer in SERIALIZERS:
                with self.subTest(transport=transport, serializer=serializer):
                    said = self.said(self.peer(transport, serializer, "everything"))
                    self.assertEqual(said, [
                        ["joined", "realm1", "anonymous"], ["sum", 5], ["kwargs", {"a": 1, "b": ["x", None, 2.5]}],
                        ["binary", "00ff10"], ["progress", [1, 2, 3]], ["result", "done"],
                        ["event", ["hello", 7], {"k": "v"}], ["error", "com.error.custom", ["why"]],
                        ["no callee", "wamp.error.no_such_procedure"], ["timeout", "wamp.error.timeout"],
                        ["sessions", 1], ["left", "wamp.close.goodbye_and_out"]])

    def test_peers_of_different_serializers_and_transports_understand_each_other(self):
        for number, (callee, caller) in enumerate([(("websocket", "json"), ("rawsocket", "cbor")),
                                                   (("rawsocket", "msgpack"), ("websocket", "json")),
                                                   (("websocket", "cbor"), ("rawsocket", "msgpack"))]):
            with self.subTest(callee=callee, caller=caller):
                procedure = f"com.echo{number}"
                serving = self.peer(*callee, "callee", procedure)
                self.ready(serving)
                said = self.said(self.peer(*caller, "caller", procedure))
                self.assertEqual(said, [["echo", [1, -5, 2.5, "\u00fc\u20ac", "00ff", None, True, {"deep": [[], {}]}, 2**53]]])

    def test_killed_callees_leave_nothing(self):
        procedures = [f"com.victim{i}" for i in range(4)]
        victims = [self.peer("websocket", "cbor", "callee", procedure) for procedure in procedures]
        for victim in victims:
            self.ready(victim)
            victim.kill()
        said = self.said(self.peer("websocket", "json", "left_behind", *procedures))
        self.assertEqual(said, [["registrations", []], ["sessions", 1]])


if __name__ == "__main__":
    unittest.main()
