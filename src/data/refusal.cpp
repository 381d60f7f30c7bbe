#include "data/refusal.h"

namespace crosspoint::data {

std::string_view to_string(Cause cause) {
  switch (cause) {
    case Cause::cut_short: return "the bytes end inside a value";
    case Cause::trailing_bytes: return "there are more bytes after the value";
    case Cause::unexpected_byte: return "nothing that may stand here begins with this byte";
    case Cause::bad_number: return "this is no number";
    case Cause::bad_escape: return "this escape stands for no character";
    case Cause::control_character: return "a control character in a string must be escaped";
    case Cause::not_utf8: return "text must be UTF-8";
    case Cause::bad_length: return "a length must be an integer, and not negative";
    case Cause::bad_chunk: return "a chunk must be a string of definite length, of the type of the whole";
    case Cause::too_big: return "the value has more bytes than are accepted";
    case Cause::too_deep: return "lists and maps are nested deeper than is accepted";
    case Cause::unsupported: return "this kind of container is not supported";
    case Cause::wrong_type: return "a value of another type is expected here";
    case Cause::out_of_range: return "this number is too large for where it goes";
    case Cause::not_a_text_key: return "the keys of a map must be text";
    case Cause::duplicate_key: return "this key was there before";
    case Cause::no_equivalent: return "this value cannot be said in the other serialization";
  }
  return "";
}

std::string to_string(Refusal refusal) {
  return "at byte " + std::to_string(refusal.at) + ": " + std::string(to_string(refusal.cause));
}

}  // namespace crosspoint::data
