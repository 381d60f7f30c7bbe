"""Realms, roles and principals from the configuration, with Debian's python3-autobahn as the client that says who it is, and GNU SASL for
the proofs of a method that no client has."""
import asyncio
import base64
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from case import Case
from program import BINARY

HERE = Path(__file__).parent
PEER_SECONDS_MAX = 60
SEED = "4d57d97a68f555696620a6d849c0ce582568518d729eb753dc7c732de2804510"  # the specification's example
PUBLIC_KEY = "1adfc8bfe1d35616e64dffbd900096f23b066f914c8c2ffbb66f6075b96e116d"
CONFIGURATION = """
[wamp]
[[wamp.realm]]
name = "realm1"
anonymous-role = "visitor"

[[wamp.role]]
name = "visitor"
realm = "realm1"
[[wamp.role.permission]]
uri = "com.public."
match = "prefix"
allow = ["call", "subscribe"]

[[wamp.role]]
name = "operator"
realm = "realm1"
[[wamp.role.permission]]
uri = "*"
allow = ["call", "register", "publish", "subscribe"]

[[wamp.principal]]
realm = "realm1"
authid = "peter"
role = "operator"
ticket = "peter's ticket"

[[wamp.principal]]
realm = "realm1"
authid = "hashed"
role = "operator"
ticket-hash = "HASH"

[[wamp.principal]]
realm = "realm1"
authid = "paul"
role = "operator"
wampcra-secret = "paul's secret"

[[wamp.principal]]
realm = "realm1"
authid = "salted"
role = "operator"
wampcra-secret = "salted secret"
wampcra-salt = "salt123"

[[wamp.principal]]
realm = "realm1"
authid = "rig01"
role = "operator"
cryptosign-keys = ["PUBLIC_KEY"]

[[wamp.principal]]
realm = "realm1"
authid = "ann"
role = "operator"
[wamp.principal.scram]
kdf = "argon2id"
iterations = 3
memory = 256
salt = "AAECAwQFBgcICQoLDA0ODw=="
stored-key = "6d4cb580b47c3fc6dff0a4dadd1d6d4f0455b8a7f8fe5abb50edd3f20908c8ad"
server-key = "591eadcb015f75b2bcfaf3ffb596a08862d02dafb50351f90b3231ed64ed8e7b"

[[wamp.principal]]
realm = "realm1"
authid = "bob"
role = "operator"
[wamp.principal.scram]
kdf = "pbkdf2"
iterations = 4096
salt = "AAECAwQFBgcICQoLDA0ODw=="
stored-key = "ec5751204f0ba95d0e571077c5d08e5811036892db95cc1cb9adf2fe940d6006"
server-key = "37edde4bbf39e5f67cae727c32b637c248bee309065cd361c09085dda342c581"

[[wamp.principal]]
realm = "realm1"
authid = "carl"
role = "operator"
[wamp.principal.wamp-scram]
iterations = 4096
salt = "W22ZaJ0SNY7soEsUEjb6gQ=="
stored-key = "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
server-key = "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
"""
PROCEDURES = """
[wamp]
authorizer-timeout = "1s"
[[wamp.realm]]
name = "realm1"
plain-tickets = true

[[wamp.role]]
name = "component"
realm = "realm1"
[[wamp.role.permission]]
uri = "*"
allow = ["call", "register", "publish", "subscribe"]

[[wamp.role]]
name = "user"
realm = "realm1"
authorizer = "com.desk.may"

[[wamp.authenticator]]
realm = "realm1"
procedure = "com.desk.login"
methods = ["anonymous", "ticket", "wampcra", "scram", "cryptosign"]

[[wamp.principal]]
realm = "realm1"
authid = "desk"
role = "component"
wampcra-secret = "desk's secret"
"""
OPERATOR = [["call", "wamp.error.no_such_procedure"], ["register", "allowed"]]
REFUSED = ([["left", "wamp.error.authentication_failed"]], [["left", "wamp.error.no_such_principal"]])  # the latter: an unknown key


def hashed(ticket):
    code = "import nacl.pwhash.argon2id as a, sys; print(a.str(sys.argv[1].encode(), opslimit=1, memlimit=8 * 1024 * 1024).decode().rstrip(chr(0)))"
    return subprocess.run(["/usr/bin/python3", "-c", code, ticket], check=True, capture_output=True, text=True).stdout.strip()


class RealmCase(Case):
    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.file = Path(self.folder.name) / "node.toml"
        self.file.write_text(self.configuration(), encoding="utf-8")

    def serve(self):
        self.node = self.start("serve", "--config", str(self.file), "--listen", "127.0.0.1:0")

    def login(self, method, authid, secret, **options):
        command = ["/usr/bin/python3", "-B", "-W", "ignore", str(HERE / "wamp_login.py"), self.node.url("/ws"), method, authid, secret, json.dumps(options)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PEER_SECONDS_MAX)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]


class GnuSasl:
    """SCRAM of GNU SASL's client, in whose messages the numbers of WAMP's are (RFC 5802 section 7): its first one is there at once."""

    @classmethod
    async def start(cls, case, name, password):
        sasl = cls()
        sasl.process = await asyncio.create_subprocess_exec(
            case.tool("gsasl"), "--client", "--quiet", "--mechanism=SCRAM-SHA-256", "--no-cb", f"--authentication-id={name}",
            f"--password={password}", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL)
        await sasl.process.stdout.readline()  # the name of the mechanism
        sasl.nonce = (await sasl.message()).partition(f"n,,n={name},r=")[2]
        return sasl

    async def message(self):
        return base64.b64decode(await asyncio.wait_for(self.process.stdout.readline(), PEER_SECONDS_MAX)).decode()

    def say(self, message):
        self.process.stdin.write(base64.b64encode(message.encode()) + b"\n")

    async def proof(self, nonce, salt, iterations):
        self.say(f"r={nonce},s={salt},i={iterations}")
        return (await self.message()).partition(f"c=biws,r={nonce},p=")[2]

    async def accepts(self, verifier):
        """Whether the router has proved that it has what the password was made into."""
        self.say(f"v={verifier}")
        self.process.stdin.close()
        out, _ = await self.process.communicate()
        return out == b"\n"  # it has no more to say; otherwise it ends without a word


class Realms(RealmCase):
    def configuration(self):
        return CONFIGURATION.replace("HASH", hashed("a ticket that is kept as a hash")).replace("PUBLIC_KEY", PUBLIC_KEY)

    def test_each_method_lets_in_who_it_should_with_the_rights_of_its_role(self):
        self.serve()
        self.assertEqual(self.login("anonymous", "", ""), [
            ["joined", "somebody", "visitor", "anonymous"], ["call", "wamp.error.no_such_procedure"],
            ["register", "wamp.error.not_authorized"]])
        for method, authid, secret in (("ticket", "peter", "peter's ticket"), ("ticket", "hashed", "a ticket that is kept as a hash"),
                                       ("wampcra", "paul", "paul's secret"), ("wampcra", "salted", "salted secret"),
                                       ("scram", "ann", "ann's secret"), ("scram", "bob", "bob's secret"), ("cryptosign", "rig01", SEED)):
            with self.subTest(method=method, authid=authid):
                self.assertEqual(self.login(method, authid, secret), [["joined", authid, "operator", method], *OPERATOR])

    def principal(self, name, secret, *flags):
        done = subprocess.run([BINARY, "principal", "--authid", name, "--role", "operator", "--realm", "realm1", *flags],
                              input=secret + "\n", capture_output=True, text=True, timeout=PEER_SECONDS_MAX)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        if secret:
            self.assertNotIn(secret, done.stdout)
        return done.stdout

    def test_what_the_command_makes_of_a_secret_opens_the_realm(self):
        key = Path(self.folder.name) / "new.pem"
        made = ["--method", "cryptosign", "--new-key", str(key)]
        blocks = [self.principal("dora", "dora's secret"), self.principal("tina", "tina's ticket", "--method", "ticket"),
                  self.principal("cora", "cora's secret", "--method", "wampcra"), self.principal("rig02", "", *made)]
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        again = subprocess.run([BINARY, "principal", "--authid", "a", "--role", "b", *made], capture_output=True, text=True, timeout=20)
        self.assertEqual(again.returncode, 1)
        self.assertIn("cannot be written", again.stderr)
        read = ["--method", "cryptosign", "--key-file", str(key)]
        self.assertEqual(self.principal("rig02", "", *read), blocks[-1])
        with self.file.open("a", encoding="utf-8") as file:
            file.write("\n" + "\n".join(blocks))
        self.file.chmod(0o600)
        checked = subprocess.run([BINARY, "check", str(self.file)], capture_output=True, text=True, timeout=20)
        self.assertEqual((checked.returncode, checked.stderr), (0, ""))
        self.serve()
        for method, authid, secret in (("scram", "dora", "dora's secret"), ("ticket", "tina", "tina's ticket"), ("wampcra", "cora", "cora's secret")):
            with self.subTest(method=method):
                self.assertEqual(self.login(method, authid, secret), [["joined", authid, "operator", method], *OPERATOR])
                self.assertIn(self.login(method, authid, "not " + secret), REFUSED)
        call = subprocess.run([BINARY, "call", "wamp.session.count", "--url", self.node.url("/ws"), "--realm", "realm1", "--authid", "rig02",
                               "--key-file", str(key)], capture_output=True, text=True, timeout=20)
        self.assertEqual((call.returncode, call.stdout), (0, "1\n"), call.stderr)

    def test_nobody_else_is_let_in_and_no_answer_says_why(self):
        self.serve()
        for method, authid, secret in (("ticket", "peter", "not his ticket"), ("ticket", "hashed", "wrong"),
                                       ("wampcra", "paul", "not his secret"), ("scram", "ann", "not hers"), ("cryptosign", "rig01", "00" * 32)):
            with self.subTest(method=method, authid=authid):
                self.assertIn(self.login(method, authid, secret), REFUSED)
        # A name that nobody has is answered as one that somebody has, who may have another method.
        for name in ("nobody", "noone", "nemo"):
            for method in ("ticket", "wampcra"):
                with self.subTest(method=method, authid=name):
                    self.assertIn(self.login(method, name, "x"), [*REFUSED, [["left", "wamp.error.no_auth_method"]]])
        for secret in ("peter's ticket", "not his ticket", "not his secret"):
            self.assertNotIn(secret, self.node.output())

    async def scram(self, password):
        """What the router says in the end to carl, and the client that has proved to know that password."""
        sasl = await GnuSasl.start(self, "carl", password)
        client = await self.connect(self.node, "/ws", subprotocols=["wamp.2.json"])
        extra = {"nonce": sasl.nonce, "channel_binding": None}
        await client.send(json.dumps([1, "realm1", {"roles": {"caller": {}}, "authmethods": ["wamp-scram"], "authid": "carl", "authextra": extra}]))
        code, method, asked = json.loads(await client.recv())
        self.assertEqual((code, method, asked.pop("kdf")), (4, "wamp-scram", "pbkdf2"))
        await client.send(json.dumps([5, await sasl.proof(**asked), {**extra, "nonce": asked["nonce"], "cbind_data": None}]))
        return json.loads(await client.recv()), sasl

    async def test_the_specifications_scram_as_gnu_sasl_proves_and_verifies(self):
        self.serve()
        (code, _, details), sasl = await self.scram("pencil")
        self.assertEqual((code, details["authid"], details["authrole"], details["authmethod"]), (2, "carl", "operator", "wamp-scram"))
        self.assertTrue(await sasl.accepts(details["authextra"]["verifier"]))
        (code, _, reason), sasl = await self.scram("pen")
        self.assertEqual((code, reason), (3, "wamp.error.authentication_failed"))
        self.assertFalse(await sasl.accepts(details["authextra"]["verifier"]))

    def test_realms_of_a_pattern_are_there_when_somebody_joins_them(self):
        self.file.write_text(self.file.read_text(encoding="utf-8").replace("[[wamp.role]]", """[[wamp.realm]]
name-pattern = "room.*"
realms-max = 3
anonymous-role = "guest"

[[wamp.role]]
name = "guest"

[[wamp.role]]""", 1), encoding="utf-8")
        self.serve()
        for realm in ("room.a", "room.b", "room.c", "room.d"):  # each has gone when the next one comes
            self.assertEqual(self.login("anonymous", "", "", realm=realm)[0], ["joined", "somebody", "guest", "anonymous"])
        for realm in ("room", "elsewhere"):
            self.assertEqual(self.login("anonymous", "", "", realm=realm), [["left", "wamp.error.no_such_realm"]])

    def test_what_cannot_be_served_is_said_at_the_start(self):
        self.file.write_text(self.file.read_text(encoding="utf-8").replace("[wamp]", '[wamp]\nrouter-key-file = "/no/such/key.pem"', 1),
                             encoding="utf-8")
        done = subprocess.run([BINARY, "serve", "--config", str(self.file), "--listen", "127.0.0.1:0"],
                              capture_output=True, text=True, timeout=20)
        self.assertEqual(done.returncode, 1)
        self.assertIn("wamp.router-key-file: /no/such/key.pem", done.stderr)


class Desk:
    """wamp_desk.py at work, and what it said."""

    def __init__(self, url):
        command = ["/usr/bin/python3", "-B", "-W", "ignore", str(HERE / "wamp_desk.py"), url]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.next() == ["ready"]

    def next(self):
        return json.loads(self.process.stdout.readline())

    def stop(self):
        """What it said and nobody read."""
        said, _ = self.process.communicate(timeout=PEER_SECONDS_MAX)  # closes its standard input
        return [json.loads(line) for line in said.splitlines()]


class Procedures(RealmCase):
    """A component says who people are and what they may do. What they call is com.public.nobody, what they register com.mine (wamp_login.py)."""

    def configuration(self):
        return PROCEDURES

    def desk(self):
        desk = Desk(self.node.url("/ws"))
        self.addCleanup(desk.process.stdout.close)
        self.addCleanup(lambda: desk.process.poll() is None and desk.stop())
        return desk

    def test_each_method_is_decided_by_the_component(self):
        self.serve()
        desk = self.desk()
        denied = [["call", "wamp.error.not_authorized"], ["register", "wamp.error.not_authorized"]]
        for method, authid, secret in (("anonymous", "", ""), ("ticket", "joe", "joe's ticket"), ("wampcra", "ann", "ann's secret"),
                                       ("scram", "eve", "ann's secret"), ("cryptosign", "", SEED)):
            with self.subTest(method=method):
                self.assertEqual(self.login(method, authid, secret), [["joined", authid or "somebody", "user", method], *denied])
        for method, authid, secret in (("ticket", "joe", "not his"), ("ticket", "nobody", "x"), ("wampcra", "ann", "not hers"),
                                       ("wampcra", "nobody", "x"), ("cryptosign", "", "00" * 32)):
            with self.subTest(refused=method, authid=authid):
                self.assertEqual(self.login(method, authid, secret), REFUSED[0])
        said = desk.stop()
        self.assertIn(["login", "realm1", "joe", "ticket", ["authmethod", "session", "ticket", "transport"]], said)
        self.assertIn(["may", "user", "com.public.nobody", "call", {}], said)
        self.assertIn(["may", "user", "com.mine", "register", {"match": "exact"}], said)
        for secret in ("joe's ticket", "ann's secret", "not his"):
            self.assertNotIn(secret, self.node.output())

    def test_nobody_comes_in_and_nothing_is_allowed_while_the_component_is_away(self):
        self.serve()
        self.assertEqual(self.login("ticket", "joe", "joe's ticket"), REFUSED[0])
        self.assertIn("the authenticator com.desk.login of realm realm1: it answered wamp.error.no_such_procedure", self.node.output())
        desk = self.desk()
        self.assertEqual(self.login("ticket", "joe", "joe's ticket")[0], ["joined", "joe", "user", "ticket"])
        desk.stop()
        self.assertEqual(self.login("ticket", "joe", "joe's ticket"), REFUSED[0])

    def test_a_static_principal_is_not_asked_about(self):
        self.serve()
        desk = self.desk()
        self.assertEqual(self.login("wampcra", "desk", "not its secret"), REFUSED[0])
        self.assertEqual(self.login("ticket", "desk", "x"), [["left", "wamp.error.no_auth_method"]])
        self.assertEqual(desk.stop(), [])


if __name__ == "__main__":
    unittest.main()
