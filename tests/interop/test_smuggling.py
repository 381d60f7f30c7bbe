"""Second opinions on where a request ends (rows A1, N6): what our HTTP server accepts, node's (llhttp), nginx and haproxy must see
in the same way. The last two need not be there: `apt-get install nginx-light haproxy`. Each is asked on a Unix socket.

A finding is a connection on which we answer two requests where they see one, or the other way round. That they refuse what we
accept is none: a proxy that refuses passes nothing on."""
import concurrent.futures
import os
import re
import shutil
import socket
import subprocess
import tempfile

import smuggling
from case import HostCase
from program import wait_until

QUIET_SECONDS = (0.4, 3)  # a server that has nothing more to say says so by closing, or by silence; the second time with patience
AT_ONCE = 16

NODE = """
require("http").createServer((request, response) => {
  request.on("data", () => {}).on("end", () => response.setHeader("Content-Length", 2).end("ok"));
}).listen(process.argv[1]);
"""

NGINX = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d;
  scgi_temp_path {folder}/e;
  server {{ listen unix:{folder}/nginx.sock; location / {{ return 200 ok; }} }}
}}
"""

# A proxy in front of node's server: haproxy alone closes when it answers before a body has come.
HAPROXY = """
defaults
  mode http
  timeout connect 5s
  timeout client 20s
  timeout server 20s
frontend front
  bind unix@{folder}/haproxy.sock
  default_backend back
backend back
  server node unix@{folder}/node.sock
"""


def statuses(said):
    """Of all answers, in order; a 100 is none."""
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3})", said) if status != b"100"]


def talk(address, payload, quiet):
    """What a server says to `payload`, until it closes or, asked to come to an end, is silent."""
    said = b""
    with socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET) as s:
        s.settimeout(quiet)
        s.connect(address)
        try:
            s.sendall(payload)
            for last in (False, True):
                try:
                    while data := s.recv(65536):
                        said += data
                    return said
                except TimeoutError:
                    if not last:
                        s.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # a reset is a way of closing
    return said


def accepted(answers):
    """How many requests it took for good ones, one behind the other."""
    count = 0
    while count < len(answers) and answers[count] < 300:
        count += 1
    return count


class Smuggling(HostCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def run_oracle(self, name, *command, config=None):
        """Its address."""
        if shutil.which(command[0]) is None:
            self.skipTest(f"{command[0]} is not installed")
        if config is not None:
            with open(os.path.join(self.folder, name + ".conf"), "w", encoding="utf-8") as file:
                file.write(config.format(folder=self.folder))
        oracle = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(oracle.wait)
        self.addCleanup(oracle.terminate)
        address = os.path.join(self.folder, name + ".sock")
        wait_until(lambda: os.path.exists(address), 10, address)
        return address

    def ask_all(self, address, rows, quiet):
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as threads:
            return list(threads.map(lambda row: statuses(talk(address, row[1], quiet)), rows))

    def disagreements(self, oracle, rows, quiet):
        """(row, our answers, theirs) where we and they took another number of requests, and both took the first."""
        ours = self.ask_all(self.host.address, rows, quiet)
        theirs = self.ask_all(oracle, rows, quiet)
        both = sum(accepted(a) > 0 and accepted(b) > 0 for a, b in zip(ours, theirs))
        return both, [(row, a, b) for row, a, b in zip(rows, ours, theirs)
                      if accepted(a) > 0 and accepted(b) > 0 and accepted(a) != accepted(b)]

    def assert_agreement(self, oracle, but=None):
        rows = [row for row in smuggling.table() if but is None or not row[0].startswith(but)]
        self.assertGreaterEqual(len(rows), 200)
        both, found = self.disagreements(oracle, rows, QUIET_SECONDS[0])
        self.assertGreaterEqual(both, 30, "what both take is what can be agreed on")
        _, found = self.disagreements(oracle, [row for row, *_ in found], QUIET_SECONDS[1])
        self.assertEqual([f"{name}: we {ours}, they {theirs}" for (name, _), ours, theirs in found], [])

    def node(self):
        return self.run_oracle("node", "node", "-e", NODE, os.path.join(self.folder, "node.sock"))

    def test_A1_N6_node_sees_as_many_requests_as_we_do(self):
        # Node forgets what came in one piece with a request for an upgrade that nobody grants. RFC 9110 section 7.8 has it go on
        # in HTTP/1.1, as we do, and nginx and haproxy.
        self.assert_agreement(self.node(), but="versions: an upgrade to ")

    def test_A1_N6_nginx_sees_as_many_requests_as_we_do(self):
        self.assert_agreement(self.run_oracle("nginx", "nginx", "-c", os.path.join(self.folder, "nginx.conf"), config=NGINX))

    def test_A1_N6_haproxy_sees_as_many_requests_as_we_do(self):
        self.node()
        self.assert_agreement(self.run_oracle("haproxy", "haproxy", "-q", "-f", os.path.join(self.folder, "haproxy.conf"),
                                              config=HAPROXY))

    def test_A1_behind_a_request_that_we_refuse_nothing_is_read(self):
        rows = smuggling.table()
        answers = self.ask_all(self.host.address, rows, QUIET_SECONDS[0])
        self.assertGreaterEqual(sum(accepted(a) == 0 for a in answers), 200)
        self.assertEqual([f"{name}: {a}" for (name, _), a in zip(rows, answers) if accepted(a) == 0 and len(a) > 1], [])
