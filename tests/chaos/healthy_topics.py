"""Healthy clients of an open topic: one who sends, two who view."""
import websockets

from ledger import Line

OPTIONS = {"compression": None, "max_size": None, "max_queue": None, "ping_interval": None}


def mark(number):
    """A message that says its number, and is of a size of its own: of twenty-five one is large."""
    size = 20_000 if number % 25 == 24 else 100 + number * 37 % 2000
    return (f"{number}:" * (size // 8))[:size]


def number_of(message):
    """AssertionError for one that is not as it was sent."""
    number = int(message.split(":", 1)[0])
    assert message == mark(number), f"message {number} is damaged"
    return number


class Topic:
    def __init__(self, party, name, url, every, **options):
        self.party, self.url, self.every, self.options = party, url, every, {**OPTIONS, **options}
        viewers = ("viewer 1", "viewer 2")
        self.line = party.add(Line(name, *viewers))
        self.present = dict.fromkeys(viewers, False)
        for viewer in viewers:
            party.stay(self.line, self._viewer(viewer))
        party.stay(self.line, self.sender)

    def _viewer(self, name):
        async def viewer():
            async with websockets.connect(self.url + "/out/healthy", **self.options) as client:
                self.present[name] = True

                async def read():
                    self.line.receive(name, number_of(await client.recv()))
                await self.party.until_over(read)
        return viewer

    async def sender(self):
        async with websockets.connect(self.url + "/in/healthy", **self.options) as client:
            async def send():
                if all(self.present.values()):  # before, nothing is owed
                    await client.send(mark(self.line.send()))
            await self.party.say(self.every, send)
