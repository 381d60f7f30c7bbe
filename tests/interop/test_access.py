"""The secure relay's access service (S1 to S23), asked as its clients ask: curl with a bare token. Equality is meant
to the byte but where a test says what is better here."""
import asyncio
import time

import jwt
import websockets

from relay_case import AUDIENCE, CODE, SecureCase, claims, scoped, token


class Session(SecureCase):
    async def test_S1_a_token_is_traded_for_an_address(self):
        answer = await self.ask("POST", "/session/t1", token("t1"))
        self.assertEqual((answer.status, answer.fields["content-type"]), (200, "application/json"))
        self.assertEqual(list(answer.json), ["uri"])
        self.assertRegex(answer.json["uri"], f"^ws://127\\.0\\.0\\.1:{self.node.address[1]}/session/t1\\?code=[0-9a-f-]{{36}}$")
        self.assertEqual(answer.body[-1], "\n")

    async def test_S2_a_body_of_JSON_is_not_minded(self):
        answer = await self.ask("POST", "/session/t1", token("t1"), "-d", "{}", "-H",
                                "Content-Type: application/json;charset=utf-8")
        self.assertEqual(answer.status, 200, answer.body)

    async def test_S3_nothing_without_a_token(self):
        for more in ((), ("-H", "Authorization;")):
            answer = await self.ask("POST", "/session/t1", None, *more)
            self.assertEqual((answer.status, answer.body),
                             (401, '{"code":401,"message":"unauthenticated for invalid credentials"}'))

    async def test_S4_bad_tokens_get_no_address(self):
        """Better: 401 with the reason and a string `code`; the older relay said 500. `--access-old-statuses` is that."""
        now = int(time.time())
        for made in ("garbage", token("t1", secret="another-secret"), token("t1", exp=now - 1),
                     token("t1", nbf=now + 60), jwt.encode(claims("t1"), None, algorithm="none")):
            with self.subTest(made):
                answer = await self.ask("POST", "/session/t1", made)
                self.assertEqual((answer.status, list(answer.json), answer.json["code"]),
                                 (401, ["code", "message"], "401"))
                self.assertRegex(answer.json["message"], "^token invalid: ")

    async def test_S5_the_audience_is_compared_exactly(self):
        """Better: 401 for 500."""
        for audience in ("http://elsewhere:3000", AUDIENCE + "/", AUDIENCE.upper()):
            answer = await self.ask("POST", "/session/t1", token("t1", aud=[audience]))
            self.assertEqual((answer.status, answer.json["message"]),
                             (401, f"aud [{audience}] does not match this host {AUDIENCE}"))

    async def test_S6_an_audience_may_be_a_text_or_one_of_several(self):
        for audience in (AUDIENCE, [AUDIENCE, "http://elsewhere"], ["http://elsewhere", AUDIENCE]):
            self.assertEqual((await self.ask("POST", "/session/t1", token("t1", aud=audience))).status, 200)

    async def test_S7_the_longer_HMACs_are_accepted(self):
        for algorithm in ("HS384", "HS512"):
            self.assertEqual((await self.ask("POST", "/session/t1", token("t1", algorithm=algorithm))).status, 200)

    async def test_S8_the_word_Bearer_may_stand_before_the_token(self):
        """Better: the older relay refused it."""
        self.assertEqual((await self.ask("POST", "/session/t1", "Bearer " + token("t1"))).status, 200)

    async def test_S9_a_token_is_for_one_topic(self):
        answer = await self.ask("POST", "/session/t2", token("t1"))
        self.assertEqual((answer.status, answer.body), (401, '"Token Wrong Topic"\n'))

    async def test_S10_prefix_and_scopes_are_required(self):
        for made in (token("t1", prefix=None), token("t1", prefix=""), token("t1", scopes=())):
            answer = await self.ask("POST", "/session/t1", made)
            self.assertEqual((answer.status, answer.body), (401, '"Token Missing Required Claims"\n'))

    async def test_S11_a_booking_is_required(self):
        for booking in (None, ""):
            answer = await self.ask("POST", "/session/t1", token("t1", booking=booking))
            self.assertEqual((answer.status, answer.body),
                             (400, '{"code":"400","message":"empty bookingID field is not permitted"}\n'))

    async def test_S12_tokens_without_times_get_no_address(self):
        """Better: answered with 401; the older relay hung up."""
        for missing in ("exp", "iat", "nbf"):
            answer = await self.ask("POST", "/session/t1", token("t1", **{missing: None}))
            self.assertEqual(answer.status, 401, missing)
            self.assertNotIn("uri", answer.body)

    async def test_S13_a_topic_may_hold_a_slash(self):
        uri = await self.uri("a%2Fb", token("a/b"))
        self.assertRegex(uri, f"^{self.node.url('/session/a/b')}\\?code={CODE}$")
        await self.assert_alive(await self.connect(None, uri))

    async def test_S14_other_methods_and_paths_are_named(self):
        answer = await self.ask("GET", "/session/t1", token("t1"))
        self.assertEqual((answer.status, answer.fields["allow"], answer.body),
                         (405, "POST", '{"code":405,"message":"method GET is not allowed, but [POST] are"}'))
        answer = await self.ask("GET", "/nope")
        self.assertEqual((answer.status, answer.body), (404, '{"code":404,"message":"path /nope was not found"}'))

    async def test_S15_only_JSON_goes_in_and_comes_out(self):
        answer = await self.ask("POST", "/session/t1", token("t1"), "-d", "x", "-H", "Content-Type: text/plain")
        self.assertEqual((answer.status, answer.body), (
            415, '{"code":415,"message":"unsupported media type \\"text/plain\\", only [application/json] are allowed"}'))
        answer = await self.ask("POST", "/session/t1", token("t1"), "-H", "Accept: text/html")
        self.assertEqual((answer.status, answer.body), (
            406, '{"code":406,"message":"unsupported media type requested, only [application/json] are available"}'))

    async def test_S16_CORS_is_left_to_the_proxy(self):
        for method, target, made in (("POST", "/session/t1", token("t1")), ("POST", "/session/t1", None),
                                     ("OPTIONS", "/session/t1", None), ("GET", "/status", scoped("relay:stats"))):
            answer = await self.ask(method, target, made, "-H", "Origin: https://elsewhere.example")
            self.assertEqual([name for name in answer.fields if name.startswith("access-control")], [])


class NoBooking(SecureCase):
    environment = {"RELAY_ALLOW_NO_BOOKING_ID": "true"}

    async def test_S11_a_booking_is_not_required_where_the_operator_says_so(self):
        await self.assert_alive(await self.open("t1", booking=None))


class OldStatuses(SecureCase):
    flags = ("--access-old-statuses",)

    async def test_S4_S5_bad_tokens_get_what_the_older_relay_said_when_asked_to(self):
        answer = await self.ask("POST", "/session/t1", "garbage")
        self.assertEqual((answer.status, answer.body), (500, '{"code":500,"message":"token invalid"}'))
        answer = await self.ask("POST", "/session/t1", token("t1", aud=["x", "y"]))
        self.assertEqual((answer.status, answer.body), (
            500, f'{{"code":500,"message":"aud [x y] does not match this host {AUDIENCE}"}}'))


class Bookings(SecureCase):
    async def test_S17_a_cancelled_booking_is_listed(self):
        self.assertEqual(await self.listed("deny"), '{"booking_ids":[]}\n')
        self.assertEqual(await self.listed("allow"), '{"booking_ids":[]}\n')
        answer = await self.bids("deny", "x")
        self.assertEqual((answer.status, answer.body), (204, ""))
        self.assertEqual(await self.listed("deny"), '{"booking_ids":["x"]}\n')

    async def test_S18_a_cancelled_booking_gets_no_address(self):
        await self.bids("deny", "x")
        answer = await self.ask("POST", "/session/t1", token("t1", booking="x"))
        self.assertEqual((answer.status, answer.body), (400, '{"code":"400","message":"bookingID has been deny-listed, '
                                                             'probably because the session was cancelled"}\n'))

    async def test_S19_cancelling_ends_the_connections_of_that_booking_alone(self):
        """Better: the client is told, by close frame 1008."""
        gone, stays = await self.open("t1", booking="x"), await self.open("t1", booking="y")
        await self.bids("deny", "x")
        await self.assert_ended(gone)
        self.assertEqual(gone.close_code, 1008)
        await self.assert_alive(stays)

    async def test_S20_a_code_from_before_the_cancelling_is_void(self):
        uri = await self.uri("t1", token("t1", booking="x"))
        await self.bids("deny", "x")
        with self.assertRaises(websockets.InvalidStatusCode) as refused:
            await self.connect(None, uri)
        self.assertEqual(refused.exception.status_code, 401)

    async def test_S21_a_booking_that_is_allowed_again_works(self):
        await self.bids("deny", "x")
        answer = await self.bids("allow", "x")
        self.assertEqual((answer.status, answer.body), (204, ""))
        self.assertEqual((await self.listed("deny"), await self.listed("allow")),
                         ('{"booking_ids":[]}\n', '{"booking_ids":["x"]}\n'))
        await self.assert_alive(await self.open("t1", booking="x"))

    async def test_S22_bookings_are_changed_by_admins_who_say_which_and_until_when(self):
        admin, later = scoped("relay:admin"), int(time.time()) + 60
        for method in ("GET", "POST"):
            for list_name in ("deny", "allow"):
                answer = await self.ask(method, f"/bids/{list_name}?bid=x&exp={later}", token("t1"))
                self.assertEqual((answer.status, answer.json["code"]), (401, "401"))
        for query, status, body in (
            (f"exp={later}", 422, '{"code":602,"message":"bid in query is required"}'),
            ("", 422, '{"code":602,"message":"bid in query is required"}'),
            ("bid=x", 422, '{"code":602,"message":"exp in query is required"}'),
            ("bid=x&exp=abc", 422, '{"code":601,"message":"exp in query must be of type int64: \\"abc\\""}'),
            ("bid=x&exp=5", 400, '{"code":"400","message":"booking expiry time (exp) of [5] missing or in the past"}\n'),
        ):
            answer = await self.ask("POST", f"/bids/deny?{query}", admin)
            self.assertEqual((answer.status, answer.body), (status, body))
        answer = await self.ask("POST", "/bids/allow?bid=x&exp=5", admin)
        self.assertEqual(answer.body, '{"code":"400","message":"exp (booking expiry time) missing or in the past"}\n')


class Tidying(SecureCase):
    environment = {"RELAY_TIDY_EVERY": "1s"}

    async def test_S23_a_cancelling_that_is_over_is_forgotten(self):
        await self.bids("deny", "x", 1)
        await self.bids("deny", "y", 60)
        for _ in range(100):
            if (listed := await self.listed("deny")) == '{"booking_ids":["y"]}\n':
                break
            await asyncio.sleep(0.05)
        self.assertEqual(listed, '{"booking_ids":["y"]}\n')
