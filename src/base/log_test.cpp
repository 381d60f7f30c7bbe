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
