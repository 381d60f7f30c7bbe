"""A running crosspoint: started on a free port, watched from outside, stopped by SIGTERM."""
import contextlib
import ctypes
import fcntl
import json
import os
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

BINARY = os.environ.get("CROSSPOINT", str(Path(__file__).resolve().parents[2] / "build/release/crosspoint"))
START_SECONDS_MAX = 20
STOP_SECONDS_MAX = 5
OURS = ("CROSSPOINT", "CROSSBAR_", "VW_", "RELAY_")


def free_port():
    """For the few tests that must name a port before anybody listens on it. Below those that the kernel gives to clients,
    who would take it in the meantime."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as s, contextlib.suppress(OSError):
            s.bind(("127.0.0.1", port))
            return port


def wait_until(condition, seconds=5.0, what="condition"):
    """Looks every 10 ms; AssertionError when it did not come true in time."""
    until = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > until:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.01)
    return value


class Program:
    """`crosspoint ARGUMENTS`, with the variables of `environment` and no other of ours. `through` is a command that becomes
    the one behind it."""

    def __init__(self, *arguments, environment=None, folder=None, wait=True, own_network=False, through=()):
        clean = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
        if own_network:
            through = (sys.executable, __file__)
        command = [*through, BINARY, *arguments]
        self.process = subprocess.Popen(command, env={**clean, **(environment or {})}, cwd=folder,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        text=True, errors="replace")
        self.lines = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.address = None
        if wait:
            self.address = wait_until(self._address, START_SECONDS_MAX, f"{' '.join(command)}\n: an address")

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def _address(self):
        found = re.search(r"listening on (?:https?://)?(\[?[0-9a-f.:]+\]?):(\d+)", self.output())
        if found:
            return found.group(1).strip("[]"), int(found.group(2))
        if self.process.poll() is not None:
            raise AssertionError(f"ended with {self.process.returncode}:\n{self.output()}")
        return None

    def output(self):
        return "\n".join(self.lines)

    def url(self, path="", scheme="ws"):
        host, port = self.address
        return f"{scheme}://{host}:{port}{path}"

    def http(self, method, path, body=None):
        """(status, Content-Type, body) of one request; JSON goes out of a value, and comes back as text."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.url(path, "http"), data=data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as reply:
                return reply.status, reply.headers.get("Content-Type"), reply.read().decode()
        except urllib.error.HTTPError as reply:
            return reply.code, reply.headers.get("Content-Type"), reply.read().decode()

    def signal(self, number=signal.SIGTERM):
        self.process.send_signal(number)

    def wait(self, seconds):
        status = self.process.wait(seconds)
        self.reader.join(2)
        return status

    def stop(self):
        """SIGTERM, unless it has ended; it must then end with 0, in time."""
        if self.process.poll() is None:
            self.signal()
            try:
                self.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.wait(STOP_SECONDS_MAX)
                raise AssertionError(f"did not end within {STOP_SECONDS_MAX} s of SIGTERM\n{self.output()}") from None
        self.process.stdout.close()
        if self.process.returncode != 0:
            raise AssertionError(f"ended with {self.process.returncode}\n{self.output()}")

    # What the kernel says of it.

    def listening(self):
        """The (address, port) pairs on which it listens, in its own network."""
        process = Path("/proc", str(self.process.pid))
        mine = set()
        for descriptor in (process / "fd").iterdir():
            try:
                mine |= set(re.findall(r"socket:\[(\d+)\]", os.readlink(descriptor)))
            except FileNotFoundError:
                pass
        found = set()
        for table, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
            for row in (process / "net" / table).read_text().splitlines()[1:]:
                _, local, _, state, *rest = row.split()
                if state == "0A" and rest[5] in mine:
                    address, port = local.split(":")
                    words = struct.pack(f"={len(address) // 8}I", *(int(address[i:i + 8], 16)
                                                                    for i in range(0, len(address), 8)))
                    found.add((socket.inet_ntop(family, words), int(port, 16)))
        return found

    def _status(self, field):
        text = Path("/proc", str(self.process.pid), "status").read_text()
        return int(re.search(rf"^{field}:\s+(\d+)", text, re.M).group(1))

    def resident_bytes(self):
        return self._status("VmRSS") * 1024

    def processor_seconds(self):
        """What it has used so far, by all its threads."""
        tasks = Path("/proc", str(self.process.pid), "task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    def threads(self):
        return self._status("Threads")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


def can_have_own_network():
    return os.geteuid() == 0 and shutil.which("unshare") is not None and subprocess.run(
        ["unshare", "--net", "true"], stderr=subprocess.DEVNULL).returncode == 0


def exec_in_own_network(command):
    """Becomes `command` in a network of its own, where loopback is up and every port is free."""
    clone_newnet, siocsifflags, up = 0x40000000, 0x8914, 0x1
    if ctypes.CDLL(None, use_errno=True).unshare(clone_newnet) != 0:
        sys.exit(f"unshare: {os.strerror(ctypes.get_errno())}")
    with socket.socket() as s:
        fcntl.ioctl(s, siocsifflags, struct.pack("16sh22x", b"lo", up))
    os.execv(command[0], command)


if __name__ == "__main__":
    exec_in_own_network(sys.argv[1:])
