"""Faults of clients of WAMP, over WebSocket and RawSocket, and of those who only say that they are such."""
import http.client
import json
import struct

import cbor2
import msgpack

from faults import close_code, fault, push, until_ends
from lab import REGISTRATIONS_MAX
from raw import BINARY, TEXT, frame
from raw_wamp import (CALL, ERROR, EVENT, INVOCATION, PUBLISH, REGISTER, REGISTERED, ROLES, SUBSCRIBE, SUBSCRIBED,
                      RawWamp)

SUBSCRIPTIONS_MAX = 1000  # of a session; the default
HELLO = [1, "realm1", ROLES]
SERIALIZERS = {"json": (TEXT, lambda value: json.dumps(value).encode()), "msgpack": (BINARY, msgpack.packb), "cbor": (BINARY, cbor2.dumps)}
LONG_POLLS = 30
RAWSOCKET_NUMBERS = {"json": 1, "msgpack": 2, "cbor": 3, "ubjson": 4}


@fault()
def a_callee_dies_with_calls_open(lab, crowd):
    """A callee vanishes with a hundred calls open: each has an error for its answer, once."""
    procedure = f"faulty.{crowd.bytes(4).hex()}"
    callee, caller = crowd.wamp(), crowd.wamp()
    assert callee.ask(REGISTER, {}, procedure)[0] == REGISTERED
    caller.send(*([CALL, n, {}, procedure] for n in range(1, 101)))
    for _ in range(100):
        assert callee.read()[0] == INVOCATION
    callee.vanish()
    answers = [caller.read() for _ in range(100)]
    assert {answer[0] for answer in answers} == {ERROR}, answers[0]
    assert sorted(answer[2] for answer in answers) == list(range(1, 101))


@fault()
def a_callee_who_never_answers(lab, crowd):
    """Two thousand calls go to a callee who reads and answers nothing; their caller vanishes."""
    procedure = f"faulty.{crowd.bytes(4).hex()}"
    callee, caller = crowd.wamp(), crowd.wamp()
    assert callee.ask(REGISTER, {}, procedure)[0] == REGISTERED
    caller.send(*([CALL, n, {}, procedure, ["x" * 100]] for n in range(1, 2001)))
    for _ in range(2000):
        assert callee.read()[0] == INVOCATION
    caller.vanish()


def flood(client, code, count, granted, most):
    """So many requests at once, of which `most` are granted."""
    client.send(*([code, n, {}, f"faulty.{client.id}.{n}"] for n in range(1, count + 1)))
    answers = [client.read()[0] for _ in range(count)]
    assert answers == [granted] * most + [ERROR] * (count - most), (answers.count(granted), answers.count(ERROR))


@fault()
def subscriptions_without_end(lab, crowd):
    """A client subscribes to more than it may, at once: it gets its share, and errors."""
    flood(crowd.wamp(), SUBSCRIBE, SUBSCRIPTIONS_MAX + 500, SUBSCRIBED, SUBSCRIPTIONS_MAX)


@fault()
def registrations_without_end(lab, crowd):
    """A client registers more than it may, at once: it gets its share, and errors."""
    flood(crowd.wamp(), REGISTER, REGISTRATIONS_MAX + 500, REGISTERED, REGISTRATIONS_MAX)


@fault()
def a_procedure_of_somebody_else(lab, crowd):
    """Twenty want to register what healthy callees have: each is refused."""
    for procedure in ("healthy.same.websocket", "healthy.same.rawsocket"):
        for _ in range(10):
            answer = crowd.wamp().ask(REGISTER, {}, procedure)
            assert answer[4:5] == ["wamp.error.procedure_already_exists"], answer


@fault()
def huge_payloads(lab, crowd):
    """A publisher sends 1 MB over and over to one who reads, and to one who does not."""
    topic = f"faulty.{crowd.bytes(4).hex()}"
    publisher, reader, deaf = (crowd.wamp("websocket") for _ in range(3))
    for client in (reader, deaf):
        assert client.ask(SUBSCRIBE, {}, topic)[0] == SUBSCRIBED
    for n in range(1, 13):
        publisher.send([PUBLISH, n, {}, topic, ["x" * 1_000_000]])
        event = reader.read()
        assert event[0] == EVENT and len(event[4][0]) == 1_000_000
    deaf.vanish()


@fault()
def a_subscriber_who_does_not_read(lab, crowd):
    """One does not read what it subscribed to, 12 MB of it: its session ends."""
    topic = f"faulty.{crowd.bytes(4).hex()}"
    publisher, deaf = crowd.wamp(), crowd.wamp(receive_buffer=4096)
    assert deaf.ask(SUBSCRIBE, {}, topic)[0] == SUBSCRIBED
    for n in range(1, 601):
        publisher.send([PUBLISH, n, {}, topic, ["x" * 20_000]])
    assert publisher.call("wamp.session.count") >= 2
    until_ends([deaf.socket], 20)


def malformed(chance, encode):
    """A message that is none, in this serializer."""
    good = encode([PUBLISH, 1, {}, "faulty.topic", ["x", {"y": [1, 2.5, None]}]])
    cut = good[:chance.randrange(1, len(good))]
    wrong = chance.choice(([], {}, [999], [PUBLISH, "1", {}, "a"], [CALL, 1, {}], [1, "realm1", ROLES], ["CALL"], [CALL, -1, {}, "a.b"]))
    return chance.choice((cut, chance.randbytes(50), encode(wrong), b"", good + b"\xff", b"[" * 500))


@fault()
def malformed_messages(lab, crowd):
    """Sessions in every serializer say what is no message: ABORT, and the end."""
    for name, (opcode, encode) in SERIALIZERS.items():
        for _ in range(8):
            client = crowd.raw("/ws", f"Sec-WebSocket-Protocol: wamp.2.{name}")
            push(client.socket, frame(opcode, encode(HELLO)))
            client.read()
            push(client.socket, frame(opcode, malformed(crowd.chance, encode)))
            close_code(client)
    for _ in range(8):
        client = crowd.raw("/ws", "Sec-WebSocket-Protocol: wamp.2.ubjson")
        push(client.socket, frame(BINARY, crowd.bytes(100)))
        close_code(client)


@fault()
def malformed_messages_over_rawsocket(lab, crowd):
    """The same over RawSocket."""
    for name, (_, encode) in SERIALIZERS.items():
        for _ in range(8):
            hello, bad = encode(HELLO), malformed(crowd.chance, encode)
            client = crowd.stranger(bytes([0x7F, 0xF0 | RAWSOCKET_NUMBERS[name], 0, 0]) + struct.pack(">I", len(hello)) + hello)
            client.recv(4)
            push(client, struct.pack(">I", len(bad)) + bad)
            until_ends([client])


@fault()
def rawsocket_handshakes_that_are_wrong(lab, crowd):
    """Serializers that nobody speaks, reserved bits, halves and garbage: an error byte or the end."""
    wrong = [bytes([0x7F, 0xF0 | number, 0, 0]) for number in (0, 9, 15)] + [b"\x7f\xf1\x01\x01", b"\x7f\xf1\0", b"\x7f"]
    clients = [crowd.stranger(each) for each in wrong * 5]
    for client in clients:
        client.shutdown(1)
    until_ends(clients)


@fault()
def rawsocket_frames_that_are_wrong(lab, crowd):
    """Frames that announce 16 MiB and reserved kinds, pings by the thousand, and a hundred who send half a frame and vanish."""
    for head in (b"\0\xff\xff\xff", b"\7\0\0\1x", b"\xf0\0\0\0"):
        push(crowd.wamp("rawsocket").socket, head)
    pinging = crowd.wamp("rawsocket")
    push(pinging.socket, (struct.pack(">I", 1 << 24 | 100) + bytes(100)) * 2000)
    for _ in range(100):
        client = crowd.wamp("rawsocket")
        push(client.socket, struct.pack(">I", 1000) + b"[16,1,{},")
        client.vanish()


@fault()
def sessions_that_vanish(lab, crowd):
    """A hundred join, register, subscribe and vanish, some before they are welcome."""
    for n in range(100):
        own = f"faulty.{crowd.bytes(4).hex()}"
        requests = [(REGISTER, {}, own), (SUBSCRIBE, {}, own), (CALL, {}, own)]
        transport = crowd.chance.choice(("rawsocket", "websocket"))
        client = crowd.keep(RawWamp(crowd.address, transport, requests, source=crowd.source()))
        for _ in range(n % 4):
            client.read()
        client.vanish()


@fault()
def realms_that_are_not_there(lab, crowd):
    """Fifty say HELLO to realms that there are not, or with methods that nobody knows, or nothing: ABORT."""
    for n in range(50):
        client = crowd.raw("/ws", "Sec-WebSocket-Protocol: wamp.2.json")
        hello = [1, "no.such.realm" if n % 2 else "realm1", {**ROLES, "authmethods": ["guess"]}]
        push(client.socket, frame(TEXT, json.dumps(hello).encode()))
        assert json.loads(client.read()[1])[0] == 3


@fault()
def long_polls_left_alone(lab, crowd):
    """Thirty sessions over HTTP are begun and left, with a request for what comes next open."""
    for _ in range(LONG_POLLS):
        source = crowd.source()
        opening = http.client.HTTPConnection(*crowd.address, timeout=10, source_address=(source, 0))
        opening.request("POST", "/lp/open", json.dumps({"protocols": ["wamp.2.json"]}), {"Content-Type": "application/json"})
        transport = json.loads(opening.getresponse().read())["transport"]
        opening.request("POST", f"/lp/{transport}/send", json.dumps(HELLO), {"Content-Type": "application/json"})
        assert opening.getresponse().read() == b""
        crowd.keep(opening.sock)
        crowd.stranger(f"POST /lp/{transport}/receive HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n".encode())
    lab.pause(0.3)
