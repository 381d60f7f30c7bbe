"""`crosspoint status` and `crosspoint top` against a relay that is not ours, on a pipe and on a terminal."""
import http.server
import json
import os
import pty
import select
import signal
import subprocess
import tempfile
import termios
import threading
import time
import unittest

from case import GETS_SECONDS
from program import BINARY

REPORT = [{"topic": "rig\u001b[2J", "can_write": True, "connected_at": "2026-11-27T14:00:00Z", "scopes": ["write"],
           "expires_at": "2026-11-27T15:00:00Z",
           "traffic": {"tx": {"messages": 5, "bytes": 500, "messages_per_second": 25, "bytes_per_second": 125000}}}]


class Status(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        welcome = self.headers.get("Authorization") == "a.to.ken" and self.path == "/status"
        body = (json.dumps(REPORT) if welcome else '{"code":"401","message":"token missing relay:stats scope"}') + "\n"
        self.send_response(200 if welcome else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


class Reports(unittest.TestCase):
    def setUp(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Status)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.url = f"http://127.0.0.1:{server.server_port}"

    def run_program(self, *arguments, token="a.to.ken"):
        return subprocess.run([BINARY, *arguments, "--url", self.url], capture_output=True, text=True, timeout=60,
                              cwd=tempfile.gettempdir(), env={**os.environ, "CROSSPOINT_STATUS_TOKEN": token})

    def test_status_prints_the_report_as_it_came(self):
        ended = self.run_program("status")
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        self.assertEqual(json.loads(ended.stdout), REPORT)

    def test_status_prints_a_table_that_moves_no_cursor(self):
        ended = self.run_program("status", "--no-json")
        self.assertEqual(ended.returncode, 0)
        self.assertRegex(ended.stdout, r"\ATOPIC .*\nrig\?\[2J +-w .* 25 +125k ")
        self.assertNotIn("\x1b", ended.stdout)

    def test_status_says_in_a_sentence_why_there_is_no_report_and_not_the_token(self):
        ended = self.run_program("status", token="S3cret.to.ken")
        self.assertEqual((ended.returncode, ended.stdout), (1, ""))
        self.assertIn("answered 401: token missing relay:stats scope", ended.stderr)
        self.assertNotIn("S3cret", ended.stderr)

    def test_top_prints_one_picture_after_the_other_on_a_pipe(self):
        program = subprocess.Popen([BINARY, "top", "--interval", "200ms", "--url", self.url], stdout=subprocess.PIPE,
                                   text=True, env={**os.environ, "CROSSPOINT_STATUS_TOKEN": "a.to.ken"})
        self.addCleanup(program.stdout.close)
        pictures = 0
        while pictures < 2:
            line = program.stdout.readline()
            self.assertNotEqual(line, "")
            self.assertNotIn("\x1b", line)
            pictures += "1 connection, 1 topic " in line
        program.send_signal(signal.SIGINT)
        self.assertEqual(program.wait(GETS_SECONDS), 0)

    def on_a_terminal(self, last_key):
        """(status, all that was written, the terminal's modes before, during and after)"""
        leader, follower = pty.openpty()
        before = termios.tcgetattr(follower)
        program = subprocess.Popen([BINARY, "top", "--interval", "200ms", "--url", self.url], stdin=follower,
                                   stdout=follower, stderr=follower, start_new_session=True,
                                   env={**os.environ, "CROSSPOINT_STATUS_TOKEN": "a.to.ken"})
        written, during, until = b"", None, time.monotonic() + 30
        while time.monotonic() < until and program.poll() is None:
            if select.select([leader], [], [], 0.1)[0]:
                written += os.read(leader, 65536)
            if b"rig" in written and during is None:
                during = termios.tcgetattr(follower)
                if last_key == b"\x03":
                    program.send_signal(signal.SIGINT)
                else:
                    os.write(leader, last_key)
        while select.select([leader], [], [], 0.1)[0]:
            written += os.read(leader, 65536)
        after = termios.tcgetattr(follower)
        os.close(leader)
        os.close(follower)
        return program.wait(GETS_SECONDS), written, before, during, after

    def test_top_leaves_a_terminal_as_it_was(self):
        for key in (b"q", b"\x03"):
            with self.subTest(key):
                status, written, before, during, after = self.on_a_terminal(key)
                self.assertEqual(status, 0)
                self.assertTrue(written.startswith(b"\x1b[?1049h\x1b[?25l"), written[:100])
                self.assertTrue(written.endswith(b"\x1b[?25h\x1b[?1049l"), written[-100:])
                self.assertEqual(during[3] & (termios.ICANON | termios.ECHO), 0)
                self.assertEqual(after, before)
