#include <charconv>
#include <cmath>

#include "base/base64.h"
#include "data/encode.h"
#include "data/json_text.h"

namespace crosspoint::data::json {
namespace {

template <class Number>
void put_decimal(Number number, ByteVector& out) {
  char digits[32];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
  append(out, std::string_view(digits, end));
}

}  // namespace

void natural(std::uint64_t value, ByteVector& out) { put_decimal(value, out); }
void integer(std::int64_t value, ByteVector& out) { put_decimal(value, out); }

void real(double value, ByteVector& out) {
  if (!std::isfinite(value)) return append(out, "null");
  const std::size_t begin = out.size();
  put_decimal(value, out);
  const std::string_view text = as_text(Bytes(out).subspan(begin));
  if (text.find_first_of(".e") == text.npos) append(out, ".0");
}

void string(std::string_view text, ByteVector& out) {
  append(out, "\"");
  append_escaped(text, out);
  append(out, "\"");
}

void binary(Bytes bytes, ByteVector& out) {
  append(out, "\"");
  append(out, binary_prefix);
  append(out, encode_base64(Base64::standard, bytes));
  append(out, "\"");
}

}  // namespace crosspoint::data::json
