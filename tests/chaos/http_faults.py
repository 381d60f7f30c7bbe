"""Faults of strangers who speak HTTP, or ought to, and of those who have tokens and codes that are no good."""
import http.client
import json
import time
import urllib.parse

from faults import ask, fault, push, read_all, reset, until_ends
from program import wait_until
from raw import Raw
from relay_case import scoped, token

HEAD = b"GET /stats HTTP/1.1\r\nHost: a\r\n"
BAD_CODES_MAX = 10  # of one address in a minute


def status_of(answer):
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else None


@fault()
def silent_connections(lab, crowd):
    """Two hundred connections send nothing."""
    crowd.strangers(200)
    lab.pause(1)


@fault()
def slow_heads(lab, crowd):
    """A hundred heads come byte by byte."""
    slow = crowd.strangers(100, b"GET /x HTTP/1.1\r\nX: ")
    for _ in range(10):
        for client in slow:
            push(client, b"x")
        lab.pause(0.1)


@fault()
def garbage_for_http(lab, crowd):
    """A hundred connections send random bytes where a request should be."""
    for client in crowd.strangers(100):
        push(client, b"\n" + crowd.bytes(crowd.chance.randrange(1, 3000)) + b"\r\n\r\n")


@fault()
def oversize_heads(lab, crowd):
    """Heads and targets come that are too long, two thousand fields among them: 431 and 414."""
    for _ in range(5):
        assert status_of(ask(crowd, HEAD + b"X: " + b"x" * 8192)) == 431
        assert status_of(ask(crowd, b"GET /" + b"x" * 65536)) == 414
        assert status_of(ask(crowd, HEAD + b"".join(b"X-%d: y\r\n" % n for n in range(2000)))) == 431


@fault()
def smuggled_requests(lab, crowd):
    """Requests come whose end can be seen in two ways: 400, and nothing behind it is read."""
    both = b"POST /session/t HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    for _ in range(20):
        answer = ask(crowd, both + HEAD + b"\r\n")
        assert status_of(answer) == 400 and answer.count(b"HTTP/1.1") == 1, answer


@fault()
def bodies_that_never_come(lab, crowd):
    """Fifty announce a body and send none of it."""
    crowd.strangers(50, b"POST /session/t HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
    lab.pause(1)


@fault()
def pages_that_nobody_reads(lab, crowd):
    """A hundred ask for a page over and over and read nothing."""
    crowd.strangers(100, (HEAD + b"\r\n") * 20, receive_buffer=2048)
    lab.pause(1)


@fault()
def half_closed_requests(lab, crowd):
    """A hundred close their side in the middle of a request, or behind one; each gets an answer or its end."""
    for _ in range(100):
        client = crowd.stranger(HEAD + crowd.chance.choice((b"", b"\r\n")))
        client.shutdown(1)
    until_ends(crowd.sockets)


@fault()
def resets_in_requests(lab, crowd):
    """Two hundred vanish in the middle of a request, or of its answer."""
    for client in crowd.strangers(200):
        push(client, (HEAD + b"\r\n")[:crowd.chance.randrange(1, len(HEAD) + 3)])
        reset(client)


@fault()
def requests_by_the_thousand(lab, crowd):
    """A thousand requests come on ten connections, all at once."""
    for _ in range(10):
        client = crowd.stranger((HEAD + b"\r\n") * 99 + HEAD + b"Connection: close\r\n\r\n")
        read_all(client)


# Tokens and codes.


def access(crowd, method, target, made):
    """(status, body) from the access service."""
    connection = http.client.HTTPConnection(*crowd.address, timeout=10, source_address=(crowd.source(), 0))
    try:
        connection.request(method, target, headers={"Authorization": made})
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()


def path_with_code(crowd, topic, booking):
    status, body = access(crowd, "POST", f"/session/{topic}", token(topic, booking=booking))
    assert status == 200, (status, body)
    parts = urllib.parse.urlsplit(json.loads(body)["uri"])
    return f"{parts.path}?{parts.query}"


def bookings(crowd, operation, booking):
    status, body = access(crowd, "POST", f"/bids/{operation}?bid={booking}&exp={int(time.time()) + 60}", scoped("relay:admin"))
    assert status == 204, (operation, status, body)


@fault()
def codes_guessed(lab, crowd):
    """Three hundred codes are guessed from a few addresses: 401, then 429."""
    for _ in range(5):
        source, statuses = crowd.source(), []
        for _ in range(60):
            with Raw(crowd.address, f"/session/rig?code={crowd.bytes(16).hex()}", source=source) as client:
                statuses.append(client.status)
        # Loops tell each other of bad codes, and who is quick may be quicker by a few.
        assert set(statuses) == {401, 429} and statuses.count(401) <= BAD_CODES_MAX + 5, statuses


@fault()
def codes_spent_twice(lab, crowd):
    """A code is shown once more, and at another topic."""
    for _ in range(5):
        path = path_with_code(crowd, "spent", "spent")
        crowd.raw(path)
        for again in (path, path.replace("spent", "other")):
            with Raw(crowd.address, again, source=crowd.source()) as client:
                assert client.status == 401, client.status


@fault()
def bad_tokens(lab, crowd):
    """A hundred tokens are signed with another secret, expired, or none at all: each is refused."""
    bad = (token("rig", secret="another secret"), token("rig", life=-10), token("other"), "garbage", crowd.bytes(500).hex())
    for made in bad * 20:
        status, _ = access(crowd, "POST", "/session/rig", made)
        assert status in (400, 401, 403), (status, made)


@fault()
def a_booking_hoards_codes(lab, crowd):
    """One booking trades tokens for more codes than it may have unused: 429."""
    booking = crowd.bytes(4).hex()
    statuses = [access(crowd, "POST", "/session/hoard", token("hoard", booking=booking))[0] for _ in range(40)]
    assert statuses[0] == 200 and statuses[-1] == 429 and set(statuses) == {200, 429}, statuses


@fault()
def a_booking_is_cancelled(lab, crowd):
    """A booking whose twenty clients are connected is cancelled: they are out, and it is allowed again."""
    booking = crowd.bytes(4).hex()
    clients = [crowd.raw(path_with_code(crowd, "cancelled", booking)) for _ in range(20)]
    bookings(crowd, "deny", booking)
    until_ends([client.socket for client in clients])
    status, _ = access(crowd, "POST", "/session/cancelled", token("cancelled", booking=booking))
    assert status == 400, status
    bookings(crowd, "allow", booking)
    wait_until(lambda: path_with_code(crowd, "cancelled", booking), 5, "the booking may come again")
