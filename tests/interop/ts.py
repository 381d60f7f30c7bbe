"""As much of MPEG-TS as the checks look at: ISO 13818-1, packets, tables, and the first picture after a point."""

PACKET_BYTES = 188
MPEG_VIDEO = (0x01, 0x02)  # stream types
SERVICES = 17  # the PID of the table that names the services, which ffmpeg sends before the others
I_PICTURE = 1


class Packet:
    def __init__(self, data):
        assert len(data) == PACKET_BYTES and data[0] == 0x47, f"not a packet: {data[:4].hex()}"
        self.pid = (data[1] & 0x1F) << 8 | data[2]
        self.starts = bool(data[1] & 0x40)
        self.counter = data[3] & 0x0F
        field = data[4] + 1 if data[3] & 0x20 else 0
        self.discontinuity = bool(field > 1 and data[5] & 0x80)
        self.payload = data[4 + field:] if data[3] & 0x10 else b""


def packets(data):
    assert len(data) % PACKET_BYTES == 0, f"{len(data)} bytes are not whole packets"
    return [Packet(data[i:i + PACKET_BYTES]) for i in range(0, len(data), PACKET_BYTES)]


def section(packet):
    """A table's section, without its pointer and CRC."""
    start = packet.payload[1 + packet.payload[0]:]
    return start[:3 + ((start[1] & 0x0F) << 8 | start[2]) - 4]


def map_pid(pat):
    """The PID of the first programme's map."""
    entries = section(pat)[8:]
    for i in range(0, len(entries), 4):
        if entries[i:i + 2] != b"\0\0":
            return (entries[i + 2] & 0x1F) << 8 | entries[i + 3]
    raise AssertionError("a PAT without a programme")


def streams(pmt):
    """{PID: stream type} of a map."""
    data = section(pmt)
    i = 12 + ((data[10] & 0x0F) << 8 | data[11])
    found = {}
    while i < len(data):
        found[(data[i + 1] & 0x1F) << 8 | data[i + 2]] = data[i]
        i += 5 + ((data[i + 3] & 0x0F) << 8 | data[i + 4])
    return found


def begins_with_tables(some):
    """Whether the first packet is a PAT and the second the map that it names, the table of services apart."""
    some = [p for p in some if p.payload and p.pid != SERVICES]
    return len(some) > 1 and some[0].pid == 0 and some[1].pid == map_pid(some[0])


def first_mpeg_picture(some, pid):
    """The type of the first picture that begins in these packets (1: I, 2: P, 3: B); None without one."""
    data = b"".join(p.payload for p in some if p.pid == pid)
    at = data.find(b"\0\0\1\0")
    return None if at < 0 else data[at + 5] >> 3 & 7


def gaps(some):
    """(PID, counter before, counter) wherever a counter does not go on and no discontinuity is announced: by the
    packet itself, or by one without payload before it, whose counter the next one goes on from."""
    last, found = {}, []
    for p in some:
        if p.payload and not p.discontinuity and p.pid in last and p.counter != (last[p.pid] + 1) % 16:
            found.append((p.pid, last[p.pid], p.counter))
        if p.payload or p.discontinuity:
            last[p.pid] = p.counter
    return found
