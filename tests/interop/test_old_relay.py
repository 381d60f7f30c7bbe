"""The older secure relay's program, as start scripts know it (S47, S48). What its `token` command made is S47 too:
test_token_command.py."""
import os
import signal
import subprocess
import tempfile
import time
import unittest

from program import BINARY, OURS, STOP_SECONDS_MAX
from relay_case import SecureCase


class Called(unittest.TestCase):
    def serve(self, **environment):
        """By the older name, which is a link; the status and what stood on standard output."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
        with tempfile.TemporaryDirectory() as folder:
            link = os.path.join(folder, "relay")
            os.symlink(BINARY, link)
            done = subprocess.run([link, "serve"], env={**clean, **environment}, capture_output=True, text=True, timeout=20)
        return done.returncode, done.stdout

    def test_S47_what_is_missing_is_said_as_it_was(self):
        self.assertEqual(self.serve(), (1, "You must set RELAY_AUDIENCE\nYou must set RELAY_SECRET\nYou must set RELAY_URL\n"))
        self.assertEqual(self.serve(RELAY_AUDIENCE="x", RELAY_URL="ws://x", RELAY_SECRET=""),
                         (1, "You must set RELAY_SECRET\n"))


class Stopping(SecureCase):
    """Better: clients are told, by close frame 1001."""

    async def ends_on(self, number):
        client, began = await self.open("t1"), time.monotonic()
        self.node.signal(number)
        await self.assert_closed(client, 1001)
        await self.until(lambda: self.node.process.poll() is not None, STOP_SECONDS_MAX, "its end")
        self.assertLess(time.monotonic() - began, STOP_SECONDS_MAX)
        self.assertEqual(self.node.process.returncode, 0)

    async def test_S48_SIGTERM_ends_it_in_seconds_with_clients_connected(self):
        await self.ends_on(signal.SIGTERM)

    async def test_S48_SIGINT_does_too(self):
        await self.ends_on(signal.SIGINT)
