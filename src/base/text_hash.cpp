#include "base/text_hash.h"

#include <bit>
#include <cstring>

namespace crosspoint {
namespace {

TextHashKey process_key;

// Aumasson and Bernstein, "SipHash: a fast short-input PRF", section 2.
struct State {
  std::uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }
  void add(std::uint64_t word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }
};

// Up to eight bytes, the first the lowest.
std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes.data(), bytes.size());
  static_assert(std::endian::native == std::endian::little);
  return word;
}

}  // namespace

void set_text_hash_key(const TextHashKey& key) { process_key = key; }

std::uint64_t siphash_2_4(const TextHashKey& key, std::string_view text) {
  State state{key.first ^ 0x736f6d6570736575, key.second ^ 0x646f72616e646f6d, key.first ^ 0x6c7967656e657261,
              key.second ^ 0x7465646279746573};
  const std::uint64_t length = static_cast<std::uint64_t>(text.size()) << 56;
  while (text.size() >= 8) {
    state.add(little_endian(text.substr(0, 8)));
    text.remove_prefix(8);
  }
  state.add(length | (text.empty() ? 0 : little_endian(text)));
  state.v2 ^= 0xff;
  for (int i = 0; i < 4; ++i) state.round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

std::size_t TextHash::operator()(std::string_view text) const { return siphash_2_4(process_key, text); }

}  // namespace crosspoint
