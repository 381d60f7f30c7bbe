#include "access/request.h"

#include <gtest/gtest.h>

#include "access/answers.h"

namespace crosspoint::access {
namespace {

http::Response refusal_of(const char* method, const char* target) {
  const auto routed = route_request(method, target, target);
  EXPECT_FALSE(routed) << method << ' ' << target;
  return routed ? http::Response{} : routed.error();
}

TEST(AccessRequest, KnowsItsOperations) {
  EXPECT_EQ(route_request("POST", "/session/t1", "")->operation, Operation::open_session);
  EXPECT_EQ(route_request("POST", "/session/a%2Fb/?x", "")->topic, "a/b");
  EXPECT_EQ(route_request("POST", "/session/t1/refresh", "")->operation, Operation::refresh_session);
  EXPECT_EQ(route_request("POST", "/bids/deny?bid=x", "")->operation, Operation::deny);
  EXPECT_EQ(route_request("GET", "/bids/allow", "")->operation, Operation::list_allowed);
  EXPECT_EQ(route_request("GET", "/status/", "")->operation, Operation::status);
  EXPECT_FALSE(needs_token(route_request("GET", "/swagger.json", "")->operation));
}

// Check 14 of the conformance list.
TEST(AccessRequest, SaysWhichPathAndWhichMethodDoNotExist) {
  const auto unknown = refusal_of("GET", "/nope");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.body, R"({"code":404,"message":"path /nope was not found"})");

  const auto wrong = refusal_of("GET", "/session/t1");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.body, R"({"code":405,"message":"method GET is not allowed, but [POST] are"})");
  EXPECT_EQ(wrong.fields.find("Allow"), "POST");
  EXPECT_EQ(refusal_of("PUT", "/bids/deny").fields.find("Allow"), "POST,GET");
  EXPECT_EQ(refusal_of("POST", "/session/a/b").status, 404);
}

TEST(AccessRequest, TakesABareTokenAndOneBehindBearer) {
  http::Fields bare, bearer, none, empty;
  bare.add("authorization", "a.b.c");
  bearer.add("Authorization", "bearer a.b.c");
  empty.add("Authorization", "");

  EXPECT_EQ(presented_token(bare), "a.b.c");
  EXPECT_EQ(presented_token(bearer), "a.b.c");
  EXPECT_FALSE(presented_token(none));
  EXPECT_FALSE(presented_token(empty));
}

http::Fields fields(const char* name, const char* value) {
  http::Fields fields;
  fields.add(name, value);
  return fields;
}

// Checks 2 and 15.
TEST(AccessRequest, BodiesAndAnswersAreJson) {
  EXPECT_TRUE(check_media_types(fields("Content-Type", "application/json;charset=utf-8"), true));
  EXPECT_TRUE(check_media_types(fields("Content-Type", "text/plain"), false));
  EXPECT_EQ(
      check_media_types(fields("Content-Type", "text/plain"), true).error().body,
      R"({"code":415,"message":"unsupported media type \"text/plain\", only [application/json] are allowed"})");
  EXPECT_EQ(check_media_types({}, true).error().status, 415);
  EXPECT_TRUE(check_media_types(fields("Accept", "text/html, application/*;q=0.1"), false));
  EXPECT_TRUE(check_media_types(fields("Accept", "*/*"), false));
  EXPECT_EQ(
      check_media_types(fields("Accept", "text/html"), false).error().body,
      R"({"code":406,"message":"unsupported media type requested, only [application/json] are available"})");
}

// Check 22.
TEST(AccessRequest, SaysWhichParameterIsMissingOrNoNumber) {
  EXPECT_EQ(parse_booking_parameters("exp=5").error().body,
            R"({"code":602,"message":"bid in query is required"})");
  EXPECT_EQ(parse_booking_parameters("bid=&exp=5").error().status, 422);
  EXPECT_EQ(parse_booking_parameters("bid=x").error().body,
            R"({"code":602,"message":"exp in query is required"})");
  EXPECT_EQ(parse_booking_parameters("bid=x&exp=abc").error().body,
            R"({"code":601,"message":"exp in query must be of type int64: \"abc\""})");
  for (const char* query:
       {"bid=x&exp=1.5", "bid=x&exp=99999999999999999999", "bid=x&exp=5%20", "bid=x&exp=0x10"}) {
    EXPECT_FALSE(parse_booking_parameters(query)) << query;
  }
}

TEST(AccessRequest, OfRepeatedParametersTheLastOneCounts) {
  const auto parameters = parse_booking_parameters("bid=a&exp=1&bid=b%2Fc&exp=%2B1800000000");
  ASSERT_TRUE(parameters);
  EXPECT_EQ(parameters->booking, "b/c");
  EXPECT_EQ(parameters->seconds, 1'800'000'000);
}

TEST(AccessRequest, ATimeBeyondTheClocksIsTheLatestThereIs) {
  const auto parameters = parse_booking_parameters("bid=a&exp=9223372036854775807");
  ASSERT_TRUE(parameters);
  EXPECT_EQ(parameters->until, WallTime(std::chrono::seconds(9'000'000'000)));
}

TEST(AccessRequest, ReadsWhichConnectionIsToBeExtended) {
  EXPECT_EQ(parse_refresh_body(""), "");
  EXPECT_EQ(parse_refresh_body("{}"), "");
  EXPECT_EQ(parse_refresh_body(R"({"connection":"c"})"), "c");
  for (const char* body: {"[]", "x", R"({"connection":1})", "{"})
    EXPECT_FALSE(parse_refresh_body(body)) << body;
}

TEST(AccessAnswers, ThreeShapesAreKeptApart) {
  EXPECT_EQ(no_credentials().body, R"({"code":401,"message":"unauthenticated for invalid credentials"})");
  EXPECT_EQ(answer_to(IssueRefusal::other_topic).body, "\"Token Wrong Topic\"\n");
  EXPECT_EQ(answer_to(IssueRefusal::missing_claims).body, "\"Token Missing Required Claims\"\n");
  EXPECT_EQ(answer_to(IssueRefusal::no_booking).body,
            "{\"code\":\"400\",\"message\":\"empty bookingID field is not permitted\"}\n");
  EXPECT_EQ(session_opened("ws://h/session/t?code=c").body, "{\"uri\":\"ws://h/session/t?code=c\"}\n");
  EXPECT_EQ(booking_ids({}).body, "{\"booking_ids\":[]}\n");
  EXPECT_EQ(booking_ids({"b", "a", "b"}).body, "{\"booking_ids\":[\"a\",\"b\"]}\n");
  EXPECT_EQ(done().status, 204);
}

TEST(AccessAnswers, ABadTokenIs401UnlessTheOldStatusIsAskedFor) {
  const auto now = token_refused(token::Refusal::expired, BadTokenStatus::unauthorized_401);
  EXPECT_EQ(now.status, 401);
  EXPECT_NE(now.body.find("expired"), std::string::npos);
  EXPECT_NE(now.body.find("\"code\":\"401\""), std::string::npos) << "Go clients read a text in 401";

  const auto then = token_refused(token::Refusal::expired, BadTokenStatus::internal_error_500);
  EXPECT_EQ(then.status, 500);
  EXPECT_EQ(then.body, R"({"code":500,"message":"token invalid"})");
}

}  // namespace
}  // namespace crosspoint::access
