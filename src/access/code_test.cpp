#include "access/code.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace crosspoint::access {
namespace {

class FixedRandom final : public Random {
 public:
  explicit FixedRandom(std::uint8_t byte) : byte_(byte) {}
  void fill(MutableBytes out) override { std::fill(out.begin(), out.end(), std::byte{byte_}); }

 private:
  std::uint8_t byte_;
};

TEST(Code, LooksLikeWhatClientsExpect) {
  FixedRandom random(0x5a);
  EXPECT_EQ(make_code(random), "5a5a5a5a-5a5a-5a5a-5a5a-5a5a5a5a5a5a");
}

// No bit is taken for a version, as UUIDs do.
TEST(Code, C10_All128BitsAreRandom) {
  FixedRandom zeros(0), ones(0xff);
  EXPECT_EQ(make_code(zeros), "00000000-0000-0000-0000-000000000000");
  EXPECT_EQ(make_code(ones), "ffffffff-ffff-ffff-ffff-ffffffffffff");
}

TEST(Code, NoTwoAreAlike) {
  SystemRandom random;
  std::set<std::string> codes;
  for (int i = 0; i < 1000; ++i) codes.insert(make_code(random));
  EXPECT_EQ(codes.size(), 1000u);
}

TEST(Code, IsToldFromAnythingElse) {
  EXPECT_TRUE(is_code("01234567-89ab-cdef-0123-456789abcdef"));
  for (const char* text:
       {"", "x", "01234567-89ab-cdef-0123-456789abcde", "01234567-89ab-cdef-0123-456789abcdef0",
        "01234567-89AB-cdef-0123-456789abcdef", "0123456789abcdef-0123-456789abcdef-00",
        "01234567-89ab-cdef-0123-456789abcdeg", "01234567189ab-cdef-0123-456789abcdef"}) {
    EXPECT_FALSE(is_code(text)) << text;
  }
}

}  // namespace
}  // namespace crosspoint::access
