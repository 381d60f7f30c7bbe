#include "token/inspection.h"

#include <gtest/gtest.h>

#include "token/test_tokens.h"
#include "token/token_request.h"

namespace crosspoint::token {
namespace {

using test_tokens::encoded;
using test_tokens::now;

std::string shown(std::string_view claims) {
  return inspect(encoded(R"({"alg":"none","typ":"JWT"})") + "." + encoded(claims) + ".AAAA", now).value();
}

TEST(Inspection, ShowsHeaderAndClaimsAndDatesInWords) {
  EXPECT_EQ(shown(R"({"topic":"t","exp":1767229261,"iat":1767225599})"),
            "header {\n  \"alg\": \"none\",\n  \"typ\": \"JWT\"\n}\n"
            "claims {\n  \"topic\": \"t\",\n  \"exp\": 1767229261,\n  \"iat\": 1767225599\n}\n"
            "issued       2025-12-31 23:59:59 UTC, 1s ago\n"
            "valid from   not said\n"
            "expires      2026-01-01 01:01:01 UTC, in 1h1m\n"
            "signature    3 bytes\n"
            "Nothing was verified: anybody can write such a token. See crosspoint token verify.\n");
}

TEST(Inspection, SaysThatATokenHasExpired) {
  EXPECT_NE(shown(R"({"exp":1767225600})").find("EXPIRED      2026-01-01 00:00:00 UTC, in 0s\n"),
            std::string::npos);
  EXPECT_NE(shown(R"({"exp":0})").find("EXPIRED      1970-01-01 00:00:00 UTC, 20454d ago\n"),
            std::string::npos);
  EXPECT_NE(shown(R"({"exp":"soon"})").find("a claim of the token has the wrong form\n"), std::string::npos);
}

TEST(Inspection, NothingReachesATerminalThatCouldSteerIt) {
  const auto text = shown("{\"topic\":\"\\u001b[31m\\u009b \xc2\x9b \xe2\x80\xae\"}");

  for (const char c: text) EXPECT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7f)) << static_cast<int>(c);
}

TEST(Inspection, SaysWhyATokenCannotBeRead) {
  EXPECT_EQ(inspect("hello", now).error(), Refusal::wrong_parts);
  EXPECT_EQ(inspect("a.b.c", now).error(), Refusal::malformed);
  EXPECT_EQ(inspect(encoded("{}") + "." + encoded(R"({"a":1,"a":2})") + ".", now).error(),
            Refusal::duplicate_member);
  EXPECT_EQ(inspect(encoded("{}") + "." + encoded("{}") + ".=", now).error(), Refusal::malformed);
}

TEST(TokenRequest, ComesToTheClaimsOfTheOldProgram) {
  const TokenRequest request{.audience = "https://lab.example",
                             .lifetime = 60s,
                             .lifetime_from = LifetimeFrom::issue,
                             .topic = "t",
                             .admin = true,
                             .other_scope = "expt"};

  const auto claims = claims_for(request, now + 500ms);

  ASSERT_TRUE(claims);
  EXPECT_EQ(
      write_claims(*claims),
      R"({"booking_id":"relay-token-cli","topic":"t","prefix":"session","scopes":["relay:admin","write","read","expt"],)"
      R"("aud":["https://lab.example"],"exp":1767225659,"nbf":1767225599,"iat":1767225599})");
}

TEST(TokenRequest, ALifetimeFromNowIsAllThereAndNotTooLongWhereItIsTheGreatest) {
  for (const auto within_second: {0ms, 1ms, 999ms}) {
    const auto claims = claims_for({.audience = "a", .lifetime = 3s, .topic = "t"}, now + within_second);
    EXPECT_GE(*claims->expires - (now + within_second), 3s);
    EXPECT_LE(*claims->expires - *claims->issued, 3s + issue_slack);
  }
}

TEST(TokenRequest, SaysWhatIsMissing) {
  const TokenRequest whole{.audience = "a", .lifetime = 1s, .topic = "t"};
  const auto error_of = [&](auto change) {
    auto request = whole;
    change(request);
    const auto claims = claims_for(request, now);
    return claims ? std::optional<RequestError>() : claims.error();
  };

  EXPECT_EQ(error_of([](auto&) {}), std::nullopt);
  EXPECT_EQ(error_of([](auto& request) { request.audience.clear(); }), RequestError::no_audience);
  EXPECT_EQ(error_of([](auto& request) { request.lifetime = {}; }), RequestError::no_lifetime);
  EXPECT_EQ(error_of([](auto& request) { request.topic.clear(); }), RequestError::no_topic);
  EXPECT_EQ(error_of([](auto& request) { request.topic.clear(), request.admin = true; }), std::nullopt);
  EXPECT_EQ(error_of([](auto& request) { request.read = request.write = false; }), RequestError::no_scopes);
  EXPECT_EQ(
      error_of([](auto& request) { request.read = request.write = false, request.other_scope = "expt"; }),
      RequestError::no_scopes);
  EXPECT_EQ(error_of([](auto& request) { request.lifetime = 24h * 365 * 250; }), RequestError::too_far_ahead);
}

}  // namespace
}  // namespace crosspoint::token
