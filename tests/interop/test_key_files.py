"""The file with the issuer's public keys is replaced while the node runs (row J4): keys by openssl, tokens by python3-jwt."""
import json
import os
import signal
import tempfile
from pathlib import Path

from issuer import Issuer
from relay_case import SecureCase, token


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


class Secrets(SecureCase):
    """The same for a secret that stands in the configuration file; and a [wamp] that was not there at the start."""
    environment = {"RELAY_SECRET": ""}
    first, second = "the first secret, which is long enough", "the second secret, which is long enough"

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = os.path.join(folder.name, "node.toml")
        self.put(self.first)
        self.flags = ("--config", self.file, "--log-level", "info")
        super().setUp()

    def put(self, secret, more=""):
        Path(self.file).write_text(f'[access]\nsecret = "{secret}"\n{more}')
        os.chmod(self.file, 0o600)

    async def reload(self, words):
        times = self.node.output().count(words)
        self.node.signal(signal.SIGHUP)
        await self.until(lambda: self.node.output().count(words) > times, what=words)

    async def statuses(self):
        return [(await self.ask("POST", "/session/t1", token("t1", secret=secret))).status for secret in (self.first, self.second)]

    async def test_on_SIGHUP_another_secret_verifies_and_who_is_connected_stays(self):
        client = await self.connect(None, await self.uri("t1", token("t1", secret=self.first)))
        other = await self.connect(None, await self.uri("t1", token("t1", secret=self.first)))
        self.assertEqual(await self.statuses(), [200, 401])
        for secret, statuses in ((self.second, [401, 200]), (self.first, [200, 401])):
            self.put(secret)
            await self.reload("access.secret was read again")
            self.assertEqual(await self.statuses(), statuses)
        await client.send("still here")
        await self.assert_gets(other, "still here")

    async def test_J4_what_cannot_be_used_or_needs_a_start_is_said_and_changes_nothing(self):
        for put, words in ((("ab",), "the secret in use stays"), ((self.second, "[serve]\nlopos = 3\n"), "the configuration in use stays"),
                           ((self.first, '[wamp]\n[[wamp.realm]]\nname = "lab"\n'), "WAMP stays off")):
            with self.subTest(words):
                self.put(*put)
                await self.reload(words)
                self.assertEqual(await self.statuses(), [200, 401])
        for secret in (self.first, self.second):
            self.assertNotIn(secret, self.node.output())
