"""Which client hears which (F5 to F12), and that a message arrives as it was sent (F16, F17, F22, F23)."""
import asyncio
import json

import websockets

from case import RelayCase

MESSAGE_BYTES_MAX = 10 * 1024 * 1024


class Topics(RelayCase):
    async def test_F5_everybody_else_of_the_topic_gets_it_once(self):
        x, y, z = await self.connect_all(self.node, "/expt", "/expt", "/expt")
        await x.send("hi")
        await self.assert_gets(y, "hi")
        await self.assert_gets(z, "hi")
        await self.assert_nothing(x, y, z)

    async def test_F6_a_slash_at_the_end_does_not_matter(self):
        x, y = await self.connect_all(self.node, "/foo/", "/foo")
        await x.send("hi")
        await self.assert_gets(y, "hi")

    async def test_F7_case_and_depth_make_other_topics(self):
        x, y, z = await self.connect_all(self.node, "/foo", "/Foo", "/foo/bar")
        await x.send("hi")
        await self.assert_nothing(y, z)

    async def test_F8_what_goes_in_comes_out(self):
        s, v = await self.connect_all(self.node, "/in/demo", "/out/demo")
        await s.send(b"\x00\xff")
        await self.assert_gets(v, b"\x00\xff")
        await self.assert_nothing(s)

    async def test_F9_what_a_viewer_sends_nobody_gets_and_it_stays(self):
        s, v, other = await self.connect_all(self.node, "/in/demo", "/out/demo", "/out/demo")
        await v.send("hi")
        await self.assert_nothing(s, other)
        await self.assert_alive(v)
        await s.send("still here?")
        await self.assert_gets(v, "still here?")

    async def test_F10_senders_of_a_topic_hear_each_other(self):
        s1, s2 = await self.connect_all(self.node, "/in/demo", "/in/demo")
        await s1.send("hi")
        await self.assert_gets(s2, "hi")

    async def test_F11_in_and_out_without_a_name_are_topics_of_their_own(self):
        x, y, z = await self.connect_all(self.node, "/in/", "/in", "/out/")
        await x.send("from x")
        await self.assert_gets(y, "from x")
        await y.send("from y")
        await self.assert_gets(x, "from y")
        await self.assert_nothing(z)

    async def test_F12_paths_are_decoded_and_queries_ignored(self):
        for one, other in (("/foo%2Fbar", "/foo/bar"), ("/foo?a=1", "/foo?b=2")):
            x, y = await self.connect_all(self.node, one, other)
            await x.send("from x")
            await self.assert_gets(y, "from x")
            await y.send("from y")
            await self.assert_gets(x, "from y")


class Messages(RelayCase):
    async def test_F16_fragments_arrive_as_one_message_of_the_same_type(self):
        x, y = await self.connect_all(self.node, "/expt", "/expt")
        await x.send(["one ", "two ", "three"])
        await x.send([b"\x00\x01", b"", b"\x02"])
        await x.send("")
        await self.assert_gets(y, "one two three", b"\x00\x01\x02", "")

    async def test_F17_ten_mebibytes_arrive_and_one_byte_more_closes_the_sender(self):
        s, v = await self.connect_all(self.node, "/in/demo", "/out/demo")
        whole = bytes(range(256)) * (MESSAGE_BYTES_MAX // 256)
        await s.send(whole)
        await self.assert_gets(v, whole)
        try:
            await s.send(whole + b"!")
        except websockets.ConnectionClosed:
            pass
        await self.assert_closed(s, 1009)
        await self.assert_nothing(v)
        other = await self.connect(self.node, "/in/demo")
        await other.send("still here")
        await self.assert_gets(v, "still here")

    async def test_F22_a_thousand_texts_as_fast_as_possible_arrive_in_order(self):
        s, v = await self.connect_all(self.node, "/in/demo", "/out/demo")
        await asyncio.gather(*(s.send(json.dumps({"n": n})) for n in range(1000)))
        got = [json.loads(await asyncio.wait_for(v.recv(), 5)) for _ in range(1000)]
        self.assertEqual(got, [{"n": n} for n in range(1000)])
        await self.assert_nothing(v)

    async def test_F23_text_and_binary_in_turn_keep_type_and_content(self):
        s, v = await self.connect_all(self.node, "/in/demo", "/out/demo")
        sent = [f"text {n}" if n % 2 else b"binary %d" % n for n in range(1000)]
        await asyncio.gather(*(s.send(message) for message in sent))
        self.assertEqual([await asyncio.wait_for(v.recv(), 5) for _ in sent], sent)
