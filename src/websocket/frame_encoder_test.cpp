#include "websocket/frame_encoder.h"

#include <gtest/gtest.h>

#include "websocket/test_frames.h"

namespace crosspoint::websocket {
namespace {

TEST(FrameHeader, IsTheShortestForm) {
  const auto hex = [](std::uint64_t payload_bytes) {
    return to_hex(FrameHeader(Opcode::binary, payload_bytes));
  };

  EXPECT_EQ(hex(0), "82 00");
  EXPECT_EQ(hex(125), "82 7d");
  EXPECT_EQ(hex(126), "82 7e 00 7e");
  EXPECT_EQ(hex(65535), "82 7e ff ff");
  EXPECT_EQ(hex(65536), "82 7f 00 00 00 00 00 01 00 00");
  EXPECT_EQ(hex(std::uint64_t{1} << 40), "82 7f 00 00 01 00 00 00 00 00");
}

TEST(FrameHeader, HoldsWhatTheFirstByteHasRoomFor) {
  EXPECT_EQ(to_hex(FrameHeader(Opcode::text, 1, {.final = false})), "01 01");
  EXPECT_EQ(to_hex(FrameHeader(Opcode::continuation, 1)), "80 01");
  EXPECT_EQ(to_hex(FrameHeader(Opcode::text, 1, {.compressed = true})), "c1 01");
  EXPECT_EQ(to_hex(FrameHeader(Opcode::pong, 0)), "8a 00");
}

TEST(FrameHeader, OfAClientCarriesTheMaskKey) {
  EXPECT_EQ(to_hex(FrameHeader(Opcode::text, 5, test_key)), "81 85 37 fa 21 3d");  // RFC 6455 section 5.7
  EXPECT_EQ(to_hex(FrameHeader(Opcode::text, 126, test_key)), "81 fe 00 7e 37 fa 21 3d");
  EXPECT_EQ(to_hex(FrameHeader(Opcode::text, 65536, test_key)), "81 ff 00 00 00 00 00 01 00 00 37 fa 21 3d");
}

TEST(FrameLength, CountsHeaderAndPayloadOfEveryForm) {
  for (const std::uint64_t payload: {0u, 1u, 125u, 126u, 65535u, 65536u, 10'000'000u}) {
    const FrameHeader plain(Opcode::binary, payload);
    const FrameHeader masked(Opcode::binary, payload, test_key);
    EXPECT_EQ(header_length(plain), plain.bytes().size());
    EXPECT_EQ(header_length(masked), masked.bytes().size());
    EXPECT_EQ(frame_length(plain), plain.bytes().size() + payload);
    EXPECT_EQ(frame_length(masked), masked.bytes().size() + payload);
  }
}

}  // namespace
}  // namespace crosspoint::websocket
