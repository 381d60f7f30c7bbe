"""The healthy clients, in a process of their own, so that the clients who misbehave take no time from them.

    witnesses.py SETTINGS      a JSON object: node, tls, host, gate (addresses), authority (a file), secret

It says "ready", then answers each line of its standard input, a word, with a line of JSON. Who loses its connection has been harmed: that
is noted as a break, and it comes back so that the run may go on.
"""
import asyncio
import json
import ssl
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "interop"))

from healthy_picture import Picture  # noqa: E402
from healthy_tokens import Newcomers, TokenTopic  # noqa: E402
from healthy_topics import Topic  # noqa: E402
from healthy_wamp import Calls, Events  # noqa: E402
from party import Party  # noqa: E402

SETTLED_SECONDS = 1.5  # nothing has come for so long: what is missing now is lost


class Witnesses(Party):
    async def begin(self):
        await self.gate.open()
        tls = ssl.create_default_context(cafile=self.settings["authority"])
        secure = "wss://{}:{}".format(*self.settings["tls"])
        Topic(self, "topic", "ws://{}:{}".format(*self.node), every=0.05)
        Topic(self, "topic over TLS", secure, every=0.1, ssl=tls)
        TokenTopic(self)
        Newcomers(self)
        Picture(self)
        Calls(self, "calls", "websocket", "rawsocket")
        Calls(self, "calls back", "rawsocket", "websocket")
        Events(self, "events", "websocket")
        Events(self, "events back", "rawsocket")
        self.tasks.append(asyncio.ensure_future(self.watch_lag()))

    # The words that it is asked.

    async def newest(self):
        """When what each receiver has of each line was sent: the newest."""
        return {line.name: [line.sent[number] if number >= 0 else 0 for number in line.newest.values()] for line in self.lines}

    async def slowest(self):
        """[seconds, line] of the slowest message since this was asked last."""
        slowest = max((line.slowest, line.name) for line in self.lines)
        for line in self.lines:
            line.slowest = 0.0
        return slowest

    async def breaks(self):
        """The newest few sentences."""
        return [sentence for line in self.lines for _, sentence in line.breaks][-5:]

    async def finish(self):
        """Waits for what is on its way; the ledger of all lines."""
        self.quiet = True
        missing, since = -1, time.monotonic()
        while time.monotonic() - since < SETTLED_SECONDS:
            now = sum(line.missing() for line in self.lines)
            if now != missing:
                missing, since = now, time.monotonic()
            await asyncio.sleep(0.05)
        return {"lines": [line.report() for line in self.lines], "lags": self.lags}

    async def leave(self):
        """Everybody goes, in good order."""
        self.over.set()
        await asyncio.wait(self.tasks, timeout=3)
        return {}

    async def answer(self, word):
        if word.startswith("gate "):
            await getattr(self.gate, word.removeprefix("gate "))()
            return {}
        assert word in ("newest", "slowest", "breaks", "finish", "leave"), word
        return await getattr(self, word)()


async def main():
    witnesses = Witnesses(json.loads(sys.argv[1]))
    await witnesses.begin()
    print('"ready"', flush=True)
    asked = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(asked), sys.stdin)
    while word := (await asked.readline()).decode().strip():
        print(json.dumps(await witnesses.answer(word)), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
