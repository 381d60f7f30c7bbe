"""Clients that behave as the older secure relay's own programs do, written from its specification (sections 7, 8, 9 and 13): nobody
can install those programs any more, but laboratories run them. What a library would do better they do as badly:

- a token is traded with an empty POST; of the answer the status is ignored, and only `uri` is looked for;
- the handshake names no subprotocol and no extension; whatever is not 101 is a failure;
- after failures in a row they wait 1, 2, 4, 8, 10, 10, … s; after a connection that was established, however it
  ended, they try again at once, and from the beginning of that row;
- pings are answered by whoever reads; they send none, and wait for ever for what comes;
- a close frame is answered with its own code, and the socket then left lying about for the garbage collector.

Their seconds are shortened by `OldClient.second`, and what they waited for is kept in whole ones."""
import asyncio
import base64
import http.client
import json
import struct
import urllib.parse

from raw import ACCEPT, BINARY, CLOSE, KEY, PING, PONG, TEXT, frame

EXCHANGE_SECONDS, HANDSHAKE_SECONDS = 10, 45  # these are not shortened: nothing here comes near them
WAIT_FIRST, WAIT_FACTOR, WAIT_MAX = 1, 2, 10
QUEUED_MAX = 2  # messages of a host for a destination; one more is in the writer's hand
GO = "Go-http-client/1.1"


class Failure(Exception):
    """The attempt came to nothing. `status` is the answer to the upgrade, where there was one."""

    def __init__(self, why, status=None):
        super().__init__(why)
        self.status = status


async def exchange(url, token, body=b"", fields=None):
    """The address that a token is traded for."""
    parts = urllib.parse.urlsplit(url)

    def post():
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=EXCHANGE_SECONDS)
        try:
            connection.request("POST", parts.path, body, {
                "Authorization": token, "User-Agent": GO, "Content-Length": str(len(body)), "Accept-Encoding": "gzip",
                **(fields or {})})
            return connection.getresponse().read()
        finally:
            connection.close()

    try:
        answer = json.loads(await asyncio.to_thread(post))
    except (OSError, ValueError, http.client.HTTPException) as trouble:
        raise Failure(f"no answer: {trouble}") from None
    if not isinstance(answer, dict) or not answer.get("uri"):
        raise Failure("no uri in the answer")
    return answer["uri"]


class Connection:
    """One WebSocket connection on a stream."""

    def __init__(self, reader, writer, fields):
        self.reader, self.writer, self.fields = reader, writer, fields
        self.pings, self.close_code = 0, None

    @classmethod
    async def dial(cls, uri, protocol=None):
        parts = urllib.parse.urlsplit(uri)
        if parts.scheme != "ws" or parts.username is not None:
            raise Failure("not an address that can be dialled")
        try:
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        except OSError as trouble:
            raise Failure(f"nobody there: {trouble}") from None
        asked = [f"GET {parts.path}{'?' if parts.query else ''}{parts.query} HTTP/1.1", f"Host: {parts.netloc}",
                 f"User-Agent: {GO}", "Connection: Upgrade", f"Sec-WebSocket-Key: {KEY}", "Sec-WebSocket-Version: 13",
                 "Upgrade: websocket"] + ([f"Sec-WebSocket-Protocol: {protocol}"] if protocol else [])
        writer.write("\r\n".join([*asked, "", ""]).encode())
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HANDSHAKE_SECONDS)
        except (asyncio.IncompleteReadError, OSError) as trouble:
            writer.close()
            raise Failure(f"no handshake: {trouble}") from None
        first, *rest = head.decode().rstrip().split("\r\n")
        fields = {k.lower(): v.strip() for k, v in (line.split(":", 1) for line in rest)}
        status = int(first.split()[1])
        if (status, fields.get("sec-websocket-accept")) != (101, ACCEPT):
            writer.close()
            raise Failure("bad handshake", status)
        return cls(reader, writer, fields)

    async def _frame(self):
        first, second = await self.reader.readexactly(2)
        length = second & 0x7F
        if length > 125:
            size, form = (2, ">H") if length == 126 else (8, ">Q")
            length, = struct.unpack(form, await self.reader.readexactly(size))
        return first & 0x80, first & 0x0F, await self.reader.readexactly(length)

    async def receive(self):
        """The next message, a str or bytes, put together of its fragments; None when the connection has ended."""
        kind, whole = None, b""
        try:
            while True:
                final, opcode, payload = await self._frame()
                if opcode == PING:
                    self.pings += 1
                    self.writer.write(frame(PONG, payload))
                elif opcode == CLOSE:
                    self.close_code = struct.unpack(">H", payload[:2])[0] if payload else None
                    self.writer.write(frame(CLOSE, payload[:2]))
                    return None
                elif opcode != PONG:
                    kind, whole = kind or opcode, whole + payload
                    if final:
                        return whole.decode() if kind == TEXT else whole
        except (asyncio.IncompleteReadError, OSError):
            return None

    def send(self, message):
        self.writer.write(frame(TEXT, message.encode()) if isinstance(message, str) else frame(BINARY, message))

    async def ended_by_server(self, seconds):
        """Did the server end the TCP connection, without our doing so first?"""
        try:
            return await asyncio.wait_for(self.reader.read(), seconds) == b""
        except asyncio.TimeoutError:
            return False
        except OSError:
            return True


class OldClient:
    """Connects for ever, as `relay host` does for a destination and `pkg/client` for a program. With a token `url` is
    an access service's, without one it is dialled. `got` holds the messages, `waits` the seconds waited, `attempts` a
    status for each (101, another, or None when it did not come to an upgrade)."""

    second = 0.02

    def __init__(self, url, token=None, protocol=None):
        self.url, self.token, self.protocol = url, token, protocol
        self.got, self.waits, self.attempts, self.abandoned = [], [], [], []
        self.connection, self.before_dialling = None, None
        self.queue = asyncio.Queue(QUEUED_MAX)
        self.tasks = [asyncio.ensure_future(self._come_back()), asyncio.ensure_future(self._write())]

    async def _come_back(self):
        wait = WAIT_FIRST
        while True:
            try:
                uri = await exchange(self.url, self.token) if self.token else self.url
                if self.before_dialling:
                    await self.before_dialling(uri)
                connection = await Connection.dial(uri, self.protocol)
            except Failure as failure:
                self.attempts.append(failure.status)
                self.waits.append(wait)
                await asyncio.sleep(wait * self.second)
                wait = min(wait * WAIT_FACTOR, WAIT_MAX)
                continue
            self.attempts.append(101)
            wait, self.connection = WAIT_FIRST, connection
            while (message := await connection.receive()) is not None:
                self.got.append(message)
            self.connection = None
            self.abandoned.append(connection)  # not closed: whoever listens has to

    async def _write(self):
        while True:
            message = await self.queue.get()
            while self.connection is None:
                await asyncio.sleep(0.005)
            self.connection.send(message)

    @property
    def established(self):
        return self.attempts.count(101)

    def offer(self, message):
        """False: nobody was waiting for it, and it is lost."""
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            return False
        return True

    async def stop(self):
        """As when the program is told to end: close frame 1000, and away."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        if self.connection:
            self.connection.writer.write(frame(CLOSE, struct.pack(">H", 1000)))
            self.abandoned.append(self.connection)
        for connection in self.abandoned:
            connection.writer.close()


class OldRecorder(OldClient):
    """`relay client file` in text mode: `lines` without their times."""

    @property
    def lines(self):
        return [m if isinstance(m, str) else base64.b64encode(m).decode() for m in self.got]


class OldPlayer:
    """jsmpeg of before September 2022 in a page: asks for subprotocol `null`, as JavaScript writes a null, and opens the same
    address again 5 s after each end, for ever. Chrome fails a connection whose subprotocol is not echoed."""

    second = 0.01

    def __init__(self, uri):
        self.uri, self.statuses, self.pictures, self.open = uri, [], [], False
        self.task = asyncio.ensure_future(self._play())

    async def _play(self):
        while True:
            try:
                connection = await Connection.dial(self.uri, "null")
                if connection.fields.get("sec-websocket-protocol") != "null":
                    raise Failure("the subprotocol was not echoed")
                self.statuses.append(101)
                self.open = True
                while (message := await connection.receive()) is not None:
                    self.pictures.append(message)
                connection.writer.close()
            except Failure as failure:
                self.statuses.append(failure.status)
            self.open = False
            await asyncio.sleep(5 * self.second)

    async def stop(self):
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


def is_healthy(report, topic):
    """What the status server asks of a report (v0.7.0's library): an experiment's own connection has sent within 10 s."""
    entry, = [entry for entry in json.loads(report) if entry["topic"] == topic and "expt" in entry["scopes"]]
    last = entry["stats"]["tx"]["last"]
    if last.lower() in ("", "never"):
        return False
    units = {"h": 3600, "m": 60, "s": 1, "ms": 1e-3, "µs": 1e-6, "us": 1e-6, "ns": 1e-9}
    seconds, number, unit = 0.0, "", ""
    for letter in last + "0":  # one more, to close the last unit
        if letter.isdigit() or letter == ".":
            if unit:
                seconds, number, unit = seconds + float(number) * units[unit], "", ""
            number += letter
        else:
            unit += letter
    return seconds < 10
