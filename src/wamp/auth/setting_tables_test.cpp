// Each setting stands on the page once, and the page is the committed one.
#include "wamp/auth/setting_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "config/report.h"
#include "config/resolve.h"
#include "wamp/auth/read_settings.h"
#include "wamp/auth/settings_template.h"

namespace crosspoint::wamp::auth {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string text_of(const std::string& path) {
  std::ifstream file(CROSSPOINT_SOURCE_DIR "/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// UPDATE_REFERENCE=1 writes the page instead of comparing it.
TEST(SettingTables, TheCommittedPageIsTheOneMadeFromThem) {
  const std::string page = config::section_page(settings_section());
  if (std::getenv("UPDATE_REFERENCE") != nullptr) {
    std::ofstream(CROSSPOINT_SOURCE_DIR "/docs/wamp-settings.md", std::ios::binary) << page;
  }
  EXPECT_TRUE(text_of("docs/wamp-settings.md") == page)
      << "run: crosspoint config reference wamp > docs/wamp-settings.md";
}

// A row that the reader has and no table shows would be a setting that nobody finds.
TEST(SettingTables, EveryRowOfTheReaderIsInOne) {
  const std::string header = text_of("src/wamp/auth/setting_rows.h");
  std::size_t rows = 0;
  for (auto at = header.find(".key = \""); at != header.npos; at = header.find(".key = \"", at + 1)) {
    const auto begin = at + 8;
    const std::string key = header.substr(begin, header.find('"', begin) - begin);
    const bool shown = std::ranges::any_of(setting_tables, [&](const SectionTable& table) {
      return std::ranges::any_of(table.rows, [&](const config::Option& row) { return row.key == key; });
    });
    EXPECT_TRUE(shown) << key;
    ++rows;
  }
  EXPECT_GT(rows, 30u);
}

// What the file says of the tables' places, with a text for each key: whatever else is wrong with that, the
// reader knows the key.
TEST(SettingTables, TheReaderKnowsEveryKeyAtItsPlace) {
  for (const SectionTable& table: setting_tables) {
    for (const config::Option& row: table.rows) {
      const std::string path(table.path);
      std::string text;
      if (path.starts_with("wamp.role.")) text = "[[wamp.role]]\n";
      if (path.starts_with("wamp.principal.")) text = "[[wamp.principal]]\n";
      text += (table.kind == SectionTable::Kind::one ? "[" + path + "]" : "[[" + path + "]]") + "\n" +
              std::string(row.key) + " = \"x\"\n";
      for (const auto& problem: config::resolve_file("f", text, {settings_section()}).problems) {
        EXPECT_THAT(problem.sentence, Not(HasSubstr("no such setting"))) << text;
      }
    }
  }
}

TEST(SettingTables, TheSchemaOfTheFileHasThemAtTheirPlaces) {
  const auto section = settings_section();
  const auto schema = nlohmann::json::parse(config::json_schema({&section, 1}));
  const auto& wamp = schema["properties"]["wamp"]["properties"];

  EXPECT_EQ(wamp["opening-timeout"]["default"], "10s");
  const auto& realm = wamp["realm"]["items"]["properties"];
  EXPECT_EQ(realm["realms-max"]["maximum"], 100000);
  EXPECT_EQ(wamp["role"]["items"]["properties"]["permission"]["items"]["properties"]["match"]["enum"].size(),
            3u);
  EXPECT_EQ(wamp["principal"]["items"]["properties"]["wamp-scram"]["properties"]["salt"]["type"], "string");
  EXPECT_EQ(wamp["principal"]["items"]["additionalProperties"], false);
}

}  // namespace
}  // namespace crosspoint::wamp::auth
