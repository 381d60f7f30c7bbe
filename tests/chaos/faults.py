"""What a fault is, and the strangers that faults are made of.

A fault is a function of a lab and a crowd, marked with @fault: its name is the kind's, and it says in a sentence what it does. It returns
when it is over, and raises what is wrong if those who misbehave do not get what they are owed: an AssertionError, or an OSError where an
answer does not come.
"""
import random
import socket
import struct
import time

from raw import Raw
from raw_wamp import RawWamp

IP_BIND_ADDRESS_NO_PORT = 24
KINDS = {}


class Fault:
    """`pauses`: lines of which nothing is owed while it lasts; it lasts until they are back."""

    def __init__(self, do, pauses, possible):
        self.do, self.pauses, self.possible = do, pauses, possible
        self.name = do.__name__.replace("_", " ")
        self.does = " ".join(do.__doc__.split())


def fault(pauses=(), possible=lambda lab: True):
    """Where it is not `possible` it is left out."""
    def mark(do):
        made = Fault(do, pauses, possible)
        KINDS[made.name] = made
        return do
    return mark


class Crowd:
    """Strangers, who are gone when the fault is over."""

    def __init__(self, lab):
        self.lab, self.chance, self.sockets = lab, random.Random(lab.chance.random()), []
        self.address = lab.node.address

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for each in self.sockets:
            each.close()

    def source(self):
        """An address of loopback that is no healthy client's."""
        return f"127.{self.chance.randrange(1, 250)}.{self.chance.randrange(256)}.{self.chance.randrange(1, 250)}"

    def keep(self, client):
        self.sockets.append(getattr(client, "socket", client))
        return client

    def stranger(self, first=b"", to=None, receive_buffer=None):
        """A connection from an address of its own."""
        made = self.keep(socket.socket())
        made.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        if receive_buffer:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        made.bind((self.source(), 0))
        made.settimeout(10)
        made.connect(to or self.address)
        if first:
            made.sendall(first)
        return made

    def strangers(self, count, first=b"", **options):
        return [self.stranger(first, **options) for _ in range(count)]

    def raw(self, path="/elsewhere", *fields, **options):
        """One who was let in to a topic."""
        client = self.keep(Raw(self.address, path, fields, source=self.source(), **options))
        assert client.status == 101, client.status
        return client

    def wamp(self, transport=None, **options):
        transport = transport or self.chance.choice(("rawsocket", "websocket"))
        return self.keep(RawWamp.join(self.address, transport, source=self.source(), **options))

    def bytes(self, count):
        return self.chance.randbytes(count)


def read_all(client):
    """Up to the end, by which way ever it comes."""
    data = b""
    try:
        while got := client.recv(65536):
            data += got
    except ConnectionError:
        pass
    return data


def ask(crowd, request, **options):
    """All that a request of bytes is answered with, on a connection that must then end."""
    try:
        return read_all(crowd.stranger(request, **options))
    except ConnectionError:
        return b""


def push(client, data):
    """Sends as much as is taken; False when it was cut off."""
    try:
        client.sendall(data)
        return True
    except OSError:
        return False


def reset(client):
    """As a process that is killed: the other end gets a RST."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def until_ends(clients, seconds=10.0):
    """Everybody in `clients`, who reads what there is, is cut off in time."""
    until = time.monotonic() + seconds
    for client in clients:
        client.settimeout(max(0.01, until - time.monotonic()))
        try:
            read_all(client)
        except TimeoutError:
            raise AssertionError(f"one of {len(clients)} is not cut off within {seconds} s") from None


def close_code(client):
    """The code that a Raw is closed with; None where the connection ends without."""
    try:
        return client.read_close_code()
    except (EOFError, ConnectionError):
        return None
