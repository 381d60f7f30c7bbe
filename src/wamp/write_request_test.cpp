// What is written is what the router reads: every message goes round, from JSON through MessageReader and
// write_request and back to the same JSON.
#include "wamp/write_request.h"

#include <gtest/gtest.h>

#include <string>

#include "data/transcode.h"
#include "wamp/read_message.h"

namespace crosspoint::wamp {
namespace {

using data::Format;

std::string request_written_again(std::string_view json, Format format) {
  const auto bytes = data::transcode(Format::json, as_bytes(json), format);
  if (!bytes) return "the test's own JSON: " + data::to_string(bytes.error());
  MessageReader reader(format, *bytes);
  const auto message = reader.read();
  if (!message) return message.error().sentence;
  ByteVector again;
  if (write_request(format, *message, again) != Sent::sent) return "not spellable";
  const auto out = data::transcode(format, again, Format::json);
  return out ? crosspoint::to_string(Bytes(*out)) : data::to_string(out.error());
}

TEST(WriteRequest, EachMessageSaysWhatTheRouterReads) {
  const char* const messages[] = {
      R"([1,"realm1",{"roles":{"subscriber":{"features":{}},"caller":{"features":{"call_canceling":true,"call_timeout":true}}}}])",
      (R"([1,"r",{"roles":{"publisher":{"features":{"payload_passthru_mode":true}},)"
       R"("callee":{"features":{"progressive_call_results":true,"registration_revocation":true}}},)"
       R"("authmethods":["ticket","cryptosign"],"authid":"joe","authrole":"user","agent":"w","authextra":{"pubkey":"ab"}}])"),
      R"([3,{},"wamp.error.protocol_violation"])",
      R"([5,"secret",{}])",
      R"([5,"secret",{"nonce":"n"}])",
      R"([6,{},"wamp.close.close_realm"])",
      R"([16,7,{},"com.t"])",
      (R"([16,7,{"acknowledge":true,"exclude_me":false,"retain":true,"disclose_me":true,"x_acknowledged_delivery":true,)"
       R"("exclude":[1,2],"exclude_authid":["a"],"exclude_authrole":[],"eligible":[],"eligible_authid":["b","c"],)"
       R"("eligible_authrole":["d"]},"com.t",["x"],{"k":null}])"),
      R"([16,7,{"ppt_scheme":"x_s","ppt_serializer":"cbor"},"com.t",["\u0000AQI="]])",
      R"([32,1,{},"com.t"])",
      R"([32,1,{"match":"prefix","get_retained":true},"com."])",
      R"([32,1,{"match":"wildcard"},"com..x"])",
      R"([34,1,2])",
      R"([337,5])",
      R"([48,1,{},"p"])",
      R"([48,1,{"receive_progress":true,"progress":true,"disclose_me":true,"timeout":500},"p",[1,"two"],{"three":3}])",
      R"([48,1,{},"p",[],{"three":3}])",
      R"([49,1,{}])",
      R"([49,1,{"mode":"skip"}])",
      R"([64,1,{},"p"])",
      (R"([64,1,{"match":"prefix","invoke":"roundrobin","concurrency":3,"force_reregister":true,"disclose_caller":true,)"
       R"("forward_timeout":true},"p"])"),
      R"([66,1,2])",
      R"([70,1,{}])",
      R"([70,1,{"progress":true},[0.5]])",
      R"([8,68,1,{},"e.f",["why"],{"a":1}])",
      R"([8,68,1,{"enc_algo":"cryptobox","enc_key":"k"},"e.f","\u0000AQI="])",
  };
  for (const auto format: data::formats) {
    SCOPED_TRACE(data::to_string(format));
    for (const auto* message: messages) EXPECT_EQ(request_written_again(message, format), message);
  }
}

TEST(WriteRequest, ArgumentsInJsonGoOutInTheFormatOfTheWire) {
  const Call call{RequestId{1}, "p", false, false, false, 0, {}, {Format::json, as_bytes("[1,\"a\"]"), {}}};
  ByteVector out;
  ASSERT_EQ(write_request(Format::msgpack, call, out), Sent::sent);
  EXPECT_EQ(to_hex(out), "95 30 01 80 a1 70 92 01 a1 61");
}

TEST(WriteRequest, WhatHasNoSpellingLeavesNothingBehind) {
  const Call call{RequestId{1}, "p", false, false, false, 0, {}, {Format::json, as_bytes("[1e400]"), {}}};
  ByteVector out;
  append(out, "before");
  EXPECT_EQ(write_request(Format::cbor, call, out), Sent::not_spellable);
  EXPECT_EQ(as_text(Bytes(out)), "before");
}

}  // namespace
}  // namespace crosspoint::wamp
