"""WAMP over HTTP requests, as Python's http.client makes them."""
import http.client
import json
import threading
import time
import unittest

import cbor2

from test_wamp import WampCase

HELLO = [1, "realm1", {"roles": {role: {} for role in ("publisher", "subscriber", "caller", "callee")}}]
RECEIVE_SECONDS = 10  # what the router holds a request for


class Client:
    """One transport, over one connection for what it sends and one for what it receives."""

    def __init__(self, address, protocol="wamp.2.json", base="/lp", spell=json.dumps, read=json.loads, media_type="application/json"):
        self.address, self.spell, self.read, self.media_type = address, spell, read, media_type
        self.sending, self.receiving = self.connection(), self.connection()
        status, body = self.post(self.sending, f"{base}/open", json.dumps({"protocols": [protocol]}), "application/json")
        assert status == 200, (status, body)
        answer = json.loads(body)
        assert answer["protocol"] == protocol, answer
        self.id = answer["transport"]
        self.base = f"{base}/{self.id}"

    def connection(self):
        return http.client.HTTPConnection(*self.address, timeout=30)

    @staticmethod
    def post(connection, path, body=None, media_type=None):
        connection.request("POST", path, body, {"Content-Type": media_type} if media_type else {})
        reply = connection.getresponse()
        return reply.status, reply.read()

    def send(self, message):
        return self.post(self.sending, self.base + "/send", self.spell(message), self.media_type)[0]

    def receive(self):
        status, body = self.post(self.receiving, self.base + "/receive")
        return self.read(body) if status == 200 else status

    def close(self):
        return self.post(self.sending, self.base + "/close")[0]

    def hang_up(self):
        self.sending.close()
        self.receiving.close()

    def join(self):
        assert self.send(HELLO) == 204
        welcome = self.receive()
        assert welcome[0] == 2, welcome
        return self

    def ask(self, message):
        assert self.send(message) == 204
        return self.receive()


class LongPoll(WampCase):
    def client(self, *arguments, **options):
        client = Client(self.node.address, *arguments, **options)
        self.addCleanup(client.hang_up)
        return client

    def test_a_call_between_two_sessions_one_of_which_has_a_websocket(self):
        callee = self.client().join()
        self.assertEqual(callee.ask([64, 1, {}, "com.add"])[:2], [65, 1])
        serving = threading.Thread(target=self.serve_one, args=(callee,))
        serving.start()
        said = self.said(self.peer("websocket", "cbor", "caller", "com.add"))
        serving.join()
        self.assertEqual(said[0][0], "echo")
        self.assertEqual(said[0][1][3:5], ["\u00fc\u20ac", "00ff"])

    @staticmethod
    def serve_one(callee):
        invocation = callee.receive()
        callee.send([70, invocation[1], {}, [invocation[4]]])

    def test_events_one_by_one_and_in_batches_and_in_cbor(self):
        batched = dict(protocol="wamp.2.json.batched", spell=lambda m: json.dumps(m) + "\x1e",
                       read=lambda body: json.loads(body.split(b"\x1e")[0]))
        cbor = dict(protocol="wamp.2.cbor", spell=cbor2.dumps, read=cbor2.loads, media_type="application/x-cbor")
        publisher = self.client().join()
        for options in ({}, batched, cbor):
            with self.subTest(protocol=options.get("protocol")):
                subscriber = self.client(**options).join()
                subscription = subscriber.ask([32, 1, {}, "com.topic"])[2]
                self.assertEqual(publisher.send([16, 1, {}, "com.topic", ["hello"], {"k": 1}]), 204)
                event = subscriber.receive()
                self.assertEqual([event[0], event[1], *event[3:]], [36, subscription, {}, ["hello"], {"k": 1}])

    def test_what_waited_while_nobody_asked_comes_in_one_batch(self):
        publisher = self.client().join()
        subscriber = self.client(protocol="wamp.2.json.batched", spell=lambda m: json.dumps(m) + "\x18",
                                 read=lambda body: [json.loads(m) for m in body.split(b"\x18")[:-1]])
        subscriber.send(HELLO)
        subscriber.receive()
        subscriber.ask([32, 1, {}, "com.topic"])
        for number in range(5):
            publisher.send([16, number + 1, {}, "com.topic", [number]])
        self.assertEqual([event[4] for event in subscriber.receive()], [[0], [1], [2], [3], [4]])

    def test_a_request_is_held_and_answered_with_nothing_in_the_end(self):
        client = self.client().join()
        begun = time.monotonic()
        self.assertEqual(client.receive(), 204)
        self.assertAlmostEqual(time.monotonic() - begun, RECEIVE_SECONDS, delta=1.5)

    def test_garbage_and_strangers(self):
        client = self.client().join()
        self.assertEqual(Client.post(client.sending, client.base + "/send", "garbage", "application/json")[0], 400)
        self.assertEqual(client.receive()[2], "wamp.error.protocol_violation")
        self.assertEqual(client.receive(), 404)
        self.assertEqual(Client.post(client.sending, "/lp/" + "0" * 32 + "/receive")[0], 404)
        self.assertEqual(Client.post(client.sending, "/lp/open", '{"protocols": ["wamp.2.flatbuffers"]}')[0], 400)

    def test_the_session_ends_with_the_transport_and_no_log_holds_its_id(self):
        client = self.client().join()
        other = self.client().join()
        self.assertEqual(other.ask([48, 1, {}, "wamp.session.count"])[3], [2])
        self.assertEqual(client.close(), 204)
        self.assertEqual(other.ask([48, 2, {}, "wamp.session.count"])[3], [1])
        other.close()
        self.node.stop()  # with --dev everything is logged
        for closed in (client, other):
            self.assertNotIn(closed.id, self.node.output())

    def test_a_page_from_elsewhere_is_not_let_in_for_developers(self):
        connection = http.client.HTTPConnection(*self.node.address, timeout=30)
        self.addCleanup(connection.close)
        for origin, status in (("https://evil.example", 403), ("http://localhost:5000", 204)):
            connection.request("OPTIONS", "/lp/open", headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
            reply = connection.getresponse()
            reply.read()
            self.assertEqual(reply.status, status)
        self.assertEqual(reply.headers["Access-Control-Allow-Origin"], "http://localhost:5000")


if __name__ == "__main__":
    unittest.main()
