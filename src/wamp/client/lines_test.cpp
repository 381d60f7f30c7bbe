#include "wamp/client/lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/transcode.h"

namespace crosspoint::wamp::client {
namespace {

using data::Format;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Payload json_payload(std::string_view args, std::string_view kwargs = "") {
  return {Format::json, as_bytes(args), as_bytes(kwargs)};
}

TEST(Lines, AResultOfOneValueIsThatValue) {
  EXPECT_EQ(result_line(json_payload("[3]")), "3");
  EXPECT_EQ(result_line(json_payload(R"(["a\nb"])")), R"("a\nb")");
  EXPECT_EQ(result_line(json_payload("[[1, 2]]")), "[1,2]");
  EXPECT_EQ(result_line(json_payload("")), "null");
}

TEST(Lines, AResultOfSeveralSaysWhatIsWhat) {
  EXPECT_EQ(result_line(json_payload("[1,2]")), R"({"args":[1,2]})");
  EXPECT_EQ(result_line(json_payload("[]")), R"({"args":[]})");
  EXPECT_EQ(result_line(json_payload("[1]", R"({"unit":"mm"})")), R"({"args":[1],"kwargs":{"unit":"mm"}})");
}

TEST(Lines, AnythingElseBecomesJson) {
  const auto cbor = data::transcode(Format::json, as_bytes(R"(["\u0000AQI="])"), Format::cbor);
  EXPECT_EQ(result_line({Format::cbor, *cbor, {}}), R"("\u0000AQI=")");
  const std::string map_with_number_as_key = "\x82\x01\xa1\x01\x02";  // CBOR: [1, {1: 2}]
  EXPECT_EQ(result_line({Format::cbor, as_bytes(map_with_number_as_key), {}}), R"({"args":null})");
}

TEST(Lines, EventsAndInvocationsNameWhatTheyAreOf) {
  Event event;
  event.topic = "a.\"b\"";
  event.payload = json_payload("[1]");
  event.publication = PublicationId{7};
  EXPECT_EQ(event_line(event), R"({"topic":"a.\"b\"","publication":7,"args":[1]})");
  Invoked invoked;
  invoked.procedure = "p";
  invoked.caller = Disclosed{SessionId{5}, "joe", "user"};
  EXPECT_EQ(invocation_line(invoked),
            R"({"procedure":"p","caller":5,"caller_authid":"joe","caller_authrole":"user"})");
}

TEST(Lines, AFailureIsASentenceWithoutControlCharacters) {
  EXPECT_EQ(failure_line({"a.b", {}, json_payload(R"(["no\u001blight"])")}), "a.b: no light");
  EXPECT_EQ(failure_line({"a.b", {}, json_payload("[1,2]")}), R"(a.b: {"args":[1,2]})");
  EXPECT_EQ(failure_line({"a.b", "not sent", {}}), "a.b: not sent");
  EXPECT_EQ(failure_line({"a.b", {}, {}}), "a.b");
}

TEST(Lines, WordsAreTextAsItIsAndTheRestAsJson) {
  EXPECT_THAT(words_of(json_payload(R"(["a b",1,null,{"c":[2]}])")),
              ElementsAre("a b", "1", "null", R"({"c":[2]})"));
  EXPECT_THAT(words_of(json_payload("")), IsEmpty());
}

TEST(Lines, AProgramMayAnswerInParts) {
  const auto part = read_answer_line(R"({"progress":true,"args":[1,{"a":2}],"kwargs":{"u":"mm"},"more":7})");
  ASSERT_TRUE(part);
  EXPECT_TRUE(part->progress);
  EXPECT_EQ(part->args, R"([1,{"a":2}])");
  EXPECT_EQ(part->kwargs, R"({"u":"mm"})");
  EXPECT_EQ(part->error, "");
  EXPECT_EQ(read_answer_line(R"({"error":"com.dark"})")->error, "com.dark");
  EXPECT_FALSE(read_answer_line("{}")->progress);
  for (const auto* wrong: {"", "7", "[1]", "{", R"({"progress":1})", R"({"error":"a b"})", R"({"error":7})",
                           R"({"args":{}})", R"({"kwargs":[]})", R"({"temperature":21})", "null"}) {
    EXPECT_FALSE(read_answer_line(wrong)) << wrong;
  }
  EXPECT_EQ(read_answer_line("21").error(),
            "wrote a line that is JSON, and no object; wanted is an object with any of \"args\" (a list), "
            "\"kwargs\" "
            "(an object), \"progress\" (true) and \"error\" (a URI)");
}

TEST(Lines, TheOutputOfAProgramIsAValueOrText) {
  EXPECT_EQ(args_of_output(""), "");
  EXPECT_EQ(args_of_output("\n"), "");
  EXPECT_EQ(args_of_output("3\n"), "[3]");
  EXPECT_EQ(args_of_output("{\"a\":1}\r\n"), R"([{"a":1}])");
  EXPECT_EQ(args_of_output("hello\nworld\n"), R"(["hello\nworld"])");
  EXPECT_EQ(args_of_output("1 2\n"), R"(["1 2"])");
}

}  // namespace
}  // namespace crosspoint::wamp::client
