#include "base/hex.h"

#include <gtest/gtest.h>

namespace crosspoint {
namespace {

TEST(Hex, WhatIsWrittenReadsBackAsTheSameBytes) {
  ByteVector all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<std::byte>(i));

  EXPECT_EQ(decode_hex(encode_hex(all)), all);
  EXPECT_EQ(encode_hex(Bytes(all).subspan(10, 2)), "0a0b");
}

TEST(Hex, CapitalsAreDigitsToo) { EXPECT_EQ(encode_hex(*decode_hex("0aFF4B")), "0aff4b"); }

TEST(Hex, WhatIsNoHexIsRefused) {
  for (const std::string_view text: {"0", "0g", "g0", "0x", " 00", "00 ", "-1", "\xff\xff"}) {
    EXPECT_FALSE(decode_hex(text)) << text;
  }
  EXPECT_EQ(decode_hex(""), ByteVector());
}

}  // namespace
}  // namespace crosspoint
