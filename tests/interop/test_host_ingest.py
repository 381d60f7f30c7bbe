"""What curl and ffmpeg post to the host (F49 to F53, F58, F60), and the line from ffmpeg to a viewer (F61, F66)."""
import asyncio
import os
import tempfile
import time

import ts
from case import HostCase
from raw import BINARY, Raw

VIDEO = ("-re", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25")
MPEG1 = ("-c:v", "mpeg1video", "-b:v", "1M", "-g", "12", "-bf", "0")
NOISE = ("-vf", "noise=alls=60:allf=t", "-c:v", "mpeg1video", "-g", "12", "-bf", "0")  # and a rate that it fills
AUDIO = ("-re", "-f", "lavfi", "-i", "sine=frequency=440", "-c:a", "mp2", "-b:a", "128k")


class Publishing(HostCase):
    async def ffmpeg(self, feed, *arguments):
        """A publisher that runs until the test ends; `arguments` are ffmpeg's before the output."""
        process = await asyncio.create_subprocess_exec(
            self.tool("ffmpeg"), "-hide_banner", "-loglevel", "error", *arguments, "-f", "mpegts",
            self.host.url(f"/ts/{feed}", "http"), stdin=asyncio.subprocess.DEVNULL)

        async def end():
            if process.returncode is None:
                process.terminate()
            await process.wait()
        self.addAsyncCleanup(end)
        return process

    async def read_until_end(self, viewer, publisher):
        """Everything that the viewer gets until the publisher has ended well."""
        messages = []

        async def read():
            async for message in viewer:
                messages.append(message)
        reading = asyncio.ensure_future(read())
        self.assertEqual(await asyncio.wait_for(publisher.wait(), 20), 0)
        await asyncio.wait([reading], timeout=0.5)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        return messages

    def assert_starts_clean(self, data):
        """Tables, then a picture that stands alone."""
        got = ts.packets(data)
        self.assertTrue(ts.begins_with_tables(got), [p.pid for p in got[:4]])
        pat, pmt = [p for p in got if p.payload and p.pid != ts.SERVICES][:2]
        self.assertEqual(pmt.pid, ts.map_pid(pat))
        video = next(pid for pid, kind in ts.streams(pmt).items() if kind in ts.MPEG_VIDEO)
        self.assertEqual(ts.first_mpeg_picture(got, video), ts.I_PICTURE)


class Ingest(Publishing):
    async def post(self, feed, data, *flags):
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            return await self.run_tool("curl", "-sSv", "-o", "/dev/null", "-w", "%{http_code}", *flags, "--data-binary",
                                       f"@{file.name}", self.host.url(f"/ts/{feed}", "http"))

    async def assert_posted(self, data, *flags):
        subscriber = await self.connect(self.host, "/ws/t")
        status, code, err = await self.post("t", data, *flags)
        self.assertEqual((status, code), (0, b"200"), err)
        got = b""
        while len(got) < len(data):
            got += await asyncio.wait_for(subscriber.recv(), 5)
        self.assertEqual(got, data)
        await self.assert_nothing(subscriber)
        return err

    async def test_F50_curl_posts_a_file_and_ends_and_every_byte_arrives(self):
        await self.assert_posted(os.urandom(65536))

    async def test_F50_curl_asks_before_a_large_body_and_is_told_to_go_on(self):
        err = await self.assert_posted(os.urandom(2 * 1024 * 1024), "-H", "Expect: 100-continue")
        self.assertIn("HTTP/1.1 100 Continue", err)

    async def test_F50_curl_posts_in_chunks_and_with_HTTP_1_0(self):
        await self.assert_posted(os.urandom(65536), "-H", "Transfer-Encoding: chunked")
        await self.assert_posted(os.urandom(65536), "-0")

    async def test_F51_three_megabytes_in_one_burst_arrive(self):
        await self.assert_posted(os.urandom(3_000_000))

    async def test_F53_a_hundred_posts_leave_nothing_behind(self):
        await self.post("t", os.urandom(10_000))
        threads, descriptors, resident = self.host.threads(), self.host.descriptors(), self.host.resident_bytes()
        for _ in range(10):
            await asyncio.gather(*(self.post("t", os.urandom(10_000)) for _ in range(10)))
        await self.until(lambda: self.host.descriptors() <= descriptors, what="sockets closed")
        self.assertEqual(self.host.threads(), threads)
        self.assertLess(self.host.resident_bytes() - resident, 16 * 1024 * 1024)
        used = self.host.processor_seconds()
        await asyncio.sleep(0.3)
        self.assertLess(self.host.processor_seconds() - used, 0.03, "a poller for each would take all of a core")

    async def test_F52_ffmpeg_s_frames_arrive_one_by_one_as_whole_packets(self):
        """Four seconds stand for ten."""
        viewer = await self.connect(self.host, "/ws/video0")
        publisher = await self.ffmpeg("video0", *VIDEO, *MPEG1, "-t", "4")
        messages = await self.read_until_end(viewer, publisher)
        self.assertTrue(95 <= len(messages) <= 105, f"{len(messages)} messages for 100 frames")
        for message in messages:
            ts.packets(message)
        self.assertEqual(ts.gaps(ts.packets(b"".join(messages))), [])

    async def test_F60_video_and_sound_of_two_ffmpegs_make_one_stream_for_jsmpeg(self):
        """As jsmpeg takes them: packets of both, told apart by their PES stream ids."""
        relay = await self.relay()
        await self.add_stream("stream/all", "video0", "audio0")
        await self.add_destination("0", "stream/all", relay.url)
        await self.ffmpeg("video0", *VIDEO, *MPEG1)
        await self.ffmpeg("audio0", *AUDIO)

        def ids():
            starts = [p.payload for m in list(relay.messages) for p in ts.packets(m) if p.starts and p.pid > 31]
            return {payload[3] for payload in starts if payload[:3] == b"\0\0\1"}
        await self.until(lambda: {0xE0, 0xC0} <= ids(), 10, "pictures and sound")

    async def test_F49_after_an_outage_the_relay_gets_tables_and_a_new_key_picture_first(self):
        """Two seconds stand for five."""
        relay = await self.relay()
        await self.add_destination("0", "video0", relay.url)
        await self.ffmpeg("video0", *VIDEO, *MPEG1)
        await self.until(lambda: len(relay.messages) > 25, 10, "pictures")
        relay.refuse = True
        await relay.clients[0].close()
        await asyncio.sleep(2)  # the outage is the point
        relay.messages.clear()
        relay.refuse = False
        await self.until(lambda: len(relay.messages) > 25, 10, "pictures again")
        self.assert_starts_clean(b"".join(relay.messages))

    async def test_F58_a_relay_that_stops_reading_gets_no_frame_altered_or_repeated(self):
        """Four seconds stand for ten, and what may wait is 256 KiB."""
        self.host = self.start("host", "--listen", "127.0.0.1:0", "--outbox-bytes-max", "256KiB")
        slow, quick = await self.relay(receive_buffer=65536), await self.relay()
        await self.add_destination("slow", "video0", slow.url)
        await self.add_destination("quick", "video0", quick.url)
        await self.until(lambda: slow.clients and quick.clients, what="connections")
        await self.ffmpeg("video0", *VIDEO, *NOISE, "-b:v", "20M")
        await self.until(lambda: len(slow.messages) > 10 and len(quick.messages) > 10, 10, "pictures")
        slow.clients[0].transport.pause_reading()
        count = len(quick.messages)
        await self.until(lambda: len(quick.messages) > count + 100, 15, "four seconds of pictures at the other one")
        slow.clients[0].transport.resume_reading()
        count = len(slow.messages)
        await self.until(lambda: len(slow.messages) > count + 25, 10, "pictures again")
        self.assertEqual(ts.gaps(ts.packets(b"".join(quick.messages))), [])
        number = {message: n for n, message in enumerate(quick.messages)}
        messages = slow.messages[:-5]  # the other one may be behind by a few
        got = [number.get(message) for message in messages]
        known = [n for n in got if n is not None]
        self.assertEqual(known, sorted(set(known)), "a frame was repeated")
        # After a gap a frame stands in that announces it, with tables and a picture that stands alone.
        resumed = [n for n, known in enumerate(got) if known is None]
        self.assertEqual(len(resumed), 1, "one gap was made")
        self.assertGreater(got[resumed[0] + 1], got[resumed[0] - 1] + 2)
        self.assert_starts_clean(messages[resumed[0]])
        self.assertEqual(ts.gaps(ts.packets(b"".join(messages))), [])


class WholeLine(Publishing):
    """ffmpeg, host, node, viewer."""

    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.node = self.start("serve", "--listen", "127.0.0.1:0")
        await self.add_destination("0", "video0", self.node.url("/in/v"))

    async def pictures_until(self, viewer, count):
        return [await asyncio.wait_for(viewer.recv(), 10) for _ in range(count)]

    async def test_F61_a_viewer_who_joins_in_the_middle_begins_with_tables_and_an_I_picture(self):
        await self.ffmpeg("video0", *VIDEO, *MPEG1)
        first = await self.connect(self.node, "/out/v")
        await self.pictures_until(first, 30)
        for skip in (5, 7):
            await self.pictures_until(first, skip)
            late = await self.connect(self.node, "/out/v")
            got = await self.pictures_until(late, 20)
            self.assertTrue(ts.begins_with_tables(ts.packets(got[0])))
            self.assert_starts_clean(b"".join(got))

    async def test_F52_a_viewer_gets_frame_by_frame_what_ffmpeg_decodes_without_a_complaint(self):
        """Three seconds stand for ten."""
        viewer = await self.connect(self.node, "/out/v")
        publisher = await self.ffmpeg("video0", *VIDEO, *MPEG1, "-t", "3")
        messages = await self.read_until_end(viewer, publisher)
        self.assertTrue(71 <= len(messages) <= 79, f"{len(messages)} messages for 75 frames")
        self.assertEqual(ts.gaps(ts.packets(b"".join(messages))), [])
        for message in messages:
            ts.packets(message)
        with tempfile.NamedTemporaryFile(suffix=".ts") as file:
            file.write(b"".join(messages))
            file.flush()
            status, _, err = await self.run_tool("ffmpeg", "-v", "error", "-i", file.name, "-f", "null", "-")
            _, listed, _ = await self.run_tool("ffprobe", "-v", "error", "-count_frames", "-show_entries",
                                               "stream=codec_name,nb_read_frames", "-of", "csv=p=0", file.name)
        self.assertEqual((status, err), (0, ""))
        codec, frames = listed.decode().split()[0].split(",")
        self.assertEqual(codec, "mpeg1video")
        self.assertEqual(int(frames), 75)

    async def test_F62_a_viewer_too_slow_for_the_stream_stays_near_and_comes_back_at_key_pictures(self):
        """Eight seconds stand for sixty: 8 Mbit/s, read at half of that. The full time, to the millisecond: Picture.F62_…"""
        slow = Raw(self.node.address, "/out/v", receive_buffer=16384)
        self.addCleanup(slow.socket.close)
        quick = await self.connect(self.node, "/out/v")
        await self.ffmpeg("video0", *VIDEO, *NOISE, "-b:v", "8M")
        came, delays, got = {}, [], []

        async def read_quickly():
            async for message in quick:
                came[message] = time.monotonic()

        def read_slowly():
            started = time.monotonic()
            total = 0
            while time.monotonic() < started + 8:
                opcode, message = slow.read()
                if opcode != BINARY:
                    continue
                got.append(message)
                total += len(message)
                if message in came:  # one that stands in for another after a gap is not
                    delays.append(time.monotonic() - came[message])
                time.sleep(max(0.0, started + total / 500_000 - time.monotonic()))

        reading = asyncio.ensure_future(read_quickly())
        await asyncio.to_thread(read_slowly)
        reading.cancel()
        self.assertEqual(ts.gaps(ts.packets(b"".join(came))), [])
        self.assertEqual(ts.gaps(ts.packets(b"".join(got))), [])
        self.assertLess(max(delays), 3.0, "two seconds, and how late a busy machine reads")
        for message in got[1:]:
            if message not in came:  # a gap is over
                self.assert_starts_clean(message)
        self.assertLess(len(got), 0.8 * len(came), "nothing was left out, so nothing was tried")

    async def test_F66_a_text_on_a_topic_that_carries_video_does_not_reach_its_viewers(self):
        await self.ffmpeg("video0", *VIDEO, *MPEG1)
        viewer, talker = await self.connect_all(self.node, "/out/v", "/in/v")
        await self.pictures_until(viewer, 10)
        await talker.send('{"muted":true}')
        self.assertEqual([m for m in await self.pictures_until(viewer, 25) if isinstance(m, str)], [])
