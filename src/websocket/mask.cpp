#include "websocket/mask.h"

#include <cstring>

namespace crosspoint::websocket {

void apply_mask(MutableBytes bytes, const MaskKey& key) {
  std::uint32_t key32;
  std::memcpy(&key32, key.data(), sizeof key32);
  const std::uint64_t key64 = std::uint64_t{key32} << 32 | key32;

  // Four words at a time: compilers turn the inner loop into vector instructions, at any alignment.
  std::byte* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 32; at += 32, left -= 32) {
    std::uint64_t words[4];
    std::memcpy(words, at, sizeof words);
    for (std::uint64_t& word: words) word ^= key64;
    std::memcpy(at, words, sizeof words);
  }
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof word);
    word ^= key64;
    std::memcpy(at, &word, sizeof word);
  }
  for (std::size_t i = 0; i < left; ++i) at[i] ^= key[i % 4];
}

}  // namespace crosspoint::websocket
