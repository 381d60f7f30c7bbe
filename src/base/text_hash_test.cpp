#include "base/text_hash.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <set>
#include <string>
#include <vector>

namespace crosspoint {
namespace {

// The key 00 01 … 0f and the messages 00 01 … of the paper's appendix A and of its reference implementation.
TEST(TextHash, IsSipHash) {
  const TextHashKey key{0x0706050403020100, 0x0f0e0d0c0b0a0908};
  std::string message;
  const auto hash_of_first = [&](std::size_t bytes) {
    message.clear();
    for (std::size_t i = 0; i < bytes; ++i) message += static_cast<char>(i);
    return siphash_2_4(key, message);
  };

  EXPECT_EQ(hash_of_first(0), 0x726fdb47dd0e0e31u);
  EXPECT_EQ(hash_of_first(1), 0x74f839c593dc67fdu);
  EXPECT_EQ(hash_of_first(7), 0xab0200f58b01d137u);
  EXPECT_EQ(hash_of_first(8), 0x93f5f5799a932462u);
  EXPECT_EQ(hash_of_first(15), 0xa129ca6149be45e5u);
}

// std::hash of GCC is MurmurHash64A with a seed that everybody knows. It takes eight bytes at a time and
// mixes each word by steps that can be undone, so texts that all have one hash are simply computed: here 32
// of them, differing in pairs of words.
class Murmur {
 public:
  static std::uint64_t mixed(std::uint64_t word) {
    word *= factor;
    word ^= word >> 47;
    return word * factor;
  }
  // The word that mixed() turns into `wanted`.
  static std::uint64_t word_for(std::uint64_t wanted) {
    std::uint64_t word = wanted * inverse();
    word ^= word >> 47;
    return word * inverse();
  }
  static std::uint64_t after(std::uint64_t state, std::uint64_t word) {
    return (state ^ mixed(word)) * factor;
  }

 private:
  static constexpr std::uint64_t factor = 0xc6a4a7935bd1e995;
  static std::uint64_t inverse() {
    std::uint64_t inverse = factor;  // Newton's iteration doubles the bits that are right
    for (int i = 0; i < 6; ++i) inverse *= 2 - factor * inverse;
    return inverse;
  }
};

std::vector<std::string> texts_that_collide(std::size_t pairs) {
  std::uint64_t state = 0xc70f6907 ^ pairs * 16 * 0xc6a4a7935bd1e995;  // libstdc++'s seed
  std::vector<std::string> texts{""};
  for (std::size_t pair = 0; pair < pairs; ++pair) {
    const std::uint64_t one = 0x1111111111111111, other = 0x2222222222222222, behind_one = 0x3333333333333333;
    const auto met = Murmur::after(Murmur::after(state, one), behind_one);
    // (after(state, other) ^ mixed(w)) == (after(state, one) ^ mixed(behind_one)), solved for w.
    const auto behind_other =
        Murmur::word_for(Murmur::after(state, other) ^ Murmur::after(state, one) ^ Murmur::mixed(behind_one));
    std::vector<std::string> longer;
    for (const auto& text: texts) {
      for (const auto& words: {std::pair(one, behind_one), std::pair(other, behind_other)}) {
        std::string more(16, '\0');
        std::memcpy(more.data(), &words.first, 8);
        std::memcpy(more.data() + 8, &words.second, 8);
        longer.push_back(text + more);
      }
    }
    texts = std::move(longer);
    state = met;
  }
  return texts;
}

TEST(TextHash, D5_TextsMadeToCollideUnderAHashWithoutAKeyDoNot) {
  const auto texts = texts_that_collide(5);
  std::set<std::size_t> without_key, with_key, with_another;
  for (const auto& text: texts) {
    without_key.insert(std::hash<std::string_view>{}(text));
    with_key.insert(TextHash{}(text));
    with_another.insert(siphash_2_4({1, 2}, text));
  }

#ifdef __GLIBCXX__
  EXPECT_EQ(without_key.size(), 1u) << "the attack works, or this test shows nothing";
#endif
  EXPECT_EQ(with_key.size(), texts.size());
  EXPECT_EQ(with_another.size(), texts.size());
}

TEST(TextHash, D5_TheKeyChangesEveryHash) {
  EXPECT_NE(siphash_2_4({1, 2}, "topic"), siphash_2_4({1, 3}, "topic"));
  EXPECT_NE(siphash_2_4({1, 2}, "topic"), siphash_2_4({2, 2}, "topic"));
}

}  // namespace
}  // namespace crosspoint
