"""The file with the issuer's public keys is replaced while the node runs (row J4): keys by openssl, tokens by python3-jwt."""
import json
import os
import signal
import tempfile
from pathlib import Path

from issuer import Issuer
from relay_case import SecureCase


class KeyFiles(SecureCase):
    environment = {"RELAY_SECRET": ""}

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.first, self.second = Issuer(folder.name, "first"), Issuer(folder.name, "second")
        self.file = os.path.join(folder.name, "issuer.keys")
        self.put(self.first.public)
        self.flags = ("--access-key-file", self.file, "--log-level", "info")
        super().setUp()

    def put(self, text):
        Path(self.file + ".next").write_text(text)
        os.replace(self.file + ".next", self.file)

    async def reload(self, words):
        times = self.node.output().count(words)
        self.node.signal(signal.SIGHUP)
        await self.until(lambda: self.node.output().count(words) > times, what=words)

    async def statuses(self, *issuers):
        return [(await self.ask("POST", "/session/t1", issuer.token())).status for issuer in issuers]

    async def test_on_SIGHUP_other_keys_verify_and_who_is_connected_stays(self):
        client, waiting = await self.connect(None, await self.uri("t1", self.first.token())), await self.uri(
            "t1", self.first.token())
        self.assertEqual(await self.statuses(self.first, self.second), [200, 401])

        self.put(self.second.public)
        await self.reload("tokens are verified with what is in " + self.file)
        for _ in range(8):  # on every loop
            self.assertEqual(await self.statuses(self.first, self.second), [401, 200])
        later = await self.connect(None, waiting)  # a code keeps its half minute
        await client.send("still here")
        await self.assert_gets(later, "still here")

    async def test_both_are_good_while_the_file_holds_both(self):
        self.put(json.dumps({"keys": [self.first.web_key, self.second.web_key]}))
        await self.reload("keys: 2")
        self.assertEqual(await self.statuses(self.first, self.second), [200, 200])
        self.put(json.dumps({"keys": [self.second.web_key]}))
        await self.reload("keys: 1")
        self.assertEqual(await self.statuses(self.first, self.second), [401, 200])

    async def test_without_a_signal_a_new_file_is_noticed_within_a_minute(self):
        self.put(self.second.public)
        await self.until(lambda: "tokens are verified with" in self.node.output(), 70, "the new key")
        self.assertEqual(await self.statuses(self.first, self.second), [401, 200])

    async def test_J4_what_cannot_be_used_is_refused_and_the_older_keys_stay(self):
        for bad in ("", "garbage-canary", self.second.private, '{"keys":[]}', json.dumps(
                {"keys": [{**self.second.web_key, "d": "canary-of-a-private-key"}]}), "x" * 70_000):
            with self.subTest(bad[:40]):
                self.put(bad)
                await self.reload("the keys in use stay")
                self.assertEqual(await self.statuses(self.first, self.second), [200, 401])
        os.remove(self.file)
        await self.reload("the keys in use stay")
        self.assertEqual(await self.statuses(self.first), [200])
        said = self.node.output()
        self.assertIn(self.file, said)
        for secret in ("canary", self.second.private.split("\n")[1]):
            self.assertNotIn(secret, said)
