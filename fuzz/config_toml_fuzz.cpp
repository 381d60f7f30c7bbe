// Any text as a configuration file: every problem has its place, every setting that came out of it is within
// its type, and reads back as itself.
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "config/report.h"
#include "config/resolve.h"

using namespace crosspoint;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const config::Resolution resolution = config::resolve_file("fuzz.toml", text);

  for (const auto& problem: resolution.problems) {
    CROSSPOINT_ASSERT(problem.layer == config::Layer::file);
    CROSSPOINT_ASSERT(problem.sentence.starts_with("fuzz.toml:"));
  }
  for (std::size_t i = 0; i < config::options.size(); ++i) {
    const auto& option = config::options[i];
    const auto& value = resolution.settings.value_at(i);
    const bool prints_itself = !config::is_secret(option) && option.type != config::ValueType::list;
    if (prints_itself)
      CROSSPOINT_ASSERT(config::read_text(option, config::print_value(option, value)) == value);
  }
  const std::string shown = config::show_settings("serve", resolution.settings);
  for (const char c: shown) CROSSPOINT_ASSERT(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  return 0;
}
