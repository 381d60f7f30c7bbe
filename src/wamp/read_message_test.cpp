#include "wamp/read_message.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

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

TEST(ReadMessage, AVendorsPolicyIsNoViolation) {
  expect_read<Register>(R"([64,1,{"invoke":"_least_busy"},"p"])",
                        [](const Register& message) { EXPECT_TRUE(message.vendor_invoke); });
  expect_read<Register>(R"([64,1,{"invoke":"last"},"p"])",
                        [](const Register& message) { EXPECT_FALSE(message.vendor_invoke); });
}

TEST(ReadMessage, ArgsAndKwargsWithNothingInThemAreLeftOut) {
  for (const auto* nothing: {R"([48,1,{},"p",[ ],{  }])", R"([48,1,{},"p",[],{}])", R"([48,1,{},"p",[]])",
                             R"([48,1,{},"p",null,{}])"}) {
    expect_read<Call>(nothing, [](const Call& call) { EXPECT_TRUE(call.payload.empty()); });
  }
  expect_read<Call>(R"([48,1,{},"p",[1],{}])", [](const Call& call) {
    EXPECT_EQ(in_json(call.payload.format, call.payload.args), "[1]");
    EXPECT_TRUE(call.payload.kwargs.empty());
  });
  expect_read<Call>(R"([48,1,{},"p",[],{"a":1}])", [](const Call& call) {
    EXPECT_EQ(in_json(call.payload.format, call.payload.args), "[]")
        << "what names may follow needs a list before it";
    EXPECT_EQ(in_json(call.payload.format, call.payload.kwargs), R"({"a":1})");
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

// Before the type is known there is no name to say it with.
TEST(ReadMessage, WhatIsWrongBeforeTheTypeIsAWholeSentence) {
  const auto refusal = [](std::string_view message) {
    MessageReader reader(Format::json, as_bytes(message));
    const auto read = reader.read();
    return read ? "none" : read.error().sentence;
  };
  EXPECT_EQ(refusal("{}"), "the message must be a list (at byte 0)");
  EXPECT_EQ(refusal("7"), "the message must be a list (at byte 0)");
  EXPECT_EQ(refusal("[]"), "the message ends before the message type");
  EXPECT_EQ(refusal(R"(["1"])"), "the message type must be a number (at byte 1)");
  EXPECT_EQ(refusal("[16,1,{},\"t\"," + std::string(200, '[')),
            "the message cannot be read: at byte 76: lists and maps are nested deeper than 64");
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
        Refused{"[33,1,1]", "SUBSCRIBED is for the router"},
        Refused{"[35,1]", "UNSUBSCRIBED is for the router"},
        Refused{"[65,1,1]", "REGISTERED is for the router"},
        Refused{"[67,1]", "UNREGISTERED is for the router"},
        Refused{"[69,1,{}]", "INTERRUPT is for the router"},
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
        Refused{"[16,1,{\"exclude\":[0]},\"t\"]", "PUBLISH.Options.exclude has 0: ids are 1 to 2^53"},
        Refused{"[16,1,{\"eligible\":[1,9007199254740993]},\"t\"]", "Options.eligible has 9007199254740993"},
        Refused{R"([16,1,{"ppt_scheme":"foo"},"t",["\u0000AQI="]])", "ppt_scheme must be"},
        Refused{R"([48,1,{"ppt_scheme":"wamp"},"p",["\u0000AQI=","\u0000AQI="]])", "one element"},
        Refused{R"([48,1,{"ppt_scheme":"wamp"},"p"])", "one element"},
        Refused{"[16,1,{\"eligible_authid\":[1]},\"t\"]", "list of strings"},
        Refused{"[16,1,{\"retain\":true,\"retain\":false},\"t\"]", "cannot be read"},
        Refused{"[16,1,{},\"t\",{}]", "Args must be a list"},
        Refused{"[16,1,{},\"t\",[],[]]", "Kwargs must be a map"},
        Refused{"[16,1,{},\"t\",[],{},1]", "more elements"},
        Refused{"[16,1,{},\"t\",\"\\u0000AQI=\"]", "Args must be a list"},
        Refused{"[16,1,{\"ppt_cipher\":\"x\"},\"t\",[1]]", "ppt_scheme"},
        Refused{"[16,1,{\"ppt_scheme\":\"x\",\"enc_algo\":\"y\"},\"t\",[1]]", "not both"},
        Refused{"[16,1,{\"ppt_scheme\":\"x_a\"},\"t\",[1],{\"a\":1}]", "no Kwargs"},
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

// A message that clients send, whole; the elements behind the first `required` may be left out.
struct Shape {
  std::string name;
  std::size_t required;
  std::vector<std::string> elements;
};
const Shape shapes[] = {
    {"HELLO", 3, {"1", R"("r")", R"({"roles":{"caller":{}}})"}},
    {"ABORT", 3, {"3", "{}", R"("x.y")", "[]", "{}"}},
    {"AUTHENTICATE", 3, {"5", R"("s")", "{}"}},
    {"GOODBYE", 3, {"6", "{}", R"("x.y")"}},
    {"ERROR", 5, {"8", "68", "1", "{}", R"("x.y")", "[]", "{}"}},
    {"PUBLISH", 4, {"16", "1", "{}", R"("t")", "[]", "{}"}},
    {"SUBSCRIBE", 4, {"32", "1", "{}", R"("t")"}},
    {"UNSUBSCRIBE", 3, {"34", "1", "1", "{}"}},
    {"CALL", 4, {"48", "1", "{}", R"("p")", "[]", "{}"}},
    {"CANCEL", 3, {"49", "1", "{}"}},
    {"REGISTER", 4, {"64", "1", "{}", R"("p")"}},
    {"UNREGISTER", 3, {"66", "1", "1", "{}"}},
    {"YIELD", 3, {"70", "1", "{}", "[]", "{}"}},
    {"EVENT_RECEIVED", 2, {"337", "1"}},
};

// Why the message is refused, or "" if it is not.
std::string refusal_of(std::string_view message) {
  MessageReader reader(Format::json, as_bytes(message));
  const auto read = reader.read();
  return read ? "" : read.error().sentence;
}
std::string listed(const std::vector<std::string>& elements) {
  std::string list = "[";
  for (const auto& element: elements) list += (list.size() == 1 ? "" : ",") + element;
  return list + "]";
}

// One value of each kind that JSON has; a kind is told by its first character.
constexpr std::string_view one_of_each_kind[] = {"null", "true", "7", R"("text")", "[]", "{}"};
char kind_of(std::string_view value) { return value[0] >= '0' && value[0] <= '9' ? '7' : value[0]; }

TEST(ReadMessage, EachNeedsItsElementsAndHasNoMore) {
  for (const auto& [name, required, whole]: shapes) {
    SCOPED_TRACE(name);
    for (std::size_t size = 1; size <= whole.size(); ++size) {
      const auto refusal =
          refusal_of(listed({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}));
      EXPECT_EQ(refusal.empty(), size >= required) << size << refusal;
      if (size < required) {
        EXPECT_TRUE(refusal.starts_with(name + " ends before ")) << refusal;
      }
    }
    if (name == "ABORT") continue;  // the session ends with it, whatever follows, and no ABORT is answered
    auto more = whole;
    more.emplace_back("1");
    EXPECT_NE(refusal_of(listed(more)).find("more elements"), std::string::npos);
  }
}

TEST(ReadMessage, AnElementOfAnotherTypeIsRefusedWhereverItStands) {
  for (const auto& [name, required, whole]: shapes) {
    for (std::size_t place = 1; place < whole.size(); ++place) {
      const bool is_payload = place >= required;
      if (is_payload && name.starts_with("UN")) continue;  // Autobahn's Options there are not looked at
      for (const std::string_view value: one_of_each_kind) {
        if (kind_of(value) == kind_of(whole[place]) || (is_payload && value == "null")) continue;
        auto wrong = whole;
        wrong[place] = value;
        EXPECT_TRUE(refusal_of(listed(wrong)).starts_with(name + ".")) << listed(wrong);
      }
    }
  }
}

// Options of messages that begin and end so, and a value of the type that they have.
struct OptionRow {
  const char* before;
  const char* after;
  std::vector<const char*> names;
  const char* right;
};
const OptionRow option_rows[] = {
    {"[16,1,", R"(,"t"])", {"acknowledge", "exclude_me", "retain", "disclose_me"}, "true"},
    {"[16,1,", R"(,"t"])", {"x_acknowledged_delivery"}, "true"},
    {"[16,1,", R"(,"t"])", {"exclude", "eligible"}, "[1]"},
    {"[16,1,", R"(,"t"])", {"exclude_authid", "exclude_authrole", "eligible_authid"}, R"(["a"])"},
    {"[16,1,", R"(,"t"])", {"eligible_authrole"}, R"(["a"])"},
    {"[16,1,", R"(,"t",["\u0000AQI="]])", {"ppt_scheme"}, R"("x_a")"},
    {"[16,1,", R"(,"t",[1]])", {"enc_algo"}, R"("x_a")"},
    {"[32,1,", R"(,"t"])", {"match"}, R"("prefix")"},
    {"[32,1,", R"(,"t"])", {"get_retained"}, "true"},
    {"[48,1,", R"(,"p"])", {"receive_progress", "progress", "disclose_me"}, "true"},
    {"[48,1,", R"(,"p"])", {"timeout"}, "1"},
    {"[48,1,", R"(,"p",["\u0000AQI="]])", {"ppt_scheme"}, R"("x_a")"},
    {"[48,1,", R"(,"p",[1]])", {"enc_algo"}, R"("x_a")"},
    {"[49,1,", "]", {"mode"}, R"("kill")"},
    {"[64,1,", R"(,"p"])", {"match"}, R"("wildcard")"},
    {"[64,1,", R"(,"p"])", {"invoke"}, R"("last")"},
    {"[64,1,", R"(,"p"])", {"concurrency"}, "1"},
    {"[64,1,", R"(,"p"])", {"force_reregister", "disclose_caller", "forward_timeout"}, "true"},
    {"[70,1,", "]", {"progress"}, "true"},
    {"[70,1,", R"(,["\u0000AQI="]])", {"ppt_scheme"}, R"("x_a")"},
    {"[70,1,", ",[1]]", {"enc_algo"}, R"("x_a")"},
    {"[8,68,1,", R"(,"x.y",["\u0000AQI="]])", {"ppt_scheme"}, R"("x_a")"},
    {"[8,68,1,", R"(,"x.y",[1]])", {"enc_algo"}, R"("x_a")"},
};

TEST(ReadMessage, AnOptionOfAnotherTypeIsRefusedByItsName) {
  for (const auto& [before, after, names, right]: option_rows) {
    for (const std::string name: names) {
      const auto refusal_with = [&](std::string_view value) {
        return refusal_of(fmt::format("{}{{\"{}\":{}}}{}", before, name, value, after));
      };
      EXPECT_EQ(refusal_with(right), "") << before << name;
      for (const std::string_view value: one_of_each_kind) {
        if (kind_of(value) == kind_of(right)) continue;
        EXPECT_NE(refusal_with(value).find(name), std::string::npos) << before << name << value;
      }
      if (kind_of(right) == '[') {
        EXPECT_NE(refusal_with("[true]").find(name), std::string::npos) << name;
      }
    }
  }
}

// What comes with drafts, routers and clients that we do not know.
TEST(ReadMessage, OptionsThatNobodyKnowsArePassedOver) {
  for (
      const auto* message:
      {R"([1,"r",{"roles":{"caller":{"x":1},"walker":5},"resumable":true,"transport":{"a":[]},"x_cb":null}])",
       R"([16,1,{"rkey":"a","forward_for":[{"session":1}],"transaction_hash":"0x1","_vendor":{}},"t"])",
       R"([32,1,{"nkey":[1],"forward_for":[]},"t"])",
       R"([48,1,{"rkey":1,"runmode":"partition","caller":1,"caller_authid":"a","x_a":[]},"p"])",
       R"([49,1,{"x_a":1}])", R"([64,1,{"restriction":{},"forward_for":[]},"p"])", R"([70,1,{"x_a":null}])",
       R"([8,68,1,{"x_a":1},"x.y"])"}) {
    EXPECT_EQ(refusal_of(message), "") << message;
  }
}

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
