"""A door between the host and its relay, so that the relay can be unreachable for the host and for nobody else."""
import asyncio


class Gate:
    """Forwards connections to `target`. Shut: those that there are have ended, and new ones are refused. Silent: nothing passes, and nobody is
    told, as with a cable that is pulled."""

    def __init__(self, port, target):
        self.port, self.target = port, target
        self.server, self.writers = None, set()
        self.flows = asyncio.Event()

    async def open(self):
        self.flows.set()
        if self.server is None:
            self.server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def shut(self):
        self.server.close()
        await self.server.wait_closed()
        self.server = None
        for writer in self.writers:
            writer.transport.abort()

    async def silent(self):
        self.flows.clear()

    async def _serve(self, reader, writer):
        try:
            far_reader, far_writer = await asyncio.open_connection(*self.target)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, far_writer}
        self.writers |= both
        try:
            await asyncio.gather(self._pass(reader, far_writer), self._pass(far_reader, writer))
        except OSError:
            pass
        finally:
            self.writers -= both
            for each in both:
                each.transport.abort()

    async def _pass(self, reader, writer):
        while data := await reader.read(65536):
            await self.flows.wait()
            writer.write(data)
            await writer.drain()
        writer.write_eof()
