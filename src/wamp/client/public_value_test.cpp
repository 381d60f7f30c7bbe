// The values that programs have, and how they read what strangers send (include/crosspoint).
#include "wamp/client/public_value.h"

#include <crosspoint/wamp_arguments.h>
#include <gtest/gtest.h>

namespace crosspoint {
namespace {

TEST(PublicValue, WhatIsNotThereIsNull) {
  const WampList none;
  const WampList list = {1, "two", WampList{3}, WampMap{{"four", 4}}};
  EXPECT_TRUE(none[0].is_null() && list[4].is_null() && list[std::size_t(-1)].is_null());
  EXPECT_TRUE(list[0][0].is_null() && list[1]["x"].is_null());
  EXPECT_EQ(list[2][0], 3);
  EXPECT_EQ(list[3]["four"], 4);
  const WampMap map = {{"a", 1}, {"b", WampMap{{"c", true}}}};
  EXPECT_TRUE(map["x"].is_null() && WampMap()["x"].is_null());
  EXPECT_EQ(map["b"]["c"], true);
  EXPECT_TRUE(map.contains("a") && !map.contains("c"));
}

TEST(PublicValue, ListsAndMapsGrowInTheirOrder) {
  WampList list;
  EXPECT_TRUE(list.empty());
  list.push_back("x");
  list.push_back(2);
  EXPECT_EQ(list, (WampList{"x", 2}));
  WampMap map = {{"b", 1}};
  map.set("a", 2);
  map.set("b", 3);
  EXPECT_EQ(map, (WampMap{{"b", 3}, {"a", 2}}));
  EXPECT_EQ(WampValue(map).to_json(), R"({"b":3,"a":2})");
  std::string names;
  for (const auto& [name, value]: map) names += name;
  EXPECT_EQ(names, "ba");
}

// What a reader says after `read` has read `args` and `kwargs`.
std::string problem(const WampList& args, const WampMap& kwargs, void (*read)(WampArguments&)) {
  WampArguments in(args, kwargs);
  read(in);
  EXPECT_EQ(static_cast<bool>(in), in.problem().empty());
  return in.problem();
}

TEST(PublicArguments, AreReadAsWhatTheyMustBe) {
  const WampList args = {true, -1, 7u, 2.5, "text", WampValue::Binary{std::byte{1}}, WampList{1}, WampMap{}};
  const WampMap kwargs = {{"n", 3}, {"nothing", nullptr}};
  WampArguments in(args, kwargs);
  EXPECT_TRUE(in.boolean(0));
  EXPECT_EQ(in.integer(1), -1);
  EXPECT_EQ(in.natural(2), 7u);
  EXPECT_EQ(in.number(3), 2.5);
  EXPECT_EQ(in.text(4), "text");
  EXPECT_EQ(in.binary(5).size(), 1u);
  EXPECT_EQ(in.list(6)[0], 1);
  EXPECT_TRUE(in.map(7).empty());
  EXPECT_EQ(in.number("n"), 3);
  EXPECT_EQ(in.value("n"), 3);
  EXPECT_EQ(in.number("m", 4), 4);
  EXPECT_EQ(in.text("nothing", "mm"), "mm");
  EXPECT_EQ(in.integer(8, 9), 9);
  EXPECT_EQ(in.natural("n", 9), 3u);
  EXPECT_TRUE(in.boolean(9, true));
  in.at_most(8, {"n", "nothing"});
  EXPECT_TRUE(in) << in.problem();
}

TEST(PublicArguments, WhatIsWrongIsASentenceAboutTheFirst) {
  EXPECT_EQ(problem({}, {}, [](auto& in) { in.number(0); }), "args[0] must be a number, and is missing");
  EXPECT_EQ(problem({"x"}, {}, [](auto& in) { in.number(0), in.text(5); }),
            "args[0] must be a number, and is text");
  EXPECT_EQ(problem({}, {{"to", WampList{}}}, [](auto& in) { in.text("to", "mm"); }),
            "kwargs.to must be text, and is a list");
  EXPECT_EQ(problem({-1}, {}, [](auto& in) { in.natural(0); }),
            "args[0] must be a whole number from 0 to 2^64-1, and is an integer");
  EXPECT_EQ(problem({1}, {}, [](auto& in) { in.boolean(0); }),
            "args[0] must be true or false, and is an integer");
  EXPECT_EQ(problem({}, {}, [](auto& in) { in.value("x"); }), "kwargs.x must be there, and is missing");
  EXPECT_EQ(problem({1, 2}, {}, [](auto& in) { in.at_most(1); }),
            "args has 2 elements, and at most 1 are known");
  EXPECT_EQ(problem({}, {{"too", 1}}, [](auto& in) { in.at_most(0, {"to"}); }),
            "kwargs.too is not known here");
}

TEST(PublicArguments, ReadAsNothingWhereTheyAreWrong) {
  const WampList args;
  const WampMap kwargs;
  WampArguments in(args, kwargs);
  EXPECT_FALSE(in.boolean(0));
  EXPECT_EQ(in.integer(0), 0);
  EXPECT_EQ(in.natural(0), 0u);
  EXPECT_EQ(in.number(0), 0);
  EXPECT_EQ(in.text(0), "");
  EXPECT_TRUE(in.binary(0).empty() && in.list(0).empty() && in.map(0).empty() && in.value(0).is_null());
}

}  // namespace
}  // namespace crosspoint
