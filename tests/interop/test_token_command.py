"""`crosspoint token`: the old relay's variables, and what a script gets on standard output."""
import base64
import json
import os
import subprocess
import tempfile
import time
import unittest

from program import BINARY, OURS
from test_tokens import part, token

WHOLE = {"RELAY_TOKEN_AUDIENCE": "https://lab.example/access", "RELAY_TOKEN_SECRET": "a secret of thirty-two bytes, or more",
         "RELAY_TOKEN_LIFETIME": "60", "RELAY_TOKEN_TOPIC": "t1"}


def decoded(text):
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


class TokenCommand(unittest.TestCase):
    def run_token(self, *arguments, environment=None, text=""):
        clean = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
        return subprocess.run([BINARY, "token", *arguments], env={**clean, **(environment or {})}, input=text,
                              capture_output=True, text=True, timeout=20)

    def test_S47_the_old_variables_make_the_old_token(self):
        before = int(time.time())
        done = self.run_token(environment=WHOLE)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        header, claims, _ = done.stdout.removesuffix("\n").split(".")
        self.assertEqual(decoded(header), {"alg": "HS256", "typ": "JWT"})
        claims = decoded(claims)
        self.assertEqual(list(claims), ["booking_id", "topic", "prefix", "scopes", "aud", "exp", "nbf", "iat"])
        self.assertEqual((claims["booking_id"], claims["topic"], claims["prefix"], claims["scopes"], claims["aud"]),
                         ("relay-token-cli", "t1", "session", ["write", "read"], ["https://lab.example/access"]))
        self.assertIn(claims["iat"] - before + 1, (0, 1, 2))
        self.assertEqual((claims["nbf"], claims["exp"]), (claims["iat"], claims["iat"] + 60))

    def test_a_lifetime_that_is_asked_for_by_flag_is_all_there(self):
        done = self.run_token("--lifetime", "60s", environment={**WHOLE, "RELAY_TOKEN_LIFETIME": ""})
        claims = decoded(done.stdout.split(".")[1])
        self.assertGreaterEqual(claims["exp"], time.time() + 59)  # and it has had a second to be made
        self.assertIn(claims["exp"] - claims["iat"], (61, 62))

    def test_scopes_stand_in_the_old_order(self):
        done = self.run_token(environment={**WHOLE, "RELAY_TOKEN_SCOPE_ADMIN": "true", "RELAY_TOKEN_SCOPE_OTHER": "expt"})
        self.assertEqual(decoded(done.stdout.split(".")[1])["scopes"], ["relay:admin", "write", "read", "expt"])

    def test_what_is_missing_is_named_on_standard_error_and_nothing_is_printed(self):
        for variable, flag in (("AUDIENCE", "--audience"), ("SECRET", "--secret"), ("LIFETIME", "--lifetime"), ("TOPIC", "--topic")):
            for environment in ({k: v for k, v in WHOLE.items() if not k.endswith(variable)},
                                {**WHOLE, "RELAY_TOKEN_" + variable: ""}):
                done = self.run_token(environment=environment)
                self.assertEqual((done.returncode, done.stdout), (1, ""), variable)
                self.assertIn("RELAY_TOKEN_" + variable, done.stderr)
                self.assertIn(flag, done.stderr)
        done = self.run_token(environment={**WHOLE, "RELAY_TOKEN_LIFETIME": "0"})
        self.assertEqual((done.returncode, done.stdout), (1, ""))

    def test_another_scope_alone_is_not_enough(self):
        done = self.run_token(environment={**WHOLE, "RELAY_TOKEN_SCOPE_READ": "false", "RELAY_TOKEN_SCOPE_WRITE": "no",
                                           "RELAY_TOKEN_SCOPE_OTHER": "relay:stats"})
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("No scopes requested", done.stderr)

    def test_an_admin_needs_no_topic(self):
        done = self.run_token("--scope-admin", "--no-scope-read", "--no-scope-write",
                              environment={k: v for k, v in WHOLE.items() if not k.endswith("TOPIC")})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(decoded(done.stdout.split(".")[1])["scopes"], ["relay:admin"])

    def test_a_token_is_verified_from_the_command_line_and_from_standard_input(self):
        made = self.run_token(environment=WHOLE).stdout
        for arguments, text in ((["verify", made.strip()], ""), (["verify"], made)):
            done = self.run_token(*arguments, environment=WHOLE, text=text)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "valid\n", ""))
        for environment, why in (({**WHOLE, "RELAY_TOKEN_SECRET": "another secret, also long enough"}, "signature"),
                                 ({**WHOLE, "RELAY_TOKEN_AUDIENCE": "https://lab.example/access/"}, "audience")):
            done = self.run_token("verify", environment=environment, text=made)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn(why, done.stderr)
        past = token("/x", secret=WHOLE["RELAY_TOKEN_SECRET"], exp=1)
        self.assertIn("expired", self.run_token("verify", environment=WHOLE, text=past).stderr)

    def test_a_key_file_signs_and_verifies(self):
        with tempfile.TemporaryDirectory() as folder:
            private, public = folder + "/private.pem", folder + "/public.pem"
            subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", private], check=True, capture_output=True)
            subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True, capture_output=True)
            made = self.run_token("--key-file", private, environment=WHOLE).stdout
            self.assertEqual(decoded(made.split(".")[0])["alg"], "EdDSA")
            done = self.run_token("verify", "--key-file", public, environment=WHOLE, text=made)
            self.assertEqual((done.returncode, done.stdout), (0, "valid\n"))
            swapped = self.run_token("verify", "--key-file", private, environment=WHOLE, text=made)
            self.assertIn("--key-file: the key is the private half", swapped.stderr)
        missing = self.run_token("--key-file", "/nowhere.pem", environment=WHOLE)
        self.assertEqual((missing.returncode, missing.stdout), (1, ""))
        self.assertIn("/nowhere.pem: No such file", missing.stderr)

    def test_inspecting_shows_dates_in_words_and_says_that_nothing_was_verified(self):
        done = self.run_token("inspect", f'{part({"alg": "none"})}.{part({"topic": "t", "exp": 1})}.')
        self.assertEqual(done.returncode, 0)
        for wanted in ('"topic": "t"', "EXPIRED      1970-01-01 00:00:01 UTC", "Nothing was verified"):
            self.assertIn(wanted, done.stdout)
        self.assertEqual(self.run_token("inspect", text="not a token").returncode, 1)

    def test_no_output_holds_the_secret(self):
        canary = "canary-0123456789abcdef0123456789abcdef"
        for arguments in ([], ["verify", "x"], ["verify", "--secret", canary, "a.b.c"], ["--lifetime", "soon"]):
            done = self.run_token(*arguments, environment={**WHOLE, "RELAY_TOKEN_SECRET": canary})
            self.assertNotIn("canary", done.stdout + done.stderr)
