"""What the healthy clients were owed, and what they got: filled by the witnesses, judged by the conductor."""
import time

BREAKS_MAX = 200  # that are kept; a run that has more is lost anyway


class Line:
    """Messages from one sender to some receivers, numbered from 0; times are those of time.monotonic(), which all processes share."""

    def __init__(self, name, *receivers):
        self.name, self.sent = name, []
        self.took = {receiver: {} for receiver in receivers}
        self.newest = dict.fromkeys(receivers, -1)
        self.breaks, self.slowest = [], 0.0

    def send(self):
        """The number of the next message, which is owed from now on."""
        self.sent.append(time.monotonic())
        return len(self.sent) - 1

    def receive(self, receiver, number):
        if not 0 <= number < len(self.sent):
            self.break_(f"{receiver} got {number}, which nobody sent")
            return
        if number <= self.newest[receiver]:
            self.break_(f"{receiver} got {number} after {self.newest[receiver]}")
        self.newest[receiver] = max(number, self.newest[receiver])
        took = round(time.monotonic() - self.sent[number], 5)
        self.slowest = max(took, self.slowest)
        self.took[receiver].setdefault(number, took)

    def break_(self, sentence):
        if len(self.breaks) < BREAKS_MAX:
            self.breaks.append((time.monotonic(), f"{self.name}: {sentence}"))

    def missing(self):
        """How many are on their way or lost."""
        return sum(len(self.sent) - len(took) for took in self.took.values())

    def report(self):
        return {"name": self.name, "sent": self.sent, "breaks": self.breaks,
                "took": {receiver: list(took.items()) for receiver, took in self.took.items()}}


class Message:
    """One that was sent to one receiver; `took` is None where it never came."""

    __slots__ = ("line", "receiver", "number", "sent", "took")

    def __init__(self, line, receiver, number, sent, took):
        self.line, self.receiver, self.number, self.sent, self.took = line, receiver, number, sent, took


def messages_of(report):
    """Of a Line's report."""
    for receiver, took in report["took"].items():
        came = dict(took)
        for number, sent in enumerate(report["sent"]):
            yield Message(report["name"], receiver, number, sent, came.get(number))


def percentile(values, percent):
    """None of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else None
