#include "relay/crossbar_token.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "crypto/hmac.h"

namespace crosspoint::relay {
namespace {

using nlohmann::json;

constexpr std::string_view secret = "a secret of the laboratory";
constexpr std::string_view prefix = "wss://relay.example.org";
const WallTime now{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

std::int64_t seconds(WallTime at) {
  return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
}

json claims() {
  return {{"aud", "wss://relay.example.org/out/v"}, {"exp", seconds(now + 1h)}, {"nbf", seconds(now - 1s)}};
}

std::string sign_text(std::string_view header, std::string_view body, std::string_view key = secret) {
  const auto message =
      encode_base64(Base64::url, as_bytes(header)) + "." + encode_base64(Base64::url, as_bytes(body));
  return message + "." + encode_base64(Base64::url, crypto::hmac_sha256(as_bytes(key), as_bytes(message)));
}
std::string sign(const json& body) { return sign_text(R"({"alg":"HS256","typ":"JWT"})", body.dump()); }

std::string reason_for(std::string_view token, WallTime at = now) {
  const auto grant = check_crossbar_token(token, secret, prefix, "/out/v", at);
  return grant ? "ok" : grant.error();
}

TEST(CrossbarToken, F30_AValidTokenForThisRouteIsAccepted) {
  const auto grant = check_crossbar_token("  " + sign(claims()) + "\n", secret, prefix, "/out/v", now);

  ASSERT_TRUE(grant) << grant.error();
  EXPECT_EQ(grant->expires, now + 1h);
}

TEST(CrossbarToken, F31_ARefusalSaysWhyInTheOldRelaysWords) {
  auto other = claims();
  other["aud"] = "wss://relay.example.org/out/w";
  EXPECT_EQ(reason_for(sign(other)),
            "Denied - not permitted to access /out/v with token for wss://relay.example.org/out/w");
  EXPECT_EQ(reason_for(sign(claims()), now + 1h), "Error reading token Token is expired");
  EXPECT_EQ(reason_for(sign(claims()), now - 1min), "Error reading token Token is not valid yet");
  EXPECT_EQ(reason_for(sign_text(R"({"alg":"HS256"})", claims().dump(), "another secret")),
            "Error reading token signature is invalid");
  EXPECT_EQ(reason_for("hello"), "Error reading token token contains an invalid number of segments");
  EXPECT_EQ(reason_for(sign_text(R"({"alg":"none"})", claims().dump())),
            "Error reading token Unexpected signing method: none");
}

TEST(CrossbarToken, NothingHostileIsAccepted) {
  const auto body = claims().dump();
  const auto good = sign(claims());
  auto listed = claims();
  listed["aud"] = json::array({"wss://relay.example.org/out/v"});
  auto text_date = claims();
  text_date["exp"] = "4102444800";
  const std::string hostile[] = {
      "",
      ".",
      "..",
      "...",
      good + ".",
      good.substr(0, good.size() - 1),
      good.substr(0, good.rfind('.')),
      good.substr(0, good.rfind('.') + 1),
      good + "=",
      sign(listed),
      sign(text_date),
      sign_text(R"({"alg":"None"})", body),
      sign_text(R"({"alg":["HS256"]})", body),
      sign_text(R"({})", body),
      sign_text(R"({"alg":"RS256"})", body),
      sign_text(R"({"alg":"HS256","alg":"none"})", body),
      sign_text(R"({"alg":"HS256"})",
                R"({"aud":"x","aud":"wss://relay.example.org/out/v","exp":4102444800})"),
      sign_text(R"({"alg":"HS256"})", R"({"aud":"wss://relay.example.org/out/v","exp":1e400})"),
      sign_text(R"({"alg":"HS256"})", R"({"aud":"wss://relay.example.org/out/v","exp":-1})"),
      sign_text(R"({"alg":"HS256"})", R"("wss://relay.example.org/out/v")"),
      sign_text(R"({"alg":"HS256"})", "\xff\xfe"),
      sign_text(R"({"alg":"HS256"})", std::string(2000, '[') + std::string(2000, ']')),
      sign_text(R"({"alg":"HS256"})", "{\"a\":" + std::string(200, '[') + std::string(200, ']') + "}"),
      std::string(100'000, 'a') + "." + std::string(100'000, 'b') + ".c",
  };
  for (const auto& token: hostile) {
    SCOPED_TRACE(token.substr(0, 80));
    EXPECT_FALSE(check_crossbar_token(token, secret, prefix, "/out/v", now));
  }
}

TEST(CrossbarToken, ATokenWithoutAnExpiryExpiresAtOnce) {
  auto endless = claims();
  endless.erase("exp");

  const auto grant = check_crossbar_token(sign(endless), secret, prefix, "/out/v", now);

  ASSERT_TRUE(grant);
  EXPECT_EQ(grant->expires, now);
}

TEST(CrossbarToken, TheAnswerIsTheOneOldClientsRead) {
  EXPECT_EQ(crossbar_answer("/out/v", "a.b.c", true, "ok"),
            R"({"topic":"/out/v","token":"a.b.c","authorised":true,"reason":"ok"})");
}

}  // namespace
}  // namespace crosspoint::relay
