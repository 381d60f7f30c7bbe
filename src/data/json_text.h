#pragma once
// What JSON's strings and numbers look like on the inside (RFC 8259 sections 6 and 7).

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "data/item.h"

namespace crosspoint::data {

// One escape, `at` standing on its backslash: the same place after it, or null if it is wrong. A pair of
// surrogates is one escape; half of one is wrong. Says which character, unless `point` is null.
const std::byte* pass_escape(const std::byte* at, const std::byte* end, char32_t* point);

// The inside of a string that is known to be right.
void append_unescaped(std::string_view inside, std::string& out);

// The inside of a string that is as it should be between quotes.
void append_escaped(std::string_view text, ByteVector& out);

// Does this inside of a string say U+0000, then standard base64? Only exactly what decode_base64() takes.
inline constexpr std::string_view binary_prefix = "\\u0000";
bool is_base64_inside(std::string_view inside);

// A number from `at` on: kind integer, big_integer or real, and where it ends; null if it is none.
const std::byte* pass_number(const std::byte* at, const std::byte* end, Item& item);
// Where it ends, without its value.
const std::byte* pass_number(const std::byte* at, const std::byte* end);

// Of a valid number that is no double: is it too small, rather than too large?
bool is_tiny_number(std::string_view number);

}  // namespace crosspoint::data
