"""The statistics on /ws (F26 to F28)."""
import asyncio
import json
import os
import time

from case import GETS_SECONDS, RelayCase

CONNECTED = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [+-]\d{4} \w+"
ASKING_SECONDS = int(os.environ.get("ASKING_SECONDS", "5"))  # the check says sixty: ASKING_SECONDS=60 tests/interop/run F28
FIELDS = ["topic", "broadcaster", "connected", "remoteAddr", "userAgent", "stats"]


class Statistics(RelayCase):
    async def test_F26_one_object_for_each_client_with_what_it_sent_and_got(self):
        s = await self.connect(self.node, "/in/video", user_agent_header="cam/1",
                               extra_headers={"X-Forwarded-For": "10.1.2.3"})
        v = await self.connect(self.node, "/out/video")
        for _ in range(5):
            await s.send(bytes(1000))
        await self.assert_gets(v, *[bytes(1000)] * 5)

        clients = {c["broadcaster"]: c for c in await self.statistics()}

        self.assertEqual(set(clients), {True, False})
        for client in clients.values():
            self.assertEqual(list(client)[:6], FIELDS)
            self.assertEqual(client["topic"], "/out/video")
            self.assertRegex(client["connected"], CONNECTED)
            self.assertEqual(list(client["stats"])[:2], ["tx", "rx"])
            for way in ("tx", "rx"):
                self.assertEqual(list(client["stats"][way])[:3], ["last", "size", "fps"])
        sender, viewer = clients[True], clients[False]
        self.assertEqual((sender["remoteAddr"], sender["userAgent"]), ("10.1.2.3", "cam/1"))
        self.assertEqual((sender["stats"]["tx"]["size"], sender["stats"]["rx"]["last"]), (1000, "Never"))
        self.assertEqual((viewer["stats"]["rx"]["size"], viewer["stats"]["tx"]["last"]), (1000, "Never"))
        self.assertRegex(viewer["stats"]["rx"]["last"], r"^[\dhm.]+(ns|µs|ms|s)$")
        self.assertIn("127.0.0.1", viewer["remoteAddr"])

    async def test_F27_any_message_asks_for_one_report_and_nothing_comes_unasked(self):
        await self.connect(self.node, "/expt")
        asks = await self.connect(self.node, "/ws")
        await self.assert_nothing(asks)
        for trigger in (b"", "", "-", b"\x00"):
            await asks.send(trigger)
            report = json.loads(await asyncio.wait_for(asks.recv(), GETS_SECONDS))
            self.assertEqual(report["topic"], "/expt")
        await self.assert_nothing(asks)

    async def test_F28_every_report_parses_while_clients_come_and_go(self):
        """4 askers at 200 a second, 40 connections a second."""
        until = time.monotonic() + ASKING_SECONDS
        askers = await self.connect_all(self.node, *["/ws"] * 4)
        await self.connect(self.node, "/in/stays")
        reports = 0

        async def ask(client):
            while time.monotonic() < until:
                await client.send("-")
                await asyncio.sleep(1 / 200)

        async def read(client):
            nonlocal reports
            while True:
                self.assertEqual(list(json.loads(await client.recv()))[:6], FIELDS)
                reports += 1

        async def come_and_go():
            while time.monotonic() < until:
                client = await self.connect(self.node, "/out/passing")
                await asyncio.sleep(1 / 40)
                await client.close()

        reading = [asyncio.ensure_future(read(client)) for client in askers]
        await asyncio.gather(*(ask(client) for client in askers), come_and_go())
        for task in reading:
            task.cancel()
        failures = [e for e in await asyncio.gather(*reading, return_exceptions=True)
                    if not isinstance(e, asyncio.CancelledError)]
        self.assertEqual(failures, [])
        self.assertGreater(reports, 80 * ASKING_SECONDS)
        # The last one has just gone, and a report may be some moments old.
        for _ in range(50):
            topics = [c["topic"] for c in await self.statistics()]
            if topics == ["/out/stays"]:
                break
            await asyncio.sleep(0.1)
        self.assertEqual(topics, ["/out/stays"])
