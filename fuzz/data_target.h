#pragma once
// What must hold for any bytes in one spelling; data_json, data_msgpack, data_cbor and data_ubjson are this.

#include "base/assert.h"
#include "data/test_oracle.h"
#include "data/transcode.h"

namespace crosspoint::fuzz {

// Passing over a value, taking it apart and turning it into another spelling agree on what is a value;
// another implementation, where it reads the bytes too, reads the same from them.
inline void read_value(data::Format format, Bytes bytes) {
  using namespace data;
  const auto checked = check(format, bytes);
  const auto ours = we_read(format, bytes);
  if (!checked) CROSSPOINT_ASSERT(checked.error().at <= bytes.size());
  if (checked) {
    // A value ends where it ends: its beginnings are none, but for JSON's numbers.
    if (!bytes.empty() && format != Format::json)
      CROSSPOINT_ASSERT(!check(format, bytes.first(bytes.size() - 1)));
    CROSSPOINT_ASSERT(transcode(format, bytes, format).value() == to_vector(bytes));
  } else {
    if (checked.error().cause == Cause::too_deep) return;  // the other would go as deep as its stack
    CROSSPOINT_ASSERT(!ours);
  }
  const auto theirs = oracle_reads(format, bytes);
  if (ours && theirs) CROSSPOINT_ASSERT(*ours == *theirs);
}

}  // namespace crosspoint::fuzz
