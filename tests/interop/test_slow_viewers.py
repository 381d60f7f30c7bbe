"""One who does not read must cost nobody else anything (F24, F25)."""
import asyncio
import statistics
import struct
import time

from case import RelayCase
from raw import BINARY, CLOSE, Raw

PAYLOAD_BYTES = 20_000
MEMORY_BYTES_MAX = 128 * 1024 * 1024


def numbered(n):
    return struct.pack(">I", n) * (PAYLOAD_BYTES // 4)


class SlowViewers(RelayCase):
    def slow_viewer(self, path="/out/v"):
        viewer = Raw(self.node.address, path, receive_buffer=4096)
        self.addCleanup(viewer.socket.close)
        return viewer

    async def send_and_watch(self, count, per_second):
        """Sends `count` numbered messages, reads them all at a second viewer; the round trips on another topic."""
        sender, viewer = await self.connect_all(self.node, "/in/v", "/out/v")
        here, there = await self.connect_all(self.node, "/other", "/other")
        trips = []

        async def send():
            for n in range(count):
                await sender.send(numbered(n))
                await asyncio.sleep(1 / per_second)

        async def read():
            for n in range(count):
                self.assertEqual(await asyncio.wait_for(viewer.recv(), 10), numbered(n))

        async def measure(sending):
            while not sending.done():
                before = time.monotonic()
                await here.send("trip")
                await there.recv()
                trips.append(time.monotonic() - before)
                await asyncio.sleep(0.01)

        sending = asyncio.ensure_future(send())
        await asyncio.gather(sending, read(), measure(sending))
        return trips

    async def test_F24_one_who_stops_reading_slows_nobody_and_costs_bounded_memory(self):
        """The same 60 MB as in the check, in 10 s instead of 30: 300 messages a second."""
        slow = self.slow_viewer()
        before = self.node.resident_bytes()

        trips = await self.send_and_watch(count=3000, per_second=300)

        self.assertLess(statistics.median(trips), 0.05)
        self.assertLess(self.node.resident_bytes() - before, MEMORY_BYTES_MAX)
        newcomer = await self.connect(self.node, "/out/v")
        await self.assert_alive(newcomer)
        got, code = await asyncio.to_thread(self.read_on, slow)
        self.assertEqual(got, sorted(set(got)), "what the slow one still gets is whole and in order")
        self.assertIn(code, (1008, 1013, None))

    def read_on(self, slow):
        """The numbers of the messages that the slow viewer gets after all, and how its connection ended."""
        got = []
        try:
            while True:
                opcode, payload = slow.read()
                if opcode == CLOSE:
                    return got, struct.unpack(">H", payload[:2])[0]
                if opcode == BINARY:
                    number, = struct.unpack(">I", payload[:4])
                    self.assertEqual(payload, numbered(number))
                    got.append(number)
        except (EOFError, ConnectionResetError):
            return got, None

    async def test_F25_fifty_who_come_stop_reading_and_leave_cost_nothing_afterwards(self):
        """Three rounds of fifty."""
        keeps = await self.connect(self.node, "/out/v")
        await self.assert_alive(keeps)
        descriptors = self.node.descriptors()
        sizes = []
        for _ in range(3):
            viewers = [self.slow_viewer() for _ in range(50)]
            await self.send_and_watch(count=200, per_second=400)
            for viewer in viewers:
                viewer.socket.close()
            # the four clients of send_and_watch stay until the test ends
            await self.until(lambda: self.node.descriptors() <= descriptors + 4 * (len(sizes) + 1), 10, "sockets closed")
            sizes.append(self.node.resident_bytes())
        self.assertLess(sizes[-1] - sizes[0], MEMORY_BYTES_MAX // 4)
