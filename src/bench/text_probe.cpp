#include "bench/text_probe.h"

#include <array>
#include <optional>

#include "base/assert.h"
#include "bench/probe_body.h"

namespace crosspoint::bench {
namespace {

constexpr std::uint8_t no_digit = 64;
constexpr auto values = [] {
  std::array<std::uint8_t, 256> made{};
  made.fill(no_digit);
  for (std::size_t i = 0; i < text_digits.size(); ++i)
    made[static_cast<unsigned char>(text_digits[i])] = static_cast<std::uint8_t>(i);
  return made;
}();

void put_digits(std::uint64_t value, std::size_t digits, char* at) {
  for (; digits > 0; --digits, value >>= 6) at[digits - 1] = text_digits[value & 63];
}

// Nothing: there is another character, or the number is beyond 64 bits.
std::optional<std::uint64_t> take_digits(std::string_view digits) {
  std::uint64_t value = 0;
  for (const char c: digits) {
    const std::uint8_t digit = values[static_cast<unsigned char>(c)];
    if (digit == no_digit || value >> 58 != 0) return std::nullopt;
    value = value << 6 | digit;
  }
  return value;
}

}  // namespace

void encode_text_probe(const Probe& probe, std::size_t bytes, std::string& out) {
  CROSSPOINT_ASSERT(bytes >= probe_bytes_min && bytes < std::size_t{1} << 30 && probe.source < 1u << 24);
  out.resize(bytes);
  out[0] = 'x';
  put_digits(bytes, 5, &out[1]);
  put_digits(probe.sequence, 11, &out[6]);
  put_digits(static_cast<std::uint64_t>(probe.due.time_since_epoch().count()), 11, &out[17]);
  put_digits(probe.source, 4, &out[28]);
  const MutableBytes all{reinterpret_cast<std::byte*>(out.data()), out.size()};
  write_body(Alphabet::text, probe.sequence, probe.source, all.subspan(probe_bytes_min));
}

Verdict read_text_probe(std::string_view text, bool whole_body) {
  Verdict verdict;
  if (text.size() < probe_bytes_min || text[0] != 'x') return verdict;
  const auto length = take_digits(text.substr(1, 5));
  const auto sequence = take_digits(text.substr(6, 11));
  const auto due = take_digits(text.substr(17, 11));
  const auto source = take_digits(text.substr(28, 4));
  if (length != text.size() || !sequence || !due || !source) return verdict;
  verdict.probe = {.sequence = *sequence,
                   .due = MonotonicTime{Duration{static_cast<std::int64_t>(*due)}},
                   .source = *source};
  verdict.intact =
      !whole_body || is_body(Alphabet::text, *sequence, *source, as_bytes(text).subspan(probe_bytes_min));
  return verdict;
}

}  // namespace crosspoint::bench
