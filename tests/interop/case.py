"""What every test here starts from: a running node or host, clients of Debian's python3-websockets, and ways to say
what a client must get. "Nothing" means none within half a second, as in the specification's checks; "gets" gives a loaded
machine longer than they do."""
import asyncio
import json
import shutil
import socket
import unittest

import websockets

from program import Program, wait_until

GETS_SECONDS = 5.0  # a loaded machine may take longer than half a second to be right
NOTHING_SECONDS = 0.5


class Case(unittest.IsolatedAsyncioTestCase):
    maxDiff = None

    async def asyncSetUp(self):
        asyncio.get_running_loop().set_debug(False)  # unittest asks for it, and it halves what a client can read

    def start(self, *arguments, **options):
        """A program that is stopped, and must end well, with the test."""
        program = Program(*arguments, **options)
        self.addCleanup(program.stop)
        return program

    async def connect(self, program, path, **options):
        """A client of `program`, or of a URL when `program` is None."""
        options = {"compression": None, "max_size": None, "max_queue": None, "ping_interval": None, **options}
        client = await websockets.connect(program.url(path) if program else path, **options)
        self.addAsyncCleanup(client.close)
        return client

    async def connect_all(self, program, *paths, **options):
        return [await self.connect(program, path, **options) for path in paths]

    async def assert_gets(self, client, *messages):
        for message in messages:
            self.assertEqual(await asyncio.wait_for(client.recv(), GETS_SECONDS), message)

    async def assert_nothing(self, *clients):
        waiting = [asyncio.ensure_future(client.recv()) for client in clients]
        done, pending = await asyncio.wait(waiting, timeout=NOTHING_SECONDS)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        self.assertEqual([repr(task.exception() or task.result()) for task in done], [])

    async def assert_closed(self, client, code, seconds=GETS_SECONDS):
        """Whatever it still gets, it is then closed with `code`; what it got."""
        got = []
        try:
            while True:
                got.append(await asyncio.wait_for(client.recv(), seconds))
        except websockets.ConnectionClosed:
            self.assertEqual(client.close_code, code)
        return got

    async def assert_alive(self, *clients):
        for client in clients:
            await asyncio.wait_for(await client.ping(), GETS_SECONDS)

    async def until(self, condition, seconds=GETS_SECONDS, what="condition"):
        """wait_until, while the clients of this test go on."""
        return await asyncio.to_thread(wait_until, condition, seconds, what)

    def tool(self, name):
        path = shutil.which(name)
        if path is None:
            self.skipTest(f"{name} is not installed")
        return path

    async def run_tool(self, name, *arguments, seconds=60):
        """(status, standard output, standard error)"""
        process = await asyncio.create_subprocess_exec(
            self.tool(name), *arguments, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
        try:
            out, err = await asyncio.wait_for(process.communicate(), seconds)
        except asyncio.TimeoutError:
            process.kill()
            await process.wait()
            raise AssertionError(f"{name} {' '.join(arguments)}: not done within {seconds} s") from None
        return process.returncode, out, err.decode(errors="replace")


class RelayCase(Case):
    """`self.node` is a running `crosspoint serve`."""

    flags = ()
    environment = {}

    def setUp(self):
        self.node = self.start("serve", "--listen", "127.0.0.1:0", *self.flags, environment=self.environment)

    async def statistics(self):
        """What the node says of its clients, each as an object."""
        client = await self.connect(self.node, "/ws")
        await client.send("-")
        objects = []
        try:
            while True:
                objects.append(json.loads(await asyncio.wait_for(client.recv(), NOTHING_SECONDS)))
        except asyncio.TimeoutError:
            await client.close()
        return objects


class Relay:
    """A relay that is not ours, for the host to connect to: takes every handshake, keeps what it gets."""

    def __init__(self, refuse=False, close_at_once=False, receive_buffer=None):
        self.refuse, self.close_at_once, self.receive_buffer = refuse, close_at_once, receive_buffer
        self.handshakes, self.messages, self.closes, self.clients = [], [], [], []

    async def __aenter__(self):
        listener = socket.create_server(("127.0.0.1", 0))
        if self.receive_buffer:  # the connections inherit it
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_buffer)
        self.server = await websockets.serve(self._client, sock=listener, process_request=self._request,
                                             compression=None, max_size=None, max_queue=None, ping_interval=None)
        host, port = listener.getsockname()
        self.url = f"ws://{host}:{port}"
        return self

    async def __aexit__(self, *_):
        self.server.close()
        await self.server.wait_closed()

    async def _request(self, path, _fields):
        self.handshakes.append((asyncio.get_running_loop().time(), path))
        return (503, [], b"") if self.refuse else None

    async def _client(self, client):
        if self.close_at_once:
            return
        self.clients.append(client)
        try:
            async for message in client:
                self.messages.append(message)
        except websockets.ConnectionClosed:
            pass
        self.closes.append(client.close_code)


class HostCase(Case):
    """`self.host` is a running `crosspoint host`."""

    flags = ()
    environment = {}

    def setUp(self):
        self.host = self.start("host", "--listen", "127.0.0.1:0", *self.flags, environment=self.environment)

    async def ask(self, method, path, body=None):
        return await asyncio.to_thread(self.host.http, method, path, body)

    async def add_stream(self, name, *feeds):
        status, _, text = await self.ask("POST", "/api/streams", {"stream": name, "feeds": list(feeds)})
        self.assertEqual(status, 200, text)

    async def add_destination(self, id, stream, url):
        status, _, text = await self.ask("POST", "/api/destinations", {"id": id, "stream": stream, "destination": url})
        self.assertEqual(status, 200, text)

    async def relay(self, **options):
        relay = Relay(**options)
        await relay.__aenter__()
        self.addAsyncCleanup(relay.__aexit__, None, None, None)
        return relay

    async def assert_relay_has(self, relay, *messages, seconds=GETS_SECONDS):
        await self.until(lambda: len(relay.messages) >= len(messages), seconds, f"{len(messages)} messages at the relay")
        self.assertEqual(relay.messages, list(messages))
