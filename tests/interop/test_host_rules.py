"""The host's REST API and what its rules do to messages (F34 to F48, F55)."""
import asyncio
import json
import time

from case import HostCase

RULE = {"stream": "/stream/front/large", "feeds": ["video0", "audio0"]}
STORED = {"stream": "stream/front/large", "feeds": ["video0", "audio0"]}


class Rules(HostCase):
    async def assert_json(self, method, path, value, body=None):
        status, kind, text = await self.ask(method, path, body)
        self.assertEqual((status, kind), (200, "application/json"), text)
        self.assertEqual(json.loads(text), value)

    async def test_F34_S52_it_says_that_it_is_well(self):
        status, kind, text = await self.ask("GET", "/healthcheck")
        self.assertEqual((status, text), (200, '"ok"\n'))
        self.assertTrue(kind.startswith("text/plain"))

    async def test_F35_F36_S52_a_stream_is_stored_without_its_first_slash_and_found_again(self):
        await self.assert_json("POST", "/api/streams", STORED, RULE)
        await self.assert_json("GET", "/api/streams/all", {"stream/front/large": ["video0", "audio0"]})
        await self.assert_json("GET", "/api/streams/stream/front/large", ["video0", "audio0"])
        status, _, text = await self.ask("GET", "/api/streams/stream/none")
        self.assertEqual((status, text), (404, "Stream not found\n"))

    async def test_F37_a_destination_is_dialled_once_and_listed(self):
        relay = await self.relay()
        await self.add_stream(*["/stream/front/large", "video0", "audio0"])
        rule = {"id": "0", "stream": "/stream/front/large", "destination": relay.url + "/in/v"}
        stored = {"id": "0", "stream": "stream/front/large", "destination": relay.url + "/in/v"}
        await self.assert_json("POST", "/api/destinations", stored, rule)
        await self.until(lambda: relay.clients, what="a handshake")
        await self.assert_json("GET", "/api/destinations/all", {"0": stored})
        self.assertEqual([path for _, path in relay.handshakes], ["/in/v"])

    async def test_F38_PUT_and_UPDATE_do_what_POST_does(self):
        for method in ("PUT", "UPDATE"):
            with self.subTest(method):
                await self.assert_json(method, "/api/streams", STORED, RULE)

    async def test_F39_what_is_not_a_rule_is_refused_and_changes_nothing(self):
        for path, body in (("streams", b"{"), ("streams", b""), ("streams", b"[]"), ("streams", b'{"stream":1}'),
                           ("destinations", b'{"id":0}'), ("destinations", b'{"id":"0","stream":"s","destination":"x"}')):
            with self.subTest(body):
                status, _, _ = await self.ask("POST", f"/api/{path}", body)
                self.assertTrue(400 <= status < 600)
        await self.assert_json("GET", "/api/streams/all", {})
        await self.assert_json("GET", "/api/destinations/all", {})

    async def test_F40_what_is_deleted_is_named_known_or_not(self):
        await self.add_stream("stream/front/large", "video0")
        for name in ("stream/front/large", "stream/none"):
            await self.assert_json("DELETE", f"/api/streams/{name}", name)
        await self.assert_json("DELETE", "/api/destinations/0", "0")
        await self.assert_json("GET", "/api/streams/all", {})

    async def test_F41_S53_all_deletes_all_in_both_spellings(self):
        for spelling in ("all", "deleteAll"):
            with self.subTest(spelling):
                relay = await self.relay()
                for n in range(3):
                    await self.add_stream(f"stream/s{n}", "video0")
                    await self.add_destination(str(n), f"stream/s{n}", relay.url)
                await self.until(lambda: len(relay.clients) == 3, what="three connections")
                for kind in ("streams", "destinations"):
                    await self.assert_json("DELETE", f"/api/{kind}/{spelling}", "deleteAll")
                    await self.assert_json("GET", f"/api/{kind}/all", {})
                await self.until(lambda: len(relay.closes) == 3, what="three ends")
                self.assertEqual(relay.closes, [1000] * 3)

    async def test_F45_deleting_in_any_order_and_twice_harms_nothing(self):
        relay = await self.relay()
        await self.connect(self.host, "/ws/video0")
        for _ in range(2):
            await self.add_stream("stream/s", "video0")
            await self.add_destination("0", "stream/s", relay.url)
            for path in ("streams/stream/s", "destinations/0") * 2 + ("streams/deleteAll", "destinations/deleteAll") * 2:
                status, _, _ = await self.ask("DELETE", f"/api/{path}")
                self.assertEqual(status, 200)
        self.assertEqual((await self.ask("GET", "/healthcheck"))[0], 200)


class Forwarding(HostCase):
    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.relay_of_test = await self.relay()
        self.video, self.audio = await self.connect_all(self.host, "/ws/video0", "/ws/audio0")

    async def forward(self):
        await self.add_stream("stream/front/large", "video0", "audio0")
        await self.add_destination("0", "stream/front/large", self.relay_of_test.url)
        await self.until(lambda: self.relay_of_test.clients, what="a connection")

    async def test_F42_both_feeds_of_a_stream_arrive_as_separate_messages(self):
        await self.forward()
        await self.video.send(b"V1")
        await self.assert_relay_has(self.relay_of_test, b"V1")
        await self.audio.send(b"A1")
        await self.assert_relay_has(self.relay_of_test, b"V1", b"A1")

    async def test_F43_mute_and_unmute_keep_the_connection(self):
        await self.forward()
        await self.add_stream("stream/front/large", "video0")
        await self.audio.send(b"A2")
        await self.assert_alive(self.audio)
        await self.video.send(b"V2")
        await self.assert_relay_has(self.relay_of_test, b"V2")
        await self.add_stream("stream/front/large", "video0", "audio0")
        await self.video.send(b"V3")
        await self.assert_relay_has(self.relay_of_test, b"V2", b"V3")
        await self.audio.send(b"A3")
        await self.assert_relay_has(self.relay_of_test, b"V2", b"V3", b"A3")
        self.assertEqual(len(self.relay_of_test.handshakes), 1)

    async def test_F44_another_address_for_a_destination_moves_it(self):
        await self.forward()
        other = await self.relay()
        await self.add_destination("0", "stream/front/large", other.url)
        await self.until(lambda: self.relay_of_test.closes == [1000], what="the old one closed with 1000")
        await self.until(lambda: other.clients, 1, "the new one connected")
        await self.video.send(b"V")
        await self.assert_relay_has(other, b"V")

    async def test_F46_what_a_relay_sends_goes_to_the_feed_and_not_into_a_stream(self):
        await self.forward()
        back, second = await self.relay(), await self.relay()
        await self.add_destination("back", "data", back.url)
        await self.add_destination("second", "data", second.url)
        data = await self.connect(self.host, "/ws/data")
        await self.until(lambda: back.clients and second.clients, what="connections")
        await back.clients[0].send("from the relay")
        await self.assert_gets(data, "from the relay")
        await self.assert_relay_has(second, "from the relay")
        await self.relay_of_test.clients[0].send("to nobody")
        await self.assert_nothing(data, self.video, self.audio)

    async def test_F54_a_burst_of_a_thousand_texts_arrives_everywhere_in_order(self):
        await self.add_destination("data", "d", self.relay_of_test.url)
        sender, reader = await self.connect_all(self.host, "/ws/d", "/ws/d")
        await self.until(lambda: self.relay_of_test.clients, what="a connection")
        texts = [f"message {n}" for n in range(1000)]
        await asyncio.gather(*(sender.send(text) for text in texts))
        await self.assert_gets(reader, *texts)
        await self.assert_relay_has(self.relay_of_test, *texts)

    async def test_F55_a_stream_can_be_watched_at_the_host(self):
        await self.forward()
        preview = await self.connect(self.host, "/ws/stream/front/large")
        await self.video.send(b"V")
        await self.assert_gets(preview, b"V")
        await self.audio.send(b"A")
        await self.assert_gets(preview, b"A")
        await preview.send(b"goes nowhere")
        await self.assert_nothing(self.video, self.audio)
        await self.assert_relay_has(self.relay_of_test, b"V", b"A")


class Redialling(HostCase):
    async def test_F47_a_relay_that_refuses_is_asked_again_later_and_later(self):
        """The first four attempts, at 0, 1, 3 and 7 s; the test with a manual clock goes on to 35 s."""
        relay = await self.relay(refuse=True)
        await self.add_destination("0", "video0", relay.url)
        await self.until(lambda: len(relay.handshakes) >= 4, 12, "four attempts")
        first = relay.handshakes[0][0]
        for (at, _), wanted in zip(relay.handshakes[1:4], (1, 3, 7)):
            self.assertAlmostEqual(at - first, wanted, delta=0.2 * wanted + 0.3)

    async def test_F48_a_relay_that_accepts_and_closes_is_not_stormed(self):
        relay = await self.relay(close_at_once=True)
        await self.add_destination("0", "video0", relay.url)
        await self.until(lambda: relay.handshakes, what="an attempt")
        until = time.monotonic() + 3
        await self.until(lambda: time.monotonic() > until, 4)
        self.assertTrue(2 <= len(relay.handshakes) <= 7, relay.handshakes)
