"""A node run as the older secure relay was: settings from RELAY_* variables, a port for access and one for topics.
Tokens are made by Debian's python3-jwt."""
import asyncio
import json
import os
import re
import tempfile
import time
import urllib.parse

import jwt

from case import Case
from program import STOP_SECONDS_MAX, Program, free_port
from raw import Raw

SECRET, AUDIENCE = "conformance-secret", "http://localhost:3000"
CODE = "[A-Za-z0-9_-]{16,64}"


def claims(topic, scopes=("read", "write"), booking="b1", life=60, **others):
    """Those of the older relay's tools; what is None in `others` is left out."""
    now = int(time.time())
    made = {"booking_id": booking, "topic": topic, "prefix": "session", "scopes": list(scopes), "aud": [AUDIENCE],
            "exp": now + life, "nbf": now - 1, "iat": now - 1, **others}
    return {key: value for key, value in made.items() if value is not None}


def token(*arguments, secret=SECRET, algorithm="HS256", **others):
    return jwt.encode(claims(*arguments, **others), secret, algorithm=algorithm)


def scoped(*scopes):
    """A token for what is no topic: as the booking system makes them, without booking, topic and prefix."""
    return token(None, scopes, None, prefix=None)


class OldRelay(Program):
    """`crosspoint serve` in the older relay's place; `address` is that of its topics, `access` of its API. start_again() after
    an end: on the same ports, with the same state."""

    def __init__(self, *flags, environment=None, secret=SECRET):
        self.folder = tempfile.TemporaryDirectory()
        self.address, self.access = (("127.0.0.1", free_port()) for _ in range(2))
        self.arguments = ("serve", "--access-state-file", os.path.join(self.folder.name, "access.db"), *flags)
        self.environment = {
            "RELAY_AUDIENCE": AUDIENCE, "RELAY_SECRET": secret, "RELAY_URL": f"ws://127.0.0.1:{self.address[1]}",
            "RELAY_PORT_ACCESS": str(self.access[1]), "RELAY_PORT_RELAY": str(self.address[1]), "RELAY_STATS_EVERY": "2s",
            "RELAY_LOG_FILE": "stdout", **(environment or {})}
        self.start_again()

    def start_again(self):
        address = self.address
        super().__init__(*self.arguments, environment=self.environment)
        self.address = address

    def end(self):
        super().stop()

    def kill(self):
        """SIGKILL: it has no say in how it ends."""
        self.process.kill()
        self.wait(STOP_SECONDS_MAX)
        self.process.stdout.close()

    def stop(self):
        super().stop()
        self.folder.cleanup()


class Answer:
    """What curl got: `fields` in lower case, `json` when the body is that."""

    def __init__(self, text):
        head, _, self.body = text.partition("\r\n\r\n")
        while re.match(r"HTTP/[\d.]+ 1\d\d", head):
            head, _, self.body = self.body.partition("\r\n\r\n")
        first, *rest = head.split("\r\n") if head else ["HTTP/1.1 0"]
        self.status = int(first.split()[1])
        self.fields = {k.lower(): v.strip() for k, v in (line.split(":", 1) for line in rest)}

    @property
    def json(self):
        return json.loads(self.body)


class SecureCase(Case):
    """`self.node` is a running OldRelay."""

    flags = ()
    environment = {}

    def setUp(self):
        self.node = OldRelay(*self.flags, environment=self.environment)
        self.addCleanup(self.node.stop)

    async def ask(self, method, target, token=None, *more, node=None):
        """One request to the access service by curl, with the bare token."""
        host, port = (node or self.node).access
        arguments = ["-s", "-i", "--path-as-is", "--max-time", "10", "-X", method, *more]
        if token is not None:
            arguments += ["-H", f"Authorization: {token}"]
        _, out, _ = await self.run_tool("curl", *arguments, f"http://{host}:{port}{target}")
        return Answer(out.decode())

    async def uri(self, topic, made=None, **options):
        """What a token, a read-write one unless told, is traded for."""
        answer = await self.ask("POST", f"/session/{topic}", made or token(topic), **options)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json["uri"]

    async def open(self, topic, scopes=("read", "write"), booking="b1", life=60, **options):
        return await self.connect(None, await self.uri(topic, token(topic, scopes, booking, life)), **options)

    async def raw(self, topic, made=None, **options):
        """A connection without a library. Its reads block: what waits for them belongs into a thread."""
        return self.raw_at(await self.uri(topic, made), **options)

    def raw_at(self, uri, **options):
        parts = urllib.parse.urlsplit(uri)
        raw = Raw(self.node.address, f"{parts.path}?{parts.query}", **options)
        self.addCleanup(raw.socket.close)
        return raw

    async def bids(self, operation, booking, ends_in=60):
        return await self.ask("POST", f"/bids/{operation}?bid={booking}&exp={int(time.time()) + ends_in}",
                              scoped("relay:admin"))

    async def listed(self, operation):
        return (await self.ask("GET", f"/bids/{operation}", scoped("relay:admin"))).body

    async def assert_ended(self, client, seconds=1.0):
        """Closed, in whichever way, within that time."""
        await asyncio.wait_for(client.wait_closed(), seconds)
