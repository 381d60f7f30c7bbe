"""The token check of the node, with a secret (F30 to F32). Tokens are made here by hand: RFC 7515, HMAC."""
import asyncio
import base64
import hashlib
import hmac
import json
import time

from case import GETS_SECONDS, RelayCase

SECRET, AUDIENCE = "of-the-tests", "wss://relay.example.org"


def part(data):
    return base64.urlsafe_b64encode(data if isinstance(data, bytes) else json.dumps(data).encode()).rstrip(b"=").decode()


def token(route, secret=SECRET, algorithm="HS256", **claims):
    now = int(time.time())
    claims = {"aud": AUDIENCE + route, "iat": now, "nbf": now, "exp": now + 60, **claims}
    signed = part({"alg": algorithm, "typ": "JWT"}) + "." + part(claims)
    if algorithm == "none":
        return signed + "."
    return signed + "." + part(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())


class Tokens(RelayCase):
    environment = {"CROSSBAR_SECRET": SECRET, "CROSSBAR_AUDIENCE": AUDIENCE}

    async def authorise(self, path, **claims):
        client = await self.connect(self.node, path)
        shown = token(path, **claims)
        await client.send(shown)
        reply = json.loads(await asyncio.wait_for(client.recv(), GETS_SECONDS))
        self.assertEqual((reply["authorised"], reply["reason"], reply["token"]), (True, "ok", shown))
        return client

    async def test_F30_a_viewer_gets_nothing_before_its_token_and_everything_after(self):
        sender = await self.authorise("/in/v")
        viewer = await self.connect(self.node, "/out/v")
        await sender.send("too early")
        await self.assert_nothing(viewer)
        await viewer.send(token("/out/v"))
        reply = await asyncio.wait_for(viewer.recv(), GETS_SECONDS)
        self.assertEqual(list(json.loads(reply)), ["topic", "token", "authorised", "reason"])
        self.assertEqual(json.loads(reply)["reason"], "ok")
        await sender.send("in time")
        await self.assert_gets(viewer, "in time")

    async def test_F31_a_bad_token_is_refused_with_its_reason_and_closed(self):
        now = int(time.time())
        for shown, reason in (
            (token("/out/other"), f"Denied - not permitted to access /out/v with token for {AUDIENCE}/out/other"),
            (token("/out/v", exp=now - 60), "Error reading token Token is expired"),
            (token("/out/v", nbf=now + 60), "Error reading token Token is not valid yet"),
            (token("/out/v", secret="another"), "Error reading token signature is invalid"),
            ("hello", "Error reading token token contains an invalid number of segments"),
            (token("/out/v", algorithm="none"), "Error reading token Unexpected signing method: none"),
        ):
            with self.subTest(reason):
                client = await self.connect(self.node, "/out/v")
                await client.send(shown)
                reply = json.loads(await asyncio.wait_for(client.recv(), GETS_SECONDS))
                self.assertEqual((reply["authorised"], reply["reason"]), (False, reason))
                await asyncio.wait_for(client.wait_closed(), 1)

    async def test_A8_a_token_in_the_handshake_opens_the_topic_and_no_log_has_it(self):
        node = self.start("serve", "--listen", "127.0.0.1:0", "--log-level", "trace", environment=self.environment)
        shown = {route: token(route) for route in ("/in/v", "/out/v", "/out/other")}
        sender = await self.connect(node, "/in/v?token=" + shown["/in/v"])
        viewers = [await self.connect(node, "/out/v?token=" + shown["/out/v"]),
                   await self.connect(node, "/out/v", subprotocols=["bearer", shown["/out/v"]])]
        self.assertEqual([viewer.subprotocol for viewer in viewers], [None, "bearer"])
        await sender.send("for those with a token")
        for viewer in viewers:
            await self.assert_gets(viewer, "for those with a token")

        refused = await self.connect(node, "/out/v?token=" + shown["/out/other"])
        self.assertEqual(await self.assert_closed(refused, 1008), [])
        self.assertEqual(refused.close_reason, f"Denied - not permitted to access /out/v with token for {AUDIENCE}/out/other")
        status, _, text = await asyncio.to_thread(node.http, "GET", "/view-config.json")
        self.assertEqual((status, json.loads(text)["token"]), (200, True))
        # Neither does what a request looks like that is refused before anybody looks at its token.
        await asyncio.to_thread(node.http, "GET", "/out/v?token=" + shown["/out/v"])
        node.stop()
        for made in shown.values():
            self.assertNotIn(made[-30:], node.output())

    async def test_F32_viewers_who_leave_early_leave_nothing_behind(self):
        sender, stays = await self.authorise("/in/v"), await self.authorise("/out/v")
        for _ in range(20):
            leaves = await self.authorise("/out/v")
            await leaves.close()

        sending = asyncio.gather(*(sender.send(f"message {n}") for n in range(5000)))
        await self.assert_gets(stays, *(f"message {n}" for n in range(5000)))
        await sending

        self.assertEqual(sorted(c["broadcaster"] for c in await self.statistics()), [False, True])
