// Any text as a size, a duration and an address: what is accepted, printed and read again is the same
// quantity.
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "config/units.h"
#include "config/value.h"

using namespace crosspoint;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  if (const auto bytes = config::parse_byte_size(text)) {
    CROSSPOINT_ASSERT(config::parse_byte_size(config::print_byte_size(*bytes)) == bytes);
  }
  if (const auto duration = config::parse_duration(text)) {
    CROSSPOINT_ASSERT(*duration >= Duration::zero());
    CROSSPOINT_ASSERT(config::parse_duration(config::print_duration(*duration)) == duration);
  }
  if (const auto parts = config::split_endpoint(text); parts && !parts->port.empty()) {
    CROSSPOINT_ASSERT(parts->host + ":" + parts->port == text);
  }
  return 0;
}
