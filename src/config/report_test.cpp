#include "config/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "config/completions.h"

namespace crosspoint::config {
namespace {

using testing::HasSubstr;

const std::string committed_page = CROSSPOINT_SOURCE_DIR "/docs/options.md";

// UPDATE_REFERENCE=1 writes the page instead of comparing it.
TEST(ReferencePage, TheCommittedOneIsTheOneMadeFromTheTable) {
  if (std::getenv("UPDATE_REFERENCE") != nullptr)
    std::ofstream(committed_page, std::ios::binary) << reference_page();
  std::ifstream file(committed_page, std::ios::binary);
  const std::string committed{std::istreambuf_iterator<char>(file), {}};

  EXPECT_TRUE(committed == reference_page()) << "run: crosspoint config reference > docs/options.md";
}

TEST(ReferencePage, HasEveryNameThatIsUnderstood) {
  const std::string page = reference_page();
  for (const Option& option: options) {
    EXPECT_THAT(page, HasSubstr("`" + flag_of(option)));
    EXPECT_THAT(page, HasSubstr("`" + variable_of(option) + "`"));
    for (const Alias& alias: option.aliases) EXPECT_THAT(page, HasSubstr(std::string(alias.name)));
  }
  for (const RetiredName& retired: retired_names) EXPECT_THAT(page, HasSubstr(std::string(retired.name)));
}

TEST(JsonSchema, DescribesEveryKeyOfTheFileWithItsDefault) {
  const auto schema = nlohmann::json::parse(json_schema());

  for (const Option& option: options) {
    if (!option.in_file) continue;
    const auto& property = schema["properties"][std::string(section_of(option))]["properties"]
                                 [std::string(last_part_of(option))];
    EXPECT_EQ(property["description"], option.help);
    EXPECT_TRUE(property.contains("type") || property.contains("enum")) << option.key;
  }
  EXPECT_EQ(schema["properties"]["serve"]["properties"]["loops"]["maximum"], 1024);
  EXPECT_EQ(schema["properties"]["serve"]["properties"]["loops"]["minimum"], 0);
  EXPECT_EQ(schema["properties"]["serve"]["properties"]["stats"]["default"], true);
  EXPECT_EQ(schema["properties"]["serve"]["properties"]["ping-every"]["default"], "54s");
  EXPECT_FALSE(schema["properties"].contains("config"));
}

TEST(Completions, KnowCommandsFlagsAndChoices) {
  for (const std::string& script: {bash_completions(), zsh_completions()}) {
    EXPECT_THAT(script, HasSubstr("serve"));
    EXPECT_THAT(script, HasSubstr("--ping-every"));
    EXPECT_THAT(script, HasSubstr("--no-stats"));
    EXPECT_THAT(script, HasSubstr("auto video latest reliable"));
    EXPECT_EQ(script.find("--cpuprofile"), script.npos);  // older names are understood, not proposed
  }
}

// The scripts are programs: bash itself says whether they are, and what they propose.
TEST(Completions, BashProposesWhatFits) {
  if (std::system("command -v bash >/dev/null 2>&1") != 0) GTEST_SKIP() << "no bash here";
  const std::string path = testing::TempDir() + "crosspoint_completions.bash";
  std::ofstream(path) << bash_completions() << R"bash(
try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _crosspoint; echo "${COMPREPLY[*]}"; }
[[ "$(try crosspoint se)" == serve ]] || exit 1
[[ "$(try crosspoint serve --ping)" == --ping-every ]] || exit 2
[[ "$(try crosspoint serve --slow-viewer v)" == video ]] || exit 3
[[ "$(try crosspoint config sh)" == show ]] || exit 4
[[ "$(try crosspoint completions z)" == zsh ]] || exit 5
[[ "$(try crosspoint host --api)" == --api ]] || exit 6
)bash";

  EXPECT_EQ(std::system(("bash " + path).c_str()), 0);
}

}  // namespace
}  // namespace crosspoint::config
