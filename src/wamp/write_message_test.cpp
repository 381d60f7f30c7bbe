#include "wamp/write_message.h"

#include <gtest/gtest.h>

#include <string>

#include "data/transcode.h"

namespace crosspoint::wamp {
namespace {

using data::Format;

Payload payload(std::string_view args, std::string_view kwargs = "") {
  return {Format::json, as_bytes(args), as_bytes(kwargs)};
}

std::string written(Format format, const Outgoing& message) {
  ByteVector out;
  if (write_message(format, message, out) != Sent::sent) return "not spellable";
  if (format == Format::json) return std::string(as_text(Bytes(out)));
  const auto json = data::transcode(format, out, Format::json);
  return json ? std::string(as_text(Bytes(*json))) : data::to_string(json.error());
}

struct Example {
  Outgoing message;
  const char* json;
};

std::vector<Example> examples() {
  const PassThrough ppt{PassThrough::Dialect::ppt, "x_s", "cbor", "aes256gcm", "k1"};
  const PassThrough enc{PassThrough::Dialect::enc, "cryptobox", "json", "", "k2"};
  const Disclosed joe{SessionId{5}, "joe", "user"};
  return {
      {Challenge{"ticket", as_bytes("{}")}, R"([4,"ticket",{}])"},
      {AbortOut{"wamp.error.no_such_realm", "no \"x\""},
       R"([3,{"message":"no \"x\""},"wamp.error.no_such_realm"])"},
      {GoodbyeOut{"wamp.close.goodbye_and_out", ""}, R"([6,{},"wamp.close.goodbye_and_out"])"},
      {ErrorOut{Code::call, RequestId{7}, "e.f", "why", {}, {}}, R"([8,48,7,{},"e.f",["why"]])"},
      {ErrorOut{Code::call, RequestId{7}, "e.f", "", {}, {}}, R"([8,48,7,{},"e.f"])"},
      {ErrorOut{Code::call, RequestId{7}, "e.f", "", {}, payload("[1]", "{\"a\":2}")},
       R"([8,48,7,{},"e.f",[1],{"a":2}])"},
      {ErrorOut{Code::call, RequestId{7}, "e.f", "", ppt, payload("[1]")},
       R"([8,48,7,{"ppt_scheme":"x_s","ppt_serializer":"cbor","ppt_cipher":"aes256gcm","ppt_keyid":"k1"},"e.f",[1]])"},
      {Published{RequestId{1}, PublicationId{2}}, "[17,1,2]"},
      {Subscribed{RequestId{1}, SubscriptionId{2}}, "[33,1,2]"},
      {Unsubscribed{RequestId{1}}, "[35,1]"},
      {SubscriptionRevoked{SubscriptionId{9}, ""}, R"([35,0,{"subscription":9}])"},
      {SubscriptionRevoked{SubscriptionId{9}, "a.b"}, R"([35,0,{"subscription":9,"reason":"a.b"}])"},
      {Event{SubscriptionId{1}, PublicationId{id_max}, "", {}, false, false, {}, {}},
       "[36,1,9007199254740992,{}]"},
      {Event{SubscriptionId{1}, PublicationId{2}, "a.b", joe, true, true, enc, payload("\"\\u0000AQI=\"")},
       R"([36,1,2,{"topic":"a.b","publisher":5,"publisher_authid":"joe","publisher_authrole":"user","retained":true,)"
       R"("x_acknowledged_delivery":true,"enc_algo":"cryptobox","enc_serializer":"json","enc_key":"k2"},"\u0000AQI="])"},
      {CallResult{RequestId{3}, false, {}, payload("[]")}, "[50,3,{},[]]"},
      {CallResult{RequestId{3}, true, {}, payload("", "{\"a\":1}")},
       R"([50,3,{"progress":true},[],{"a":1}])"},
      {Registered{RequestId{1}, RegistrationId{2}}, "[65,1,2]"},
      {Unregistered{RequestId{1}}, "[67,1]"},
      {RegistrationRevoked{RegistrationId{9}, "a.b"}, R"([67,0,{"registration":9,"reason":"a.b"}])"},
      {Invocation{RequestId{1}, RegistrationId{2}, "", {}, false, false, 0, {}, {}}, "[68,1,2,{}]"},
      {Invocation{RequestId{1}, RegistrationId{2}, "p.q", joe, true, true, 250, {}, payload("[0]")},
       R"([68,1,2,{"procedure":"p.q","caller":5,"caller_authid":"joe","caller_authrole":"user","receive_progress":true,)"
       R"("progress":true,"timeout":250},[0]])"},
      {Interrupt{RequestId{1}, CancelMode::kill, ""}, R"([69,1,{"mode":"kill"}])"},
      {Interrupt{RequestId{1}, CancelMode::killnowait, "wamp.error.canceled"},
       R"([69,1,{"mode":"killnowait","reason":"wamp.error.canceled"}])"},
  };
}

TEST(WriteMessage, EachMessageInJsonToTheByte) {
  for (const auto& example: examples()) EXPECT_EQ(written(Format::json, example.message), example.json);
}

TEST(WriteMessage, EachMessageInEveryFormatSaysTheSame) {
  for (const auto format: {Format::msgpack, Format::cbor, Format::ubjson, Format::bjdata}) {
    SCOPED_TRACE(data::to_string(format));
    for (auto& example: examples()) {
      if (std::holds_alternative<Challenge>(example.message))
        continue;  // its map is in the peer's format already
      EXPECT_EQ(written(format, example.message), example.json);
    }
  }
}

TEST(WriteMessage, AWelcomeTakesItsDetailsAsTheyAre) {
  EXPECT_EQ(written(Format::json, Welcome{SessionId{4}, as_bytes(R"({"roles":{}})")}),
            R"([2,4,{"roles":{}}])");
}

TEST(WriteMessage, WhatHasNoSpellingInThePeersFormatLeavesNothingBehind) {
  const std::string map_with_number_as_key = "\x81\xa1\x01\x02";  // CBOR: [{1: 2}]
  ByteVector out;
  append(out, "before");
  const CallResult result{RequestId{3}, false, {}, {Format::cbor, as_bytes(map_with_number_as_key), {}}};
  EXPECT_EQ(write_message(Format::json, result, out), Sent::not_spellable);
  EXPECT_EQ(as_text(Bytes(out)), "before");
  EXPECT_EQ(write_message(Format::cbor, result, out), Sent::sent);
}

TEST(WriteMessage, AnEventIsWrittenLikeAnyMessage) {
  const Event event{SubscriptionId{1}, PublicationId{2}, "", {}, false, false, {}, payload("[1]")};
  ByteVector out;
  EXPECT_EQ(write_event(Format::json, event, out), Sent::sent);
  EXPECT_EQ(as_text(Bytes(out)), "[36,1,2,{},[1]]");
}

}  // namespace
}  // namespace crosspoint::wamp
