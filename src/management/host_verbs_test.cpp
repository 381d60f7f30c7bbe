#include "management/host_verbs.h"

#include <gmock/gmock.h>

#include "wamp/error_uri.h"

namespace crosspoint::management {
namespace {

using ::testing::HasSubstr;

Result<std::string, wamp::MetaError> subject(HostVerb verb, std::string_view args,
                                             std::string_view kwargs = {}) {
  const auto arguments =
      wamp::MetaArguments::read({data::Format::json, as_bytes(args), as_bytes(kwargs)}, {});
  return arguments ? read_subject(verb, *arguments) : fail(arguments.error());
}

TEST(HostVerbs, ARuleIsAMapOrSpreadOverTheKeywords) {
  const std::string rule = R"({"stream":"stream/x","feeds":["a","b"]})";
  EXPECT_EQ(subject(HostVerb::add_stream, "[" + rule + "]").value(), rule);
  EXPECT_EQ(subject(HostVerb::add_stream, "", rule).value(), rule);
  EXPECT_EQ(subject(HostVerb::add_destination, "[]", R"({"id":"0"})").value(), R"({"id":"0"})");
}

TEST(HostVerbs, OneIsNamedAndAllAreListed) {
  EXPECT_EQ(subject(HostVerb::list_streams, "[]").value(), "");
  EXPECT_EQ(subject(HostVerb::list_streams, "[null]").value(), "");
  EXPECT_EQ(subject(HostVerb::list_streams, R"(["stream/x"])").value(), "stream/x");
  EXPECT_EQ(subject(HostVerb::list_destinations, "", R"({"id":"0"})").value(), "0");
  EXPECT_EQ(subject(HostVerb::delete_destination, R"(["all"])").value(), "all");
  EXPECT_EQ(subject(HostVerb::list_destinations, "[0]").value(), "0");
  EXPECT_EQ(subject(HostVerb::delete_destination, "", R"({"id":-7})").value(), "-7");
  EXPECT_EQ(subject(HostVerb::delete_destination, "[18446744073709551615]").value(), "18446744073709551615");
  EXPECT_EQ(subject(HostVerb::healthcheck, "").value(), "");
}

struct WrongVerb {
  HostVerb verb;
  std::string args, kwargs, sentence;
};

TEST(HostVerbs, EachMistakeIsNamed) {
  const WrongVerb table[] = {
      {HostVerb::healthcheck, "[1]", "", "there are no arguments"},
      {HostVerb::status, "[]", R"({"x":1})", "no argument of the name \"x\""},
      {HostVerb::status, "[]", R"({"":1})", "no argument of the name \"\""},
      {HostVerb::add_stream, "[]", "", "argument 0 (rule) must be a map"},
      {HostVerb::add_stream, R"(["{}"])", "", "argument 0 (rule) must be a map"},
      {HostVerb::add_stream, "[{},{}]", "", "there is one argument, the rule"},
      {HostVerb::add_destination, "[{}]", R"({"id":"0"})", "not both"},
      {HostVerb::list_streams, "[7]", "", "argument 0 (stream) must be a string"},
      {HostVerb::list_streams, R"(["a","b"])", "", "there is one argument, stream"},
      {HostVerb::list_destinations, "[]", R"({"stream":"a"})", "no argument of the name \"stream\""},
      {HostVerb::delete_stream, "[]", "", "argument 0 (stream) must be a string"},
      {HostVerb::delete_destination, R"([""])", "", "argument 0 (id) must not be empty"},
      {HostVerb::delete_destination, R"(["0"])", R"({"id":"0"})", "argument 0 (id) is there twice"},
  };
  for (const auto& row: table) {
    SCOPED_TRACE(std::string(name_of(row.verb)) + " " + row.args + row.kwargs);
    const auto got = subject(row.verb, row.args, row.kwargs);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().error, wamp::error_uri::invalid_argument);
    EXPECT_THAT(got.error().text, HasSubstr(row.sentence));
  }
}

TEST(HostVerbs, EachHasANameOfItsOwn) {
  for (const auto verb: host_verbs()) {
    EXPECT_FALSE(name_of(verb).empty());
    for (const auto other: host_verbs()) EXPECT_TRUE(verb == other || name_of(verb) != name_of(other));
  }
}

}  // namespace
}  // namespace crosspoint::management
