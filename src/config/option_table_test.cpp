#include "config/option_table.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "config/command_table.h"
#include "config/names.h"
#include "config/retired_names.h"
#include "config/settings.h"
#include "config/value.h"

namespace crosspoint::config {
namespace {

void expect_commands(std::string_view words, std::string_view who) {
  EXPECT_FALSE(words.empty()) << who;
  for_each_word(words, ' ', [&](std::string_view word) {
    EXPECT_NE(find_command(word), nullptr) << who << ": " << word;
  });
}

TEST(OptionTable, EveryKeyIsASectionAndANameInSmallLettersAndStandsOnce) {
  std::set<std::string_view> keys;
  for (const Option& option: options) {
    EXPECT_EQ(option.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-"), std::string_view::npos)
        << option.key;
    EXPECT_EQ(option.in_file, !section_of(option).empty()) << option.key;
    EXPECT_TRUE(keys.insert(option.key).second) << option.key;
  }
}

TEST(OptionTable, EveryDefaultAndBoundIsAValueOfItsType) {
  for (const Option& option: options) {
    for (const auto text: {option.initial, option.least, option.most}) {
      if (text.empty()) continue;
      const auto value = read_text(option, text);
      EXPECT_TRUE(value.has_value()) << option.key << ": " << (value ? "" : value.error());
    }
    const bool may_be_empty =
        option.type == ValueType::text || option.type == ValueType::secret || option.type == ValueType::list;
    EXPECT_TRUE(!option.initial.empty() || may_be_empty) << option.key << " needs a default";
    EXPECT_EQ(option.type == ValueType::choice, !option.choices.empty()) << option.key;
  }
}

TEST(OptionTable, EveryRowSaysWhatItIsForInOneLine) {
  for (const Option& option: options) {
    EXPECT_FALSE(option.help.empty()) << option.key;
    EXPECT_FALSE(option.help.ends_with('.')) << option.key;
    EXPECT_LE(option.help.size(), 80u) << option.key;
    EXPECT_TRUE(option.more.empty() || option.more.ends_with('.')) << option.key;
    EXPECT_FALSE(option.group.empty()) << option.key;
    expect_commands(option.commands, option.key);
  }
}

TEST(OptionTable, ImplicationsNameOtherRowsAndTheirValues) {
  for (const Option& option: options) {
    for_each_word(option.implies, ' ', [&](std::string_view implied) {
      const std::size_t target = find_option(implied.substr(0, implied.find('=')));
      ASSERT_NE(target, no_option) << option.key;
      EXPECT_TRUE(read_text(options[target], implied.substr(implied.find('=') + 1))) << option.key;
    });
    EXPECT_TRUE(option.implies.empty() || option.type == ValueType::boolean) << option.key;
  }
}

TEST(OptionTable, NoTwoFlagsOfACommandAreTheSame) {
  for (const Command& command: commands) {
    std::set<std::string> seen{"--help", "--no-help"};
    for (const KnownName& name: flags_of_command(command.name))
      EXPECT_TRUE(seen.insert(name.name).second) << name.name;
  }
}

TEST(OptionTable, NoTwoVariablesOfACommandAreTheSame) {
  for (const Command& command: commands) {
    std::set<std::string> seen;
    for (const KnownName& name: variables_of_command(command.name)) {
      EXPECT_TRUE(seen.insert(name.name).second) << name.name;
    }
  }
}

TEST(OptionTable, NoVariableLooksLikeOneThatAContainerPlatformSets) {
  for (const Option& option: options) EXPECT_FALSE(is_service_link(variable_of(option))) << option.key;
}

TEST(OptionTable, AliasesBelongToCommandsPartsToEndpointsAndSecondsToDurations) {
  for (const Option& option: options) {
    for (const Alias& alias: option.aliases) {
      if (alias.name.empty()) continue;
      expect_commands(alias.commands, alias.name);
      const bool is_part = alias.reading == Reading::port || alias.reading == Reading::address;
      EXPECT_TRUE(!is_part || option.type == ValueType::endpoint) << alias.name;
      EXPECT_TRUE(alias.reading != Reading::seconds || option.type == ValueType::duration) << alias.name;
      EXPECT_TRUE(alias.otherwise.empty() || read_text(option, alias.otherwise)) << alias.name;
    }
  }
  for (const RetiredName& retired: retired_names) expect_commands(retired.commands, retired.name);
}

TEST(OptionTable, NamesFollowFromTheKey) {
  const auto row = [](std::string_view key) { return options[find_option(key)]; };

  EXPECT_EQ(flag_of(row("serve.ping-every")), "--ping-every");
  EXPECT_EQ(variable_of(row("serve.ping-every")), "CROSSPOINT_PING_EVERY");
  EXPECT_EQ(flag_of(row("host.listen")), "--listen");
  EXPECT_EQ(variable_of(row("host.listen")), "CROSSPOINT_HOST_LISTEN");
  EXPECT_EQ(flag_of(row("log.level")), "--log-level");
  EXPECT_EQ(variable_of(row("log.level")), "CROSSPOINT_LOG_LEVEL");
  EXPECT_EQ(flag_of(row("config")), "--config");
  EXPECT_EQ(variable_of(row("config")), "CROSSPOINT_CONFIG");
}

TEST(Settings, AreReadByKeyWithTheTypeOfTheRow) {
  const Settings settings;

  const Duration ping = settings.get<"serve.ping-every">();
  const std::uint64_t cap = settings.get<"serve.message-bytes-max">();
  const std::int64_t loops = settings.get<"serve.loops">();
  const bool stats = settings.get<"serve.stats">();
  const std::string& listen = settings.get<"serve.listen">();
  const std::vector<std::string>& origins = settings.get<"serve.allow-origin">();

  EXPECT_EQ(ping, 54s);
  EXPECT_EQ(cap, 10u * 1024 * 1024);
  EXPECT_EQ(loops, 0);
  EXPECT_TRUE(stats);
  EXPECT_EQ(listen, "127.0.0.1:8080");
  EXPECT_EQ(origins, std::vector<std::string>{"*"});
}

TEST(Settings, AChoiceIsPickedAsTheCallersOwnValue) {
  enum class Policy { automatic, video, latest, reliable };
  Settings settings;
  settings.set(option_index("serve.slow-viewer"), Value(std::string("latest")),
               {Layer::flags, "flag --slow-viewer"});

  const auto policy =
      settings.pick<"serve.slow-viewer">(Policy::automatic, Policy::video, Policy::latest, Policy::reliable);

  EXPECT_EQ(policy, Policy::latest);
  EXPECT_TRUE(settings.is_set<"serve.slow-viewer">());
  EXPECT_FALSE(settings.is_set<"serve.listen">());
  EXPECT_EQ(settings.source<"serve.listen">().text, "default");
}

}  // namespace
}  // namespace crosspoint::config
