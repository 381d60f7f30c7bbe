#include "management/wanted.h"

#include <gmock/gmock.h>

#include "wamp/error_uri.h"

namespace crosspoint::management {
namespace {

using data::Value;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr WallTime noon{std::chrono::seconds{1'795'219'300}};

Result<Wanted, wamp::MetaError> read(std::string_view procedure, std::string_view json_args,
                                     std::string_view json_kwargs = {}) {
  const auto arguments =
      wamp::MetaArguments::read({data::Format::json, as_bytes(json_args), as_bytes(json_kwargs)}, {});
  return arguments ? read_wanted(procedure, *arguments, noon) : fail(arguments.error());
}

template <class Kind>
Kind wanted(std::string_view procedure, std::string_view json_args, std::string_view json_kwargs = {}) {
  const auto got = read(procedure, json_args, json_kwargs);
  EXPECT_TRUE(got) << (got ? "" : got.error().text);
  return got ? std::get<Kind>(*got) : Kind{};
}

TEST(Wanted, ArgumentsAreTakenByTheirPlaceOrByTheirName) {
  const auto denied = wanted<ChangeBooking>("relay.booking.deny", R"(["bk-7",1795219301])");
  EXPECT_TRUE(denied.deny);
  EXPECT_EQ(denied.booking, "bk-7");
  EXPECT_EQ(denied.until, noon + 1s);
  const auto allowed = wanted<ChangeBooking>("relay.booking.allow", R"(["bk-7"])", R"({"until":1795219300})");
  EXPECT_FALSE(allowed.deny);
  EXPECT_EQ(allowed.until, noon);
  const auto named = wanted<KillClient>("relay.client.kill", "[]", R"({"reason":"r","client":5})");
  EXPECT_EQ(named.client, 5u);
  EXPECT_EQ(named.reason, "r");
}

TEST(Wanted, WhatMayBeLeftOutHasADefault) {
  EXPECT_EQ(wanted<ListTopics>("relay.topic.list", "").page.limit, page_default);
  EXPECT_EQ(wanted<ListTopics>("relay.topic.list", R"([null,null])").page.after, "");
  const auto clients = wanted<ListClients>("relay.client.list", R"(["t",7,10000])");
  EXPECT_EQ(clients.topic, "t");
  EXPECT_EQ(clients.after, 7u);
  EXPECT_EQ(clients.limit, page_max);
  EXPECT_TRUE(wanted<ListBookings>("relay.booking.list_denied", "[]").denied);
  EXPECT_FALSE(wanted<ListBookings>("relay.booking.list_allowed", "[]").denied);
  wanted<GetStats>("relay.stats.get", "[]", "{}");
  EXPECT_EQ(wanted<GetTopic>("relay.topic.get", R"(["/a"])").topic, "/a");
  EXPECT_EQ(wanted<GetClient>("relay.client.get", "[9]").client, 9u);
}

TEST(Wanted, AnEndFarAwayIsTheLatestThereIs) {
  EXPECT_GT(wanted<ChangeBooking>("relay.booking.deny", R"(["b",18446744073709551615])").until, noon + 1h);
}

// What is called, with what, and a part of the sentence that says what is wrong.
struct Refused {
  std::string procedure, args, kwargs, sentence;
};

TEST(Wanted, EachMistakeIsNamed) {
  const std::string long_name(name_bytes_max + 1, 'x'), long_reason(reason_bytes_max + 1, 'x');
  const Refused table[] = {
      {"relay.topic.list", "[1]", "", "argument 0 (after) must be a string"},
      {"relay.topic.list", R"(["",0])", "", "(limit) must be a whole number from 1 to 10000"},
      {"relay.topic.list", R"(["",10001])", "", "(limit)"},
      {"relay.topic.list", R"(["",-1])", "", "(limit)"},
      {"relay.topic.list", R"(["",1.5])", "", "(limit)"},
      {"relay.topic.list", R"(["",1,2])", "", "takes 2 arguments at most"},
      {"relay.topic.list", "[]", R"({"lmit":3})", "no argument of the name \"lmit\""},
      {"relay.topic.list", "[]", R"({"":3})", "no argument of the name \"\""},
      {"relay.topic.list", R"(["a"])", R"({"after":"b"})", "argument 0 (after) is there twice"},
      {"relay.topic.get", "[]", "", "argument 0 (topic) must be a string"},
      {"relay.topic.get", R"([""])", "", "must not be empty"},
      {"relay.topic.get", "[\"" + long_name + "\"]", "", "longer than 4096 bytes"},
      {"relay.client.list", R"(["",-1])", "", "argument 1 (after) must be the id of a client"},
      {"relay.client.list", "[7]", "", "argument 0 (topic) must be a string"},
      {"relay.client.get", R"(["7"])", "", "argument 0 (client) must be an id"},
      {"relay.client.get", "[0]", "", "must be an id"},
      {"relay.client.kill", "[]", "", "argument 0 (client) must be an id"},
      {"relay.client.kill", "[7,[]]", "", "argument 1 (reason) must be a string"},
      {"relay.client.kill", "[7,\"" + long_reason + "\"]", "", "longer than 120 bytes"},
      {"relay.booking.deny", "[]", "", "argument 0 (booking) must be a string"},
      {"relay.booking.deny", R"(["",1795219301])", "", "argument 0 (booking) must not be empty"},
      {"relay.booking.deny", "[\"" + long_name + "\",1795219301]", "", "longer than"},
      {"relay.booking.deny", R"(["b"])", "", "argument 1 (until) must be the booking's end"},
      {"relay.booking.deny", R"(["b","1795219301"])", "", "in whole seconds since 1970"},
      {"relay.booking.deny", R"(["b",1795219301.5])", "", "(until)"},
      {"relay.booking.deny", R"(["b",-1])", "", "(until)"},
      {"relay.booking.deny", R"(["b",1795219299])", "", "argument 1 (until) of 1795219299 is in the past"},
      {"relay.booking.allow", R"(["b",1795219299])", "", "is in the past"},
      {"relay.stats.get", "[1]", "", "takes 0 arguments at most"},
      {"relay.nothing", "[]", "", "no such procedure"},
  };
  for (const auto& row: table) {
    SCOPED_TRACE(row.procedure + " " + row.args.substr(0, 40) + row.kwargs);
    const auto got = read(row.procedure, row.args, row.kwargs);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().error, wamp::error_uri::invalid_argument);
    EXPECT_THAT(got.error().text, HasSubstr(row.sentence));
  }
}

TEST(Wanted, ANodeWithoutTokensHasNoProceduresForBookings) {
  EXPECT_EQ(procedures(Bookings::some).size(), 10u);
  EXPECT_EQ(procedures(Bookings::none).size(), 6u);
  for (const auto& procedure: procedures(Bookings::some)) EXPECT_TRUE(procedure.starts_with(relay_prefix));
}

TEST(Wanted, AListIsReadInPages) {
  const std::vector<std::string> names{"a", "b", "c", "d"};
  EXPECT_THAT(page_of(names, {"", 2}), ElementsAre("a", "b"));
  EXPECT_THAT(page_of(names, {"b", 2}), ElementsAre("c", "d"));
  EXPECT_THAT(page_of(names, {"bb", 9}), ElementsAre("c", "d"));
  EXPECT_THAT(page_of(names, {"d", 2}), IsEmpty());
  EXPECT_THAT(page_of({}, {"", 2}), IsEmpty());
}

}  // namespace
}  // namespace crosspoint::management
