"""An MPEG-TS picture made by hand, so that each picture carries its number and whoever gets it can say that none is missing: ISO 13818-1 with
one programme of MPEG-1 video, tables before every picture that stands alone."""
import re
import struct

import ts

MAP_PID, VIDEO_PID = 0x100, 0x101
GROUP = 12  # pictures; the first of them stands alone
SEQUENCE_HEADER = bytes.fromhex("000001b3 14 00 f0 13 ff ff e0 a0")  # 320x240, 25 a second
MARK = re.compile(rb"chaos:([0-9a-f]{8}):([0-9a-f]{4}):")


def crc(data):
    """Of a section: CRC-32 as MPEG has it."""
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)) & 0xFFFFFFFF
    return struct.pack(">I", value)


def section(table, body):
    head = bytes([table]) + struct.pack(">H", 0xB000 | len(body) + 9) + bytes.fromhex("0001c10000")
    return b"\0" + head + body + crc(head + body)


PAT = section(0, struct.pack(">HH", 1, 0xE000 | MAP_PID))
PMT = section(2, struct.pack(">HH", 0xE000 | VIDEO_PID, 0xF000) + struct.pack(">BHH", ts.MPEG_VIDEO[0], 0xE000 | VIDEO_PID, 0xF000))


def body_of(number):
    """What a picture holds behind its mark."""
    return b"%08x" % number * (40 + number * 37 % 200)


def elementary(number):
    alone = number % GROUP == 0
    header = b"\0\0\1\0" + struct.pack(">H", (number % GROUP) << 6 | (ts.I_PICTURE if alone else 2) << 3) + b"\xff\xf8"
    body = body_of(number)
    mark = b"\0\0\1\xb2chaos:%08x:%04x:" % (number, len(body))
    return (SEQUENCE_HEADER if alone else b"") + header + mark + body


def adaptation(alone, payload):
    """The field before `payload`: that access is possible here, and as many bytes as are missing to a whole packet."""
    size = max(2 if alone else 0, ts.PACKET_BYTES - 4 - len(payload))
    return bytes([size - 1, 0x40 if alone else 0]) + b"\xff" * (size - 2) if size > 1 else bytes(size)


class Maker:
    """Pictures one after another, their counters going on."""

    def __init__(self):
        self.counters = {}

    def _packets(self, pid, payload, alone=False):
        made, starts = b"", 0x4000
        while payload:
            counter = self.counters[pid] = (self.counters.get(pid, 15) + 1) % 16
            field = adaptation(alone and starts, payload)
            head = struct.pack(">BHB", 0x47, starts | pid, (0x30 if field else 0x10) | counter)
            room = ts.PACKET_BYTES - len(head) - len(field)
            made, payload, starts = made + head + field + payload[:room], payload[room:], 0
        return made

    def _tables(self):
        return b"".join(self._packets(pid, table + b"\xff" * (184 - len(table))) for pid, table in ((0, PAT), (MAP_PID, PMT)))

    def picture(self, number):
        alone = number % GROUP == 0
        clock = number * 3600 % 2**33
        stamp = bytes([0x21 | clock >> 29 & 0x0E]) + struct.pack(">HH", clock >> 14 & 0xFFFE | 1, clock << 1 & 0xFFFE | 1)
        pes = b"\0\0\1\xe0\0\0\x80\x80\x05" + stamp + elementary(number)
        return (self._tables() if alone else b"") + self._packets(VIDEO_PID, pes, alone)


def numbers_in(message):
    """Those of the pictures that a viewer's message holds; AssertionError where one is damaged."""
    data = b"".join(p.payload for p in ts.packets(message) if p.pid == VIDEO_PID)
    found = []
    for mark in MARK.finditer(data):
        number, length = int(mark[1], 16), int(mark[2], 16)
        assert data[mark.end():mark.end() + length] == body_of(number), f"picture {number} is damaged"
        found.append(number)
    return found
