"""Whatever happens, no log at any level, no answer, no report, no file of its own and no shown configuration holds a secret, a token or a
code (row C18 of the fault model, goal N16). The one exception is the answer that hands a code out: with it, and with a
word that is no secret and goes the same ways, the search shows that it would find one."""
import asyncio
import itertools
import json
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import jwt
import websockets

from issuer import Issuer
from program import BINARY, OURS
from raw import Raw
from relay_case import OldRelay, SecureCase, claims, token

CANARY = "canary-of-the-secret-5d41402abc4b2a76"
NO_SECRET = "no-secret-7b2f9d"  # goes where the secrets go, and may be seen
LEVELS = ("trace", "debug", "info", "warning", "error")


class Secrets(SecureCase):
    flags = ("--log-level", "trace", "--access-codes-per-booking-max", "4", "--access-bad-codes-per-minute-max", "40")

    def setUp(self):
        self.node = OldRelay(*self.flags, environment={"RELAY_STATS_EVERY": "1s"}, secret=CANARY)
        self.addCleanup(self.node.stop)
        self.shown = []   # what came out, each with where
        self.handed_out = []  # the answers that may hold a code
        self.secret = {CANARY: "the secret"}  # what may not be in it

    # Secrets are remembered as they are made, and everything that is answered.

    def made(self, *arguments, secret=CANARY, **others):
        return self.remember(token(*arguments, secret=secret, **others))

    def remember(self, made):
        self.secret[made] = "a token"
        if made.count(".") == 2 and len(signature := made.rsplit(".", 1)[1]) > 8:
            self.secret[signature] = "a signature"
            self.secret[made.split(".")[1]] = "the claims of a token, as they were sent"
        return made

    async def asked(self, method, target, made=None, *more):
        answer = await self.ask(method, target, made, *more)
        self.shown.append((f"{method} {target}", repr(answer.fields) + answer.body))
        return answer

    async def code(self, topic, made):
        answer = await self.ask("POST", f"/session/{topic}", made)
        self.assertEqual(answer.status, 200, answer.body)
        self.secret[answer.json["uri"].split("code=")[1]] = "a code"
        self.handed_out.append(("an address", answer.body))
        return answer.json["uri"]

    async def refused(self, uri, **options):
        try:
            client = await self.connect(None, uri, **options)
        except websockets.InvalidStatusCode as refusal:
            self.shown.append((uri.split("?")[0], repr(refusal.headers)))
            return refusal.status_code
        self.fail(f"{uri}: let in")
        return await client.close()

    # The ways there are, refusals first.

    async def show_bad_tokens(self):
        now = int(time.time())
        for made in (
            self.remember("canary.garbage.0123456789abcdef"), self.remember("canary-without-a-dot-0123456789"),
            self.made("t1", secret="canary-another-secret"), self.made("t1", exp=now - 5), self.made("t1", nbf=now + 90),
            self.made("t1", aud=["http://elsewhere"]), self.made("t1", prefix=None), self.made("t1", scopes=()),
            self.made("t1", booking=None), self.made("t1", exp=None), self.made("t1", prefix="shell"),
            self.made("t1", ["relay:stats"]), self.made("other"), self.made("t1", exp="soon"),
            self.remember(jwt.encode(claims("t1"), None, algorithm="none")),
            self.remember(jwt.encode(claims("t1"), "x" * 40, algorithm="HS512")),
        ):
            for sent in (made, "Bearer " + made):
                self.assertGreaterEqual((await self.asked("POST", "/session/t1", sent)).status, 400)

    async def show_tokens_where_they_do_not_belong(self):
        good = self.made("t1")
        await self.asked("POST", f"/session/{good}", good)
        await self.asked("GET", "/session/t1", good)
        await self.asked("POST", "/session/t1", good, "-d", good, "-H", "Content-Type: text/plain")
        await self.asked("POST", "/session/t1", good, "-H", "Accept: text/html")
        for method, target in itertools.product(("GET", "POST"), ("/bids/deny", "/bids/allow", "/status", "/docs",
                                                                  "/swagger.json", "/healthz")):
            await self.asked(method, target, good)
        await self.asked("POST", "/session/t1/refresh", good, "-d", "{}")
        for path in ("/session/t1", "/in/t1", "/stats", "/", "/ws"):  # and on the other port
            host, port = self.node.address
            await self.run_tool("curl", "-s", "--max-time", "5", "-H", f"Authorization: {good}", f"http://{host}:{port}{path}")

    async def show_bad_codes(self):
        uri = await self.code("t1", self.made("t1", booking="spent"))
        self.assertEqual(await self.refused(uri.replace("/t1?", "/t2?")), 401)
        await asyncio.sleep(0.1)
        self.assertEqual(await self.refused(uri), 401)
        self.assertEqual(await self.refused(uri.replace("/session/", "/shell/")), 404)
        self.secret["canary-code-of-nobody"] = "an unknown code"
        for query in ("code=canary-code-of-nobody", "code=1f0c2a5e-5b2b-4b8a-9d6d-3c2b1a0f9e8d", "cod"):
            await self.refused(self.node.url("/session/t1?" + query))
        self.secret["1f0c2a5e-5b2b-4b8a-9d6d-3c2b1a0f9e8d"] = "an unknown code"
        code = uri.split("code=")[1]
        host, port = self.node.address
        for target in (f"/session/t1?code={code}", f"/{code}", f"/in/t1?code={code}"):  # no WebSocket request
            _, out, _ = await self.run_tool("curl", "-s", "-i", "--max-time", "5", f"http://{host}:{port}{target}")
            if code not in target.split("?")[0]:
                self.shown.append((target.split("?")[0], out.decode()))
        broken = Raw(self.node.address, f"/session/t1?code={code}", [f"Sec-WebSocket-Extensions: {code}"])
        self.assertEqual(broken.status, 401)
        broken.socket.close()
        for _ in range(45):  # until it is told to wait
            status = await self.refused(uri)
        self.assertEqual(status, 429)

    async def fill_a_booking(self):
        made = self.made("t1", booking="full")
        for _ in range(4):
            last = await self.code("t1", made)
        self.assertEqual((await self.asked("POST", "/session/t1", made)).status, 429)
        return last

    async def come_and_be_put_out(self, booking):
        made = self.made("t1", ["read", "write"], booking)
        uri = await self.code("t1", made)
        client = await self.connect(None, uri, user_agent_header=NO_SECRET)
        listener = await self.connect(None, await self.code("stats", self.made("stats", booking="listens")))
        await client.send("hello")
        answer = await self.asked("POST", "/session/t1/refresh", self.made("t1", ["read", "write"], booking, 90), "-d",
                                  json.dumps({"connection": uri.split("code=")[1]}), "-H", "Content-Type: application/json")
        self.assertEqual(answer.status, 200, answer.body)
        await listener.send('{"cmd":"update"}')
        for _ in range(3):
            self.shown.append(("topic stats", await asyncio.wait_for(listener.recv(), 10)))
        self.assertEqual((await self.asked("GET", "/status", self.made(None, ["relay:stats"], None))).status, 200)

        unused = await self.code("t1", made)
        admin = self.made(None, ["relay:admin"], None)
        deny = f"/bids/deny?bid={booking}&exp={int(time.time()) + 60}"
        self.assertEqual((await self.asked("POST", deny, admin)).status, 204)
        await self.assert_ended(client, 5)
        self.shown.append(("the close frame", client.close_reason))
        await self.refused(unused)
        await self.asked("POST", "/session/t1", made)
        for target in ("/bids/deny", "/bids/allow"):
            await self.asked("GET", target, admin)

    def show_configuration(self):
        environment = {**os.environ, "RELAY_SECRET": CANARY, "RELAY_AUDIENCE": NO_SECRET, "RELAY_URL": "ws://x",
                       "CROSSPOINT_SECRET": CANARY}
        for command in (("config", "show", "serve"), ("config", "show", "token"), ("serve", "--listen", "nowhere"),
                        ("serve", "--access-key-file", "/nonexistent"), ("serve", "--access-leeway", "x")):
            done = subprocess.run([BINARY, *command], env=environment, capture_output=True, text=True, timeout=20)
            self.shown.append((" ".join(command), done.stdout + done.stderr))

    async def crash_and_come_back(self):
        """What was shown until then is kept; the file that survives holds bookings and nothing else."""
        await self.asked("POST", f"/bids/deny?bid={NO_SECRET}&exp={int(time.time()) + 60}", self.made(None, ["relay:admin"], None))
        await asyncio.to_thread(self.node.kill)
        self.shown.append(("the log before the crash", self.node.output()))
        for file in Path(self.node.folder.name).iterdir():
            self.shown.append(("the state file", file.read_bytes().decode(errors="replace")))
        await asyncio.to_thread(self.node.start_again)

    async def replace_key_files(self, level):
        """A node with public keys, whose file is replaced by what must not be told."""
        with tempfile.TemporaryDirectory() as folder:
            issuer, file = Issuer(folder, "issuer"), Path(folder, NO_SECRET)
            file.write_text(issuer.public)
            node = OldRelay("--access-key-file", str(file), "--log-level", level, environment={"RELAY_SECRET": ""})
            self.addCleanup(node.stop)
            for line in issuer.private.split("\n")[1:3]:
                self.secret[line] = "a private key"
            self.secret["canary-in-a-key-file"] = "what a file held that is no key"
            self.secret["Y2FuYXJ5LW9mLWEtcHJpdmF0ZS1rZXk"] = "a private key in a key set"
            web_key = {**issuer.web_key, "d": "Y2FuYXJ5LW9mLWEtcHJpdmF0ZS1rZXk"}
            for bad in (issuer.private, "canary-in-a-key-file", json.dumps({"keys": [web_key]}), '{"keys":["canary-in-a-key-file"]}'):
                file.write_text(bad)
                said = node.output().count("stay")
                node.signal(signal.SIGHUP)
                await self.until(lambda: node.output().count("stay") > said, what="a refusal of the file")
            made = self.remember(issuer.token())
            await self.ask("POST", "/session/t1", made, node=node)
            await self.ask("POST", "/session/t1", self.remember(issuer.token(exp=5)), node=node)
            node.end()
            self.shown.append((f"the log of a node with a key file, level {level}", node.output()))

    def run_clients(self):
        """Our own programs that hold a token or the secret, refused and with nobody there."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
        made = self.made("t9", booking="clients", exp=5)
        host, port = self.node.access
        for access, level in itertools.product((f"http://{host}:{port}", "http://127.0.0.1:9"), ("trace", "warning")):
            variables = {"CROSSPOINT_LOG_LEVEL": level, "CROSSPOINT_STATUS_TOKEN": made, "RELAY_TOKEN_SECRET": CANARY,
                         "RELAY_TOKEN_LIFETIME": "60", "RELAY_TOKEN_TOPIC": NO_SECRET, "RELAY_CLIENT_TOKEN": made}
            for command in (("status", "--url", access), ("token", "--url", access, "--audience", access), ("config", "show", "status"),
                            ("config", "show", "file"), ("config", "show", "token")):
                done = subprocess.run([BINARY, *command], env={**clean, **variables}, capture_output=True, text=True, timeout=20)
                self.shown.append((" ".join(command), done.stdout + done.stderr))

    def leaks(self, shown):
        return [f"{where} holds {what}: {secret}" for where, text in shown for secret, what in self.secret.items() if secret in text]

    def assert_the_search_finds(self):
        """In each place: a word that is no secret was found there, so that a secret would have been; and each of the secrets is
        something that is found."""
        seen = {where for where, text in self.shown if NO_SECRET in text}
        for place in ("topic stats", "GET /status", "GET /bids/deny", "config show", f"GET /{NO_SECRET}", "the state file",
                      *(f"the log of a node with a key file, level {level}" for level in LEVELS)):
            self.assertTrue(any(where.startswith(place) for where in seen), f"{place}: not looked at, of {sorted(seen)}")
        self.assertEqual(len(self.leaks(self.handed_out)), len(self.handed_out), "codes that were handed out")
        for secret in self.secret:
            self.assertTrue(self.leaks([("planted", f'{{"message":"{secret}"}}')]))

    async def test_C18_N16_nothing_that_is_shown_holds_a_secret_a_token_or_a_code(self):
        await self.show_bad_tokens()
        await self.show_tokens_where_they_do_not_belong()
        await self.asked("GET", f"/{NO_SECRET}")
        await self.fill_a_booking()
        await self.come_and_be_put_out("good")
        await self.show_bad_codes()
        await self.crash_and_come_back()
        await self.come_and_be_put_out("after-the-crash")
        for level in LEVELS:
            await self.replace_key_files(level)
        await asyncio.to_thread(self.run_clients)
        await asyncio.to_thread(self.show_configuration)
        self.node.end()
        self.shown.append(("the log", self.node.output()))

        self.assertGreater(len(self.secret), 80)
        self.assertGreater(len(self.shown), 140)
        self.assertIn("refused a code", "".join(text for where, text in self.shown if where.startswith("the log")))
        self.assert_the_search_finds()
        self.assertEqual(self.leaks(self.shown), [])
