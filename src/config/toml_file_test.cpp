#include "config/toml_file.h"

#include <gtest/gtest.h>

namespace crosspoint::config {
namespace {

TEST(TomlFile, GivesEachValueWithItsKeyAndPlace) {
  const auto entries = read_toml(
      "# node\n"
      "[serve]\n"
      "listen = \":8080\"\n"
      "loops  = 4\n"
      "echo = true\n"
      "allow-origin = [ \"a\", 'b' ]\n"
      "[log]\n"
      "  level = \"debug\"\n");

  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 5u);
  const auto& listen = (*entries)[0];
  EXPECT_EQ(listen.key, "serve.listen");
  EXPECT_EQ(listen.key_at.line, 3u);
  EXPECT_EQ(listen.key_at.column, 1u);
  EXPECT_EQ(listen.value_at.line, 3u);
  EXPECT_EQ(listen.value_at.column, 10u);
  EXPECT_EQ(listen.value.text, ":8080");
  EXPECT_EQ((*entries)[1].value.kind, Written::Kind::integer);
  EXPECT_EQ((*entries)[1].value.text, "4");
  EXPECT_EQ((*entries)[1].value_at.column, 10u);
  EXPECT_EQ((*entries)[2].value.kind, Written::Kind::boolean);
  EXPECT_EQ((*entries)[3].value.list, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ((*entries)[4].key, "log.level");
  EXPECT_EQ((*entries)[4].key_at.column, 3u);
}

TEST(TomlFile, DottedAndInlineTablesAreTheSameKeys) {
  const auto dotted = read_toml("serve.loops = 4\n");
  const auto braces = read_toml("serve = { loops = 4 }\n");

  ASSERT_TRUE(dotted && braces);
  ASSERT_EQ(dotted->size(), 1u);
  ASSERT_EQ(braces->size(), 1u);
  EXPECT_EQ(dotted->front().key, "serve.loops");
  EXPECT_EQ(braces->front().key, "serve.loops");
}

TEST(TomlFile, OtherThingsAreNamed) {
  const auto entries = read_toml(
      "[a]\na = 1979-05-27\nb = 1.5\nc = [1]\nd = { x = 1 }\ne = 07:32:00\nf = 1979-05-27T07:32:00Z\n");

  ASSERT_TRUE(entries);
  std::vector<std::string> names;
  for (const auto& entry: *entries) names.push_back(entry.value.text);
  EXPECT_EQ(names, (std::vector<std::string>{"a date", "a number with a fraction",
                                             "a list of other things than texts", "a table", "a time",
                                             "a date and time"}));
}

TEST(TomlFile, ASyntaxErrorHasItsPlace) {
  const auto entries = read_toml("[serve]\nlisten = \n");

  ASSERT_FALSE(entries);
  EXPECT_EQ(entries.error().at.line, 2u);
  EXPECT_GT(entries.error().at.column, 8u);
  EXPECT_FALSE(entries.error().sentence.empty());
}

TEST(TomlFile, ATwiceWrittenKeyIsAnError) {
  const auto entries = read_toml("[serve]\nsecret = 'hunter2'\nsecret = 'hunter3'\n");

  ASSERT_FALSE(entries);
  EXPECT_EQ(entries.error().at.line, 3u);
  EXPECT_EQ(entries.error().sentence.find("hunter"), std::string::npos) << entries.error().sentence;
}

TEST(TomlFile, WhatToml33StumblesOverIsReadOrRefused) {
  EXPECT_FALSE(read_toml("[#"));
  EXPECT_FALSE(read_toml("[[[1]]]"));
  EXPECT_FALSE(read_toml("größe = 1"));
  EXPECT_FALSE(read_toml("a é = 1"));
  const auto entries = read_toml("a = \"\"\"\\\n  élan\"\"\"  # и\n");

  ASSERT_TRUE(entries);
  EXPECT_EQ(entries->front().value.text, "élan");
}

TEST(TomlFile, DepthAndSizeAreBounded) {
  const auto repeated = [](std::string_view text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
  };
  EXPECT_TRUE(read_toml("a" + repeated(".a", 15) + " = 1"));
  for (const std::string& deep: {"a" + repeated(".a", 16) + " = 1", "\n[" + repeated("a . ", 200000) + "a]",
                                 "x = [ { " + repeated("\"\".", 200000) + "a = 1 } ]",
                                 "x = \"\"\"\n.\"\"\"\"\"\ny" + repeated(".'.'", 200000) + " = 1",
                                 "x = '''\\'''\ny" + repeated(".a", 200000) + " = 1"}) {
    const auto entries = read_toml(deep);
    ASSERT_FALSE(entries);
    EXPECT_EQ(entries.error().sentence, "a key of more than 16 parts");
  }
  EXPECT_TRUE(read_toml("x = \"" + repeated(".", 1000) + "\"\n# " + repeated(".", 1000)));
  EXPECT_TRUE(read_toml("x = [" + repeated("\"https://a.b.example.org\",", 1000) + "]"));
  EXPECT_TRUE(read_toml("x = '''\n" + repeated(".\n", 1000) + "'''''\n"));
  EXPECT_TRUE(read_toml("x = \"\\\"" + repeated(".", 1000) + "\"\n"));
  EXPECT_FALSE(read_toml("a = " + std::string(100000, '[')));
  EXPECT_FALSE(read_toml(std::string(1024 * 1024 + 1, ' ')));
  EXPECT_TRUE(read_toml(std::string(1024 * 1024, ' ')));
}

}  // namespace
}  // namespace crosspoint::config
