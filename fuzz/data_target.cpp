#include "data_target.h"

#include "base/assert.h"
#include "data/cursor.h"
#include "data/test_oracle.h"
#include "data/transcode.h"

namespace crosspoint::fuzz {

using namespace data;

namespace {

// Step by step through everything.
Result<void, Refusal> walk(Format format, Bytes bytes) {
  Cursor cursor(format, bytes);
  std::size_t open = 0;
  do {
    const auto item = cursor.next();
    if (!item) return fail(item.error());
    if (item->kind == Kind::array || item->kind == Kind::map) ++open;
    if (item->kind == Kind::end) --open;
  } while (open > 0);
  return cursor.finish();
}

}  // namespace

void read_value(Format format, Bytes bytes) {
  const auto checked = check(format, bytes);
  const auto ours = we_read(format, bytes);
  CROSSPOINT_ASSERT(checked == walk(format, bytes));
  if (checked) {
    // A value ends where it ends: its beginnings are none, but for JSON's numbers.
    if (format != Format::json) CROSSPOINT_ASSERT(!check(format, bytes.first(bytes.size() - 1)));
    CROSSPOINT_ASSERT(transcode(format, bytes, format).value() == to_vector(bytes));
  } else {
    CROSSPOINT_ASSERT(checked.error().at <= bytes.size());
    if (checked.error().cause == Cause::too_deep) return;  // the other would go as deep as its stack
    CROSSPOINT_ASSERT(!ours);
  }

  const auto theirs = oracle_reads(format, bytes);
  if (ours && theirs) CROSSPOINT_ASSERT(*ours == *theirs);
  if (format != Format::json) return;
  const bool has_zero = as_text(bytes).contains(char{0});
  if (theirs && !checked) CROSSPOINT_ASSERT(has_zero || bytes[0] == std::byte{0xef});
  if (ours) CROSSPOINT_ASSERT(theirs);
}

}  // namespace crosspoint::fuzz
