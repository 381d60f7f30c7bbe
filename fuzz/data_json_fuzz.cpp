// data::Cursor over JSON: see data_target.h. Here both implementations must also take the same texts, but for
// a byte order mark, which the other skips, numbers that no double holds, and what is nested too deep for
// ours.
#include <cstdint>

#include "data_target.h"

using namespace crosspoint;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes text = std::as_bytes(std::span(data, size));
  fuzz::read_value(data::Format::json, text);
  const auto checked = data::check(data::Format::json, text);
  if (!checked && checked.error().cause == data::Cause::too_deep) return 0;
  const bool theirs = data::oracle_reads(data::Format::json, text).has_value();
  // A zero byte ends the text for the other.
  const bool has_zero = as_text(text).find('\0') != std::string_view::npos;
  if (theirs && !checked) CROSSPOINT_ASSERT(has_zero || text[0] == std::byte{0xef});
  if (checked && data::we_read(data::Format::json, text)) CROSSPOINT_ASSERT(theirs);
  return 0;
}
