#pragma once
// How the tests of this room write down bytes, and what becomes of them.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "data/transcode.h"

namespace crosspoint::data {

using crosspoint::to_string;  // of bytes, beside those of this room

// "82 01 61 'abc'": two hexadecimal digits a byte, text between quotes.
inline ByteVector bytes_of(std::string_view notation) {
  ByteVector bytes;
  while (!notation.empty()) {
    if (notation.front() == ' ') {
      notation.remove_prefix(1);
    } else if (notation.front() == '\'') {
      const std::size_t end = notation.find('\'', 1);
      append(bytes, notation.substr(1, end - 1));
      notation.remove_prefix(end + 1);
    } else {
      bytes.push_back(static_cast<std::byte>(std::stoi(std::string(notation.substr(0, 2)), nullptr, 16)));
      notation.remove_prefix(2);
    }
  }
  return bytes;
}

// The value in JSON, or the sentence with which it was refused.
inline std::string as_json(Format format, Bytes bytes) {
  if (format == Format::json) {  // by way of another, so that it is not only copied
    const auto there = transcode(format, bytes, Format::cbor);
    return there ? as_json(Format::cbor, *there) : to_string(there.error());
  }
  const auto text = transcode(format, bytes, Format::json);
  return text ? to_string(*text) : to_string(text.error());
}

// Why a value is refused; fails if it is not.
inline Refusal refusal_of(Format format, Bytes bytes, Limits limits = {}) {
  const auto checked = check(format, bytes, limits);
  EXPECT_FALSE(checked.has_value()) << to_hex(bytes);
  return checked ? Refusal{} : checked.error();
}

struct Refused {
  std::string_view notation;
  Cause cause;
  std::size_t at;
};

inline void expect_refused(Format format, std::span<const Refused> table) {
  for (const Refused& row: table) {
    const ByteVector bytes =
        format == Format::json ? to_vector(as_bytes(row.notation)) : bytes_of(row.notation);
    const Refusal refusal = refusal_of(format, bytes);
    EXPECT_EQ(to_string(refusal), to_string(Refusal{row.cause, row.at})) << row.notation;
  }
}

// Cut anywhere, a value is no value: each beginning is refused, by what passes over it and by what takes it
// apart. Each lies in memory of exactly its size, so that a byte read beyond it is noticed.
inline void expect_every_beginning_refused(Format format, Bytes whole) {
  ASSERT_TRUE(check(format, whole)) << to_hex(whole);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const ByteVector beginning = to_vector(whole.first(size));
    EXPECT_EQ(refusal_of(format, beginning), (Refusal{Cause::cut_short, size})) << to_hex(beginning);
    EXPECT_FALSE(transcode(format, beginning, format == Format::json ? Format::cbor : Format::json));
  }
}

}  // namespace crosspoint::data
