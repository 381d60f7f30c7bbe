#include "base/bytes.h"

#include <gtest/gtest.h>

#include <array>

namespace crosspoint {
namespace {

TEST(Bytes, BigEndianNumbersSurviveARoundTrip) {
  std::array<std::byte, 8> room{};

  write_big_endian(0x0102030405060708, room);

  EXPECT_EQ(to_hex(room), "01 02 03 04 05 06 07 08");
  EXPECT_EQ(read_big_endian(room), 0x0102030405060708u);
  EXPECT_EQ(read_big_endian(std::span(room).first(2)), 0x0102u);
}

TEST(Bytes, TextAndBytesAreTwoViewsOfOneThing) {
  EXPECT_EQ(as_text(as_bytes("topic")), "topic");
  EXPECT_EQ(to_string(as_bytes("")), "");
}

}  // namespace
}  // namespace crosspoint
