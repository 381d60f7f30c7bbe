#include "base/log.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "base/audit.h"

namespace crosspoint::log {
namespace {

std::string temporary_path(const char* name) {
  return testing::TempDir() + name + std::to_string(::getpid());
}

std::string contents(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Log, OlderSpellingsOfLevelsAreUnderstood) {
  EXPECT_EQ(parse_level("WARN"), Level::warning);
  EXPECT_EQ(parse_level("Panic"), Level::error);
  EXPECT_EQ(parse_level("trace"), Level::trace);
  EXPECT_EQ(parse_level("loud"), std::nullopt);
}

TEST(Log, AnEventIsOneLineWhateverItSays) {
  const auto path = temporary_path("log");
  ASSERT_FALSE(configure({.level = Level::info, .format = Format::text, .file = path}));

  info("relay", "a peer called itself {}", "x\nerror relay: forged");
  debug("relay", "not asked for");

  const auto text = contents(path);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_NE(text.find("relay: a peer called itself x error relay: forged"), std::string::npos);
  std::remove(path.c_str());
  configure({});
}

TEST(Log, WhatSomebodyElseChoseIsNotTakenForTheWordsAroundIt) {
  EXPECT_EQ(log::quoted("ann"), "\"ann\"");
  EXPECT_EQ(log::quoted(R"(root" (role "admin"), from 10.0.0.1\)"),
            R"("root\" (role \"admin\"), from 10.0.0.1\\")");
  EXPECT_EQ(log::quoted(std::string(5000, 'x')).size(), 202u);
}

TEST(Log, JsonLinesEscapeWhatTheyQuote) {
  const auto path = temporary_path("log_json");
  ASSERT_FALSE(configure({.level = Level::info, .format = Format::json, .file = path}));

  warning("host", "a \"quoted\" name");

  EXPECT_NE(contents(path).find(R"("room":"host","msg":"a \"quoted\" name"})"), std::string::npos);
  std::remove(path.c_str());
  configure({});
}

// Row D8: whoever reads the log may stop reading; the loop may not stop with it.
TEST(Log, D8_AFullPipeCostsLinesNotTime) {
  std::array<int, 2> ends;
  ASSERT_EQ(::pipe(ends.data()), 0);
  const auto path = "/dev/fd/" + std::to_string(ends[1]);
  ASSERT_FALSE(configure({.level = Level::info, .format = Format::text, .file = path}));

  for (int i = 0; i < 10'000; ++i) info("relay", "line {} of a flood that nobody reads", i);

  EXPECT_GT(lines_dropped(), 0u);
  configure({});
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(Log, D3_AFileForWhichThereIsNoDescriptorIsASentenceAndLinesGoOnWhereTheyWent) {
  const auto path = temporary_path("log_before"), other = temporary_path("log_other");
  ASSERT_FALSE(configure({.level = Level::info, .format = Format::text, .file = path}));
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &none);
  const auto problem = configure({.level = Level::info, .format = Format::text, .file = other});
  ::setrlimit(RLIMIT_NOFILE, &before);

  EXPECT_EQ(problem, "cannot write the log to " + other + ": Too many open files");
  info("relay", "still here");
  EXPECT_NE(contents(path).find("still here"), std::string::npos);
  std::remove(path.c_str());
  configure({});
}

TEST(Audit, IsNoMatterOfLevelButOfOff) {
  const auto path = temporary_path("audit");
  ASSERT_FALSE(configure({.level = Level::error, .format = Format::text, .file = path}));
  audit("relay", "client {} is put out", 7);
  warning("relay", "not asked for");
  ASSERT_FALSE(configure({.level = Level::off, .format = Format::text, .file = path}));
  audit("relay", "client {} is put out", 8);

  const auto text = contents(path);
  EXPECT_NE(text.find(" audit   relay: client 7 is put out\n"), std::string::npos) << text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  std::remove(path.c_str());
  configure({});
}

TEST(Audit, SaysSoInJsonToo) {
  const auto path = temporary_path("audit_json");
  ASSERT_FALSE(configure({.level = Level::info, .format = Format::json, .file = path}));
  audit("wamp", "a \"quoted\" name");
  info("wamp", "other");
  const auto text = contents(path);
  EXPECT_NE(text.find(R"("level":"audit","room":"wamp","msg":"a \"quoted\" name"})"), std::string::npos);
  EXPECT_NE(text.find(R"("level":"info","room":"wamp","msg":"other"})"), std::string::npos);
  std::remove(path.c_str());
  configure({});
}

// What a pipe holds now, without waiting for more.
std::string drained(int end) {
  std::string text;
  std::array<char, 65536> room;
  for (ssize_t got; (got = ::read(end, room.data(), room.size())) > 0;) text.append(room.data(), got);
  return text;
}

// Row D8: where other lines are lost, these wait, as many as may.
TEST(Audit, WaitsForASinkThatDoesNotTakeLines) {
  std::array<int, 2> ends;
  ASSERT_EQ(::pipe(ends.data()), 0);
  ASSERT_EQ(::fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
  ASSERT_FALSE(configure({.file = "/dev/fd/" + std::to_string(ends[1])}));
  while (lines_dropped() == 0) info("relay", "a flood that nobody reads");
  const auto before = lines_dropped();

  for (std::size_t i = 0; i < audit_lines_waiting_max; ++i) audit("wamp", "change {}.", i);
  EXPECT_EQ(lines_dropped(), before);
  audit("wamp", "one too many");
  EXPECT_EQ(lines_dropped(), before + 1);

  drained(ends[0]);
  info("wamp", "the next line");
  auto text = drained(ends[0]);
  configure({});  // what still waits is written at the end
  text += drained(ends[0]);
  for (std::size_t i = 0; i < audit_lines_waiting_max; ++i) {
    EXPECT_NE(text.find("change " + std::to_string(i) + ".\n"), std::string::npos) << i;
  }
  EXPECT_EQ(text.find("one too many"), std::string::npos);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(Log, D8_ALimitLetsABurstThroughAndThenCounts) {
  LogLimit limit(2, 10s);
  const MonotonicTime start{};

  EXPECT_EQ(limit.admit(start), 0u);
  EXPECT_EQ(limit.admit(start), 0u);
  EXPECT_EQ(limit.admit(start + 1s), std::nullopt);
  EXPECT_EQ(limit.admit(start + 2s), std::nullopt);

  EXPECT_EQ(limit.admit(start + 10s), 2u);
  EXPECT_EQ(limit.admit(start + 10s), 0u);
}

}  // namespace
}  // namespace crosspoint::log
