"""Faults of the machine, of its operator, of the network, and of the host beside the experiment."""
import resource
import signal
import socket
import ssl
import time
from pathlib import Path

from faults import ask, fault, push, reset
from http_faults import access, status_of
from lab import SETTINGS
from program import wait_until
from raw import Raw
from relay_case import scoped

READ_AGAIN = "[wamp] was read again"
ADMITTED_SECONDS_MAX = 5  # once there are descriptors again
BACK_SECONDS_MAX = 15  # a host tries again within ten (H1), and then needs a picture that stands alone


def stopped(lab, program, seconds):
    program.signal(signal.SIGSTOP)
    time.sleep(seconds)
    program.signal(signal.SIGCONT)


@fault()
def the_node_stands_still(lab, crowd):
    """The node is stopped for 300 ms."""
    stopped(lab, lab.node, 0.3)


@fault()
def the_host_stands_still(lab, crowd):
    """The host is stopped for 300 ms: its picture is late, and whole."""
    stopped(lab, lab.host, 0.3)


@fault()
def sighup(lab, crowd):
    """SIGHUP, with the same configuration."""
    lab.reload(lab.node, READ_AGAIN)


@fault()
def a_storm_of_signals(lab, crowd):
    """A hundred times SIGHUP to all, as fast as it goes."""
    for _ in range(100):
        lab.node.signal(signal.SIGHUP)
        lab.tls.signal(signal.SIGHUP)
    lab.reload(lab.node, READ_AGAIN)


@fault()
def a_configuration_with_a_mistake(lab, crowd):
    """SIGHUP with a file that is broken, then with the good one: what is in use stays."""
    for bad in (SETTINGS + "[wamp", SETTINGS.replace('anonymous-role = "anybody"', 'anonymous-role = "nobody"'), "", "\0" * 100):
        lab.write_settings(bad)
        try:
            lab.reload(lab.node, "in use stays")
        finally:
            lab.write_settings()
    lab.reload(lab.node, READ_AGAIN)


def shaken_hands(lab):
    """The serial number of the certificate that a newcomer is shown."""
    context = ssl.create_default_context(cafile=lab.authority.file)
    with context.wrap_socket(socket.create_connection(lab.tls.address, timeout=10), server_hostname="localhost") as client:
        return client.getpeercert()["serialNumber"]


@fault()
def certificates_change(lab, crowd):
    """Another certificate is put in the place of the one that is shown, and SIGHUP."""
    before = shaken_hands(lab)
    lab.authority.issue("lab")
    lab.reload(lab.tls, "showing the certificate")
    wait_until(lambda: shaken_hands(lab) != before, 5, "the other certificate")  # each loop takes it in a turn of its own


@fault()
def a_certificate_that_is_none(lab, crowd):
    """Garbage is put in the place of the certificate, and SIGHUP: the older one is shown; then it is put back."""
    before, file = shaken_hands(lab), Path(lab.certificate)
    good = file.read_bytes()
    file.write_bytes(crowd.bytes(1000))
    try:
        lab.tls.signal(signal.SIGHUP)
        lab.pause(0.5)
        assert shaken_hands(lab) == before
    finally:
        file.write_bytes(good)
    lab.tls.signal(signal.SIGHUP)


@fault()
def garbage_for_tls(lab, crowd):
    """Eighty connections send no handshake, half of one, plain HTTP, or begin one and vanish."""
    hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
    for n in range(20):
        for first in (b"\x16\x03\x01\xff\xff" + crowd.bytes(300), hello, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"):
            crowd.stranger(first, to=lab.tls.address)
        client = crowd.stranger(hello + crowd.bytes(n), to=lab.tls.address)
        reset(client)


@fault()
def handshakes_by_the_dozen(lab, crowd):
    """Sixty shake hands over TLS and go, as fast as they can."""
    for _ in range(60):
        shaken_hands(lab)


@fault(pauses=("newcomers",))
def descriptors_run_out(lab, crowd):
    """The node may open no more descriptors than it has: newcomers wait or are turned away, who is there stays."""
    pid = lab.node.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (lab.node.descriptors() + 5, before[1]))
    try:
        for _ in range(100):
            push(crowd.stranger(), b"GET / HTTP/1.1\r\n")
        lab.pause(1)
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
    lab.until_passes("newcomers", seconds=ADMITTED_SECONDS_MAX)


def cancelled(crowd, booking):
    return access(crowd, "POST", f"/bids/deny?bid={booking}&exp={int(time.time()) + 60}", scoped("relay:admin"))[0]


@fault(possible=lambda lab: lab.small_disk)
def the_disk_is_full(lab, crowd):
    """The disk of the node's state is full while bookings are cancelled: that is refused or kept, and works again with room."""
    disk = Path("/proc", str(lab.node.process.pid), "root") / str(lab.path / "state")[1:]
    filling = disk / "filling"
    try:
        with filling.open("wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
    except OSError:
        pass
    try:
        statuses = [cancelled(crowd, f"full-{crowd.bytes(4).hex()}-{'x' * 400}") for _ in range(20)]
    finally:
        filling.unlink()
    assert 500 in statuses and set(statuses) <= {204, 500}, statuses
    assert cancelled(crowd, "room-" + crowd.bytes(4).hex()) == 204


# The line from the host.


def picture_is_back(lab):
    lab.until_passes("picture", seconds=BACK_SECONDS_MAX)


@fault(pauses=("picture",))
def the_host_is_killed(lab, crowd):
    """The host is killed and started again: its picture comes back."""
    lab.kill_host()
    lab.pause(0.3)
    lab.start_host()
    picture_is_back(lab)


@fault(pauses=("picture",))
def the_relay_is_unreachable(lab, crowd):
    """The host's relay refuses connections for a second: the picture comes back."""
    lab.witnesses.ask("gate shut")
    lab.pause(1)
    lab.witnesses.ask("gate open")
    picture_is_back(lab)


@fault(pauses=("picture",))
def the_line_to_the_relay_is_silent(lab, crowd):
    """Nothing passes between host and relay for a second, then the line is cut: the picture comes back."""
    lab.witnesses.ask("gate silent")
    lab.pause(1)
    lab.witnesses.ask("gate shut")
    lab.witnesses.ask("gate open")
    picture_is_back(lab)


@fault()
def uploads_of_garbage(lab, crowd):
    """Ten post garbage to feeds of the host, and vanish in the middle."""
    for n in range(10):
        client = crowd.stranger(f"POST /ts/feed{n} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".encode(), to=lab.host.address)
        data = crowd.bytes(100_000)
        push(client, b"%x\r\n%s\r\n" % (len(data), data))
        push(client, crowd.chance.choice((b"zz\r\n", b"ffffffffffffffffff\r\n", b"100\r\nhalf")))
        reset(client)


@fault()
def strangers_at_the_host(lab, crowd):
    """The host gets a hundred silent connections, bad requests, and a local client who does not read."""
    crowd.strangers(100, to=lab.host.address)
    assert status_of(ask(crowd, b"GET /" + b"x" * 65536, to=lab.host.address)) == 414
    for body in (b"{", b'{"id":5}', b"[" * 1000):
        request = b"POST /api/destinations HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
        assert status_of(ask(crowd, request + body, to=lab.host.address)) == 400
    crowd.keep(Raw(lab.host.address, "/ws/camera", receive_buffer=4096))
    lab.pause(0.5)


@fault()
def destinations_that_lead_nowhere(lab, crowd):
    """The host is given twenty destinations where nobody listens, and they are taken away."""
    names = [f"nowhere-{crowd.bytes(4).hex()}" for _ in range(20)]
    for name in names:
        status, _, text = lab.host.http("POST", "/api/destinations", {"id": name, "stream": "camera", "destination": "ws://127.0.0.1:9/in/x"})
        assert status == 200, text
    lab.pause(0.3)
    for name in names:
        assert lab.host.http("DELETE", f"/api/destinations/{name}")[0] == 200
