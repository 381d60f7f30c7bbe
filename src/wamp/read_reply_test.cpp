#include "wamp/read_reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "data/transcode.h"
#include "wamp/write_message.h"

namespace crosspoint::wamp {
namespace {

using data::Format;
using ::testing::HasSubstr;

// A message that is given as JSON, read in `format`; what it says is written again as JSON.
std::string reply_written_again(std::string_view json, Format format) {
  const auto bytes = data::transcode(Format::json, as_bytes(json), format);
  if (!bytes) return "the test's own JSON: " + data::to_string(bytes.error());
  ReplyReader reader(format, *bytes);
  const auto message = reader.read();
  if (!message) return message.error().sentence;
  ByteVector again;
  if (write_message(format, *message, again) != Sent::sent) return "not spellable";
  const auto out = data::transcode(format, again, Format::json);
  return out ? crosspoint::to_string(Bytes(*out)) : data::to_string(out.error());
}

std::string reply_written_again(std::string_view json) { return reply_written_again(json, Format::json); }

TEST(ReadReply, WhatARouterWritesIsReadAsItWasMeant) {
  const char* const messages[] = {
      R"([2,4,{"roles":{"broker":{}},"authid":"joe"}])",
      R"([4,"wampcra",{"challenge":"{}"}])",
      R"([3,{"message":"no \"x\""},"wamp.error.no_such_realm"])",
      R"([6,{},"wamp.close.goodbye_and_out"])",
      R"([8,48,7,{},"e.f",["why"],{"a":2}])",
      R"([8,32,7,{},"e.f"])",
      R"([8,48,7,{"ppt_scheme":"x_s","ppt_serializer":"cbor","ppt_cipher":"aes256gcm","ppt_keyid":"k1"},"e.f",[1]])",
      R"([17,1,2])",
      R"([33,1,2])",
      R"([35,1])",
      R"([35,0,{"subscription":9}])",
      R"([35,0,{"subscription":9,"reason":"a.b"}])",
      R"([36,1,9007199254740992,{}])",
      (R"([36,1,2,{"topic":"a.b","publisher":5,"publisher_authid":"joe","publisher_authrole":"user","retained":true,)"
       R"("x_acknowledged_delivery":true,"enc_algo":"cryptobox","enc_serializer":"json","enc_key":"k2"},"\u0000AQI="])"),
      R"([50,3,{"progress":true},[],{"a":1}])",
      R"([65,1,2])",
      R"([67,1])",
      R"([67,0,{"registration":9,"reason":"a.b"}])",
      R"([68,1,2,{}])",
      (R"([68,1,2,{"procedure":"p.q","caller":5,"caller_authid":"joe","caller_authrole":"user","receive_progress":true,)"
       R"("progress":true,"timeout":250},[0]])"),
      R"([69,1,{"mode":"kill"}])",
      R"([69,1,{"mode":"killnowait","reason":"wamp.error.canceled"}])",
  };
  for (const auto format: data::formats) {
    SCOPED_TRACE(data::to_string(format));
    for (const auto* message: messages) EXPECT_EQ(reply_written_again(message, format), message);
  }
}

TEST(ReadReply, DetailsOfAnotherTypeThanTheSpecificationsCountAsAbsent) {
  EXPECT_EQ(reply_written_again(R"([36,1,2,{"topic":null,"publisher":null,"retained":"yes"},[1]])"),
            "[36,1,2,{},[1]]");
  EXPECT_EQ(reply_written_again(R"([36,1,2,{"publisher":0,"publisher_authid":"joe"}])"), "[36,1,2,{}]");
  EXPECT_EQ(reply_written_again(R"([50,1,{"progress":0,"x":[{}]}])"), "[50,1,{}]");
  EXPECT_EQ(reply_written_again(R"([68,1,2,{"caller":"joe","timeout":2.5,"procedure":7}])"), "[68,1,2,{}]");
  EXPECT_EQ(reply_written_again(R"([69,1,{"mode":"gently"}])"), R"([69,1,{"mode":"killnowait"}])");
  EXPECT_EQ(reply_written_again(R"([3,{"message":["no"]},"a.b",[1],{"c":2}])"), R"([3,{},"a.b"])");
}

TEST(ReadReply, NullForArgsOrKwargsIsAbsence) {
  EXPECT_EQ(reply_written_again("[50,1,{},null,null]"), "[50,1,{}]");
  EXPECT_EQ(reply_written_again(R"([50,1,{},null,{"a":1}])"), R"([50,1,{},[],{"a":1}])");
}

TEST(ReadReply, RefusesWhatNoRouterMaySay) {
  const struct {
    const char* message;
    const char* why;
  } rows[] = {
      {"{}", "a list"},
      {"[]", "the message type"},
      {"[999]", "999 is no type of message"},
      {R"([1,"realm1",{}])", "HELLO is for a client to send"},
      {R"([48,1,{},"p"])", "CALL is for a client to send"},
      {R"([16,1,{},"t"])", "PUBLISH is for a client to send"},
      {"[70,1,{}]", "YIELD is for a client to send"},
      {"[2,0,{}]", "WELCOME.Session is 0"},
      {"[2,1,[]]", "WELCOME.Details must be a map"},
      {"[2,1]", "WELCOME ends before Details"},
      {"[4,1,{}]", "CHALLENGE.AuthMethod must be a string"},
      {"[3,{},7]", "ABORT.Reason must be a string"},
      {R"([8,36,1,{},"e"])", "ERROR.REQUEST.Type is 36"},
      {R"([8,999,1,{},"e"])", "ERROR.REQUEST.Type is 999"},
      {R"([8,48,0,{},"e"])", "REQUEST.Request is 0"},
      {"[33,1,9007199254740993]", "ids are 1 to 2^53"},
      {"[33,1,2,3]", "more elements"},
      {"[35,9007199254740993]", "ids are 1 to 2^53"},
      {"[35,0,{}]", "Details.subscription is missing"},
      {R"([67,0,{"reason":"a"}])", "Details.registration is missing"},
      {"[36,1,2,{},{}]", "EVENT.Args must be a list"},
      {"[36,1,2,{},[],[]]", "EVENT.Kwargs must be a map"},
      {R"([50,1,{"ppt_scheme":"a","enc_algo":"b"},[]])", "not both"},
      {R"([50,1,{"ppt_cipher":"a"},[]])", "ppt_scheme"},
      {"[50,1,{},[1", "cannot be read"},
      {"[50,1,{},[1]]x", "cannot be read"},
  };
  for (const auto& [message, why]: rows) {
    ReplyReader reader(Format::json, as_bytes(message));
    const auto read = reader.read();
    ASSERT_FALSE(read) << message;
    EXPECT_THAT(read.error().sentence, HasSubstr(why)) << message;
  }
}

TEST(ReadReply, WhatIsDeeperOrLongerThanTheLimitsIsRefused) {
  const std::string deep = "[50,1,{}," + std::string(63, '[') + std::string(63, ']') + "]";
  const std::string too_deep = "[50,1,{}," + std::string(64, '[') + std::string(64, ']') + "]";
  EXPECT_TRUE(ReplyReader(Format::json, as_bytes(deep)).read());
  EXPECT_FALSE(ReplyReader(Format::json, as_bytes(too_deep)).read());
  const std::string_view message = R"([50,1,{},["12345"]])";
  EXPECT_TRUE(ReplyReader(Format::json, as_bytes(message), {.bytes_max = message.size()}).read());
  EXPECT_FALSE(ReplyReader(Format::json, as_bytes(message), {.bytes_max = message.size() - 1}).read());
}

}  // namespace
}  // namespace crosspoint::wamp
