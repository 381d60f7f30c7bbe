"""The laboratory that is harmed: a node with everything switched on, a node that speaks TLS, a host with a camera, and the healthy clients in a
process of their own."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from certificates import Authority
from program import Program, free_port, wait_until
from relay_case import AUDIENCE, SECRET

HERE = Path(__file__).parent
PASSES_SECONDS_MAX = 15  # until a message of each line has arrived
TOPICS_MAX = 300  # on each loop
REGISTRATIONS_MAX = 500
SETTINGS = f"""
[serve]
open-topics = "yes"
deflate = true
topics-max = {TOPICS_MAX}
[access]
secret = "{SECRET}"
audience = "{AUDIENCE}"
state-file = "state/access.db"
[process]
core-dumps = true  # or nobody but root may count the descriptors
[wamp]
[[wamp.realm]]
name = "realm1"
anonymous-role = "anybody"
registrations-per-session-max = {REGISTRATIONS_MAX}
[[wamp.role]]
name = "anybody"
[[wamp.role.permission]]
uri = "*"
allow = ["call", "register", "publish", "subscribe"]
"""
# A disk of its own for the node's state, which can be filled: in a mount namespace, so that it ends with the node.
ON_A_SMALL_DISK = ("unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o size=1m chaos state && exec "$@"', "sh")


def can_mount():
    return os.geteuid() == 0 and subprocess.run(["unshare", "--mount", "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0


class Witnesses:
    """The process of witnesses.py."""

    def __init__(self, settings):
        self.process = subprocess.Popen(["/usr/bin/python3", "-B", "-W", "ignore", str(HERE / "witnesses.py"), json.dumps(settings)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._answer()

    def _answer(self):
        line = self.process.stdout.readline()
        assert line, "the witnesses have ended"
        return json.loads(line)

    def ask(self, word):
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        return self._answer()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class Lab:
    """`chance` decides whatever is left open."""

    def __init__(self, chance):
        self.chance = chance
        self.folder, self.authority = tempfile.TemporaryDirectory(), Authority()
        self.path = Path(self.folder.name)
        (self.path / "state").mkdir()
        self.small_disk = can_mount()
        self.write_settings()
        self.node_port, self.host_port, self.gate_port = free_port(), free_port(), free_port()
        self.started = []
        try:
            self._begin()
        except BaseException:
            self.stop()
            raise

    def _start(self, *arguments, **options):
        program = Program(*arguments, folder=self.folder.name, **options)
        self.started.append(program)
        return program

    def _begin(self):
        here = f"127.0.0.1:{self.node_port}"
        self.node = self._start("serve", "--config", str(self.settings), "--listen", here, "--access-listen", here, "--access-url",
                                f"ws://{here}", through=ON_A_SMALL_DISK if self.small_disk else ())
        self.certificate, self.key = self.authority.issue("lab")
        self.tls = self._start("serve", "--listen", "127.0.0.1:0", "--tls-certificate", self.certificate, "--tls-key", self.key,
                               "--process-core-dumps")
        self.start_host()
        self.witnesses = Witnesses({"node": self.node.address, "tls": self.tls.address, "host": self.host.address,
                                    "gate": ("127.0.0.1", self.gate_port), "authority": str(self.authority.file)})
        self.started.append(self.witnesses)
        self.until_passes()

    # The host, which comes and goes.

    def start_host(self):
        self.host = self._start("host", "--listen", f"127.0.0.1:{self.host_port}", "--process-core-dumps")
        rule = {"id": "0", "stream": "camera", "destination": f"ws://127.0.0.1:{self.gate_port}/in/camera"}
        status, _, text = self.host.http("POST", "/api/destinations", rule)
        assert status == 200, text

    def kill_host(self):
        self.started.remove(self.host)
        self.host.process.kill()
        self.host.wait(5)
        self.host.process.stdout.close()

    # Settings.

    def write_settings(self, text=SETTINGS):
        self.settings = self.path / "node.toml"
        new = self.path / "node.toml.new"
        new.write_text(text, encoding="utf-8")
        os.replace(new, self.settings)

    def reload(self, program, words):
        """SIGHUP, until these words are in the log once more."""
        times = program.output().count(words)
        program.signal(signal.SIGHUP)
        wait_until(lambda: program.output().count(words) > times, 10, words)

    # What is to be seen of it.

    def pause(self, seconds):
        time.sleep(seconds)

    def until_passes(self, *names, seconds=PASSES_SECONDS_MAX):
        """What is sent from now on by these lines, or by all, arrives at everybody again."""
        began = time.monotonic()
        while behind := self._behind(began, names):
            if time.monotonic() > began + seconds:
                raise AssertionError(f"nothing passes within {seconds} s: {', '.join(behind)}\n{self.witnesses.ask('breaks')}")
            time.sleep(0.02)

    def _behind(self, began, names):
        newest = self.witnesses.ask("newest")
        return [name for name in names or newest if min(newest[name]) <= began]

    def programs(self):
        return {"node": self.node, "TLS node": self.tls, "host": self.host}

    def ended(self):
        """A sentence for each program that has ended without being told to."""
        return [f"the {name} ended with {program.process.returncode}:\n{program.output()[-3000:]}"
                for name, program in self.programs().items() if program.process.poll() is not None]

    def stop(self):
        """Everything, and what did not end well as sentences."""
        said = []
        for program in reversed(self.started):
            try:
                program.stop()
            except AssertionError as error:
                said.append(str(error))
        self.authority.remove()
        self.folder.cleanup()
        return said


