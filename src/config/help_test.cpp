#include "config/help.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "config/option_table.h"

namespace crosspoint::config {
namespace {

void expect_narrow(const std::string& text) {
  for_each_word(text, '\n', [](std::string_view line) {
    EXPECT_LE(line.size(), 80u) << line;
    EXPECT_FALSE(line.ends_with(' ')) << line;
    EXPECT_EQ(line.find('\x1f'), std::string_view::npos) << line;
  });
}

TEST(Help, IsAtMostEightyColumnsWide) {
  expect_narrow(overview());
  for (const Command& command: commands) expect_narrow(help_on(command));
}

TEST(Help, NamesEveryFlagOfTheCommandOnceAndNoOther) {
  for (const Command& command: commands) {
    std::vector<std::string> listed, wanted;
    for_each_word(help_on(command), '\n', [&listed](std::string_view line) {
      if (!line.starts_with("  --")) return;
      std::string flag(line.substr(2, line.find_first_of(" \n", 2) - 2));
      if (flag.starts_with("--[no-]")) flag.erase(2, 5);
      listed.push_back(std::move(flag));
    });
    for (const Option& option: options) {
      if (has_word(option.commands, command.name)) wanted.push_back(flag_of(option));
    }
    EXPECT_THAT(listed, testing::UnorderedElementsAreArray(wanted)) << command.name;
  }
}

TEST(Help, IsGroupedAndAligned) {
  EXPECT_EQ(help_on(*find_command("demo")),
            "Usage: crosspoint demo [FLAGS]\n"
            "\n"
            "Node and host on loopback with a moving picture.\n"
            "\n"
            "Prints an address to open in a browser. Ctrl-C stops everything.\n"
            "\n"
            "Demo\n"
            "  --listen ADDRESS              where the node listens [127.0.0.1:8080]\n"
            "  --host-listen ADDRESS         where the host listens [127.0.0.1:8888]\n"
            "  --source WORD                 where the picture comes from: auto, ffmpeg or\n"
            "                                clip [auto]\n"
            "\n"
            "Configuration\n"
            "  --config FILE                 read settings from this TOML file\n"
            "\n"
            "Log\n"
            "  --log-level WORD              the least that is written: trace, debug, info,\n"
            "                                warning, error or off [info]\n"
            "  --log-format WORD             one line of text, or one JSON object, an event:\n"
            "                                text or json [text]\n"
            "  --log-file FILE               append to this file instead of standard error\n");
}

TEST(Help, OfACommandWithoutFlagsIsItsUsage) {
  EXPECT_EQ(help_on(*find_command("version")), "Usage: crosspoint version\n\nPrint the version.\n");
}

TEST(Wrapped, BreaksAtSpacesAndIndents) {
  EXPECT_EQ(wrapped("one two three", 7, 2), "one two\n  three");
  EXPECT_EQ(wrapped("incomprehensible", 4, 2), "incomprehensible");
  EXPECT_EQ(wrapped("", 4, 2), "");
}

}  // namespace
}  // namespace crosspoint::config
