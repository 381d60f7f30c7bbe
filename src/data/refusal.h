#pragma once
// Why bytes are not a value that we take, or not the one that was asked for.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace crosspoint::data {

enum class Cause : std::uint8_t {
  // Not well-formed, whoever reads it
  cut_short,          // the bytes end inside a value, or a count promises more than there is
  trailing_bytes,     // more after the value than white space
  unexpected_byte,    // no value, key, separator or end begins with this byte here
  bad_number,         // JSON's "01", "1.", "-"
  bad_escape,         // JSON's "\x", or half of a surrogate pair: it is no character and has no UTF-8
  control_character,  // a byte below 20 inside a JSON string
  not_utf8,
  bad_length,  // UBJSON: negative, or no integer
  bad_chunk,   // CBOR: a chunk of another type, or of indefinite length itself
  // Beyond a limit
  too_big,
  too_deep,
  // Well-formed, but not for us
  unsupported,   // UBJSON: elements without bytes ($Z, $T …), which a few bytes could promise by the billion;
                 // BJData: arrays of several dimensions
  wrong_type,    // a typed read found another kind; the cursor still stands before it
  out_of_range,  // a number that does not fit where it is wanted: into 64 bits, or into a double
  not_a_text_key,  // CBOR and MessagePack have maps with other keys; who must read or transcode them cannot
  duplicate_key,   // two readers could take different ones (known_keys.h)
  no_equivalent,   // CBOR's unassigned simple values, in any other spelling
};

struct Refusal {
  Cause cause;
  std::size_t at;  // offset in bytes from the beginning of what was given

  bool operator==(const Refusal&) const = default;
};

// "the bytes end inside a value". Without the offset: one sentence for each cause.
std::string_view to_string(Cause cause);
// "at byte 17: the bytes end inside a value". Nothing of what the peer sent is in it.
std::string to_string(Refusal refusal);

}  // namespace crosspoint::data
