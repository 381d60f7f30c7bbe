#pragma once
// Arguments that say whose they are: [who, what, part, filler]. The filler follows from the numbers, is text
// or bytes, mostly short and sometimes long; whoever reads it sees whether a byte was lost on the way, or
// turned into another by a change of format.

#include <cstdint>
#include <optional>

#include "wamp/payload.h"

namespace crosspoint::simulation {

struct Mark {
  std::uint64_t who = 0;   // a client's tag
  std::uint64_t what = 0;  // its call, or the number of a publication
  std::uint64_t part = 0;  // of a call's arguments, or results

  bool operator==(const Mark&) const = default;
};

// Some clients take messages of two kibibytes at most: is one with this mark perhaps longer?
bool is_long(const Mark& mark);

// The bytes of Args.
ByteVector spell(data::Format format, const Mark& mark);
// Nothing: that is no mark, or its filler is not as it was.
std::optional<Mark> read_mark(const wamp::Payload& payload);

}  // namespace crosspoint::simulation
