"""Sessions of Debian's python3-autobahn on asyncio, in the loop of a test, for as long as that wants them.

Imported by the tests that use it when they run: at the head of a file, every class of tests would pay for Autobahn.
"""
import asyncio

from autobahn.asyncio.wamp import ApplicationRunner, Session
from autobahn.wamp.types import SubscribeOptions


class Refused(Exception):
    """The router's reason."""


async def joined(case, url, realm, *authenticators, authid=None, tls=None):
    """A session of that realm, which is left at the end of `case`; Refused where none comes to be."""
    done = asyncio.get_running_loop().create_future()

    class Peer(Session):
        def __init__(self, config):
            super().__init__(config)
            for authenticator in authenticators:
                self.add_authenticator(authenticator)

        def on_connect(self):  # without authenticators
            self.join(realm, authid=authid)

        def on_join(self, details):
            self.details = details
            done.set_result(self)

        def on_leave(self, details):
            if not done.done():
                done.set_exception(Refused(details.reason))
            self.disconnect()

    await ApplicationRunner(url, realm, ssl=tls).run(Peer, start_loop=False)
    session = await asyncio.wait_for(done, 10)
    case.addAsyncCleanup(leave, session)
    return session


async def leave(session):
    if session.is_attached():
        session.leave()
    for _ in range(1000):
        if not session.is_connected():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("the router does not let it go")


class Events:
    """What is published below a prefix."""

    def __init__(self):
        self._arrived = asyncio.Queue()

    @classmethod
    async def of(cls, session, prefix):
        events = cls()
        await session.subscribe(lambda *args, details: events._arrived.put_nowait((details.topic, *args)), prefix,
                                options=SubscribeOptions(match="prefix", details=True))
        return events

    async def until(self, topic):
        """The argument of the next event of that topic; those before it are passed over."""
        while (event := await asyncio.wait_for(self._arrived.get(), 10))[0] != topic:
            pass
        return event[1]
