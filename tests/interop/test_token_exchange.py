"""`crosspoint token --url` and `crosspoint status` against our own node, as an operator uses them from a shell."""
import asyncio
import json
import os
import re
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from urllib.parse import urlsplit

import websockets
from program import BINARY, OURS, Program, free_port, wait_until

SECRET = "a-secret-for-tests-of-the-exchange-only"


class Sender:
    """A websockets client for tests that are not coroutines."""

    def __init__(self, address):
        async def connect():
            return await websockets.connect(address)

        self.loop = asyncio.new_event_loop()
        self.socket = self.loop.run_until_complete(connect())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.loop.run_until_complete(self.socket.close())
        self.loop.close()

    def send(self, message):
        self.loop.run_until_complete(self.socket.send(message))


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

    def test_S54_a_topic_is_written_to_a_file_that_is_opened_again_on_SIGHUP(self):
        token = self.run_program("token", "--topic", "t", "--lifetime", "5m", "--audience", self.access,
                                 RELAY_TOKEN_SECRET=SECRET).stdout.strip()
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder, "topic.log")
            recorder = Program("file", environment={"RELAY_CLIENT_SESSION": f"{self.access}/session/t",
                                                    "RELAY_CLIENT_TOKEN": token, "RELAY_CLIENT_FILE": str(output)},
                               wait=False)
            self.addCleanup(recorder.stop)
            address = self.run_program("token", "--topic", "t", "--lifetime", "5m", "--url", self.access,
                                       RELAY_TOKEN_SECRET=SECRET).stdout.strip()
            with Sender(address) as sender:
                wait_until(lambda: self.says_until_written(sender, "hello", output, r"^\[20.*\] hello$"), 10, "hello")
                self.says_until_written(sender, b"\x00\xff", output, r"AP8=$")
                output.rename(Path(folder, "topic.log.1"))
                recorder.signal(signal.SIGHUP)
                wait_until(output.exists, 5, "a new file")
                wait_until(lambda: self.says_until_written(sender, "again", output, r"\] again$"), 10, "again")

    def says_until_written(self, sender, message, output, pattern):
        """The recorder may not be there yet: a topic keeps nothing for who comes late."""
        sender.send(message)
        time.sleep(0.1)
        return re.search(pattern, output.read_text("utf-8"), re.M) if output.exists() else None

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
