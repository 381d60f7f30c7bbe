"""The WAMP router with Debian's python3-autobahn: over WebSocket and RawSocket, in JSON, MessagePack and CBOR, one by one and
in batches."""
import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import websockets

from case import Case

HERE = Path(__file__).parent
PEER_SECONDS_MAX = 60
SERIALIZERS = ("json", "msgpack", "cbor")


class WampCase(Case):
    """A router for developers, `self.node`, where everybody may do everything."""

    flags = ()

    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.node = self.start("serve", "--dev", "--listen", "127.0.0.1:0", *self.flags)

    def url(self, transport):
        return self.node.url("/ws") if transport == "websocket" else self.node.url("", "rs")

    def peer(self, transport, serializer, role, *arguments):
        """A client program in a process of its own: two in one reactor would share what we want to see apart."""
        return self.run_client("wamp_peer.py", self.url(transport), serializer, role, *arguments)

    def run_client(self, file, *arguments):
        command = ["/usr/bin/python3", "-B", "-W", "ignore", str(HERE / file), *arguments]
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

    def assert_everything(self, process):
        self.assertEqual(self.said(process), [
            ["joined", "realm1", "anonymous"], ["sum", 5], ["kwargs", {"a": 1, "b": ["x", None, 2.5]}],
            ["binary", "00ff10"], ["progress", [1, 2, 3]], ["result", "done"],
            ["event", ["hello", 7], {"k": "v"}], ["error", "com.error.custom", ["why"]],
            ["no callee", "wamp.error.no_such_procedure"], ["timeout", "wamp.error.timeout"],
            ["sessions", 1], ["left", "wamp.close.goodbye_and_out"]])


class Wamp(WampCase):
    def test_calls_events_and_errors_in_every_serializer_over_both_transports(self):
        for transport in ("websocket", "rawsocket"):
            for serializer in SERIALIZERS:
                with self.subTest(transport=transport, serializer=serializer):
                    self.assert_everything(self.peer(transport, serializer, "everything"))

    def test_calls_events_and_errors_in_batches(self):
        for serializer in SERIALIZERS:
            with self.subTest(serializer=serializer):
                self.assert_everything(self.peer("websocket", serializer + ".batched", "everything"))

    def test_what_autobahn_likes_best_is_cbor_in_batches(self):
        self.assertEqual(self.said(self.peer("websocket", "any", "serializer")), ["cbor.batched"])

    def test_autobahn_on_asyncio_plain_and_in_batches(self):
        for serializer in (*SERIALIZERS, *(name + ".batched" for name in SERIALIZERS), "any"):
            with self.subTest(serializer=serializer):
                chosen = "cbor.batched" if serializer == "any" else serializer
                said = self.said(self.run_client("wamp_peer_asyncio.py", self.url("websocket"), serializer))
                self.assertEqual(said, [
                    ["joined", "realm1", chosen], ["same", [1, 2.5, "00ff", None, {"deep": [[]]}]],
                    ["progress", [1, 2, 3], "done"], ["events in order", True],
                    ["error", "wamp.error.no_such_procedure"]])

    def test_peers_of_different_serializers_and_transports_understand_each_other(self):
        for number, (callee, caller) in enumerate([(("websocket", "json"), ("rawsocket", "cbor")),
                                                   (("rawsocket", "msgpack"), ("websocket", "json")),
                                                   (("websocket", "cbor"), ("rawsocket", "msgpack")),
                                                   (("websocket", "json.batched"), ("websocket", "cbor.batched")),
                                                   (("websocket", "msgpack.batched"), ("websocket", "json"))]):
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


class RawSocketPort(WampCase):
    flags = ("--rawsocket-listen", "127.0.0.1:0")

    def url(self, transport):
        found = re.search(r"RawSocket on ([0-9.]+:\d+)", self.node.output())
        return f"rs://{found.group(1)}"

    def test_rawsocket_on_a_port_of_its_own(self):
        for serializer in SERIALIZERS:
            with self.subTest(serializer=serializer):
                self.assert_everything(self.peer("rawsocket", serializer, "everything"))


class WebSocketOnUnixSocket(Case):
    async def test_a_session_over_a_websocket_on_a_unix_socket(self):
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/node.sock"
            self.start("serve", "--dev", "--listen", f"unix:{path}", wait=False)
            await self.until(lambda: Path(path).exists())
            async with websockets.unix_connect(path, "ws://localhost/ws", subprotocols=["wamp.2.json"]) as client:
                self.assertEqual(client.subprotocol, "wamp.2.json")
                await client.send(json.dumps([1, "realm1", {"roles": {"caller": {}}}]))
                self.assertEqual(json.loads(await client.recv())[0], 2)
                await client.send(json.dumps([48, 1, {}, "wamp.session.count"]))
                await self.assert_gets(client, "[50,1,{},[1]]")


class RawSocketOnUnixSocket(WampCase):
    async def asyncSetUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = f"{folder.name}/wamp.sock"
        self.flags = ("--rawsocket-listen", f"unix:{self.path}")
        await super().asyncSetUp()

    def url(self, transport):
        return f"rs://unix:{self.path}"

    def test_rawsocket_on_a_unix_socket_beside_a_port(self):
        self.assert_everything(self.peer("rawsocket", "cbor", "everything"))


if __name__ == "__main__":
    unittest.main()
