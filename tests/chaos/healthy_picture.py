"""A healthy picture: a source that posts to a host, which sends it through the gate to the node, where two viewers see it."""
import asyncio

import websockets

import picture
from healthy_topics import OPTIONS
from ledger import Line

PICTURE_SECONDS = 0.04


class Picture:
    def __init__(self, party):
        self.party, self.maker = party, picture.Maker()
        self.url = "ws://{}:{}/out/camera".format(*party.node)
        viewers = ("viewer 1", "viewer 2")
        self.line = party.add(Line("picture", *viewers))
        self.arrived = False  # the very first: before, host and relay find each other
        for viewer in viewers:
            party.stay(self.line, self._viewer(viewer))
        party.tasks.append(asyncio.ensure_future(self._source()))

    def _viewer(self, name):
        async def viewer():
            async with websockets.connect(self.url, **OPTIONS) as client:
                async def read():
                    for number in picture.numbers_in(await client.recv()):
                        self.line.receive(name, number)
                await self.party.until_over(read)
        return viewer

    async def _source(self):
        """A camera: it takes pictures whether there is a host or not."""
        writer = None
        while not self.party.quiet:
            try:
                writer = writer or await self._post()
                data = self.maker.picture(self.line.send())
                writer.write(b"%x\r\n%s\r\n" % (len(data), data))
                await writer.drain()
            except OSError:
                writer = None
            await asyncio.sleep(PICTURE_SECONDS)
        await self.party.over.wait()
        if writer:
            writer.close()

    async def _post(self):
        _, writer = await asyncio.open_connection(*self.party.host)
        writer.write("POST /ts/camera HTTP/1.1\r\nHost: {}:{}\r\nTransfer-Encoding: chunked\r\n\r\n".format(*self.party.host).encode())
        return writer
