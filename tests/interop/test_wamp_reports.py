"""What users of other routers reported (the specification's `wamp-users`): clients that are killed by the thousand leave their
registrations behind, one subscriber that does not read holds up the others or eats the memory, bursts lose messages, large arguments of many at once
do not arrive. Clients are sockets, with WAMP by hand."""
import resource
import socket
import tempfile
import threading
import time
from pathlib import Path

from case import Case
from program import wait_until
from raw import Raw
from raw_wamp import (CALL, EVENT, GOODBYE, INVOCATION, PUBLISH, PUBLISHED, REGISTER, REGISTERED, RESULT, SUBSCRIBE, SUBSCRIBED,
                      WELCOME, YIELD, RawWamp)

TRANSPORTS = ("websocket", "rawsocket")
NOTHING = {"exact": [], "prefix": [], "wildcard": []}
CONFIGURATION = """
[wamp]
waiting-bytes-max = "1 MiB"
management-realm = "operators"
[[wamp.realm]]
name = "realm1"
anonymous-role = "anybody"
[[wamp.realm]]
name = "operators"
anonymous-role = "anybody"
[[wamp.role]]
name = "anybody"
[[wamp.role.permission]]
uri = "*"
allow = ["call", "register", "publish", "subscribe"]
"""


class WampReports(Case):
    flags = ()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        file = Path(folder.name, "node.toml")
        file.write_text(CONFIGURATION)
        self.node = self.start("serve", "--config", str(file), "--listen", "127.0.0.1:0", *self.flags)

    def join(self, transport="rawsocket", **options):
        session = RawWamp.join(self.node.address, transport, **options)
        self.addCleanup(session.socket.close)
        return session

    def numbers(self):
        """The router's, by its own report."""
        asking = self.join(realm="operators")
        numbers = asking.call("relay.stats.get")["wamp"]
        asking.send([GOODBYE, {}, "wamp.close.normal"])
        self.assertEqual(asking.read()[0], GOODBYE)
        asking.socket.close()
        return numbers


class KilledClients(WampReports):
    SESSIONS = 1200
    REQUESTS = [[REGISTER, {}, None], [REGISTER, {"match": "prefix"}, None], [REGISTER, {"invoke": "roundrobin"}, "com.shared"],
                [SUBSCRIBE, {}, "com.news"], [SUBSCRIBE, {"match": "prefix"}, "com."]]

    def own_requests(self, number):
        own = (f"com.own{number}", f"com.own{number}.")
        return [[*each[:2], each[2] or own[index]] for index, each in enumerate(self.REQUESTS)]

    def test_F12_of_clients_killed_by_the_thousand_no_session_registration_or_subscription_is_left(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
        witness = self.join()
        victims = [RawWamp(self.node.address, TRANSPORTS[i % 2], self.own_requests(i)) for i in range(self.SESSIONS)]
        for each in victims:
            said = [each.read()[0] for _ in range(1 + len(self.REQUESTS))]
            self.assertEqual(said, [WELCOME, REGISTERED, REGISTERED, REGISTERED, SUBSCRIBED, SUBSCRIBED])
        self.assertEqual(witness.call("wamp.session.count"), self.SESSIONS + 1)
        self.assertEqual(len(witness.call("wamp.registration.list")["exact"]), self.SESSIONS + 1)

        for each in victims:
            each.vanish()

        wait_until(lambda: witness.call("wamp.session.count") == 1, 20, "the witness alone")
        self.assertEqual(witness.call("wamp.session.list"), [witness.id])
        self.assertEqual(witness.call("wamp.registration.list"), NOTHING)
        self.assertEqual(witness.call("wamp.subscription.list"), NOTHING)
        numbers = self.numbers()
        self.assertEqual((numbers["sessions"], numbers["connections"]["now"]), (2, 2))
        self.assertEqual([numbers["total"][name] for name in ("subscriptions", "calls_in_flight")], [0, 1])
        mine, = (each for each in numbers["by_realm"] if each["realm"] == "realm1")
        self.assertEqual([mine[name] for name in ("sessions", "registrations", "subscriptions", "calls_in_flight")], [1, 0, 0, 0])
        ended = {why: count for why, count in numbers["sessions_ended"].items() if count}
        self.assertEqual(ended, {"lost": self.SESSIONS})


class OneThatDoesNotRead(WampReports):
    EVENTS, READERS, EVENT_BYTES = 800, 3, 16_384
    MEMORY_BYTES_MAX = 48 * 1024 * 1024

    def test_costs_the_others_nothing_and_is_closed_as_too_slow_once(self):
        for transport in TRANSPORTS:
            with self.subTest(transport=transport):
                self.see(transport)

    def see(self, transport):
        sleeper = self.join(transport, receive_buffer=4096)
        self.assertEqual(sleeper.ask(SUBSCRIBE, {}, "com.news")[0], SUBSCRIBED)
        readers = [self.join() for _ in range(self.READERS)]
        for each in readers:
            self.assertEqual(each.ask(SUBSCRIBE, {}, "com.news")[0], SUBSCRIBED)
        publisher = self.join()
        before, resident = self.numbers(), self.node.resident_bytes()
        heard = [[] for _ in readers]

        def read(session, into):
            while len(into) < self.EVENTS:
                message = session.read()
                into.append((message[0], message[4][0], len(message[4][1])))

        threads = [threading.Thread(target=read, args=each) for each in zip(readers, heard)]
        for each in threads:
            each.start()
        longest, largest = 0.0, 0
        for number in range(self.EVENTS):
            began = time.monotonic()
            answer = publisher.ask(PUBLISH, {"acknowledge": True}, "com.news", [number, "x" * self.EVENT_BYTES])
            self.assertEqual(answer[0], PUBLISHED)
            longest = max(longest, time.monotonic() - began)
            if number % 20 == 19:  # three readers in one Python, on a busy machine, are no fast ones
                wait_until(lambda: min(map(len, heard)) == number + 1, 20, "the others have every event so far")
                largest = max(largest, self.node.resident_bytes())
        for each in threads:
            each.join(30)

        expected = [(EVENT, number, self.EVENT_BYTES) for number in range(self.EVENTS)]
        for each in heard:
            self.assertEqual(each, expected)
        self.assertLess(longest, 2, "a publisher waits for nobody")
        self.assertLess(largest - resident, self.MEMORY_BYTES_MAX)
        self.assert_whole_and_in_order(sleeper)
        after = self.numbers()
        self.assertEqual(after["sessions_ended"]["too_slow"] - before["sessions_ended"]["too_slow"], 1)
        self.assertEqual(after["sessions_ended"]["lost"], before["sessions_ended"]["lost"])
        for each in (publisher, sleeper, *readers):
            each.socket.close()
        wait_until(lambda: self.numbers()["sessions"] == 1, 5, "nobody else")

    def assert_whole_and_in_order(self, sleeper):
        """What it still gets when it reads after all: up to the end of its line, which it may be too late to be told the reason of."""
        numbers, reason = [], None
        try:
            while True:
                message = sleeper.read()
                if message[0] == EVENT:
                    numbers.append(message[4][0])
                else:
                    reason = message[2]
        except (EOFError, ConnectionResetError) as end:
            if reason:
                self.assertEqual(reason, "crosspoint.close.too_slow")
                self.assertIn(end.args, ((), (1013,)))
        self.assertEqual(numbers, list(range(len(numbers))))


class Bursts(WampReports):
    """Far more in one write than the router reads in a turn."""

    COUNT, RECEIVERS = 2000, 8

    def test_a_burst_of_publications_reaches_everybody_who_reads_whole_and_in_order(self):
        receivers = [self.join(TRANSPORTS[i % 2]) for i in range(self.RECEIVERS)]
        for each in receivers:
            self.assertEqual(each.ask(SUBSCRIBE, {}, "com.burst")[0], SUBSCRIBED)
        publisher = self.join()

        publisher.send(*([PUBLISH, i + 1, {}, "com.burst", [i, "x" * 400]] for i in range(self.COUNT)))

        for each in receivers:
            self.assertEqual([each.read()[4][0] for _ in range(self.COUNT)], list(range(self.COUNT)))
        numbers = self.numbers()
        self.assertEqual(sum(numbers["events_lost"].values()), 0)
        self.assertEqual(numbers["sessions_ended"]["too_slow"], 0)

    def test_a_burst_of_calls_is_answered_one_by_one_in_order(self):
        for transport in TRANSPORTS:
            with self.subTest(transport=transport):
                callee, caller = self.join(transport), self.join(transport)
                self.assertEqual(callee.ask(REGISTER, {}, "com.echo." + transport)[0], REGISTERED)
                caller.send(*([CALL, i + 1, {}, "com.echo." + transport, [i]] for i in range(self.COUNT)))
                asked = [callee.read() for _ in range(self.COUNT)]
                self.assertEqual([(each[0], each[1], each[4]) for each in asked],
                                 [(INVOCATION, i + 1, [i]) for i in range(self.COUNT)])

                callee.send(*([YIELD, each[1], {}, each[4]] for each in asked))

                self.assertEqual([caller.read() for _ in range(self.COUNT)], [[RESULT, i + 1, {}, [i]] for i in range(self.COUNT)])


class Uploads(WampReports):
    SESSIONS, BYTES = 20, 128 * 1024

    def test_arguments_of_128_KiB_from_twenty_sessions_at_once_are_each_answered_once(self):
        for transport in TRANSPORTS:
            with self.subTest(transport=transport):
                self.upload(transport)

    def upload(self, transport):
        callee = self.join(transport)
        self.assertEqual(callee.ask(REGISTER, {}, "com.upload")[0], REGISTERED)
        callers = [self.join(TRANSPORTS[i % 2]) for i in range(self.SESSIONS)]
        contents = [f"{i:02}" * (self.BYTES // 2) for i in range(self.SESSIONS)]
        answers = [[] for _ in callers]

        def answer():
            for _ in range(self.SESSIONS):
                invocation = callee.read()
                callee.send([YIELD, invocation[1], {}, invocation[4]])

        def call(session, content, into):
            into.append(session.ask(CALL, {}, "com.upload", [content]))
            into.append(session.ask(CALL, {}, "wamp.session.count"))  # and nothing comes in between

        threads = [threading.Thread(target=answer),
                   *(threading.Thread(target=call, args=each) for each in zip(callers, contents, answers))]
        for each in threads:
            each.start()
        for each in threads:
            each.join(30)

        for content, got in zip(contents, answers):
            self.assertEqual([each[0] for each in got], [RESULT, RESULT])
            self.assertTrue(got[0][3] == [content], "the answer to somebody else, or none")
        for each in (callee, *callers):
            each.socket.close()


class TooMany(WampReports):
    flags = ("--connections-max", "3")

    def test_clients_of_WAMP_are_counted_over_all_transports_and_told_so(self):
        first = self.join()
        self.join("websocket")
        status, _, _ = self.node.http("POST", "/lp/open", {"protocols": ["wamp.2.json"]})
        self.assertEqual(status, 200)

        with socket.create_connection(self.node.address, timeout=5) as line:
            line.sendall(b"\x7f\xf1\0\0")
            self.assertEqual(line.recv(4), b"\x7f\x40\0\0")
        with Raw(self.node.address, "/ws", ["Sec-WebSocket-Protocol: wamp.2.json"]) as refused:
            self.assertEqual(refused.status, 503)
        self.assertEqual(self.node.http("POST", "/lp/open", {"protocols": ["wamp.2.json"]})[0], 503)
        with Raw(self.node.address, "/topic") as other:
            self.assertEqual(other.status, 101, "topics are counted apart")
        first.vanish()
        wait_until(self.may_join, 5, "room for another")

    def may_join(self):
        try:
            self.join()
        except (EOFError, AssertionError):
            return False
        return True


class TooFast(WampReports):
    flags = ("--receive-bytes-per-second-max", "1MiB")

    def test_D6_who_sends_more_than_allowed_is_read_more_slowly_and_loses_nothing(self):
        for transport in TRANSPORTS:
            with self.subTest(transport=transport):
                session = self.join(transport)
                session.ask(SUBSCRIBE, {}, "com.mine")
                began = time.monotonic()
                for i in range(21):  # a second's worth at once, and a quarter of a second
                    answer = session.ask(PUBLISH, {"acknowledge": True}, "com.elsewhere", [i, "x" * 65_536])
                    self.assertEqual(answer[0], PUBLISHED)
                self.assertGreater(time.monotonic() - began, 0.2)
