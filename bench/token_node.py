"""A node with token topics and clients of it, as bench/churn, bench/code_race, bench/deny_latency and bench/token_flood need them: raw sockets and
tokens by hand, since a library would cost more than the node."""
import base64
import hashlib
import hmac
import json
import os
import re
import resource
import socket
import struct
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SECRET, AUDIENCE = b"a secret of thirty-two bytes, or more", "http://localhost:3000"
SOURCES = [f"127.0.0.{i}" for i in range(2, 34)]  # one address has some 28 000 ports to come from
BY_RESET = struct.pack("ii", 1, 0)  # SO_LINGER
UPGRADE = ("GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nUser-Agent: bench\r\n\r\n")
GOODBYE = b"\x88\x82\x00\x00\x00\x00\x03\xe8"  # close 1000, under a mask of zeros


def part(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(topic, scopes, booking, life=3600):
    now = int(time.time())
    claims = {"booking_id": booking, "topic": topic, "prefix": "session", "scopes": scopes, "aud": [AUDIENCE],
              "exp": now + life, "nbf": now - 1, "iat": now - 1}
    signed = part(b'{"alg":"HS256","typ":"JWT"}') + "." + part(json.dumps(claims).encode())
    return signed + "." + part(hmac.new(SECRET, signed.encode(), hashlib.sha256).digest())


def post(target, made, method="POST"):
    return f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {made}\r\nContent-Length: 0\r\n\r\n".encode()


class Wire:
    """A TCP connection from one of SOURCES in turn."""

    number = 0

    def __init__(self, address):
        Wire.number += 1
        self.socket = socket.socket()
        self.socket.setsockopt(socket.IPPROTO_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.bind((SOURCES[Wire.number % len(SOURCES)], 0))
        self.socket.settimeout(20)
        self.socket.connect(address)
        self.send = self.socket.sendall

    def head(self):
        """The status and what has come: an answer without a body, or with one that came along."""
        got = self.socket.recv(4096)
        while b"\r\n\r\n" not in got and (more := self.socket.recv(4096)):
            got += more
        return int(got[9:12] or 0), got

    def answer(self):
        """The status and the body of an answer of the API."""
        status, got = self.head()
        head, _, body = got.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        while length and len(body) < int(length.group(1)):
            body += self.socket.recv(65536)
        return status, body

    def to_the_end(self):
        while self.socket.recv(4096):
            pass

    def close(self):
        self.socket.close()

    def abort(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, BY_RESET)
        self.socket.close()


class Node:
    """`crosspoint serve` with token topics; `topics` and `access` are its two addresses. Without a secret the flags name a key file."""

    def __init__(self, binary, *flags, secret=SECRET):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.folder = tempfile.TemporaryDirectory()
        self.log = open(os.path.join(self.folder.name, "log"), "w+")
        self.process = subprocess.Popen(
            [binary, "serve", "--listen", "127.0.0.1:0", "--access-listen", "127.0.0.2:0", "--access-audience", AUDIENCE,
             "--access-url", "ws://bench", "--access-state-file", os.path.join(self.folder.name, "access.db"),
             "--access-bad-codes-per-minute-max", "0", *flags],
            env={"CROSSPOINT_ACCESS_SECRET": secret.decode()} if secret else {}, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        for _ in range(1000):
            text = open(self.log.name).read()
            found = [re.search(rf"{word} on http://([\d.]+):(\d+)", text) for word in ("listening", "access")]
            if all(found):
                break
            time.sleep(0.01)
        else:
            self.process.kill()
            sys.exit(f"the node did not start:\n{text}")
        self.topics, self.access = ((match.group(1), int(match.group(2))) for match in found)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        status = self.process.wait(20)
        if status != 0:
            print(open(self.log.name).read()[-4000:])
        self.folder.cleanup()
        if status != 0:
            sys.exit(f"the node ended with {status}")

    def ask(self, target, made, method="POST"):
        wire = Wire(self.access)
        wire.send(post(target, made, method))
        answer = wire.answer()
        wire.close()
        return answer

    def path(self, body):
        """Where to connect, of what a token was traded for."""
        return json.loads(body)["uri"].removeprefix("ws://bench")

    def sit(self, topic, booking, scopes=("read",)):
        """A connection of a topic."""
        status, body = self.ask(f"/session/{topic}", token(topic, list(scopes), booking))
        if status != 200:
            sys.exit(f"no code: {status} {body!r}")
        wire = Wire(self.topics)
        wire.send(UPGRADE.format(self.path(body)).encode())
        status, got = wire.head()
        if status != 101:
            sys.exit(f"not let in: {got!r}")
        return wire

    def connections(self):
        """What /status tells, but for the reports' own entry."""
        status, body = self.ask("/status", token("", ["relay:stats"], ""), "GET")
        return [entry for entry in json.loads(body) if entry.get("remote_addr") != "internal"]

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def resident_bytes(self):
        return int(open(f"/proc/{self.process.pid}/statm").read().split()[1]) * resource.getpagesize()

    def processor_seconds(self):
        tasks = f"/proc/{self.process.pid}/task"
        return sum(int(open(f"{tasks}/{task}/schedstat").read().split()[0]) for task in os.listdir(tasks)) / 1e9


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
