"""The units of systemd (packaging/systemd): what is taken from the program there, it does not need."""
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import unittest
import urllib.request
from pathlib import Path

from case import Case
from confined import NOBODY
from program import BINARY
from relay_case import token

HERE = Path(__file__).parent
UNITS = HERE.parents[1] / "packaging/systemd"
EXPOSED_MAX = 20  # of 100, as systemd-analyze security counts
CONFIGURATION = """
[access]
audience = "http://localhost:3000"
url = "ws://127.0.0.1"
secret = "conformance-secret"
listen = "127.0.0.1:0"
[wamp]
history-database = "FOLDER/history.db"
[[wamp.realm]]
name = "realm1"
anonymous-role = "visitor"
[[wamp.realm.topic]]
uri = "com.log"
history-events-max = 100
history-store = "database"
[[wamp.role]]
name = "visitor"
[[wamp.role.permission]]
uri = "*"
allow = ["call", "publish", "subscribe"]
"""


def unit(name):
    return UNITS / f"crosspoint-{name}.service"


@unittest.skipUnless(shutil.which("systemd-analyze"), "needs systemd-analyze, which knows the groups of system calls")
class Units(Case):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        if os.geteuid() == 0:
            os.chown(self.folder, NOBODY, NOBODY)

    def confined(self, command, *arguments, **options):
        through = ("/usr/bin/python3", "-B", str(HERE / "confined.py"), str(unit(command)))
        return self.start(command, *arguments, through=through,
                          environment={"STATE_DIRECTORY": str(self.folder)}, **options)

    def ask(self, node, *arguments):
        said = subprocess.run([BINARY, *arguments, "--url", node.url("/ws")], capture_output=True, text=True, timeout=20)
        self.assertEqual(said.returncode, 0, said.stderr)
        return said.stdout

    def address_for(self, node, scope):
        """The path, with its code, that a token is traded for."""
        request = urllib.request.Request(node.url("/session/t1", "http"), method="POST",
                                         headers={"Authorization": token("t1", [scope])})
        with urllib.request.urlopen(request, timeout=10) as reply:
            return re.sub("^ws://[^/]*", "", json.load(reply)["uri"])

    def test_K3_systemd_reads_the_units_without_a_complaint_and_finds_little_exposed(self):
        for name in ("serve", "host"):
            with self.subTest(name):
                copy = self.folder / unit(name).name  # the program may not be installed here
                copy.write_text(re.sub("(?m)^ExecStart=crosspoint", f"ExecStart={BINARY}", unit(name).read_text()))
                for check in (["verify", "--man=no"], ["security", "--offline=true", f"--threshold={EXPOSED_MAX}", "--no-pager"]):
                    said = subprocess.run(["systemd-analyze", *check, copy], capture_output=True, text=True)
                    self.assertEqual(said.returncode, 0, said.stdout + said.stderr)
                    self.assertNotIn(copy.name + ":", said.stderr)

    async def test_K3_a_node_with_tokens_histories_and_clients_needs_no_more_than_its_unit_leaves_it(self):
        file = self.folder / "serve.toml"
        file.write_text(CONFIGURATION.replace("FOLDER", str(self.folder)))
        node = self.confined("serve", "--config", str(file), "--listen", "127.0.0.1:0")
        viewer, sender = await self.connect_all(node, self.address_for(node, "read"), self.address_for(node, "write"))
        await sender.send(b"picture")
        await self.assert_gets(viewer, b"picture")
        self.assertEqual(node.http("GET", "/stats")[0], 200)
        self.ask(node, "publish", "com.log", "1", "--acknowledge")
        node.signal(signal.SIGHUP)
        self.ask(node, "publish", "com.log", "2", "--acknowledge")
        await self.until((self.folder / "history.db").exists)
        self.assertTrue((self.folder / "access.db").exists())

    async def test_K3_a_host_that_sends_to_a_relay_needs_no_more_than_its_unit_leaves_it(self):
        node = self.start("serve", "--listen", "127.0.0.1:0")
        host = self.confined("host", "--listen", "127.0.0.1:0")
        rule = {"id": "0", "stream": "data", "destination": f"ws://localhost:{node.address[1]}/in/v"}
        self.assertEqual(host.http("POST", "/api/destinations", rule)[0], 200)
        viewer = await self.connect(node, "/out/v")
        await self.until(lambda: "connected to" in host.output())
        feed = await self.connect(host, "/ws/data")
        await feed.send(b"reading")
        await self.assert_gets(viewer, b"reading")

    def test_who_does_need_more_is_ended(self):
        for line in ("os.chroot('/')", "socket.socket(socket.AF_PACKET)", "mmap.mmap(-1, 4096, prot=mmap.PROT_WRITE | mmap.PROT_EXEC)"):
            ended = subprocess.run(["/usr/bin/python3", "-B", HERE / "confined.py", unit("serve"), "/usr/bin/python3", "-c",
                                    "import mmap, os, socket; " + line], capture_output=True)
            self.assertEqual(ended.returncode, -signal.SIGSYS, line)
