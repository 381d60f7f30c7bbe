"""A run: one fault after another, and what the healthy clients have to say of it in the end."""
import random
import time

import faults
import http_faults
import machine_faults
import wamp_faults
import websocket_faults
from lab import Lab

KINDS = faults.KINDS
MODULES = (http_faults, websocket_faults, wamp_faults, machine_faults)
UNDER_WAY_SECONDS = 0.5  # before a fault: what was sent so late may be lost with a line that is cut
AFTERMATH_SECONDS = 0.05  # what a fault held up arrives
HEALTHY_SESSIONS = 10
LEFT_BEHIND_SECONDS_MAX = 45  # the router waits half a minute for who left a session over HTTP
DESCRIPTORS_TOLERANCE = 6  # a newcomer on its way, a file that is being written


class Happened:
    """A fault that was let loose. `wrong` is a sentence where those who misbehaved did not get what they are owed; `slowest` is what it
    cost the healthy ones, as (seconds, line) of the message that took longest."""

    def __init__(self, fault, number):
        self.fault, self.number, self.wrong, self.slowest = fault, number, None, (0.0, "")
        self.begin = self.end = time.monotonic()

    def covers(self, message):
        """Whether that is not owed: what was under way when a line was cut is lost with it."""
        return message.line in self.fault.pauses and self.begin - UNDER_WAY_SECONDS <= message.sent <= self.end


class Census:
    """What the kernel says of the programs: {name: (descriptors, resident bytes)}."""

    def __init__(self, lab):
        self.of = {name: (program.descriptors(), program.resident_bytes()) for name, program in lab.programs().items()}

    def more_descriptors(self, before):
        return {name: here[0] - before.of[name][0] for name, here in self.of.items() if here[0] > before.of[name][0] + DESCRIPTORS_TOLERANCE}


class Course:
    """`say` is told of each fault when it is over. In the end nothing may be left of strangers."""

    def __init__(self, seed, every=2.0, quiet=5.0, only=None, say=lambda happened: None):
        self.chance, self.every, self.quiet, self.say = random.Random(seed), every, quiet, say
        self.lab = Lab(self.chance)
        possible = [kind for kind in KINDS.values() if kind.possible(self.lab)]
        self.kinds = [kind for kind in possible if not only or only in kind.name]
        self.left_out = sorted(set(KINDS) - {kind.name for kind in possible})
        self.happened, self.broken = [], []
        self.owed_from = time.monotonic()  # before, host and relay had to find each other
        time.sleep(quiet)
        self.census = [Census(self.lab)]
        self.began = time.monotonic()

    def each_once(self):
        """In an order of the seed's."""
        return self.chance.sample(self.kinds, len(self.kinds))

    def for_seconds(self, seconds):
        """All kinds, again and again in other orders."""
        while True:
            for kind in self.each_once():
                if time.monotonic() - self.began > seconds:
                    return
                yield kind

    def run(self, kinds):
        """Until they are through, or a program has ended that should not."""
        try:
            self._run(kinds)
        except BaseException:
            self.lab.stop()
            raise

    def _run(self, kinds):
        next_time = time.monotonic()
        for kind in kinds:
            time.sleep(max(0.0, next_time - time.monotonic()))
            next_time = time.monotonic() + self.every
            self._let_loose(kind)
            if self.broken:
                return
            if len(self.happened) == len(self.kinds):
                self.census.append(Census(self.lab))  # what one of each kind costs for good is not growth

    def _let_loose(self, kind):
        happened = Happened(kind, len(self.happened) + 1)
        self.happened.append(happened)
        self.lab.witnesses.ask("slowest")
        try:
            with faults.Crowd(self.lab) as crowd:
                kind.do(self.lab, crowd)
        except (AssertionError, OSError, EOFError, ValueError, KeyError, IndexError) as error:
            happened.wrong = f"{type(error).__name__}: {error!s:.500}"
        happened.end = time.monotonic()
        self.broken += self.lab.ended()
        self.lab.pause(AFTERMATH_SECONDS)
        happened.slowest = self.lab.witnesses.ask("slowest")
        self.say(happened)

    def finish(self):
        """The report of the witnesses; everything is stopped."""
        try:
            if self.broken:
                return {"lines": [], "lags": []}
            time.sleep(self.quiet)
            self._look_for_what_is_left()
            report = self.lab.witnesses.ask("finish")
            self.lab.witnesses.ask("leave")
            return report
        finally:
            self.broken += self.lab.stop()

    def _look_for_what_is_left(self):
        until = time.monotonic() + LEFT_BEHIND_SECONDS_MAX
        while (left := Census(self.lab).more_descriptors(self.census[0])) and time.monotonic() < until:
            time.sleep(0.1)
        if left:
            self.broken.append(f"descriptors are left: {left}")
        self.census.append(Census(self.lab))
        with faults.Crowd(self.lab) as crowd:
            asking = crowd.wamp("rawsocket")
            most = HEALTHY_SESSIONS + 1
            while (sessions := asking.call("wamp.session.count")) > most and time.monotonic() < until:
                time.sleep(0.5)
        if not HEALTHY_SESSIONS < sessions <= most:
            self.broken.append(f"{sessions - 1} WAMP sessions are there, not {HEALTHY_SESSIONS}")
