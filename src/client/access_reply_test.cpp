#include "client/access_reply.h"

#include <gtest/gtest.h>

namespace crosspoint::client {
namespace {

using Cause = AccessRefusal::Cause;

constexpr std::string_view token = "eyJhbGciOiJIUzI1NiJ9.eyJ0b3BpYyI6InQxIn0.c2lnbmF0dXJl";

AccessRefusal refusal_of(int status, std::string_view body) {
  const auto reply = read_access_reply(status, body, token);
  return reply ? AccessRefusal{} : reply.error();
}

TEST(AccessReply, HoldsTheAddressToOpen) {
  const auto url = read_access_reply(
      200, "{\"uri\":\"wss://lab.example/relay/session/rig01?code=1f0c2a5e-0000-4000-8000-000000000000\"}\n",
      token);
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "wss");
  EXPECT_EQ(url->host, "lab.example");
  EXPECT_EQ(url->port, 443);
  EXPECT_EQ(url->target, "/relay/session/rig01?code=1f0c2a5e-0000-4000-8000-000000000000");
}

TEST(AccessReply, FurtherFieldsAndAnother2xxAreFine) {
  EXPECT_TRUE(read_access_reply(201, R"({"code":"x","uri":"ws://127.0.0.1:3001/session/t1?code=c"})", token));
}

struct Refused {
  int status;
  const char* body;
  Cause cause;
  const char* sentence;
};

class AccessReplyRefusals : public testing::TestWithParam<Refused> {};

TEST_P(AccessReplyRefusals, AreNamedAndOneSentence) {
  const auto refusal = refusal_of(GetParam().status, GetParam().body);
  EXPECT_EQ(refusal.cause, GetParam().cause);
  EXPECT_EQ(refusal.status, GetParam().status);
  EXPECT_EQ(refusal.sentence, GetParam().sentence);
}

constexpr const char* no_address =
    "answered 200 without an address: it is no access service, or a login page stands before it";

INSTANTIATE_TEST_SUITE_P(
    Table, AccessReplyRefusals,
    testing::Values(
        // The three shapes.
        Refused{401, R"({"code":401,"message":"unauthenticated for invalid credentials"})",
                Cause::unauthorized, "answered 401: unauthenticated for invalid credentials"},
        Refused{
            400,
            "{\"code\":\"400\",\"message\":\"bookingID has been deny-listed, probably because the session "
            "was cancelled\"}\n",
            Cause::refused,
            "answered 400: bookingID has been deny-listed, probably because the session was cancelled"},
        Refused{401, "\"Token Wrong Topic\"\n", Cause::unauthorized, "answered 401: Token Wrong Topic"},
        // Others.
        Refused{500, R"({"code":500,"message":"token invalid"})", Cause::failed,
                "answered 500: token invalid"},
        Refused{403, "", Cause::unauthorized, "answered 403 Forbidden"},
        Refused{404, R"({"code":404,"message":7})", Cause::refused, "answered 404 Not Found"},
        Refused{429, "[]", Cause::refused, "answered 429 Too Many Requests"},
        Refused{502, "<html>Bad Gateway</html>", Cause::failed, "answered 502 Bad Gateway"},
        Refused{599, "", Cause::failed, "answered 599"},
        Refused{302, R"({"uri":"ws://elsewhere/x"})", Cause::redirected,
                "answered 302 (a redirect, which a token does not follow)"},
        Refused{200, "<html>please log in</html>", Cause::not_access, no_address},
        Refused{200, "", Cause::not_access, no_address}, Refused{200, "{}", Cause::not_access, no_address},
        Refused{200, R"({"uri":""})", Cause::not_access, no_address},
        Refused{200, R"({"uri":7})", Cause::not_access, no_address},
        Refused{200, R"(["ws://h/x"])", Cause::not_access, no_address},
        Refused{200, R"({"uri":"https://h/x"})", Cause::bad_address,
                "gave an address that cannot be used: it does not begin with ws:// or wss://"}));

TEST(AccessReply, AnAddressWithUserInfoOrOfAnotherSchemeIsRefusedAndNotRepeated) {
  for (const auto* body: {R"({"uri":"ws://me:S3cret@h/x"})", R"({"uri":"ftp://h/S3cret"})",
                          R"({"uri":"ws:///S3cret"})", R"({"uri":"ws://h/S3cret\u000d\u000aX: y"})"}) {
    const auto refusal = refusal_of(200, body);
    EXPECT_EQ(refusal.cause, Cause::bad_address) << body;
    EXPECT_EQ(refusal.sentence.find("S3cret"), std::string::npos) << refusal.sentence;
  }
}

TEST(AccessReply, LimitsAreKept) {
  const auto body_with = [](std::size_t uri_bytes) {
    return "{\"uri\":\"ws://h/" + std::string(uri_bytes - 7, 'a') + "\"}";
  };
  EXPECT_TRUE(read_access_reply(200, body_with(access_uri_bytes_max), token));
  EXPECT_EQ(refusal_of(200, body_with(access_uri_bytes_max + 1)).cause, Cause::bad_address);

  const std::string good = R"({"uri":"ws://h/x"})";
  EXPECT_TRUE(read_access_reply(200, good + std::string(access_reply_bytes_max - good.size(), ' '), token));
  EXPECT_FALSE(
      read_access_reply(200, good + std::string(access_reply_bytes_max - good.size() + 1, ' '), token));
}

TEST(AccessReply, D5_NestingAsDeepAsTheBodyMayBeIsSurvived) {
  EXPECT_EQ(refusal_of(200, std::string(access_reply_bytes_max, '[')).cause, Cause::not_access);
  const auto half = access_reply_bytes_max / 2;
  EXPECT_EQ(refusal_of(200, std::string(half, '[') + std::string(half, ']')).cause, Cause::not_access);
}

TEST(AccessReply, C18_AServiceThatRepeatsTheTokenOrACodeIsNotRepeated) {
  const auto body = "{\"code\":500,\"message\":\"token " + std::string(token) +
                    " invalid, code 1f0c2a5e-1111-4222-8333-444455556666 spent, key " + std::string(32, 'k') +
                    " wrong\"}";
  EXPECT_EQ(refusal_of(500, body).sentence, "answered 500: token *** invalid, code *** spent, key *** wrong");
}

TEST(Quoted, ASecretThatIsShortIsTakenOutToo) {
  EXPECT_EQ(quoted("not S3cret, nor S3cretS3cret", "S3cret"), "not ***, nor ******");
  EXPECT_EQ(quoted("words", ""), "words");
}

TEST(Quoted, IsOneBoundedLineOfPrintableAscii) {
  EXPECT_EQ(quoted("  a\r\nb\x1b[2J\tc\x7f \xc3\xa9 ", ""), "a  b [2J c? ??");
  EXPECT_EQ(quoted("\n \r", ""), "");
  std::string words;
  while (words.size() < 1000) words += "word ";
  EXPECT_EQ(quoted(words, "").size(), quoted_bytes_max);
  EXPECT_TRUE(quoted(words, "").ends_with("..."));
}

TEST(Quoted, ARunOneShorterThanASecretIsAWord) {
  EXPECT_EQ(quoted(std::string(31, 'w'), ""), std::string(31, 'w'));
  EXPECT_EQ(quoted(std::string(32, 'w'), ""), "***");
}

TEST(TokenAnswer, SaysWhetherTheOlderRelayLetsIn) {
  using Kind = TokenAnswer::Kind;
  EXPECT_EQ(
      read_token_answer(R"({"topic":"/in/v","token":"a.b.c","authorised":true,"reason":"ok"})", "a.b.c").kind,
      Kind::authorised);
  const auto refused = read_token_answer(
      R"({"topic":"/in/v","token":"a.b.c","authorised":false,"reason":"Error reading token a.b.c"})",
      "a.b.c");
  EXPECT_EQ(refused.kind, Kind::refused);
  EXPECT_EQ(refused.reason, "Error reading token ***");
}

TEST(TokenAnswer, WhatOthersSayOnTheTopicIsNoAnswer) {
  for (const auto* text: {"", "hello", "true", "[true]", "{}", R"({"authorised":"true"})",
                          R"({"authorised":1})", R"({"t":12,"d":3.1})"}) {
    EXPECT_EQ(read_token_answer(text, "t").kind, TokenAnswer::Kind::something_else) << text;
  }
}

}  // namespace
}  // namespace crosspoint::client
