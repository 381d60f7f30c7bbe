#include "base/base64.h"

#include <array>

namespace crosspoint {
namespace {

constexpr std::string_view standard_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::uint8_t no_value = 0xff;
using ValueTable = std::array<std::uint8_t, 256>;

constexpr ValueTable values_of(std::string_view alphabet) {
  ValueTable table{};
  table.fill(no_value);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}
constexpr ValueTable standard_values = values_of(standard_alphabet);
constexpr ValueTable url_values = values_of(url_alphabet);

// Padding is taken off the end here, so that the decoder proper sees alphabet characters only.
Result<std::string_view, Base64Error> without_padding(std::string_view text) {
  if (text.size() % 4 != 0) return fail(Base64Error::wrong_length);
  if (text.ends_with("==")) return text.substr(0, text.size() - 2);
  if (text.ends_with('=')) return text.substr(0, text.size() - 1);
  return text;
}

}  // namespace

std::string encode_base64(Base64 kind, Bytes bytes) {
  const std::string_view alphabet = kind == Base64::standard ? standard_alphabet : url_alphabet;
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  while (!bytes.empty()) {
    const std::size_t taken = bytes.size() < 3 ? bytes.size() : 3;
    const auto group = static_cast<std::uint32_t>(read_big_endian(bytes.first(taken)) << 8 * (3 - taken));
    for (std::size_t i = 0; i <= taken; ++i) text += alphabet[group >> (18 - 6 * i) & 0x3f];
    if (kind == Base64::standard) text.append(3 - taken, '=');
    bytes = bytes.subspan(taken);
  }
  return text;
}

Result<ByteVector, Base64Error> decode_base64(Base64 kind, std::string_view text) {
  if (kind == Base64::standard) {
    auto unpadded = without_padding(text);
    if (!unpadded) return fail(unpadded.error());
    text = *unpadded;
  }
  if (text.size() % 4 == 1) return fail(Base64Error::wrong_length);

  const ValueTable& values = kind == Base64::standard ? standard_values : url_values;
  ByteVector bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int bit_count = 0;
  for (const char c: text) {
    const std::uint8_t value = values[static_cast<unsigned char>(c)];
    if (value == no_value) return fail(Base64Error::wrong_character);
    bits = bits << 6 | value;
    bit_count += 6;
    if (bit_count >= 8) {
      bit_count -= 8;
      bytes.push_back(static_cast<std::byte>(bits >> bit_count & 0xff));
      bits &= (1u << bit_count) - 1;
    }
  }
  if (bits != 0) return fail(Base64Error::stray_bits);
  return bytes;
}

}  // namespace crosspoint
