"""One who does not read, or comes and goes, must cost nobody else anything (F24, F25; section E of the fault model)."""
import asyncio
import random
import socket
import statistics
import struct
import time

import websockets

from case import RelayCase
from program import BINARY as PROGRAM
from raw import BINARY, CLOSE, Raw, frame

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


class ManySlowViewers(SlowViewers):
    """A data topic: what a reader does not take in two seconds ends its connection, and nothing is lost silently."""

    test_F24_one_who_stops_reading_slows_nobody_and_costs_bounded_memory = None
    test_F25_fifty_who_come_stop_reading_and_leave_cost_nothing_afterwards = None

    async def test_E1_half_of_two_hundred_stall_and_the_other_half_misses_nothing(self):
        """2 Mbit/s, as twelve messages a second."""
        healthy = await self.connect_all(self.node, *["/out/v"] * 100)
        sender, = await self.connect_all(self.node, "/in/v")
        before, descriptors = self.node.resident_bytes(), self.node.descriptors()
        for _ in range(100):
            self.slow_viewer()
        count, most = 96, 0

        async def read(viewer):
            for n in range(count):
                self.assertEqual(await asyncio.wait_for(viewer.recv(), 10), numbered(n))

        reading = asyncio.gather(*(read(viewer) for viewer in healthy))
        for n in range(count):
            await sender.send(numbered(n))
            most = max(most, self.node.resident_bytes() - before)
            await asyncio.sleep(1 / 12)
        await reading

        self.assertLess(most, (100 + 16) * 1024 * 1024)
        await self.until(lambda: self.node.descriptors() <= descriptors, 6, "the stalled ones put out")


class Trickle(SlowViewers):
    flags = ("--write-time-max", "2s", "--outbox-age-max", "1h", "--outbox-bytes-max", "1GiB")

    test_F24_one_who_stops_reading_slows_nobody_and_costs_bounded_memory = None
    test_F25_fifty_who_come_stop_reading_and_leave_cost_nothing_afterwards = None

    async def test_E3_who_reads_byte_by_byte_is_as_good_as_one_who_does_not(self):
        """The window opens in whole segments, so that ten bytes a second are no progress to the node."""
        slow = self.slow_viewer()
        sender = await self.connect(self.node, "/in/v")
        descriptors = self.node.descriptors()
        for n in range(100):
            await sender.send(numbered(n))

        def trickle():
            began = time.monotonic()
            while time.monotonic() - began < 15 and self.node.descriptors() >= descriptors:
                slow.socket.recv(1)
                time.sleep(0.1)
            return time.monotonic() - began

        self.assertLess(await asyncio.to_thread(trickle), 10)


class Neighbours(RelayCase):
    """Both topics on one loop: on two, they would not meet."""

    flags = ("--loops", "1")

    async def test_E5_a_busy_topic_holds_a_quiet_one_up_by_a_turn_and_no_longer(self):
        """A thousand messages a second to a hundred viewers beside one that is asked now and then."""
        here, there = await self.connect_all(self.node, "/quiet", "/quiet")
        busy = asyncio.ensure_future(self.run_tool(PROGRAM, "bench", "--url", self.node.url("/busy"), "--subscribers", "100",
                                                   "--size", "1316", "--rate", "1000", "--duration", "3s", "--json"))
        trips = []
        while not busy.done():
            before = time.monotonic()
            await here.send("trip")
            await asyncio.wait_for(there.recv(), 10)
            trips.append(time.monotonic() - before)
            await asyncio.sleep(0.005)

        status, out, err = await busy
        self.assertEqual(status, 0, err)
        self.assertGreater(len(trips), 50)
        self.assertLess(statistics.median(trips), 0.05)


class Churn(RelayCase):
    flags = ("--loops", "2")

    async def test_E6_whoever_comes_and_goes_gets_whole_messages_in_order(self):
        """Two publishers who stay, viewers who come for a moment, and publishers who leave in the middle of a message."""
        until, done = time.monotonic() + 4, asyncio.Event()
        sent, whole = [0, 0], [0]

        async def publish(which):
            sender = await self.connect(self.node, "/in/v")
            while not done.is_set():
                await sender.send(struct.pack(">II", which, sent[which]) * 700)
                sent[which] += 1
                await asyncio.sleep(0.002)

        async def view(seed):
            chance = random.Random(seed)
            while time.monotonic() < until:
                viewer = await websockets.connect(self.node.url("/out/v"), compression=None)
                newest = [None, None]
                for _ in range(chance.randrange(1, 60)):
                    message = await asyncio.wait_for(viewer.recv(), 10)
                    which, number = struct.unpack(">II", message[:8])
                    self.assertEqual(message, struct.pack(">II", which, number) * 700)
                    self.assertIn(newest[which], (None, number - 1), "none left out, none twice")
                    newest[which] = number
                    whole[0] += 1
                if chance.random() < 0.5:
                    viewer.transport.abort()
                else:
                    await viewer.close()

        def leave_in_the_middle():
            while time.monotonic() < until:
                client = Raw(self.node.address, "/in/v")
                client.socket.sendall(frame(BINARY, b"half", fin=False) + frame(BINARY, bytes(5000))[:2000])
                if time.monotonic() % 1 < 0.5:
                    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                client.socket.close()
                time.sleep(0.01)

        publishing = asyncio.gather(publish(0), publish(1))
        try:
            await asyncio.gather(asyncio.to_thread(leave_in_the_middle), *(view(n) for n in range(30)))
        finally:
            done.set()
            await publishing

        self.assertGreater(whole[0], 1000)
        keeps = await self.connect(self.node, "/out/v")
        await self.assert_nothing(keeps)
