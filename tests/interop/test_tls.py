"""The node over TLS, as curl, openssl's s_client and Debian's python3-websockets see it."""
import asyncio
import os
import re
import signal
import socket
import ssl
import subprocess
import threading
import time

from case import Case
from certificates import Authority
from program import BINARY, free_port


class TlsCase(Case):
    """`self.node` shows two certificates: for 127.0.0.1 and localhost, and for *.lab.example.org."""

    flags = ()

    @classmethod
    def setUpClass(cls):
        cls.authority = Authority()
        cls.addClassCleanup(cls.authority.remove)

    def setUp(self):
        self.pairs = [self.authority.issue("first"), self.authority.issue("second", "DNS:*.lab.example.org")]
        shown = [word for pair in self.pairs for word in ("--tls-certificate", pair[0], "--tls-key", pair[1])]
        self.node = self.start("serve", "--listen", "127.0.0.1:0", *shown, *self.flags)

    def trusting(self):
        return ssl.create_default_context(cafile=self.authority.file)

    def connect_tls(self, context=None, name="localhost"):
        """A blocking client that has shaken hands, trusting as a browser would."""
        client = (context or self.trusting()).wrap_socket(socket.create_connection(self.node.address, timeout=10),
                                                          server_hostname=name)
        self.addCleanup(client.close)
        return client

    async def s_client(self, *arguments):
        """What openssl s_client says of the connection; status 0 when it came about."""
        status, out, err = await self.run_tool("openssl", "s_client", "-connect", "{}:{}".format(*self.node.address), "-CAfile",
                                               str(self.authority.file), "-verify_return_error", *arguments)
        return status, out.decode(errors="replace") + err

    def plain(self):
        client = socket.create_connection(self.node.address, timeout=10)
        self.addCleanup(client.close)
        return client


def read_all(client):
    data = b""
    try:
        while got := client.recv(65536):
            data += got
    except ConnectionResetError:
        pass
    return data


class Speaking(TlsCase):
    def test_it_says_that_it_listens_on_https(self):
        self.assertIn("listening on https://127.0.0.1:{}".format(self.node.address[1]), self.node.output())

    async def test_curl_trusts_the_certificate_and_gets_the_page(self):
        status, out, err = await self.run_tool("curl", "-sS", "--cacert", str(self.authority.file), self.node.url("/stats", "https"))
        self.assertEqual((status, err), (0, ""))
        self.assertIn(b"<html", out)
        status, _, _ = await self.run_tool("curl", "-sS", self.node.url("/stats", "https"))
        self.assertEqual(status, 60, "an authority that nobody trusts")

    async def test_messages_pass_over_wss(self):
        options = {"ssl": self.trusting()}
        reader, sender = await self.connect_all(None, self.node.url("/out/t", "wss"), self.node.url("/in/t", "wss"), **options)
        large = os.urandom(5_000_000)
        await sender.send("hello")
        await sender.send(large)
        await self.assert_gets(reader, "hello", large)
        await sender.close()
        await reader.close()

    async def test_J9_versions_and_ciphers(self):
        weak = ("-cipher", "ALL:@SECLEVEL=0")
        for arguments, welcome in ((("-tls1_3",), True), (("-tls1_2",), True), (("-tls1_1", *weak), False),
                                   (("-tls1", *weak), False), (("-tls1_2", "-cipher", "AES128-GCM-SHA256"), False),
                                   (("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256"), False),
                                   (("-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305"), True)):
            with self.subTest(" ".join(arguments)):
                status, said = await self.s_client(*arguments)
                self.assertEqual(status == 0, welcome, said)
        status, said = await self.s_client("-tls1_2")
        self.assertIn("Compression: NONE", said)
        self.assertNotIn("Session-ID: ", re.sub(r"Session-ID: *\n", "", said))
        status, said = await self.s_client("-tls1_3", "-alpn", "h2,http/1.1")
        self.assertIn("ALPN protocol: http/1.1", said)
        self.assertNotIn("Max Early Data: 1", said)

    async def test_the_name_chooses_the_certificate(self):
        for name, shown in (("camera.lab.example.org", "lab.example.org"), ("localhost", "localhost"),
                            ("other.example.org", "localhost"), (None, "localhost")):
            with self.subTest(name):
                asked = ("-servername", name) if name else ("-noservername",)
                status, said = await self.s_client(*asked)
                self.assertEqual(status, 0, said)
                begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----\n"
                pem = begin + said.split(begin, 1)[1].split(end, 1)[0] + end
                names = subprocess.run(["openssl", "x509", "-noout", "-ext", "subjectAltName"], input=pem, text=True,
                                       capture_output=True, check=True).stdout
                self.assertIn(shown, names)


class InTheKernel(TlsCase):
    """With a kernel that has no TLS, this is the test of what happens then."""

    flags = ("--ktls",)

    async def test_asked_to_let_the_kernel_encrypt_the_same_messages_pass(self):
        options = {"ssl": self.trusting()}
        reader, sender = await self.connect_all(None, self.node.url("/out/t", "wss"), self.node.url("/in/t", "wss"), **options)
        large = os.urandom(5_000_000)
        await sender.send("hello")
        await sender.send(large)
        await self.assert_gets(reader, "hello", large)
        await sender.close()
        await reader.close()
        kernel = os.path.exists("/proc/net/tls_stat")
        self.assertEqual("this kernel cannot encrypt TLS" in self.node.output(), not kernel)
        status, _, err = await self.run_tool("curl", "-sS", "--cacert", str(self.authority.file), self.node.url("/stats", "https"))
        self.assertEqual((status, err), (0, ""), "close_notify comes, or curl complains")


class Misbehaving(TlsCase):
    flags = ("--http-head-time-max", "1s")

    def assert_still_well(self):
        with self.connect_tls() as client:
            client.sendall(b"GET /stats HTTP/1.0\r\n\r\n")
            self.assertTrue(read_all(client).startswith(b"HTTP/1.1 200"))

    def test_plain_http_is_told_in_plain_http_what_to_do(self):
        client = self.plain()
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        said = read_all(client)
        self.assertTrue(said.startswith(b"HTTP/1.1 400 "), said)
        head, body = said.split(b"\r\n\r\n")
        self.assertIn(b"https://", body)
        self.assertIn(b"Content-Length: %d\r\n" % len(body), head + b"\r\n")

    def test_garbage_is_closed_and_hurts_nobody(self):
        for garbage in (b"\0" * 4096, b"\x93" + os.urandom(4095), b"\x16\x03\x01\x40\x00" + b"\xff" * 16384, b"\x80\x2e\x01\x03\x01" * 100):
            client = self.plain()
            try:
                client.sendall(garbage)
            except ConnectionResetError:
                pass
            self.assertNotIn(b"HTTP", read_all(client))
        self.assert_still_well()

    def test_D7_a_slow_ClientHello_is_cut_off_at_the_limit_for_a_head(self):
        hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"r" * 100
        client, silent = self.plain(), self.plain()
        began = time.monotonic()
        client.settimeout(0.05)
        sent = 0
        while time.monotonic() - began < 10:
            try:
                client.sendall(hello[sent:sent + 1])
                sent += 1
                if client.recv(100) == b"":
                    break
            except socket.timeout:
                continue
            except (ConnectionResetError, BrokenPipeError):
                break
        took = time.monotonic() - began
        self.assertTrue(0.9 < took < 5, took)
        self.assertEqual(read_all(silent), b"")
        self.assert_still_well()

    def test_a_handshake_leaves_no_further_time_for_the_head(self):
        client = self.connect_tls()
        began = time.monotonic()
        client.sendall(b"GET / HTTP/1.1\r\n")
        read_all(client)
        self.assertLess(time.monotonic() - began, 5)


class Rotating(TlsCase):
    def expect(self, words, times=1):
        return lambda: self.node.output().count(words) >= times

    async def test_SIGHUP_shows_the_new_certificate_and_drops_nobody(self):
        client, = await self.connect_all(None, self.node.url("/t", "wss"), ssl=self.trusting())
        before = self.connect_tls().getpeercert()["serialNumber"]
        self.authority.issue("first")
        self.node.signal(signal.SIGHUP)
        await self.until(self.expect("showing the certificate in"))
        # Each loop is told; one that has not had its turn shows the old one once more.
        await self.until(lambda: self.connect_tls().getpeercert()["serialNumber"] != before)
        await self.assert_alive(client)

    async def test_J4_J8_a_bad_pair_is_refused_and_the_old_one_kept(self):
        before = self.connect_tls().getpeercert()["serialNumber"]
        certificate, key = self.pairs[0]
        good = open(key, "rb").read()
        for bad, words in ((open(self.pairs[1][1], "rb").read(), "does not belong to the certificate"),
                           (b"garbage", "holds no private key"), (good[:-60], "holds no private key")):
            with self.subTest(words):
                with open(key, "wb") as file:
                    file.write(bad)
                times = self.node.output().count("stay")
                self.node.signal(signal.SIGHUP)
                await self.until(self.expect("the certificates in use stay", times + 1))
                self.assertIn(words, self.node.output())
                self.assertEqual(self.connect_tls().getpeercert()["serialNumber"], before)
        with open(key, "wb") as file:
            file.write(good)

    async def test_N21_a_hundred_rotations_fail_no_handshake(self):
        """The table's three minutes at 200 handshakes a second, in as long as 100 rotations take; the pairs are made before."""
        ready = [tuple(open(file, "rb").read() for file in self.authority.issue(f"ready{n % 10}")) for n in range(10)]
        stop, done, failed, serials = threading.Event(), [0], [], set()
        context = self.trusting()

        def shake_hands():
            while not stop.is_set():
                try:
                    with context.wrap_socket(socket.create_connection(self.node.address, timeout=10), server_hostname="localhost") as s:
                        serials.add(s.getpeercert()["serialNumber"])
                    done[0] += 1
                except OSError as error:
                    failed.append(repr(error))

        threads = [threading.Thread(target=shake_hands) for _ in range(2)]
        for thread in threads:
            thread.start()
        certificate, key = self.pairs[0]
        try:
            for n in range(100):
                for path, data in zip((certificate, key), ready[n % 10]):
                    with open(path + ".next", "wb") as file:
                        file.write(data)
                    os.replace(path + ".next", path)
                self.node.signal(signal.SIGHUP)
                await self.until(self.expect("showing the certificate in " + certificate, n + 1))
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        self.assertEqual(failed, [])
        self.assertGreater(done[0], 100)
        self.assertGreater(len(serials), 5)


class OnlyTls(Case):
    """Browsers are told to come over TLS only (HSTS), where the access service is reached over TLS (J9)."""

    def serve(self, *flags, tls=True, own_port=True):
        authority = Authority()
        self.addCleanup(authority.remove)
        self.trusted = str(authority.file)
        topics, access = free_port(), free_port() if own_port else None
        self.scheme, access = "https" if tls else "http", access or topics
        certificate, key = authority.issue("only")
        shown = ("--tls-certificate", certificate, "--tls-key", key) if tls else ()
        self.topics, self.access = (f"{self.scheme}://127.0.0.1:{port}" for port in (topics, access))
        self.start("serve", "--listen", f"127.0.0.1:{topics}", "--access-listen", f"127.0.0.1:{access}", "--access-url",
                   f"wss://127.0.0.1:{topics}", "--access-audience", "https://lab.example", "--access-state-file", "none",
                   *shown, *flags, environment={"CROSSPOINT_ACCESS_SECRET": "x" * 40})

    async def told(self, url, *more):
        """(status, Strict-Transport-Security)"""
        _, out, err = await self.run_tool("curl", "-sS", "-i", "--max-time", "10", "--cacert", self.trusted, *more, url)
        head = out.decode().split("\r\n\r\n")[0]
        found = re.findall(r"(?im)^strict-transport-security: *(.*?)\r?$", head)
        return int(head.split()[1]), ", ".join(found) or None

    async def test_J9_every_answer_of_the_access_service_over_TLS_says_so(self):
        for own_port in (True, False):
            with self.subTest(own_port=own_port):
                self.serve(own_port=own_port)
                for status, path, *more in ((401, "/session/t1", "-X", "POST"), (200, "/healthz"), (405, "/bids/deny", "-X", "PUT"),
                                            (400, "/healthz", "-H", "Host: a b"), (404, "/nope/nope")):
                    self.assertEqual(await self.told(self.access + path, *more), (status, "max-age=31536000"), path)
        self.assertEqual(await self.told(self.topics + "/session/t1", "-X", "POST"), (401, "max-age=31536000"))

    async def test_J9_for_as_long_as_the_operator_says_or_not_at_all(self):
        self.serve("--access-only-tls", "1s")
        self.assertEqual(await self.told(self.access + "/healthz"), (200, "max-age=1"))
        self.serve("--access-only-tls", "0")
        self.assertEqual(await self.told(self.access + "/healthz"), (200, None))

    async def test_J9_in_plain_text_it_is_not_said(self):
        """RFC 6797, section 7.2. A proxy that speaks TLS says it, or does not."""
        self.serve(tls=False)
        self.assertEqual(await self.told(self.access + "/healthz"), (200, None))


class Starting(Case):
    def setUp(self):
        self.authority = Authority()
        self.addCleanup(self.authority.remove)

    def refused(self, *flags):
        said = subprocess.run([BINARY, "serve", "--listen", "127.0.0.1:0", *flags], capture_output=True, text=True, timeout=10)
        self.assertEqual(said.returncode, 1, said.stderr)
        return said.stderr

    def test_what_cannot_be_shown_is_said_before_it_listens(self):
        certificate, key = self.authority.issue("first")
        _, other = self.authority.issue("second")
        none = str(self.authority.folder / "none.pem")
        self.assertIn("needs its key", self.refused("--tls-certificate", certificate))
        self.assertIn("needs its key", self.refused("--tls-key", key))
        self.assertIn(none, self.refused("--tls-certificate", none, "--tls-key", key))
        said = self.refused("--tls-certificate", certificate, "--tls-key", other)
        self.assertIn(other, said)
        self.assertIn(certificate, said)

    def test_J8_a_certificate_that_ends_soon_or_has_ended_is_spoken_of(self):
        for days, words in ((10, "expires on"), (-1, "has expired on"), (30, None)):
            with self.subTest(days):
                certificate, key = self.authority.issue("first", days=days)
                node = self.start("serve", "--listen", "127.0.0.1:0", "--tls-certificate", certificate, "--tls-key", key)
                node.stop()
                self.assertEqual(f"the certificate in {certificate}" in node.output(), words is not None)
                self.assertIn(words or "", node.output())
