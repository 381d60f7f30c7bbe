#include "wamp/long_poll.h"

#include <gtest/gtest.h>

#include <string>

namespace crosspoint::wamp::long_poll {
namespace {

using data::Format;

// "send abc", or "none".
std::string asked(std::string_view path, std::string_view base = "/lp") {
  const auto ask = find_ask(path, base);
  if (!ask) return "none";
  constexpr std::string_view names[] = {"open", "send", "receive", "close"};
  return std::string(names[static_cast<std::size_t>(ask->action)]) + " " + std::string(ask->transport);
}

TEST(LongPoll, APathSaysWhatIsAskedAndOfWhom) {
  EXPECT_EQ(asked("/lp/open"), "open ");
  EXPECT_EQ(asked("/lp/abc/send"), "send abc");
  EXPECT_EQ(asked("/lp/abc/receive"), "receive abc");
  EXPECT_EQ(asked("/lp/abc/close"), "close abc");
  EXPECT_EQ(asked("/a/b/abc/close", "/a/b"), "close abc");
  EXPECT_EQ(asked("/lp/open/send"), "send open");
}

TEST(LongPoll, OtherPathsAreNotIts) {
  for (const auto path: {"/lp", "/lp/", "/lp/abc", "/lp/abc/", "/lp/abc/Send", "/lp/abc/send/", "/lp//send",
                         "/lpopen", "/lq/open", "/", "", "/lp/abc/open", "/lpx/abc/send"}) {
    EXPECT_EQ(asked(path), "none") << path;
  }
}

TEST(LongPoll, ABaseIsAPathThatNobodyWouldWriteOtherwise) {
  for (const auto path: {"/lp", "/a/b", "/A-b_c.d~1"}) EXPECT_TRUE(is_base(path)) << path;
  for (const auto path:
       {"", "/", "lp", "/lp/", "//lp", "/a//b", "/a b", "/a?b", "/a*", "/.", "/../a", "/ü"}) {
    EXPECT_FALSE(is_base(path)) << path;
  }
}

TEST(LongPoll, TheFirstProtocolOfTheClientsThatIsOursIsChosen) {
  const auto chosen = [](std::string_view body) { return *choose_protocol(as_bytes(body)); };
  EXPECT_EQ(chosen(R"({"protocols":["wamp.2.json"]})"), "wamp.2.json");
  EXPECT_EQ(
      chosen(R"({"x":{"y":[1]},"protocols":["wamp.2.flatbuffers","wamp.2.cbor.batched","wamp.2.json"]})"),
      "wamp.2.cbor.batched");
  EXPECT_EQ(chosen(R"( {"protocols" : ["wamp\u002e2.json"]} )"), "wamp.2.json");
}

TEST(LongPoll, WhatIsNoRequestToOpenIsRefused) {
  const auto refusal = [](std::string_view body) { return choose_protocol(as_bytes(body)).error(); };
  for (const auto body: {"", "{", "[]", "{}", "1", R"({"protocols":"wamp.2.json"})", R"({"protocols":[1]})",
                         R"({"protocols":["wamp.2.json"]} x)", R"({"protocols":["wamp.2.json")"}) {
    EXPECT_EQ(refusal(body), OpenRefusal::malformed) << body;
  }
  EXPECT_EQ(refusal(R"({"protocols":["wamp.2.json"],"x":")" + std::string(open_bytes_max, 'x') + "\"}"),
            OpenRefusal::malformed);
  EXPECT_EQ(refusal(R"({"protocols":[]})"), OpenRefusal::none_of_ours);
  EXPECT_EQ(refusal(R"({"protocols":["wamp.2.bjdata"]})"), OpenRefusal::none_of_ours);
}

TEST(LongPoll, TheAnswerNamesTheTransportAndTheProtocol) {
  EXPECT_EQ(answer_to_open("abc", "wamp.2.json"), R"({"transport":"abc","protocol":"wamp.2.json"})");
}

TEST(LongPoll, MediaTypesAreComparedWithoutParametersAndCase) {
  EXPECT_TRUE(fits("application/json; charset=utf-8", Format::json));
  EXPECT_TRUE(fits("Application/JSON ;x=y", Format::json));
  EXPECT_TRUE(fits(std::nullopt, Format::cbor));
  for (const auto type: {"application/cbor", "application/x-cbor"}) EXPECT_TRUE(fits(type, Format::cbor));
  for (const auto type: {"application/ubjson", "application/x-ubjson"})
    EXPECT_TRUE(fits(type, Format::bjdata));
  for (const auto format: data::formats) EXPECT_TRUE(fits(media_type_of(format), format));
  EXPECT_FALSE(fits("application/json", Format::msgpack));
  EXPECT_FALSE(fits("application/x-www-form-urlencoded", Format::json));
  EXPECT_FALSE(fits("", Format::json));
}

}  // namespace
}  // namespace crosspoint::wamp::long_poll
