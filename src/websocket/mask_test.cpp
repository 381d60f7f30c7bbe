#include "websocket/mask.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace crosspoint::websocket {
namespace {

constexpr MaskKey key{std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}};

TEST(Mask, TurnsHelloIntoWhatTheRfcShows) {  // RFC 6455 section 5.7
  ByteVector bytes = to_vector(as_bytes("Hello"));

  apply_mask(bytes, key);

  EXPECT_EQ(to_hex(bytes), "7f 9f 4d 51 58");
}

// The plain definition beside the fast one, at every alignment, with bytes on both sides that must stay.
TEST(Mask, IsTheSameAtEveryLengthAndAlignmentAndTouchesNothingElse) {
  SeededRandom random(1);
  for (std::size_t offset = 0; offset < 16; ++offset) {
    for (std::size_t length = 0; length < 150; ++length) {
      ByteVector bytes(offset + length + 16);
      random.fill(bytes);
      ByteVector expected = bytes;
      for (std::size_t i = 0; i < length; ++i) expected[offset + i] ^= key[i % 4];

      apply_mask(MutableBytes(bytes).subspan(offset, length), key);

      ASSERT_EQ(bytes, expected) << "offset " << offset << ", length " << length;
    }
  }
}

TEST(Mask, GoesOnInThePhaseWhereAPieceEnded) {
  ByteVector whole(100, std::byte{0});
  apply_mask(whole, key);

  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    ByteVector pieces(100, std::byte{0});
    apply_mask(MutableBytes(pieces).first(cut), key);
    apply_mask(MutableBytes(pieces).subspan(cut), rotated(key, cut));
    ASSERT_EQ(pieces, whole) << "cut at " << cut;
  }
}

}  // namespace
}  // namespace crosspoint::websocket
