"""The node and a host driven from a realm by Debian's python3-autobahn, which speaks CBOR in batches there: topics, clients, bookings,
events, and the verbs of a host that nobody reaches. npm's client does more of it (node/wamp_management.test.mjs)."""
import asyncio
import re
import tempfile
import time
import unittest
from pathlib import Path

from case import Case
from relay_case import SecureCase, token

REALM = """
[wamp]
management-realm = "lab"
[[wamp.realm]]
name = "lab"
[[wamp.role]]
name = "operator"
[[wamp.role.permission]]
uri = "relay.*"
allow = ["call", "register", "subscribe"]
[[wamp.principal]]
authid = "peter"
role = "operator"
wampcra-secret = "peter's secret"
"""


async def answer(request):
    """(URI, sentence) of an error, or ("", what was returned)."""
    from autobahn.wamp.exception import ApplicationError
    try:
        return "", await request
    except ApplicationError as error:
        return error.error, error.args[0]


class ManagedNode(SecureCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        file = Path(folder.name, "node.toml")
        file.write_text(REALM, encoding="utf-8")
        self.flags = ("--config", str(file))
        super().setUp()

    async def operator(self):
        from autobahn.wamp.auth import create_authenticator
        from wamp_session import joined
        return await joined(self, self.node.url("/ws"), "lab", create_authenticator("wampcra", authid="peter", secret="peter's secret"))

    async def test_an_operator_sees_who_is_on_a_topic_puts_one_out_and_cancels_a_booking(self):
        from wamp_session import Events
        session = await self.operator()
        self.assertEqual(session.details.serializer, "cbor.batched")
        events = await Events.of(session, "relay.")
        viewer = await self.open("rig01", ("read",), "bk-7")
        self.assertEqual(await events.until("relay.topic.on_create"), {"topic": "rig01"})
        self.assertEqual((await events.until("relay.client.on_join"))["booking"], "bk-7")

        (topic,) = await session.call("relay.topic.list")
        self.assertEqual((topic["topic"], topic["token"], topic["clients"], topic["viewers"]), ("rig01", True, 1, 1))
        self.assertEqual(await session.call("relay.topic.get", "rig01"), topic)
        (client,) = await session.call("relay.client.list", topic="rig01", limit=10)
        self.assertEqual((await session.call("relay.client.get", client["id"]))["booking"], "bk-7")
        self.assertIsNone(await session.call("relay.client.kill", client["id"], "the rig is needed"))
        await self.assert_closed(viewer, 1008)
        self.assertEqual((await events.until("relay.client.on_leave"))["id"], client["id"])

        self.assertIsNone(await session.call("relay.booking.deny", "bk-7", int(time.time()) + 60))
        denied = await events.until("relay.booking.on_deny")
        self.assertEqual(denied["booking"], "bk-7")
        self.assertRegex(denied["by"], r'^"peter" \(role "operator", session \d+\)$')
        self.assertEqual(await session.call("relay.booking.list_denied"), ["bk-7"])
        refused = await self.ask("POST", "/session/rig01", token("rig01", ("read",), "bk-7"))
        self.assertEqual(refused.status, 400, refused.body)
        self.assertIsNone(await session.call("relay.booking.allow", booking="bk-7", until=int(time.time()) + 60))
        self.assertEqual(await session.call("relay.booking.list_denied"), [])
        self.assertEqual((await session.call("relay.stats.get"))["clients"]["ever"], 1)
        line = re.compile(r'booking "bk-7" is denied until .*Z, by "peter" \(role "operator", session \d+\), from 127\.0\.0\.1')
        await self.until(lambda: line.search(self.node.output()), what=line.pattern)

    async def test_wrong_arguments_are_named_and_what_is_not_there_is_said_to_be(self):
        session = await self.operator()
        for request, uri, sentence in (
                (session.call("relay.topic.get"), "wamp.error.invalid_argument", r"argument 0 \(topic\) must be a string"),
                (session.call("relay.topic.list", lmit=3), "wamp.error.invalid_argument", 'no argument of the name "lmit"'),
                (session.call("relay.topic.get", "none"), "crosspoint.error.no_such_topic", "topic"),
                (session.call("relay.client.kill", 4711), "crosspoint.error.no_such_client", "client"),
                (session.register(len, "relay.mine"), "wamp.error.invalid_uri", r"begin with relay\. are the router's own")):
            with self.subTest(uri):
                found, said = await answer(request)
                self.assertEqual(found, uri, said)
                self.assertRegex(said, sentence)


class ManagedHost(Case):
    async def test_a_host_that_nobody_reaches_is_driven_through_the_realm_that_it_joined(self):
        from wamp_session import joined
        node = self.start("serve", "--dev", "--listen", "127.0.0.1:0")
        host = self.start("host", "--listen", "127.0.0.1:0", "--wamp-url", node.url("/ws"), "--wamp-realm", "lab",
                          "--wamp-prefix", "host.rig01.", "--wamp-authid", "rig01")
        session = await joined(self, node.url("/ws"), "lab", authid="peter")

        def verb(name, *arguments, **named):
            return answer(session.call(f"host.rig01.{name}", *arguments, **named))

        async def registered():
            while (healthy := await verb("healthcheck")) != ("", "ok"):
                self.assertEqual(healthy[0], "wamp.error.no_such_procedure")

        await asyncio.wait_for(registered(), 10)
        rule = {"stream": "stream/x", "feeds": ["video0", "audio0"]}
        self.assertEqual(await verb("stream.add", rule), ("", rule))
        self.assertEqual(await verb("stream.list"), ("", {"stream/x": rule["feeds"]}))
        secret = {"id": "1", "stream": "stream/x", "destination": "http://127.0.0.1:1/session/x", "token": "the.secret.token"}
        self.assertEqual((await verb("destination.add", **secret))[1]["token"], "***")
        self.assertNotIn("secret", repr(await verb("destination.list")))
        self.assertEqual((await verb("stream.list", "none"))[0], "crosspoint.error.no_such_stream")
        uri, sentence = await verb("stream.delete", 7)
        self.assertEqual(uri, "wamp.error.invalid_argument")
        self.assertIn("argument 0 (stream) must be a string", sentence)
        self.assertEqual(await verb("destination.delete", "1"), ("", "1"))
        self.assertEqual(await verb("stream.delete", "all"), ("", "deleteAll"))
        line = re.compile(r'stream\.delete "deleteAll", by "peter" \(role "anonymous", session \d+\), over WAMP')
        await self.until(lambda: line.search(host.output()), what=line.pattern)
        self.assertNotIn("secret.token", host.output() + node.output())


if __name__ == "__main__":
    unittest.main()
