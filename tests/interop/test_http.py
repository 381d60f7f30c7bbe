"""What the node says to those who are no WebSocket clients (F15), and what curl makes of it."""
import http.client
import json
import re
import tempfile

from case import RelayCase
from program import START_SECONDS_MAX, wait_until


class Http(RelayCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.node = self.start("serve", "--listen", "127.0.0.1:0", folder=folder.name)

    def ask(self, method, path, **fields):
        connection = http.client.HTTPConnection(*self.node.address, timeout=10)
        self.addCleanup(connection.close)
        connection.request(method, path, headers=fields)
        reply = connection.getresponse()
        return reply.status, reply.read().decode(), reply

    def test_F15_a_topic_is_a_bad_request_to_those_who_do_not_upgrade(self):
        for method, path in (("GET", "/foo"), ("POST", "/foo"), ("GET", "/ws"), ("PUT", "/in/x/y")):
            with self.subTest(f"{method} {path}"):
                status, body, reply = self.ask(method, path)
                self.assertEqual((status, body), (400, "Bad Request\n"))
                self.assertEqual(reply.headers["Sec-WebSocket-Version"], "13")

    def test_F15_the_page_of_statistics_answers_GET_alone_and_from_any_folder(self):
        status, body, reply = self.ask("GET", "/stats")
        self.assertEqual((status, reply.headers.get_content_type()), (200, "text/html"))
        self.assertIn("Broadcasters", body)
        self.assertIn("Receivers", body)
        for method, wanted in (("POST", "Method not allowed\n"), ("HEAD", "")):
            with self.subTest(method):
                self.assertEqual(self.ask(method, "/stats")[:2], (405, wanted))

    def test_an_unclean_path_is_shown_the_clean_one(self):
        for unclean, clean in (("//foo//bar", "/foo/bar"), ("/a/./b", "/a/b"), ("/a/../b", "/b")):
            with self.subTest(unclean):
                status, _, reply = self.ask("GET", unclean)
                self.assertEqual((status, reply.headers["Location"]), (301, clean))

    def test_the_pages_of_the_demo_are_told_what_those_of_a_node_are_told(self):
        demo = self.start("demo", "--listen", "127.0.0.1:0", "--host-listen", "127.0.0.1:0", "--source", "clip", wait=False)
        opened = wait_until(lambda: re.search(r"open this: +http://([\d.]+):(\d+)/", demo.output()), START_SECONDS_MAX)
        demo.address = opened.group(1), int(opened.group(2))
        for program in (self.node, demo):
            status, kind, text = program.http("GET", "/view-config.json")
            self.assertEqual((status, kind), (200, "application/json"))
            self.assertEqual(json.loads(text), {"open": True, "token": False, "secure": False, "access": ""})

    async def test_curl_reads_the_pages_over_one_connection(self):
        status, out, err = await self.run_tool("curl", "-sSv", self.node.url("/stats", "http"),
                                               self.node.url("/view/demo", "http"))
        self.assertEqual(status, 0, err)
        self.assertGreaterEqual(out.count(b"<!doctype html>") + out.count(b"<!DOCTYPE html>"), 2)
        self.assertIn("Re-using existing connection", err)

    async def test_curl_reads_them_as_HTTP_1_0_too(self):
        status, out, err = await self.run_tool("curl", "-sS0", "-w", "%{http_code}", self.node.url("/stats", "http"))
        self.assertEqual((status, out[-3:]), (0, b"200"), err)
