#include "wamp/read_message.h"

#include <gtest/gtest.h>

#include <string>

#include "data/transcode.h"

namespace crosspoint::wamp {
namespace {

using data::Format;

std::string spelt(Bytes bytes) { return std::string(as_text(bytes)); }

// Reads a message written as JSON; the test looks at it before it goes.
template <typename Message, typename Look>
void expect_read(std::string_view json, Look look) {
  for (const Format format: data::formats) {
    SCOPED_TRACE(fmt::format("{} as {}", json, data::to_string(format)));
    const auto bytes = data::transcode(Format::json, as_bytes(json), format);
    ASSERT_TRUE(bytes);
    MessageReader reader(format, *bytes);
    const auto message = reader.read();
    ASSERT_TRUE(message) << message.error().sentence;
    ASSERT_TRUE(std::holds_alternative<Message>(*message));
    look(std::get<Message>(*message));
  }
}

// What a payload says, in JSON, whatever it was spelt in.
std::string in_json(Format format, Bytes value) {
  if (value.empty()) return "";
  const auto json = data::transcode(format, value, Format::json);
  return json ? spelt(*json) : "unreadable";
}

TEST(ReadMessage, HelloWithRolesFeaturesAndWhoTheClientIs) {
  expect_read<Hello>(
      R"([1,"realm1",{"roles":{"caller":{"features":{"call_canceling":true,"call_timeout":false,"x":true}},)"
      R"("subscriber":{},"walker":{}},"authmethods":["ticket","anonymous"],"authid":"joe","agent":"w","authextra":{"a":[1]}}])",
      [](const Hello& hello) {
        EXPECT_EQ(hello.realm, "realm1");
        EXPECT_TRUE(hello.features.has(Role::caller));
        EXPECT_TRUE(hello.features.has(Role::subscriber));
        EXPECT_FALSE(hello.features.has(Role::callee));
        EXPECT_TRUE(hello.features.has(Feature::call_canceling));
        EXPECT_FALSE(hello.features.has(Feature::call_timeout));
        EXPECT_EQ(hello.authmethods, (std::vector<std::string>{"ticket", "anonymous"}));
        EXPECT_EQ(hello.authid, "joe");
        EXPECT_EQ(hello.authrole, "");
        EXPECT_EQ(hello.agent, "w");
        EXPECT_EQ(in_json(hello.authextra.format, hello.authextra.kwargs), R"({"a":[1]})");
      });
}

TEST(ReadMessage, NullForWhatAClientDoesNotHaveIsAbsence) {
  expect_read<Hello>(R"([1,"r",{"roles":{"caller":{}},"authid":null,"authextra":null}])",
                     [](const Hello& hello) {
                       EXPECT_EQ(hello.authid, "");
                       EXPECT_TRUE(hello.authextra.kwargs.empty());
                     });
  expect_read<Call>(R"([48,1,{},"p",null,null])",
                    [](const Call& call) { EXPECT_TRUE(call.payload.empty()); });
}

TEST(ReadMessage, APublishAndItsOptions) {
  expect_read<Publish>(
      R"([16,7,{"acknowledge":true,"exclude_me":false,"retain":true,"disclose_me":true,"exclude":[1,2],"eligible":[],)"
      R"("eligible_authrole":["a","b"],"unknown":{"x":[]}},"com.t",["x",{"y":1.5}],{"k":null}])",
      [](const Publish& publish) {
        EXPECT_EQ(publish.request, RequestId{7});
        EXPECT_TRUE(publish.acknowledge && !publish.exclude_me && publish.retain && publish.disclose_me);
        ASSERT_TRUE(publish.lists);
        EXPECT_EQ(publish.lists->exclude, (std::vector{SessionId{1}, SessionId{2}}));
        EXPECT_EQ(publish.lists->eligible, (std::vector<SessionId>{}));
        EXPECT_EQ(publish.lists->eligible_authrole, (std::vector<std::string>{"a", "b"}));
        EXPECT_FALSE(publish.lists->exclude_authid);
        EXPECT_EQ(publish.topic, "com.t");
        EXPECT_EQ(in_json(publish.payload.format, publish.payload.args), R"(["x",{"y":1.5}])");
        EXPECT_EQ(in_json(publish.payload.format, publish.payload.kwargs), R"({"k":null})");
      });
}

TEST(ReadMessage, APublishWithoutListsHasNone) {
  expect_read<Publish>(R"([16,7,{},"com.t"])", [](const Publish& publish) {
    EXPECT_FALSE(publish.lists);
    EXPECT_TRUE(publish.exclude_me);
    EXPECT_FALSE(publish.acknowledge);
    EXPECT_TRUE(publish.payload.empty());
  });
}

TEST(ReadMessage, ACallAndItsOptions) {
  expect_read<Call>(R"([48,9007199254740992,{"receive_progress":true,"timeout":1500},"com.p",[],{"a":1}])",
                    [](const Call& call) {
                      EXPECT_EQ(call.request, RequestId{id_max});
                      EXPECT_TRUE(call.receive_progress);
                      EXPECT_FALSE(call.progress);
                      EXPECT_EQ(call.timeout_ms, 1500u);
                      EXPECT_EQ(in_json(call.payload.format, call.payload.args), "[]");
                    });
}

TEST(ReadMessage, ARegisterAndItsOptions) {
  expect_read<Register>(
      R"([64,3,{"match":"wildcard","invoke":"roundrobin","concurrency":4,"force_reregister":true,"disclose_caller":true,)"
      R"("forward_timeout":true},"com..p"])",
      [](const Register& message) {
        EXPECT_EQ(message.match, Match::wildcard);
        EXPECT_EQ(message.invoke, Invoke::roundrobin);
        EXPECT_EQ(message.concurrency, 4u);
        EXPECT_TRUE(message.force_reregister && message.disclose_caller && message.forward_timeout);
        EXPECT_EQ(message.procedure, "com..p");
      });
}

TEST(ReadMessage, TheShortOnes) {
  expect_read<Subscribe>(R"([32,1,{"match":"prefix","get_retained":true},"com."])",
                         [](const Subscribe& subscribe) {
                           EXPECT_EQ(subscribe.match, Match::prefix);
                           EXPECT_TRUE(subscribe.get_retained);
                           EXPECT_EQ(subscribe.topic, "com.");
                         });
  expect_read<Unsubscribe>("[34,2,5]",
                           [](const auto& message) { EXPECT_EQ(message.subscription, SubscriptionId{5}); });
  expect_read<Unsubscribe>("[34,2,5,{}]",
                           [](const auto& message) { EXPECT_EQ(message.request, RequestId{2}); });
  expect_read<Unregister>("[66,2,6,{}]",
                          [](const auto& message) { EXPECT_EQ(message.registration, RegistrationId{6}); });
  expect_read<EventReceived>("[337,77]",
                             [](const auto& message) { EXPECT_EQ(message.publication, PublicationId{77}); });
  expect_read<Cancel>(R"([49,4,{"mode":"kill"}])",
                      [](const auto& message) { EXPECT_EQ(message.mode, CancelMode::kill); });
  expect_read<Cancel>("[49,4,{}]", [](const auto& message) { EXPECT_FALSE(message.mode); });
  expect_read<Goodbye>(R"([6,{"message":"bye"},"wamp.close.normal"])",
                       [](const auto& message) { EXPECT_EQ(message.reason, "wamp.close.normal"); });
  expect_read<Abort>(R"([3,{},"x.y",["why"],{}])",
                     [](const auto& message) { EXPECT_EQ(message.reason, "x.y"); });
  expect_read<Authenticate>(R"([5,"secret",{"nonce":"n"}])", [](const auto& message) {
    EXPECT_EQ(message.signature, "secret");
    EXPECT_EQ(in_json(message.extra.format, message.extra.kwargs), R"({"nonce":"n"})");
  });
}

TEST(ReadMessage, WhatACalleeAnswers) {
  expect_read<Yield>(R"([70,8,{"progress":true},[1]])", [](const Yield& yield) {
    EXPECT_EQ(yield.request, RequestId{8});
    EXPECT_TRUE(yield.progress);
  });
  expect_read<InvocationError>(R"([8,68,8,{},"com.error.bad",["no"]])", [](const InvocationError& error) {
    EXPECT_EQ(error.request, RequestId{8});
    EXPECT_EQ(error.error, "com.error.bad");
    EXPECT_EQ(in_json(error.payload.format, error.payload.args), R"(["no"])");
  });
}

TEST(ReadMessage, APayloadThatIsPassedThroughIsOneBinary) {
  expect_read<Call>(
      R"([48,1,{"ppt_scheme":"x_s","ppt_serializer":"cbor","ppt_cipher":"c","ppt_keyid":"k"},"p",["\u0000AQI="]])",
      [](const Call& call) {
        EXPECT_EQ(call.pass_through.dialect, PassThrough::Dialect::ppt);
        EXPECT_EQ(call.pass_through.scheme, "x_s");
        EXPECT_EQ(call.pass_through.keyid, "k");
      });
  expect_read<Publish>(R"([16,1,{"enc_algo":"cryptobox","enc_serializer":"json"},"t","\u0000AQI="])",
                       [](const Publish& publish) {
                         EXPECT_EQ(publish.pass_through.dialect, PassThrough::Dialect::enc);
                         EXPECT_EQ(publish.pass_through.scheme, "cryptobox");
                         EXPECT_EQ(in_json(publish.payload.format, publish.payload.args), R"("\u0000AQI=")");
                       });
}

TEST(ReadMessage, ArgsAreTheBytesThatWereSent) {
  const std::string message = R"([48,1,{},"p",[ 1.0e2 , "\u00e9"],{ "a" : 1}])";
  MessageReader reader(Format::json, as_bytes(message));
  const auto read = reader.read();
  ASSERT_TRUE(read);
  EXPECT_EQ(spelt(std::get<Call>(*read).payload.args), R"([ 1.0e2 , "\u00e9"])");
  EXPECT_EQ(spelt(std::get<Call>(*read).payload.kwargs), R"({ "a" : 1})");
}

struct Refused {
  const char* message;
  const char* because;  // stands in the sentence
};

class ReadMessageRefuses : public ::testing::TestWithParam<Refused> {};

TEST_P(ReadMessageRefuses, AndSaysWhatWasWrong) {
  MessageReader reader(Format::json, as_bytes(std::string_view(GetParam().message)));
  const auto read = reader.read();
  ASSERT_FALSE(read) << GetParam().message;
  EXPECT_NE(read.error().sentence.find(GetParam().because), std::string::npos) << read.error().sentence;
}

INSTANTIATE_TEST_SUITE_P(
    Table, ReadMessageRefuses,
    ::testing::Values(
        Refused{"", "cannot be read"}, Refused{"{}", "must be a list"},
        Refused{"[]", "ends before the message type"}, Refused{"[\"1\"]", "message type must be a number"},
        Refused{"[-1]", "message type must be a number"},
        Refused{"[1.5,\"r\",{}]", "message type must be a number"}, Refused{"[0]", "0 is no type of message"},
        Refused{"[7,1]", "7 is no type"}, Refused{"[99999999999999999999]", "must be a number"},
        Refused{"[2,1,{}]", "WELCOME is for the router"},
        Refused{"[4,\"x\",{}]", "CHALLENGE is for the router"},
        Refused{"[17,1,1]", "PUBLISHED is for the router"}, Refused{"[36,1,1,{}]", "EVENT is for the router"},
        Refused{"[50,1,{}]", "RESULT is for the router"},
        Refused{"[68,1,1,{}]", "INVOCATION is for the router"},
        Refused{"[1,\"r\"]", "HELLO ends before Details"},
        Refused{"[1,5,{}]", "HELLO.Realm must be a string"},
        Refused{"[1,\"r\",{}]", "at least one of publisher"},
        Refused{"[1,\"r\",{\"roles\":{}}]", "at least one"},
        Refused{"[1,\"r\",{\"roles\":[]}]", "Details.roles must be a map"},
        Refused{"[1,\"r\",{\"roles\":{\"caller\":{\"features\":{\"call_timeout\":1}}}}]",
                "must be true or false"},
        Refused{"[1,\"r\",{\"roles\":{\"caller\":{}},\"authmethods\":\"ticket\"}]",
                "authmethods must be a list"},
        Refused{"[1,\"r\",{\"roles\":{\"caller\":{}},\"authid\":5}]", "authid must be a string"},
        Refused{"[16,1,{}]", "PUBLISH ends before Topic"}, Refused{"[16,0,{},\"t\"]", "ids are 1 to 2^53"},
        Refused{"[16,9007199254740993,{},\"t\"]", "ids are 1 to 2^53"},
        Refused{"[16,\"1\",{},\"t\"]", "Request must be"},
        Refused{"[16,1,[],\"t\"]", "Options must be a map"},
        Refused{"[16,1,{\"acknowledge\":1},\"t\"]", "true or false"},
        Refused{"[16,1,{\"acknowledge\":\"true\"},\"t\"]", "Options.acknowledge must be true or false"},
        Refused{"[16,1,{\"exclude\":1},\"t\"]", "list of session ids"},
        Refused{"[16,1,{\"exclude\":[\"a\"]},\"t\"]", "list of session ids"},
        Refused{"[16,1,{\"eligible_authid\":[1]},\"t\"]", "list of strings"},
        Refused{"[16,1,{\"retain\":true,\"retain\":false},\"t\"]", "cannot be read"},
        Refused{"[16,1,{},\"t\",{}]", "Args must be a list"},
        Refused{"[16,1,{},\"t\",[],[]]", "Kwargs must be a map"},
        Refused{"[16,1,{},\"t\",[],{},1]", "more elements"},
        Refused{"[16,1,{},\"t\",\"\\u0000AQI=\"]", "Args must be a list"},
        Refused{"[16,1,{\"ppt_cipher\":\"x\"},\"t\",[1]]", "ppt_scheme"},
        Refused{"[16,1,{\"ppt_scheme\":\"x\",\"enc_algo\":\"y\"},\"t\",[1]]", "not both"},
        Refused{"[16,1,{\"ppt_scheme\":\"x\"},\"t\",[1],{}]", "no Kwargs"},
        Refused{"[32,1,{\"match\":\"fuzzy\"},\"t\"]", "Options.match must be one of"},
        Refused{"[32,1,{\"match\":1},\"t\"]", "Options.match must be a string"},
        Refused{"[32,1,{},\"t\",[]]", "more elements"},
        Refused{"[34,1]", "UNSUBSCRIBE ends before Subscription"}, Refused{"[34,1,1,{},1]", "more elements"},
        Refused{"[48,1,{\"timeout\":-1},\"p\"]", "Options.timeout must be"},
        Refused{"[48,1,{\"timeout\":\"5\"},\"p\"]", "Options.timeout must be"},
        Refused{"[49,1,{\"mode\":\"now\"}]", "Options.mode must be one of"},
        Refused{"[64,1,{\"invoke\":\"all\"},\"p\"]", "Options.invoke must be one of"},
        Refused{"[64,1,{\"concurrency\":0},\"p\"]", "at least 1"},
        Refused{"[8,48,1,{},\"e\"]", "which is 68"}, Refused{"[8,68,1,{}]", "ERROR ends before Error"},
        Refused{"[5,1,{}]", "Signature must be a string"}, Refused{"[6,{},1]", "Reason must be a string"},
        Refused{"[48,1,{},\"p\",[1]", "cannot be read"}, Refused{"[48,1,{},\"p\",[1]] x", "cannot be read"},
        Refused{"[48,1,{},\"p\",[\"\xff\"]]", "cannot be read"}));

TEST(ReadMessage, CutAnywhereItIsRefused) {
  constexpr std::string_view json =
      R"([16,7,{"acknowledge":true,"exclude":[1,2],"eligible_authrole":["a"],"ppt_scheme":"x"},"com.t",["x"]])";
  for (const Format format: data::formats) {
    const auto whole = data::transcode(Format::json, as_bytes(json), format);
    ASSERT_TRUE(whole);
    for (std::size_t cut = 0; cut < whole->size(); ++cut) {
      MessageReader reader(format, Bytes(*whole).first(cut));
      EXPECT_FALSE(reader.read()) << data::to_string(format) << " cut at " << cut;
    }
  }
}

TEST(ReadMessage, TextWithEscapesIsReadInEveryPlace) {
  const std::string message =
      R"([16,1,{"ppt_scheme":"\u0078_a","ppt_serializer":"\u0063","ppt_cipher":"\u0064","ppt_keyid":"\u0065"},"\u0074.x",[1]])";
  MessageReader reader(Format::json, as_bytes(message));
  const auto read = reader.read();
  ASSERT_TRUE(read) << read.error().sentence;
  const auto& publish = std::get<Publish>(*read);
  EXPECT_EQ(publish.topic, "t.x");
  EXPECT_EQ(publish.pass_through.scheme, "x_a");
  EXPECT_EQ(publish.pass_through.serializer, "c");
  EXPECT_EQ(publish.pass_through.cipher, "d");
  EXPECT_EQ(publish.pass_through.keyid, "e");
}

}  // namespace
}  // namespace crosspoint::wamp
