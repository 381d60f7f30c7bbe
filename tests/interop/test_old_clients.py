"""The node with the clients that the older secure relay has in the field (old_clients.py), whose seconds are 20 ms here."""
import asyncio
import time

from case import GETS_SECONDS
from old_clients import Connection, OldClient, OldPlayer, OldRecorder, exchange, is_healthy
from raw import ACCEPT
from relay_case import SecureCase, token

ROW = [1, 2, 4, 8, 10, 10]


class OldClientCase(SecureCase):
    def session(self, topic):
        return "http://{}:{}/session/{}".format(*self.node.access, topic)

    def client(self, topic, made=None, kind=OldClient, **options):
        return self.running(kind(self.session(topic), made or token(topic), **options))

    def running(self, client):
        self.addAsyncCleanup(client.stop)
        return client

    async def connected(self, *clients, times=1):
        for client in clients:
            try:
                await self.until(lambda client=client: client.connection and client.established == times, 20)
            except AssertionError:
                self.fail(f"no connection {times}, but {client.attempts}: {client.tasks}")

    async def waited(self, client, count=len(ROW)):
        await self.until(lambda: len(client.waits) >= count, 20, f"{count} waits")
        return client.waits[:count]


class Exchange(OldClientCase):
    async def test_they_connect_at_once_and_hear_each_other(self):
        rig, viewer = self.client("t1"), self.client("t1", token("t1", ["read"]), OldRecorder)
        await self.connected(rig, viewer)
        for message in ("text ü", b"\x00\xff", "", b"x" * 70_000, "last"):
            rig.offer(message)
            await asyncio.sleep(0.05)  # its queue is short
        await self.until(lambda: len(viewer.got) == 5, what="five messages")
        self.assertEqual(viewer.got, ["text ü", b"\x00\xff", "", b"x" * 70_000, "last"])
        self.assertEqual(viewer.lines[:2], ["text ü", "AP8="])
        self.assertEqual((rig.got, rig.waits, viewer.waits), ([], [], []))
        self.assertNotIn("sec-websocket-protocol", rig.connection.fields)
        self.assertNotIn("sec-websocket-extensions", rig.connection.fields)

    async def test_a_page_that_posts_JSON_plays_with_subprotocol_null(self):
        uri = await exchange(self.session("v"), token("v", ["read"]), b"{}",
                             {"Content-Type": "application/json;charset=utf-8"})
        player, camera = self.running(OldPlayer(uri)), self.client("v")
        await self.connected(camera)
        await self.until(lambda: player.open, what="a player")
        packet = b"\x47" + bytes(187)
        camera.offer(packet * 30)
        await self.until(lambda: player.pictures, what="a picture")
        self.assertEqual((player.pictures, player.statuses), ([packet * 30], [101]))

    async def test_a_client_told_to_end_says_1000_and_is_gone(self):
        leaves, stays = self.client("t1"), await self.open("t1")
        await self.connected(leaves)
        await leaves.stop()
        await self.assert_alive(stays)
        self.assertTrue(await leaves.abandoned[-1].ended_by_server(GETS_SECONDS))

    async def test_the_status_server_tells_a_rig_that_sends_from_one_that_is_silent(self):
        rig = self.client("rig-st-video", token("rig-st-video", ["write", "read", "expt"]))
        status = self.client("stats", token("stats", ["read"], "status-server"))
        await self.connected(rig, status)

        async def health():
            status.got.clear()
            await self.until(lambda: status.got, 10, "a report")
            return is_healthy(status.got[0], "rig-st-video")

        self.assertFalse(await health())
        rig.offer(b"picture")
        await asyncio.sleep(0.1)
        self.assertTrue(await health())


class Refused(OldClientCase):
    """They are refused before the upgrade: an upgrade would tell them that all is well, and to come again at once."""

    async def spent(self):
        uri = await exchange(self.session("t1"), token("t1"))
        first = await Connection.dial(uri)
        self.addCleanup(first.writer.close)
        return uri

    async def test_with_a_spent_address_they_back_off(self):
        client = self.running(OldClient(await self.spent()))
        self.assertEqual(await self.waited(client), ROW)
        self.assertEqual(client.attempts[:len(ROW)], [401] * len(ROW))

    async def test_a_relay_that_accepts_and_closes_would_have_them_loop(self):
        """So that the test above can fail: this is what it looks like then."""
        async def accept_and_close(reader, writer):
            await reader.readuntil(b"\r\n\r\n")
            if client.established == 20:
                return await asyncio.sleep(60)  # or it would take all descriptors there are
            writer.write(f"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: {ACCEPT}\r\n\r\n".encode())
            writer.close()

        relay = await asyncio.start_server(accept_and_close, "127.0.0.1", 0)
        self.addCleanup(relay.close)
        client = self.running(OldClient("ws://127.0.0.1:{}/session/t1".format(relay.sockets[0].getsockname()[1])))
        await self.until(lambda: client.established == 20, 20, "a loop")
        self.assertEqual(client.waits, [])

    async def test_one_refusal_costs_a_second_and_a_new_code_lets_them_in(self):
        client = OldClient(self.session("t1"), token("t1"))
        uris = []

        async def spend_the_first(uri):
            uris.append(uri)
            if len(uris) == 1:
                (await Connection.dial(uri)).writer.close()

        client.before_dialling = spend_the_first
        self.running(client)
        await self.connected(client)
        self.assertEqual((client.attempts, client.waits, len(set(uris))), ([401, 101], [1], 2))

    async def test_a_player_that_opens_its_spent_address_for_ever_is_refused_for_ever(self):
        """401, and then 429; others at the same address are let in meanwhile."""
        player = self.running(OldPlayer(await self.spent()))
        await self.until(lambda: len(player.statuses) >= 20, 20, "20 attempts")
        self.assertEqual(set(player.statuses), {401, 429})
        client = self.client("t1")
        await self.connected(client)
        self.assertEqual(client.waits, [])

    async def test_with_an_expired_token_they_back_off(self):
        client = self.client("t1", token("t1", exp=int(time.time()) - 1))
        self.assertEqual(await self.waited(client), ROW)
        self.assertEqual(set(client.attempts), {None}, "it never came to an upgrade")

    async def test_denied_they_see_one_close_and_back_off_until_they_are_allowed(self):
        client, other = self.client("t1", token("t1", booking="x")), self.client("t1", token("t1", booking="y"))
        await self.connected(client, other)
        denied = client.connection
        self.assertEqual((await self.bids("deny", "x")).status, 204)
        self.assertEqual(await self.waited(client), ROW)
        self.assertEqual((client.attempts[0], set(client.attempts[1:])), (101, {None}))
        self.assertEqual(denied.close_code, 1008)
        self.assertTrue(await denied.ended_by_server(GETS_SECONDS), "or their descriptors would pile up")
        self.assertEqual((other.established, other.waits), (1, []))

        self.assertEqual((await self.bids("allow", "x")).status, 204)
        await self.connected(client, times=2)


class Ended(OldClientCase):
    async def test_after_a_restart_all_are_back_with_new_codes_and_the_row_begins_anew(self):
        client, viewer = self.client("t1"), self.client("t1", kind=OldRecorder)
        for round in range(2):
            await self.connected(client, viewer, times=1 + round)
            ended = client.connection
            began = len(client.waits)
            await asyncio.to_thread(self.node.end)
            self.assertEqual((await self.waited(client, began + 4))[began:], ROW[:4])
            self.assertEqual(ended.close_code, 1001)
            await asyncio.to_thread(self.node.start_again)
        await self.connected(client, viewer, times=3)
        self.assertTrue(client.offer("here again"))
        await self.until(lambda: viewer.got == ["here again"], what="the message")

    async def test_after_a_crash_too_and_with_at_most_three_stale_messages(self):
        client, viewer = self.client("t1"), self.client("t1")
        await self.connected(client, viewer)
        await asyncio.to_thread(self.node.kill)
        await self.waited(client, 2)
        taken = []
        for n in range(10):
            if client.offer(f"stale {n}"):
                taken.append(f"stale {n}")
            await asyncio.sleep(0.01)
        self.assertEqual(len(taken), 3)
        await asyncio.to_thread(self.node.start_again)
        await self.connected(client, viewer, times=2)
        await self.until(lambda: client.queue.empty(), what="the end of the stale ones")
        self.assertTrue(client.offer("fresh"))
        await self.until(lambda: viewer.got and viewer.got[-1] == "fresh", what="the fresh message")
        self.assertEqual(viewer.got, (taken + ["fresh"])[-len(viewer.got):], "in order, whatever came before the viewer")

    async def test_when_the_token_ends_they_see_1008_once_and_back_off(self):
        expires = int(time.time()) + 2
        client = self.client("t1", token("t1", exp=expires))
        await self.connected(client)
        first = client.connection
        self.assertEqual(await self.waited(client), ROW)
        self.assertGreaterEqual(time.time(), expires)
        self.assertEqual((client.established, first.close_code), (1, 1008))
        self.assertTrue(await first.ended_by_server(GETS_SECONDS))

    async def test_a_message_too_big_ends_the_connection_and_they_are_back_at_once(self):
        client = self.client("t1")
        await self.connected(client)
        first = client.connection
        client.offer(bytes(10485761))
        await self.connected(client, times=2)
        self.assertEqual((first.close_code, client.waits), (1009, []))


class Liveness(OldClientCase):
    """A ping each 200 ms instead of 54 s, and 1 s for 60 s."""

    flags = ("--ping-every", "200ms", "--dead-after", "1s")

    async def test_they_answer_pings_and_send_none_and_stay(self):
        client = self.client("t1", token("t1", ["read"]))
        await self.connected(client)
        connection = client.connection
        await self.until(lambda: connection.pings >= 10, 10, "ten pings, twice the time after which it would be dead")
        self.assertIs(client.connection, connection)

    async def test_a_program_that_stops_reading_answers_no_pings_and_is_put_out(self):
        uri = await exchange(self.session("t1"), token("t1"))
        stuck = await Connection.dial(uri)  # nobody calls receive()
        self.addCleanup(stuck.writer.close)
        self.assertTrue(await stuck.ended_by_server(10))
