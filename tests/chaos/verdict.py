"""What a run was: how many messages were owed and came, how long they took, and whether that is good enough."""
import bisect
import collections

from course import UNDER_WAY_SECONDS
from ledger import messages_of, percentile

SHARE_MIN = 0.9999
BACK_SECONDS_MAX = 2.0
LATE_SECONDS_MIN = 0.1  # sooner is not late, however quick the others were
MIB = 1024 * 1024
GROWTH_BYTES_MAX = 64 * MIB  # from each kind of fault once to the end


class Verdict:
    def __init__(self, course, report):
        self.course, self.report = course, report
        self.owed, self.came = collections.Counter(), collections.Counter()
        self.took = collections.defaultdict(lambda: {"before": [], "during": [], "after": []})
        self.lost = []  # (message, the fault under way)
        self.lags = [(begin, begin + late + 0.02) for begin, late in report["lags"]]
        self.begins = [happened.begin for happened in course.happened]
        self.messages = [message for line in report["lines"] for message in messages_of(line)
                         if message.sent >= course.owed_from]
        for message in self.messages:
            self._judge(message)
        self.breaks = [sentence for line in report["lines"] for _, sentence in line["breaks"]]
        self.back = self._back()

    def _index_at(self, when):
        """Of the newest fault that had begun; -1 for none. Faults come one after another."""
        return bisect.bisect_right(self.begins, when) - 1

    def _judge(self, message):
        index = self._index_at(message.sent + UNDER_WAY_SECONDS)
        if message.took is None and any(happened.covers(message) for happened in self.course.happened[max(0, index - 1):index + 1]):
            return
        self.owed[message.line] += 1
        if message.took is None:
            self.lost.append((message, self.course.happened[index] if index >= 0 else None))
            return
        self.came[message.line] += 1
        self.took[message.line][self._phase(message)].append(message.took)

    def _phase(self, message):
        index = self._index_at(message.sent + message.took)
        if index < 0:
            return "before"
        return "during" if self.course.happened[index].end >= message.sent else "after"

    def _back(self):
        """[seconds] of each fault: from its end until no message was late any more, unless the witnesses were late themselves."""
        limits = {line: max(LATE_SECONDS_MIN, 5 * (percentile(took["before"], 99) or 0)) for line, took in self.took.items()}
        back = [0.0] * len(self.course.happened)
        for message in self.messages:
            if message.took is None or message.took <= limits[message.line] or self._lagging(message):
                continue
            index = self._index_at(message.sent + UNDER_WAY_SECONDS)
            if index >= 0:
                back[index] = max(back[index], message.sent + message.took - self.course.happened[index].end)
        return back

    def _lagging(self, message):
        return any(begin < message.sent + message.took and end > message.sent for begin, end in self.lags)

    @property
    def share(self):
        owed = sum(self.owed.values())
        return sum(self.came.values()) / owed if owed else 0.0

    def growth(self):
        """{program: bytes} from the second look at them to the last."""
        first, last = self.course.census[min(1, len(self.course.census) - 1)].of, self.course.census[-1].of
        return {name: last[name][1] - first[name][1] for name in last}

    def wrong(self):
        """A sentence for each thing that must not be; in no order of importance."""
        yield from self.course.broken
        yield from self.breaks
        for happened in self.course.happened:
            if happened.wrong:
                yield f"fault {happened.number}, {happened.fault.name}: {happened.wrong}"
        if self.share < SHARE_MIN and self.report["lines"]:
            yield f"only {self.share:.4%} of the messages came"

    def slow(self):
        """The same about times and memory: a machine that does other things as well may cause that."""
        for happened, seconds in zip(self.course.happened, self.back):
            if seconds > BACK_SECONDS_MAX:
                yield f"fault {happened.number}, {happened.fault.name}: back after {seconds:.1f} s"
        for name, grown in self.growth().items():
            if grown > GROWTH_BYTES_MAX:
                yield f"the {name} has grown by {grown / MIB:.0f} MiB"

    # The table.

    def table(self):
        yield f"{'messages':24}{'owed':>9}{'came':>9}   {'before':>15}{'during':>17}{'after':>17}   ms, p50 / p99"
        for line in self.owed:
            times = "".join(f"{milliseconds(self.took[line][phase]):>17}" for phase in ("before", "during", "after"))
            yield f"{line:24}{self.owed[line]:9}{self.came[line]:9} {times}"
        yield f"{'all':24}{sum(self.owed.values()):9}{sum(self.came.values()):9}   {self.share:.4%}"
        yield ""
        yield f"{'program':12}{'descriptors':>24}{'resident MiB':>28}    first, each kind once, last"
        for name in self.course.census[-1].of:
            looks = [census.of[name] for census in self.course.census]
            yield (f"{name:12}{', '.join(str(look[0]) for look in looks):>24}"
                   f"{', '.join(f'{look[1] / MIB:.1f}' for look in looks):>28}")

    def losses(self):
        """A sentence for each fault from whose beginning to the next one's something was lost of a line."""
        found = collections.defaultdict(list)
        for message, happened in self.lost:
            found[happened, message.line].append(message)
        for (happened, line), lost in found.items():
            name = f"{happened.number:4} {happened.fault.name}" if happened else "     before all faults"
            since = f", sent from {lost[0].sent - happened.end:+.2f} s of its end on" if happened else ""
            yield f"{name}: {len(lost)} lost of {line} ({lost[0].number} to {lost[-1].number}){since}"


def milliseconds(times):
    return f"{percentile(times, 50) * 1000:.1f} / {percentile(times, 99) * 1000:.1f}" if times else "-"
