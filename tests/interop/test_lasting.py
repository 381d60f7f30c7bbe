"""What must still be true after the program was killed, or ran out of memory (C15, D4)."""
import asyncio
import os
import resource
import signal
import socket
import struct
import tempfile
import time

from program import wait_until
from raw import Raw
from relay_case import OldRelay, SecureCase, token

KILLS = int(os.environ.get("KILLS", "25"))  # the goal is a thousand: KILLS=1000 tests/interop/run C15
MIB = 1024 * 1024


class Lasting(SecureCase):
    """Nodes come and go here, one at a time; `self.state` is the file that each of them is given."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.state = os.path.join(folder.name, "access.db")
        self.node = None
        self.addCleanup(self.kill)

    def begin(self):
        self.node = OldRelay("--access-state-file", self.state, "--loops", "2")

    def kill(self):
        if self.node is not None:
            self.node.process.kill()
            self.forget()

    def forget(self):
        """It has ended, however that was: not as a Program must."""
        status = self.node.wait(10)
        self.node.process.stdout.close()
        self.node.folder.cleanup()
        self.node = None
        return status

    async def is_denied(self, booking):
        answer = await self.ask("POST", "/session/t", token("t", booking=booking))
        self.assertIn(answer.status, (200, 400), answer.body)
        return answer.status == 400

    async def test_C15_what_was_cancelled_stays_cancelled_through_kill_minus_nine(self):
        """Killed at once after the answer, and now and then in the middle of the next cancelling."""
        cancelled = []
        for n in range(KILLS):
            self.begin()
            for booking in cancelled[-3:] + cancelled[:1]:
                self.assertTrue(await self.is_denied(booking), f"{booking}, after {n} kills")
            self.assertFalse(await self.is_denied("another"))
            self.assertEqual((await self.bids("deny", f"b{n}", 3600)).status, 204)
            cancelled.append(f"b{n}")
            if n % 3 == 0:
                under_way = asyncio.ensure_future(self.bids("deny", f"maybe{n}", 3600))
                await asyncio.sleep(n % 7 / 1000)
                self.kill()
                await under_way
            else:
                self.kill()
        self.begin()
        listed = await self.listed("deny")
        for booking in cancelled:
            self.assertIn(f'"{booking}"', listed)

    async def test_C15_a_torn_tail_of_the_list_is_no_open_door(self):
        self.begin()
        for n in range(20):
            self.assertEqual((await self.bids("deny", f"b{n}", 3600)).status, 204)
        self.kill()
        log = self.state + "-wal"
        os.truncate(log, os.path.getsize(log) - 100)

        self.begin()

        self.assertTrue(await self.is_denied("b0"))
        self.assertTrue(await self.is_denied("b18"), "the last commit alone is lost with what was torn off")

    def fill(self):
        """Unfinished messages of 9 MiB each, until it ends or there are fifty."""
        host, port = self.node.address
        for _ in range(50):
            try:
                client = Raw((host, port), self.path())
                self.addCleanup(client.socket.close)
                client.socket.sendall(bytes([0x82, 0xFF]) + struct.pack(">Q", 9 * MIB) + bytes(4) + bytes(8 * MIB))
            except (OSError, EOFError):
                if self.node.process.poll() is not None:
                    return

    def path(self):
        with socket.create_connection(self.node.access, timeout=5) as s:
            s.sendall((f"POST /session/t HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n"
                       f"Authorization: {token('t', booking='filler')}\r\n\r\n").encode())
            answer = b""
            while data := s.recv(65536):
                answer += data
        if b'"uri":"' not in answer:
            raise EOFError("it ended instead of answering")
        return answer.decode().split('"uri":"')[1].split('"')[0].split("/", 3)[3].join(("/", ""))

    async def test_D4_out_of_memory_it_ends_in_one_line_and_loses_nothing_it_promised(self):
        """Limits that bite at different points: where it begins to be too much is not for the program to choose."""
        for more in (0, 1, 2, 3, 5, 8, 13, 21):
            with self.subTest(f"{more} MiB more"):
                self.begin()
                self.assertEqual((await self.bids("deny", f"b{more}", 3600)).status, 204)
                process = self.node.process.pid
                with open(f"/proc/{process}/statm", encoding="utf-8") as file:
                    size = int(file.read().split()[0]) * resource.getpagesize()
                resource.prlimit(process, resource.RLIMIT_AS, (size + more * MIB, resource.RLIM_INFINITY))

                await asyncio.to_thread(self.fill)

                node = self.node
                wait_until(lambda: node.process.poll() is not None, 10, "its end")
                said = node.output
                self.assertEqual(self.forget(), 71, said())
                self.assertIn("crosspoint: out of memory", said())
                self.begin()
                self.assertTrue(await self.is_denied(f"b{more}"))
                self.kill()
