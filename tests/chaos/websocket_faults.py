"""Faults of clients who were let in to an open topic, and then do what they must not, or do not what they must."""
import os
import struct
import zlib

from faults import close_code, fault, push, reset, until_ends
from lab import TOPICS_MAX
from raw import BINARY, CLOSE, PING, TEXT, Raw, frame

MIB = 1024 * 1024


def crowd_of(crowd, count, path="/elsewhere", **options):
    return [crowd.raw(path, **options) for _ in range(count)]


@fault()
def viewers_who_do_not_read(lab, crowd):
    """Ten viewers of a busy topic read nothing; each is put out in time."""
    sender = crowd.raw("/in/busy")
    viewers = crowd_of(crowd, 10, "/out/busy", receive_buffer=4096)
    for _ in range(60):
        sender.send(BINARY, bytes(100_000))
    wait = crowd.raw("/in/busy")  # the node is not held up
    lab.pause(2)
    wait.send(PING, b"still there")
    assert wait.read()[1] == b"still there"
    until_ends([viewer.socket for viewer in viewers], 20)


@fault()
def viewers_who_read_byte_by_byte(lab, crowd):
    """Ten viewers of a busy topic take a byte now and then."""
    sender = crowd.raw("/in/trickle")
    viewers = crowd_of(crowd, 10, "/out/trickle", receive_buffer=4096)
    for _ in range(20):
        sender.send(BINARY, bytes(50_000))
        for viewer in viewers:
            viewer.socket.recv(1)
        lab.pause(0.05)


@fault()
def a_burst_of_20_MB(lab, crowd):
    """A publisher sends 20 MB at once to two viewers, of whom one reads."""
    sender, deaf, viewer = crowd.raw("/in/burst"), crowd.raw("/out/burst"), crowd.raw("/out/burst")
    viewer.socket.settimeout(20)
    for n in range(20):
        sender.send(BINARY, bytes([n]) * 1_000_000)
        opcode, got = viewer.read()
        assert opcode == BINARY and got == bytes([n]) * 1_000_000, f"message {n} is damaged"
    reset(deaf.socket)


@fault()
def garbage_for_frames(lab, crowd):
    """Fifty send random bytes where frames should be."""
    for client in crowd_of(crowd, 50):
        push(client.socket, crowd.bytes(crowd.chance.randrange(1, 2000)))


@fault()
def frames_without_end(lab, crowd):
    """Frames announce more than a message may have: closed by the header alone, 1009 or 1002."""
    for length, code in ((10 * MIB + 1, 1009), (2**32, 1009), (2**63 - 1, 1009), (2**63, 1002), (2**64 - 1, 1002)):
        client = crowd.raw()
        push(client.socket, bytes([0x82, 0xFF]) + struct.pack(">Q", length))
        got = close_code(client)
        assert got == code, (hex(length), got)


@fault()
def messages_too_large(lab, crowd):
    """Three send a message of 11 MiB in fragments: 1009."""
    for client in crowd_of(crowd, 3):
        part = frame(0, bytes(MIB), fin=False)
        push(client.socket, frame(BINARY, b"", fin=False))
        whole = all(push(client.socket, part) for _ in range(11))
        assert close_code(client) in (1009, None if not whole else 1009)


@fault()
def fragments_that_never_end(lab, crowd):
    """Ten send twenty thousand fragments of a byte, and no last one."""
    fragments = frame(TEXT, b"a", fin=False) + frame(0, b"b", fin=False) * 20_000
    for client in crowd_of(crowd, 10):
        push(client.socket, fragments)
    lab.pause(0.5)


@fault()
def empty_fragments(lab, crowd):
    """Five send fragments that hold nothing, for ever: 1008."""
    for client in crowd_of(crowd, 5):
        whole = push(client.socket, frame(TEXT, b"", fin=False) + frame(0, b"", fin=False) * 30_000)
        assert close_code(client) in (1008, None if not whole else 1008)


@fault()
def frames_that_are_wrong(lab, crowd):
    """Unmasked frames, reserved bits, unknown opcodes, text that is none, closes with an impossible code: 1002 and 1007."""
    for wrong, code in ((frame(TEXT, b"unmasked", masked=False), 1002), (bytes([0xC1]) + frame(TEXT, b"x")[1:], 1002),
                        (frame(3, b"x"), 1002), (frame(TEXT, b"\xff\xfe"), 1007), (frame(CLOSE, b"\x03\xed"), 1002),
                        (frame(PING, bytes(126)), 1002), (frame(0, b"x"), 1002)):
        client = crowd.raw()
        push(client.socket, wrong)
        got = close_code(client)
        assert got == code, (wrong[:20], got)


@fault()
def floods_of_pings(lab, crowd):
    """Ten send two thousand pings at once: 1008."""
    for client in crowd_of(crowd, 10):
        whole = push(client.socket, frame(PING, b"p" * 125) * 2000)
        assert close_code(client) in (1008, None if not whole else 1008)


@fault()
def compression_bombs(lab, crowd):
    """Three send 40 MiB of nothing in 40 KiB: 1009."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = compressor.compress(bytes(40 * MIB)) + compressor.flush(zlib.Z_SYNC_FLUSH)
    message = bytearray(frame(BINARY, bomb.removesuffix(b"\0\0\xff\xff")))
    message[0] |= 0x40
    for _ in range(3):
        client = crowd.raw("/elsewhere", "Sec-WebSocket-Extensions: permessage-deflate")
        push(client.socket, message)
        assert close_code(client) in (1009, None)


@fault()
def resets_in_messages(lab, crowd):
    """A hundred vanish in the middle of a message, on a topic with a viewer, who sees none of it."""
    viewer = crowd.raw("/out/halves")
    for client in crowd_of(crowd, 100, "/in/halves"):
        data = frame(BINARY, b"half", fin=False) + frame(0, bytes(5000))
        push(client.socket, data[:crowd.chance.randrange(1, len(data) - 1)])
        reset(client.socket)
    viewer.send(PING, b"nothing before")
    assert viewer.read()[1] == b"nothing before"


@fault()
def half_closed_clients(lab, crowd):
    """Fifty close their side without a goodbye, some in the middle of a message; each is cut off."""
    for client in crowd_of(crowd, 50):
        push(client.socket, frame(TEXT, b"x" * 200)[:crowd.chance.randrange(0, 150)])
        client.socket.shutdown(1)
    until_ends(crowd.sockets)


@fault()
def clients_who_say_no_goodbye(lab, crowd):
    """Twenty ask to be closed and then stay; each is cut off."""
    for client in crowd_of(crowd, 20):
        push(client.socket, frame(CLOSE, b"\x03\xe8"))
    until_ends(crowd.sockets)


@fault()
def topics_to_the_limit(lab, crowd):
    """More topics are made than there may be: those past the limit are refused, 503."""
    statuses = []
    while statuses.count(503) < 20 and len(statuses) < TOPICS_MAX * os.cpu_count() + 100:
        client = crowd.keep(Raw(crowd.address, f"/many/{len(statuses)}", source=crowd.source()))
        statuses.append(client.status)
    assert set(statuses) == {101, 503}, set(statuses)


@fault()
def three_hundred_come_and_go(lab, crowd):
    """Three hundred clients come to one topic, say something and go, half of them without a goodbye."""
    clients = crowd_of(crowd, 300, "/crowd")
    for client in clients[::30]:
        push(client.socket, frame(TEXT, b"hello"))
    for client in clients[::2]:
        push(client.socket, frame(CLOSE, b"\x03\xe8"))
    for client in clients[1::2]:
        reset(client.socket)


@fault()
def statistics_asked_for_without_end(lab, crowd):
    """Two ask for statistics two thousand times in a second: 1008."""
    for client in crowd_of(crowd, 2, "/ws"):
        whole = push(client.socket, frame(TEXT, b"-") * 2000)
        assert close_code(client) in (1008, None if not whole else 1008)
