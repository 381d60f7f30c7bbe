"""`crosspoint token --url` and `crosspoint status` against our own node, as an operator uses them from a shell."""
import json
import os
import subprocess
import tempfile
import unittest
from urllib.parse import urlsplit

from program import BINARY, OURS, Program, free_port

SECRET = "a-secret-for-tests-of-the-exchange-only"


class TokenExchange(unittest.TestCase):
    def setUp(self):
        self.port = free_port()
        access = f"http://127.0.0.1:{self.port}"
        self.node = Program("serve", "--listen", f"127.0.0.1:{self.port}", "--access-listen", f"127.0.0.1:{self.port}",
                            "--access-audience", access, "--access-url", f"ws://127.0.0.1:{self.port}",
                            "--access-state-file", "none", environment={"RELAY_SECRET": SECRET})
        self.addCleanup(self.node.stop)
        self.access = access

    def run_program(self, *arguments, **variables):
        clean = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
        return subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=60, check=False,
                              cwd=tempfile.gettempdir(), env={**clean, **variables})

    def test_prints_an_address_that_opens_the_topic_once(self):
        made = self.run_program("token", "--topic", "a/b", "--lifetime", "5m", "--url", self.access,
                                RELAY_TOKEN_SECRET=SECRET)
        self.assertEqual((made.returncode, made.stderr), (0, ""))
        address = urlsplit(made.stdout.strip())
        self.assertEqual(address.path, "/session/a/b")

        where = address.path + "?" + address.query
        self.assertEqual(self.status_of_upgrade(where), 101)
        self.assertEqual(self.status_of_upgrade(where), 401)

    def status_of_upgrade(self, target):
        """Of one WebSocket handshake by curl, which ends the connection as soon as it has the answer."""
        ended = subprocess.run(["curl", "-sS", "-o", os.devnull, "-w", "%{http_code}", "--max-time", "2", "-H",
                                "Connection: Upgrade", "-H", "Upgrade: websocket", "-H", "Sec-WebSocket-Version: 13", "-H",
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", self.access + target],
                               capture_output=True, text=True, timeout=30, check=False)
        return int(ended.stdout)

    def test_a_refusal_is_a_sentence_on_standard_error(self):
        made = self.run_program("token", "--topic", "a", "--lifetime", "5m", "--url", self.access,
                                RELAY_TOKEN_SECRET="another-secret-than-the-node-has-been-given")
        self.assertEqual((made.returncode, made.stdout), (1, ""))
        self.assertIn("signature", made.stderr)

    def test_status_lists_the_relay_itself_first(self):
        token = self.run_program("token", "--topic", "x", "--lifetime", "5m", "--audience", self.access,
                                 "--scope-other", "relay:stats", RELAY_TOKEN_SECRET=SECRET).stdout.strip()
        ended = self.run_program("status", "--url", self.access, CROSSPOINT_STATUS_TOKEN=token)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(json.loads(ended.stdout)[0]["remote_addr"], "internal")
