"""What all healthy clients share: when to be quiet, when to leave, and how to come back when they were cut off."""
import asyncio
import time

from gate import Gate

LAG_SECONDS = 0.02


async def together(*things):
    """All at once; when one of them fails the others end, too."""
    tasks = [asyncio.ensure_future(thing) for thing in things]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


class Party:
    """What all healthy clients share. `quiet`: nobody says anything more; `over`: everybody may leave."""

    def __init__(self, settings):
        self.settings = settings
        self.node, self.host = (tuple(settings[name]) for name in ("node", "host"))
        self.quiet, self.over = False, asyncio.Event()
        self.lines, self.tasks, self.lags = [], [], []
        self.gate = Gate(settings["gate"][1], self.node)

    def add(self, line):
        self.lines.append(line)
        return line

    def stay(self, line, meet):
        """`meet` again and again: until everything is over, it should not return."""
        async def staying():
            while not self.over.is_set():
                try:
                    await meet()
                except Exception as error:  # whatever it is: a run of half an hour goes on, and says so in the end
                    if not self.over.is_set():
                        line.break_(f"{meet.__name__} was cut off: {error!r}")
                        await asyncio.sleep(0.1)
        self.tasks.append(asyncio.ensure_future(staying()))

    async def until_over(self, each):
        """`each` again and again, which waits for something."""
        ending = asyncio.ensure_future(self.over.wait())
        try:
            while not self.over.is_set():
                step = asyncio.ensure_future(each())
                await asyncio.wait((step, ending), return_when=asyncio.FIRST_COMPLETED)
                if not step.done():
                    step.cancel()
                    return
                step.result()
        finally:
            ending.cancel()

    async def say(self, every, each):
        """`each`, at that pace, for as long as messages are sent; then stays."""
        while not self.quiet:
            await each()
            await asyncio.sleep(every)
        await self.over.wait()

    async def watch_lag(self):
        """How late this process itself was: what nobody else can be blamed for."""
        while not self.quiet:
            before = time.monotonic()
            await asyncio.sleep(LAG_SECONDS)
            late = time.monotonic() - before - LAG_SECONDS
            if late > LAG_SECONDS:
                self.lags.append((before, round(late, 4)))
