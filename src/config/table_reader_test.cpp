#include "config/table_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/resolve.h"

namespace crosspoint::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Option name_row{.key = "name"};
constexpr Option wait_row{
    .key = "wait", .type = ValueType::duration, .initial = "10s", .least = "1s", .most = "1m"};
constexpr Option count_row{.key = "count", .type = ValueType::integer, .initial = "3", .least = "1"};
constexpr Option allow_row{.key = "allow", .type = ValueType::list};
constexpr Option open_row{.key = "open", .type = ValueType::boolean, .initial = "true"};
constexpr Option mode_row{
    .key = "mode", .type = ValueType::choice, .initial = "loose", .choices = "loose strict"};

// What a reader of [[lab.rig]] makes of each rig.
struct Read {
  std::vector<std::string> rigs;
  std::vector<std::string> problems;
};

std::vector<std::string> read_lab(const SectionText& text, Read& read) {
  TableReader lab(text.file, text.name, text.table, read.problems);
  for (const FileTable& table: lab.tables("rig")) {
    TableReader rig(text.file, lab.path_of("rig"), table, read.problems);
    std::string shown = rig.required_text(name_row) + " " + std::to_string(rig.duration(wait_row) / 1s) +
                        " " + std::to_string(rig.integer(count_row)) +
                        (rig.boolean(open_row) ? " open " : " shut ") + rig.text(mode_row);
    for (const auto& word: rig.list(allow_row)) shown += " " + word;
    rig.finish();
    read.rigs.push_back(std::move(shown));
  }
  lab.finish();
  return read.problems;
}

Read read(std::string_view text) {
  Read out;
  const std::vector<Section> known{
      {"lab", [&out](const SectionText& section) { return read_lab(section, out); }}};
  Resolution resolution = resolve_file("node.toml", text, known);
  out.problems.clear();
  for (const Problem& problem: resolution.problems) out.problems.push_back(problem.sentence);
  return out;
}

TEST(TableReader, ReadsEachTableOfAListWithItsDefaults) {
  const auto out = read(
      "[serve]\nloops = 2\n"
      "[[lab.rig]]\nname = \"a\"\nwait = \"30s\"\nallow = [\"x\", \"y\"]\nopen = false\n"
      "[[lab.rig]]\nname = \"b\"\ncount = 7\nmode = \"strict\"\nallow = \"x\"\n");

  EXPECT_THAT(out.problems, IsEmpty());
  EXPECT_THAT(out.rigs, ElementsAre("a 30 3 shut loose x y", "b 10 7 open strict x"));
}

TEST(TableReader, EveryMistakeHasItsPlace) {
  const auto out = read(
      "[[lab.rig]]\n"
      "nmae = \"a\"\n"
      "wait = \"2h\"\n"
      "count = \"many\"\n"
      "[lab.rig.deep]\n"
      "[lab]\n"
      "rigs = 3\n");

  EXPECT_THAT(out.problems, ElementsAre(testing::StartsWith("node.toml:1:1: lab.rig.name: is missing"),
                                        testing::StartsWith("node.toml:3:8: lab.rig.wait: "),
                                        testing::StartsWith("node.toml:4:9: lab.rig.count: "),
                                        "node.toml:2:1: lab.rig.nmae: no such setting; did you mean name?",
                                        testing::StartsWith("node.toml:5:10: lab.rig.deep: no such setting"),
                                        "node.toml:7:1: lab.rigs: no such setting; did you mean rig?"));
}

TEST(TableReader, WhatShouldBeATableAndIsNoneIsSaid) {
  EXPECT_THAT(read("[lab]\nrig = 3\n").problems,
              ElementsAre("node.toml:2:7: lab.rig: is no table; write [[lab.rig]]"));
  EXPECT_EQ(read("lab = 3\n").problems.size(), 1u);
  EXPECT_THAT(read("[lab]\n").problems, IsEmpty());
}

TEST(TableReader, ASectionThatNobodyReadsIsUnknown) {
  const auto resolution = resolve_file("node.toml", "[[lab.rig]]\nname = \"a\"\n");

  ASSERT_EQ(resolution.problems.size(), 1u);
  EXPECT_THAT(resolution.problems[0].sentence, testing::HasSubstr("lab: no such section"));
}

TEST(TableReader, AKnownSectionIsMeantByANearName) {
  EXPECT_THAT(read("[lba]\nrig = 3\n").problems, ElementsAre(testing::HasSubstr("did you mean lab?")));
}

}  // namespace
}  // namespace crosspoint::config
