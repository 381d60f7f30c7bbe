"""Rows of the fault model that need the finished program: strangers who connect and send what nobody should. Sections A
to D; docs/reliability.md says what is tested elsewhere."""
import asyncio
import fcntl
import http.client
import os
import re
import resource
import signal
import socket
import statistics
import struct
import time
import zlib

from case import Case, RelayCase
from program import Program
from raw import BINARY, PING, Raw, frame

MIB = 1024 * 1024
FLOOD_SECONDS_MAX = 0.005  # of processor time, for two thousand pings of which fifty count
MEDIAN_SECONDS_MAX = 0.1  # of round trips beside an attack; a few milliseconds where the machine has nothing else to do


class Strangers(RelayCase):
    def strangers(self, count, first=b"", receive_buffer=None):
        """So many connections, from as many addresses of 127.0.0.0/8, each having sent `first`."""
        made = []
        for n in range(count):
            stranger = socket.socket()
            self.addCleanup(stranger.close)
            stranger.setsockopt(socket.IPPROTO_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT: the address, and any port
            if receive_buffer:
                stranger.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            stranger.bind((f"127.{1 + n % 200}.{n // 200 % 250}.1", 0))
            stranger.connect(self.node.address)
            if first:
                stranger.sendall(first)
            stranger.setblocking(False)
            made.append(stranger)
        return made

    def ask(self, request):
        """All that comes back on a connection of its own, to its end."""
        with socket.create_connection(self.node.address, timeout=5) as s:
            answer = b""
            try:
                s.sendall(request)
                while data := s.recv(65536):
                    answer += data
            except ConnectionResetError:
                pass
            return answer

    async def round_trips(self, pair, seconds):
        """How long messages took from one to the other of two clients, at 100 a second."""
        here, there = pair
        trips = []
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            before = time.monotonic()
            await here.send("trip")
            await asyncio.wait_for(there.recv(), 10)
            trips.append(time.monotonic() - before)
            await asyncio.sleep(0.01)
        return trips


class Heads(Strangers):
    def test_A2_what_is_too_long_is_refused_with_its_status(self):
        start = b"GET / HTTP/1.1\r\nHost: a\r\n"
        self.assertRegex(self.ask(start + b"X: " + b"x" * 8192), rb"^HTTP/1.1 431 ")
        self.assertRegex(self.ask(start + b"X: y\r\n" * 64), rb"^HTTP/1.1 431 ")
        self.assertRegex(self.ask(b"GET /" + b"x" * 65536), rb"^HTTP/1.1 414 ")

    async def test_A2_heads_that_never_end_hold_sixteen_KiB_each_at_most(self):
        self.strangers(100)  # what the first ones cost is not theirs
        before = self.node.resident_bytes()
        begun = b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 8000
        count = 2000

        self.strangers(count, begun)
        await asyncio.sleep(0.5)

        self.assertLess(self.node.resident_bytes() - before, count * 16 * 1024)
        self.assertEqual(self.node.http("GET", "/stats")[0], 200)

    async def test_A4_who_asks_for_pages_and_does_not_read_them_costs_no_copy_of_them(self):
        _, _, page = self.node.http("GET", "/view/demo")
        names = set(re.findall(r"[\w-]+-[\w-]{8}\.js", page))
        for name in list(names):  # what the page loads, and what that loads
            names |= set(re.findall(r"[\w-]+-[\w-]{8}\.js", self.node.http("GET", f"/assets/{name}")[2]))
        sizes = {len(self.node.http("GET", f"/assets/{name}")[2]): name for name in names}
        self.assertGreater(max(sizes), 200_000)
        self.strangers(100)
        before, count = self.node.resident_bytes(), 1000

        self.strangers(count, f"GET /assets/{sizes[max(sizes)]} HTTP/1.1\r\nHost: a\r\n\r\n".encode(), receive_buffer=2048)
        await asyncio.sleep(0.5)

        self.assertLess(self.node.resident_bytes() - before, count * 16 * 1024)

    def test_A3_two_thousand_fields_with_an_upgrade_are_431_and_it_lives(self):
        fields = b"".join(b"X-%d: y\r\n" % n for n in range(2000))
        request = b"GET /x HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" + fields + b"\r\n"
        for _ in range(20):
            self.assertRegex(self.ask(request), rb"^HTTP/1.1 431 ")
        self.assertEqual(self.node.http("GET", "/stats")[0], 200)

    async def test_A4_eight_thousand_slow_heads_hinder_nobody_and_are_gone_after_their_time(self):
        """To the millisecond the tests with a clock moved by hand are: ServerTime.A4_…"""
        pair = await self.connect_all(self.node, "/t", "/t")
        descriptors = self.node.descriptors()
        slow = await asyncio.to_thread(self.strangers, 8000, b"GET /x HTTP/1.1\r\nX: ")
        trips = asyncio.ensure_future(self.round_trips(pair, 3))
        while not trips.done():
            with await asyncio.to_thread(Raw, self.node.address, "/out/t") as newcomer:
                self.assertEqual(newcomer.status, 101)
            for n, stranger in enumerate(slow):  # a byte now and then: the time is for the whole head
                try:
                    stranger.send(b"x")
                except OSError:
                    pass
                if n % 200 == 0:
                    await asyncio.sleep(0)

        self.assertLess(statistics.median(await trips), MEDIAN_SECONDS_MAX)
        await self.until(lambda: self.node.descriptors() <= descriptors, 10, "the slow ones have gone")


class Floods(Strangers):
    flags = ("--http-waiting-connections-max", "500", "--http-waiting-connections-per-host-max", "100")

    async def test_D1_a_flood_of_silent_connections_pushes_out_its_own_kind_only(self):
        pair = await self.connect_all(self.node, "/t", "/t")
        others = self.node.descriptors()
        trips = asyncio.ensure_future(self.round_trips(pair, 3))
        loops = self.node.threads() - 1  # each has its own room for those who wait; one thread only looks on
        while not trips.done():
            batch = self.strangers(300)
            self.assertLessEqual(self.node.descriptors(), others + 500 * loops + 300)
            with await asyncio.to_thread(Raw, self.node.address, "/out/t") as newcomer:
                self.assertEqual(newcomer.status, 101)
            for stranger in batch[::2]:
                stranger.close()
            await asyncio.sleep(0.02)

        self.assertLess(statistics.median(await trips), MEDIAN_SECONDS_MAX)
        await self.assert_alive(*pair)


class FewDescriptors(Strangers):
    async def test_D2_out_of_descriptors_it_neither_spins_nor_drops_anybody_and_recovers(self):
        pair = await self.connect_all(self.node, "/t", "/t")
        before = resource.prlimit(self.node.process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(self.node.process.pid, resource.RLIMIT_NOFILE, (256, before[1]))
        crowd = self.strangers(600)
        await asyncio.sleep(0.3)
        used, began = self.node.processor_seconds(), time.monotonic()

        trips = await self.round_trips(pair, 2)

        share = (self.node.processor_seconds() - used) / (time.monotonic() - began)
        self.assertLess(share, 0.2, "of one core")
        self.assertLess(statistics.median(trips), MEDIAN_SECONDS_MAX)
        for stranger in crowd:
            stranger.close()
        newcomer = await asyncio.wait_for(self.connect(self.node, "/t"), 3)
        await self.assert_alive(newcomer, *pair)


class Frames(Strangers):
    flags = ("--deflate",)

    def raw(self, path, *fields, **options):
        client = Raw(self.node.address, path, fields, **options)
        self.addCleanup(client.socket.close)
        self.assertEqual(client.status, 101)
        return client

    async def test_B3_a_length_without_end_is_refused_by_its_header(self):
        for length, code in ((10 * MIB + 1, 1009), (2**31, 1009), (2**32, 1009), (2**63 - 1, 1009), (2**63, 1002),
                             (2**64 - 1, 1002)):
            client = self.raw("/t")
            client.socket.sendall(bytes([0x82, 0xFF]) + struct.pack(">Q", length))
            self.assertEqual(client.read_close_code(), code, hex(length))
        self.assertLess(self.node.resident_bytes(), 64 * MIB)

    async def test_B4_messages_in_fragments_of_one_byte_cost_their_bytes(self):
        """131,000 fragments by each of 50 who never come to an end."""
        clients = [self.raw("/t") for _ in range(50)]
        before = self.node.resident_bytes()
        count = 131_000
        fragments = bytes([0x02, 0x81, 0, 0, 0, 0, 0x61]) + bytes([0x00, 0x81, 0, 0, 0, 0, 0x62]) * (count - 1)

        def send_all():
            for client in clients:
                client.socket.sendall(fragments)
                client.send(PING, b"so far")
                self.assertEqual(client.read()[1], b"so far")

        await asyncio.to_thread(send_all)

        self.assertLess(self.node.resident_bytes() - before, 50 * (2 * count + 16 * 1024) + 4 * MIB)

    async def test_B6_bombs_end_at_the_limit_and_cost_no_more(self):
        compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
        piece = bytes(MIB)
        bomb = b"".join(compressor.compress(piece) for _ in range(200)) + compressor.flush(zlib.Z_SYNC_FLUSH)
        bomb = bomb.removesuffix(b"\0\0\xff\xff")
        message = bytearray(frame(BINARY, bomb))
        message[0] |= 0x40
        clients = [self.raw("/t", "Sec-WebSocket-Extensions: permessage-deflate") for _ in range(10)]
        before = self.node.resident_bytes()

        def explode():
            for client in clients:
                self.assertIn("permessage-deflate", client.fields["sec-websocket-extensions"])
                try:
                    client.socket.sendall(message)
                except OSError:
                    pass  # closed before all of it was sent
            return [client.read_close_code() for client in clients]

        self.assertEqual(await asyncio.to_thread(explode), [1009] * len(clients))
        self.assertLess(self.node._status("VmHWM") * 1024 - before, 12 * MIB + 10 * 512 * 1024)

    async def test_B8_a_flood_of_pings_ends_with_1008_and_is_no_flood_of_lines(self):
        pair = await self.connect_all(self.node, "/t", "/t")
        flood = frame(PING, b"p" * 125) * 2000
        before, lines, used = self.node.resident_bytes(), len(self.node.lines), self.node.processor_seconds()
        floods = 30

        def flood_from_many():
            codes = []
            for _ in range(floods):
                client = self.raw("/t")
                try:
                    client.socket.sendall(flood)
                except OSError:
                    pass
                codes.append(client.read_close_code())
            return codes

        flooding = asyncio.ensure_future(asyncio.to_thread(flood_from_many))
        trips = await self.round_trips(pair, 1)

        self.assertEqual(set(await flooding), {1008})
        self.assertLess(statistics.median(trips), MEDIAN_SECONDS_MAX)
        self.assertLess(self.node.resident_bytes() - before, 8 * MIB)
        self.assertLess(len(self.node.lines) - lines, floods)
        self.assertLess(self.node.processor_seconds() - used, floods * FLOOD_SECONDS_MAX)


class Rates(Strangers):
    flags = ("--receive-bytes-per-second-max", "1MiB")

    async def test_D6_who_sends_more_than_allowed_is_read_more_slowly_and_loses_nothing(self):
        sender, viewer = await self.connect_all(self.node, "/in/t", "/out/t")
        pair = await self.connect_all(self.node, "/other", "/other")
        messages = [struct.pack(">I", n) * 16384 for n in range(64)]  # 4 MiB
        began = time.monotonic()
        sending = asyncio.gather(*(sender.send(m) for m in messages))
        trips = asyncio.ensure_future(self.round_trips(pair, 2))

        await self.assert_gets(viewer, *messages)

        self.assertGreater(time.monotonic() - began, 2.0)
        await sending
        self.assertLess(statistics.median(await trips), MEDIAN_SECONDS_MAX)


class DeadLog(Case):
    """Whoever reads the log has stopped."""

    async def test_D8_a_log_that_nobody_reads_holds_nobody_up(self):
        """A host logs two lines for each upload; the pipe that they go into holds a page."""
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
        host = self.start("host", "--listen", "127.0.0.1:0", "--log-level", "debug",
                          "--log-file", f"/proc/{os.getpid()}/fd/{writing}")
        os.close(writing)
        client = await self.connect(host, "/ws/t")

        def upload(count):
            uploader = http.client.HTTPConnection(*host.address, timeout=5)
            for _ in range(count):
                uploader.request("POST", "/ts/t", b"x")
                answer = uploader.getresponse()
                self.assertEqual((answer.status, answer.read()), (200, b""))
            uploader.close()

        await asyncio.to_thread(upload, 500)
        await self.assert_alive(client)

        os.read(reading, 65536)  # somebody reads again
        await asyncio.to_thread(upload, 1)
        lost = re.search(rb"\(log: (\d+) lines before this one could not be written in time\)", os.read(reading, 65536))
        self.assertIsNotNone(lost, "no line was lost, so nothing was tried")
        self.assertGreater(int(lost.group(1)), 500)


class Ending(Case):
    def test_J2_a_second_signal_ends_it_at_once(self):
        node = Program("serve", "--listen", "127.0.0.1:0")
        self.addCleanup(node.process.stdout.close)
        with Raw(node.address, "/t") as silent:  # answers no close frame: the node waits for it a while
            node.signal(signal.SIGTERM)
            self.assertEqual(silent.read_close_code(), 1001)
            began = time.monotonic()
            node.signal(signal.SIGTERM)
            self.assertEqual(node.wait(5), 1)
            self.assertLess(time.monotonic() - began, 0.5)

