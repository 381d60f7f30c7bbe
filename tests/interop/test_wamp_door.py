"""What opens a realm besides a name and a secret, and what becomes of sessions when that changes: a relay's tokens, cookies, client
certificates, channel binding, SIGHUP, and the file that `crosspoint init wamp` writes. The clients are Debian's python3-autobahn."""
import asyncio
import hashlib
import json
import re
import signal
import ssl
import stat
import subprocess
import tempfile
import unittest
from pathlib import Path

from case import Case
from certificates import Authority
from program import BINARY
from relay_case import SecureCase, token

HERE = Path(__file__).parent
PEER_SECONDS_MAX = 60
SEED = "4d57d97a68f555696620a6d849c0ce582568518d729eb753dc7c732de2804510"  # the specification's example
PUBLIC_KEY = "1adfc8bfe1d35616e64dffbd900096f23b066f914c8c2ffbb66f6075b96e116d"
REALM = """
[wamp]
[[wamp.realm]]
name = "realm1"
MORE
[[wamp.role]]
name = "operator"
[[wamp.role.permission]]
uri = "*"
allow = ["call", "register", "publish", "subscribe"]
[[wamp.role]]
name = "visitor"
[[wamp.principal]]
authid = "peter"
role = "operator"
ticket = "peter's ticket"
"""
EVERYTHING = [["call", "wamp.error.no_such_procedure"], ["register", "allowed"]]
NOTHING = [["call", "wamp.error.not_authorized"], ["register", "wamp.error.not_authorized"]]


class Peer:
    """A wamp_login.py; `lines` are what it has said."""

    def __init__(self, url, method, authid, secret, **options):
        self.process = subprocess.Popen(["/usr/bin/python3", "-B", "-W", "ignore", str(HERE / "wamp_login.py"), url, method, authid,
                                         secret, json.dumps(options)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    async def line(self):
        return json.loads(await asyncio.wait_for(asyncio.to_thread(self.process.stdout.readline), PEER_SECONDS_MAX))

    async def lines(self, count):
        return [await self.line() for _ in range(count)]

    async def rest(self):
        out = await asyncio.wait_for(asyncio.to_thread(self.process.stdout.read), PEER_SECONDS_MAX)
        assert self.process.wait() == 0, self.process.stderr.read()
        return [json.loads(line) for line in out.splitlines()]

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()


class Door:
    """For cases with a `self.node` and a folder."""

    def make_file(self, more="", after=""):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "node.toml"
        self.write(more, after)

    def write(self, more="", after=""):
        self.file.write_text(REALM.replace("MORE", more) + after, encoding="utf-8")

    def peer(self, method, authid, secret, scheme="ws", **options):
        host, port = self.node.address
        peer = Peer(f"{scheme}://{'localhost' if scheme == 'wss' else host}:{port}/ws", method, authid, secret, **options)
        self.addCleanup(peer.stop)
        return peer

    async def login(self, *arguments, **options):
        return await self.peer(*arguments, **options).rest()

    async def reload(self, words):
        times = self.node.output().count(words)
        self.node.signal(signal.SIGHUP)
        await self.until(lambda: self.node.output().count(words) > times, what=words)


class Tokens(Door, SecureCase):
    def setUp(self):
        self.make_file('token-role = "visitor"\ntoken-uri-prefix = "rigs."')
        self.flags = ("--config", str(self.file))
        super().setUp()

    async def test_a_token_opens_its_topic_and_what_is_below_it(self):
        made = token("rig01", ("read", "write", "register"), sub="student-3")
        for method in ("jwt", "ticket"):
            with self.subTest(method):
                self.assertEqual(await self.login(method, "student-3", made, place="rigs.rig01"),
                                 [["joined", "student-3", "visitor", method], *EVERYTHING])
        self.assertEqual((await self.login("jwt", "", made, place="rigs.rig02"))[1:], NOTHING)
        self.assertEqual((await self.login("jwt", "", token("rig01", ("write",)), place="rigs.rig01"))[1:],
                         [["call", "wamp.error.no_such_procedure"], ["register", "wamp.error.not_authorized"]])

    async def test_one_that_is_no_good_opens_nothing(self):
        for bad in (token("rig01", secret="another secret"), token("rig01", aud=["elsewhere"]), token("rig01", life=-5),
                    token("rig01", booking=None), token("rig01", ("relay:admin",)), token("rig01", sub="peter")):
            self.assertEqual(await self.login("jwt", "", bad), [["left", "wamp.error.authentication_failed"]])

    async def test_the_session_ends_with_its_token(self):
        peer = self.peer("jwt", "", token("rig01", life=4), stay=True)
        self.assertEqual((await peer.line())[0], "joined")
        self.assertEqual((await peer.rest())[-1], ["left", "wamp.close.killed", "the token has expired"])

    async def test_a_booking_that_is_cancelled_ends_its_sessions_and_opens_no_more_also_after_a_restart(self):
        peer = self.peer("jwt", "", token("rig01"), stay=True)
        other = self.peer("jwt", "", token("rig02", booking="b2"), stay=True)
        await peer.lines(3)
        await other.lines(3)
        self.assertEqual((await self.bids("deny", "b1")).status, 204)
        self.assertEqual(await peer.rest(), [["left", "wamp.close.killed", "the booking was cancelled"]])
        self.assertIsNone(other.process.poll())
        self.assertEqual(await self.login("jwt", "", token("rig01")), [["left", "wamp.error.authentication_failed"]])
        self.node.kill()
        self.node.start_again()
        self.assertEqual(await self.login("jwt", "", token("rig01")), [["left", "wamp.error.authentication_failed"]])
        self.assertEqual((await self.bids("allow", "b1")).status, 204)
        self.assertEqual((await self.login("jwt", "", token("rig01")))[0][0], "joined")

    def test_without_keys_to_verify_with_it_does_not_start(self):
        done = subprocess.run([BINARY, "serve", "--config", str(self.file), "--listen", "127.0.0.1:0"], capture_output=True, text=True,
                              timeout=20)
        self.assertEqual(done.returncode, 1)
        self.assertIn("wamp.realm.token-role", done.stderr)
        self.assertIn("access.secret", done.stderr)


class OnSighup(Door, Case):
    def setUp(self):
        self.make_file()
        self.node = self.start("serve", "--config", str(self.file), "--listen", "127.0.0.1:0", "--log-level", "info")

    async def test_who_may_stay_stays_and_the_others_are_told(self):
        paul = '[[wamp.principal]]\nauthid = "paul"\nrole = "operator"\nticket = "paul\'s ticket"\n'
        self.write(after=paul)
        await self.reload("[wamp] was read again; 0 sessions had to go")
        peter, other = (self.peer("ticket", name, f"{name}'s ticket", stay=True) for name in ("peter", "paul"))
        await peter.lines(3)
        await other.lines(3)
        self.write()
        await self.reload("[wamp] was read again; 1 session had to go")
        self.assertEqual((await other.rest())[0][:2], ["left", "wamp.error.no_such_principal"])
        self.assertIsNone(peter.process.poll())

        self.file.write_text(self.file.read_text(encoding="utf-8").replace("realm1", "realm2"), encoding="utf-8")
        await self.reload("[wamp] was read again; 1 session had to go")
        self.assertEqual((await peter.rest())[0][:2], ["left", "wamp.close.close_realm"])
        self.assertEqual((await self.login("ticket", "peter", "peter's ticket", realm="realm2"))[0][0], "joined")

    async def test_a_file_with_a_mistake_changes_nothing_and_is_told(self):
        peter = self.peer("ticket", "peter", "peter's ticket", stay=True)
        await peter.lines(3)
        good = self.file.read_text(encoding="utf-8")
        for bad, sentence in ((good.replace('role = "operator"', 'role = "oprator"'), "did you mean operator?"),
                              (good + "[serve]\nlopos = 3\n", "serve.lopos"), ("[wamp", "node.toml:1"),
                              (good.replace("[wamp]", '[wamp]\nrouter-key-file = "/no/such/key.pem"'), "/no/such/key.pem")):
            with self.subTest(sentence):
                self.file.write_text(bad, encoding="utf-8")
                await self.reload("in use stays")
                self.assertIn(sentence, self.node.output())
        self.assertIsNone(peter.process.poll())
        self.assertEqual((await self.login("ticket", "peter", "peter's ticket"))[0][0], "joined")
        self.assertNotIn("peter's ticket", self.node.output())


class Init(Door, Case):
    def init(self, *arguments):
        return subprocess.run([BINARY, "init", "wamp", *arguments], cwd=self.folder.name, capture_output=True, text=True, timeout=20)

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    async def test_what_it_writes_can_be_served_as_it_is(self):
        done = self.init()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("crosspoint serve --config wamp.toml", done.stdout)
        file = Path(self.folder.name, "wamp.toml")
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        text = file.read_text(encoding="utf-8")
        secret = re.search(r'^wampcra-secret = "([A-Za-z0-9_-]{24})"', text, re.M)[1]
        self.assertNotIn(secret, done.stdout)
        checked = subprocess.run([BINARY, "check", str(file)], capture_output=True, text=True, timeout=20)
        self.assertEqual(checked.returncode, 0, checked.stderr)

        self.node = self.start("serve", "--config", str(file), "--listen", "127.0.0.1:0")
        self.assertEqual(await self.login("wampcra", "operator", secret, realm="lab"),
                         [["joined", "operator", "operator", "wampcra"], *EVERYTHING])
        self.assertEqual(await self.login("anonymous", "", "", realm="lab", place="com.lab.public"),
                         [["joined", "somebody", "visitor", "anonymous"], ["call", "wamp.error.no_such_procedure"],
                          ["register", "wamp.error.not_authorized"]])

    def test_it_leaves_a_file_that_is_there_alone_and_says_so(self):
        Path(self.folder.name, "lab.toml").write_text("mine", encoding="utf-8")
        done = self.init("lab.toml")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("lab.toml", done.stderr)
        self.assertEqual(Path(self.folder.name, "lab.toml").read_text(encoding="utf-8"), "mine")
        first, second = self.init("a.toml"), self.init("b.toml")
        self.assertEqual((first.returncode, second.returncode), (0, 0))
        a, b = (Path(self.folder.name, name).read_text(encoding="utf-8") for name in ("a.toml", "b.toml"))
        self.assertNotEqual(a, b)  # the secret
        self.assertEqual(self.init("no/such/folder.toml").returncode, 1)


class Cookies(Door, Case):
    def setUp(self):
        self.make_file("cookie = true\nplain-tickets = true")
        self.node = self.start("serve", "--config", str(self.file), "--listen", "127.0.0.1:0")

    async def given(self, **headers):
        """The cookie that a handshake is answered with; none: None."""
        client = await self.connect(self.node, "/ws", subprotocols=["wamp.2.json"], extra_headers=headers)
        field = client.response_headers.get("Set-Cookie")
        return field and re.fullmatch(r"(cbtid=[A-Za-z0-9_-]{24}); Max-Age=604800; Path=/; HttpOnly; SameSite=Strict", field)[1]

    async def say(self, client, message):
        await client.send(json.dumps(message))
        return json.loads(await asyncio.wait_for(client.recv(), 5))

    async def shown_and_proven(self):
        """A cookie whose browser has shown that it is peter's."""
        client = await self.connect(self.node, "/ws", subprotocols=["wamp.2.json"])
        cookie = client.response_headers["Set-Cookie"].split(";")[0]
        await self.say(client, [1, "realm1", {"roles": {"caller": {}}, "authmethods": ["ticket"], "authid": "peter"}])
        self.assertEqual((await self.say(client, [5, "peter's ticket", {}]))[0], 2)
        return cookie

    async def test_who_has_shown_who_it_is_comes_back_by_its_cookie_until_it_logs_out(self):
        cookie = await self.shown_and_proven()
        self.assertIsNone(await self.given(Cookie=cookie))
        self.assertEqual(await self.login("cookie", "peter", "", cookie=cookie), [["joined", "peter", "operator", "cookie"], *EVERYTHING])
        self.assertEqual((await self.login("cookie", "peter", "", cookie=cookie, leave="wamp.close.logout"))[0][0], "joined")
        self.assertEqual(await self.login("cookie", "peter", "", cookie=cookie), [["left", "wamp.error.no_auth_method"]])

    async def test_a_cookie_that_stands_for_nobody_is_replaced(self):
        self.assertIsNotNone(await self.given(Cookie="cbtid=planted"))
        self.assertNotEqual(await self.given(), await self.given())

    async def test_a_page_of_another_host_cannot_use_it(self):
        cookie = await self.shown_and_proven()
        client = await self.connect(self.node, "/ws", subprotocols=["wamp.2.json"],
                                    extra_headers={"Cookie": cookie, "Origin": "https://evil.example"})
        self.assertNotIn("Set-Cookie", client.response_headers)
        answer = await self.say(client, [1, "realm1", {"roles": {"caller": {}}, "authmethods": ["cookie"]}])
        self.assertEqual(answer[0::2], [3, "wamp.error.no_auth_method"])


class OverTls(Door, Case):
    @classmethod
    def setUpClass(cls):
        cls.authority = Authority()
        cls.addClassCleanup(cls.authority.remove)
        cls.client, cls.client_key = cls.authority.issue("client", "DNS:client")
        cls.stranger, cls.stranger_key = cls.authority.issue("stranger", "DNS:stranger")

    def setUp(self):
        der = ssl.PEM_cert_to_DER_cert(Path(self.client).read_text(encoding="utf-8"))
        self.certificates = (f'[[wamp.principal]]\nauthid = "rig02"\nrole = "operator"\ncertificates = ["{hashlib.sha256(der).hexdigest()}"]\n')
        self.key = f'[[wamp.principal]]\nauthid = "rig01"\nrole = "operator"\ncryptosign-keys = ["{PUBLIC_KEY}"]\n'
        self.make_file(after=self.key + self.certificates)
        certificate, key = self.authority.issue("server")
        self.node = self.start("serve", "--config", str(self.file), "--listen", "127.0.0.1:0", "--tls-certificate", certificate,
                               "--tls-key", key, "--log-level", "info")

    async def secure(self, *arguments, **options):
        return await self.login(*arguments, scheme="wss", authority=str(self.authority.file), **options)

    async def test_a_client_is_known_by_its_certificate(self):
        mine = {"certificate": self.client, "key": self.client_key}
        self.assertEqual(await self.secure("tls", "", "", **mine), [["joined", "somebody", "operator", "tls"], *EVERYTHING])
        self.assertEqual((await self.secure("tls", "rig02", "", **mine))[0], ["joined", "rig02", "operator", "tls"])
        refused = [["left", "wamp.error.no_auth_method"]]
        self.assertEqual(await self.secure("tls", "peter", "", **mine), refused)
        self.assertEqual(await self.secure("tls", "rig02", "", certificate=self.stranger, key=self.stranger_key), refused)
        self.assertEqual(await self.secure("tls", "rig02", ""), refused)

    async def test_certificates_are_asked_for_from_the_signal_on_that_says_so(self):
        self.write(after=self.key)
        await self.reload("showing the certificate")
        refused = [["left", "wamp.error.no_auth_method"]]
        mine = {"certificate": self.client, "key": self.client_key}
        self.assertEqual(await self.secure("tls", "rig02", "", **mine), refused)
        self.write(after=self.key + self.certificates)
        await self.reload("showing the certificate")
        self.assertEqual((await self.secure("tls", "rig02", "", **mine))[0], ["joined", "rig02", "operator", "tls"])

    async def test_a_key_is_not_bound_to_what_tls_1_3_does_not_have(self):
        self.assertEqual((await self.secure("cryptosign", "rig01", SEED))[0], ["joined", "rig01", "operator", "cryptosign"])
        # RFC 9266 section 3: with TLS 1.3 there is no tls-unique.
        self.assertEqual(await self.secure("cryptosign", "rig01", SEED, binding="tls-unique"),
                         [["left", "wamp.error.authentication_failed"]])

    async def test_a_key_is_bound_to_its_connection(self):
        joined = ["joined", "rig01", "operator", "cryptosign"]
        self.assertEqual((await self.secure("cryptosign", "rig01", SEED, binding="tls-exporter"))[0], joined)
        # On Twisted Autobahn takes the server's Finished message for tls-unique (get_peer_finished of a client), on asyncio the
        # client's, as RFC 5929 section 3 does.
        self.assertEqual((await self.secure("cryptosign", "rig01", SEED, tls12=True, binding="tls-unique"))[0], joined)
        from autobahn.wamp.auth import create_authenticator
        from wamp_session import joined as joined_on_asyncio
        tls = ssl.create_default_context(cafile=self.authority.file)
        tls.maximum_version = ssl.TLSVersion.TLSv1_2
        key = create_authenticator("cryptosign", authid="rig01", privkey=SEED, authextra={"channel_binding": "tls-unique"})
        session = await joined_on_asyncio(self, self.node.url("/ws", "wss"), "realm1", key, tls=tls)
        self.assertEqual((session.details.authid, session.details.authmethod), ("rig01", "cryptosign"))

    async def test_our_own_client_has_each_of_these(self):
        seed = Path(self.file).parent / "seed"
        seed.write_text(SEED)
        seed.chmod(0o600)
        Path(self.client_key).chmod(0o600)
        key, certificate = ("--key-file", str(seed)), ("--certificate-file", self.client, "--certificate-key-file", self.client_key)
        for words in (key, (*key, "--channel-binding", "tls-exporter"), certificate, ("--authid", "rig02", *certificate),
                      (*key, *certificate)):
            with self.subTest(words=words):
                done = await self.command("call", "wamp.session.list", *words)
                self.assertEqual(done[0], 0, done)
        # With TLS 1.3 there is no tls-unique, and what was to be bound is not shown unbound.
        status, _, said = await self.command("call", "com.p", *key, "--channel-binding", "tls-unique")
        self.assertEqual(status, 1)
        self.assertIn("has no tls-unique", said)

    async def command(self, *words):
        process = await asyncio.create_subprocess_exec(
            BINARY, *words, "--url", self.node.url("/ws", "wss"), "--ca-file", str(self.authority.file), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = await asyncio.wait_for(process.communicate(), PEER_SECONDS_MAX)
        return process.returncode, out.decode(), err.decode()

    async def test_a_ticket_is_taken_over_tls(self):
        self.assertEqual((await self.secure("ticket", "peter", "peter's ticket"))[0], ["joined", "peter", "operator", "ticket"])


if __name__ == "__main__":
    unittest.main()
