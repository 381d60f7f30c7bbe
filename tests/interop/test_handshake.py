"""The upgrade, and frames that no library sends (F13, F14, F18 to F21)."""
import time
import unittest

from case import RelayCase
from raw import ACCEPT, BINARY, CLOSE, PING, PONG, TEXT, Raw


class Handshake(RelayCase):
    def reply_to(self, *fields, path="/foo"):
        with Raw(self.node.address, path, fields) as client:
            return client.status, client.fields

    def test_F13_the_subprotocol_null_is_selected_when_offered_and_no_other(self):
        for offered, selected in (("null", "null"), ("foo, null", "null"), ("foo", None), (None, None)):
            with self.subTest(offered):
                status, fields = self.reply_to(*([f"Sec-WebSocket-Protocol: {offered}"] if offered else []))
                self.assertEqual((status, fields.get("sec-websocket-protocol")), (101, selected))
                self.assertEqual(fields["sec-websocket-accept"], ACCEPT)

    def test_F14_no_extension_is_agreed_on_and_any_origin_may_come(self):
        status, fields = self.reply_to("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
                                       "Origin: https://elsewhere.example.org")
        self.assertEqual(status, 101)
        self.assertNotIn("sec-websocket-extensions", fields)

    async def test_an_old_jsmpeg_player_in_a_browser_gets_its_picture(self):
        old = ("Pragma: no-cache", "Cache-Control: no-cache", "Origin: http://lab.example.org",
               "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/71.0",
               "Accept-Encoding: gzip, deflate", "Accept-Language: en-GB,en;q=0.9", "Sec-WebSocket-Protocol: null",
               "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")
        packets = (b"\x47\x1f\xff\x10" + bytes(184)) * 7
        with Raw(self.node.address, "/out/video0", old) as player:
            self.assertEqual((player.status, player.fields["sec-websocket-protocol"]), (101, "null"))
            camera = await self.connect(self.node, "/in/video0")
            await camera.send(packets)
            self.assertEqual(player.read(), (BINARY, packets))


class Frames(RelayCase):
    def test_F18_an_unmasked_frame_closes_with_1002(self):
        with Raw(self.node.address, "/foo") as client:
            client.send(TEXT, b"hi", masked=False)
            self.assertEqual(client.read_close_code(), 1002)
            with self.assertRaises(EOFError):
                client.read()

    def test_F19_a_ping_is_answered_with_its_own_payload(self):
        with Raw(self.node.address, "/foo") as client:
            client.send(PING, b"abc")
            self.assertEqual(client.read(), (PONG, b"abc"))


class Liveness(RelayCase):
    """Seconds stand for minutes: a ping each half second instead of 54 s. The tests on the in-memory network cover
    the default times."""

    flags = ("--ping-every", "500ms", "--dead-after", "2s")

    def test_F20_an_idle_client_that_answers_pings_stays_and_sees_them_regularly(self):
        with Raw(self.node.address, "/foo") as client:
            seen = [time.monotonic()]
            while len(seen) < 8:
                opcode, payload = client.read()
                self.assertEqual(opcode, PING)
                client.send(PONG, payload)
                seen.append(time.monotonic())
            self.assertGreater(seen[-1] - seen[0], 2.5, "longer than it may be silent")
            self.assertLess(max(b - a for a, b in zip(seen, seen[1:])), 1.5)

    def test_F21_a_client_that_never_answers_is_cut_off(self):
        with Raw(self.node.address, "/foo") as client:
            before = time.monotonic()
            with self.assertRaises((EOFError, ConnectionResetError)):
                while client.read()[0] in (PING, CLOSE):
                    pass
            self.assertTrue(1.8 < time.monotonic() - before < 4)


class Compression(RelayCase):
    flags = ("--deflate",)

    async def test_with_the_option_a_library_that_offers_compression_gets_it(self):
        x, y = await self.connect_all(self.node, "/expt", "/expt", compression="deflate")
        self.assertEqual([e.name for e in x.extensions], ["permessage-deflate"])
        for message in ("hello " * 10_000, b"\x00" * 100_000, ""):
            await x.send(message)
            await self.assert_gets(y, message)
