#include "websocket/deflate.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace crosspoint::websocket {
namespace {

using Context = Inflater::Context;

struct Inflated {
  std::string text;
  std::optional<InflateError> error;
  bool operator==(const Inflated&) const = default;
};

Inflated inflate(Inflater& inflater, Bytes message, std::size_t bytes_max = 1024 * 1024,
                 std::size_t piece_bytes = SIZE_MAX) {
  GrowingBuffer out(bytes_max);
  do {
    const Bytes piece = message.first(std::min(piece_bytes, message.size()));
    message = message.subspan(piece.size());
    const auto done = inflater.feed(piece, message.empty(), out);
    if (!done) return {to_string(out.bytes()), done.error()};
  } while (!message.empty());
  return {to_string(out.bytes()), std::nullopt};
}

Inflated inflate_alone(std::string_view message, std::size_t bytes_max = 1024 * 1024) {
  Inflater inflater(Context::forgotten);
  return inflate(inflater, as_bytes(message), bytes_max);
}

ByteVector deflate(Deflater& deflater, std::string_view message) {
  ByteVector out;
  deflater.compress(as_bytes(message), out);
  return out;
}

// A literal with its zero bytes.
template <std::size_t Size>
std::string_view raw(const char (&literal)[Size]) {
  return {literal, Size - 1};
}

TEST(Inflater, ReadsTheExamplesOfTheRfc) {  // RFC 7692 section 7.2.3
  EXPECT_EQ(inflate_alone(raw("\xf2\x48\xcd\xc9\xc9\x07\x00")).text, "Hello");
  // A block without compression, a final block followed by one byte, two blocks.
  EXPECT_EQ(inflate_alone(raw("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00")).text, "Hello");
  EXPECT_EQ(inflate_alone(raw("\xf3\x48\xcd\xc9\xc9\x07\x00\x00")).text, "Hello");
  EXPECT_EQ(inflate_alone(raw("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00")).text, "Hello");
  // The empty message.
  EXPECT_EQ(inflate_alone(raw("\x00")), Inflated{});
}

TEST(Inflater, ReadsTheWindowOfTheMessageBefore) {  // RFC 7692 section 7.2.3.2
  Inflater keeping(Context::kept);
  EXPECT_EQ(inflate(keeping, as_bytes(raw("\xf2\x48\xcd\xc9\xc9\x07\x00"))).text, "Hello");
  EXPECT_EQ(inflate(keeping, as_bytes(raw("\xf2\x00\x11\x00\x00"))).text, "Hello");

  Inflater forgetting(Context::forgotten);
  EXPECT_EQ(inflate(forgetting, as_bytes(raw("\xf2\x48\xcd\xc9\xc9\x07\x00"))).text, "Hello");
  EXPECT_EQ(inflate(forgetting, as_bytes(raw("\xf2\x00\x11\x00\x00"))).error, InflateError::corrupt);
}

TEST(Inflater, KeepsTheWindowAcrossAFinalBlock) {
  Inflater inflater(Context::kept);
  EXPECT_EQ(inflate(inflater, as_bytes(raw("\xf3\x48\xcd\xc9\xc9\x07\x00\x00"))).text, "Hello");
  EXPECT_EQ(inflate(inflater, as_bytes(raw("\xf2\x00\x11\x00\x00"))).text, "Hello");
}

TEST(Inflater, ForgivesASenderThatEndsItsBlockInsteadOfFlushing) {
  Inflater inflater(Context::kept);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(inflate(inflater, as_bytes(raw("\xf3\x48\xcd\xc9\xc9\x07\x00"))),
              (Inflated{"Hello", std::nullopt}));
  }
}

TEST(Inflater, B6_RefusesTruncatedAndBrokenDeflate) {
  const std::string_view whole = raw("\xf2\x48\xcd\xc9\xc9\x07\x00");
  for (std::size_t length = 1; length < whole.size() - 1; ++length) {
    EXPECT_EQ(inflate_alone(whole.substr(0, length)).error, InflateError::corrupt) << length;
  }
  const std::string_view broken[] = {
      raw("\xff"),                      // block type 3
      raw("\x07\x00"),                  // the same, final
      raw("\x00\x05\x00\xfa\xfe"),      // a stored length and its complement do not agree
      raw("\x02\x03\x00\x11\x00\x00"),  // a distance beyond the beginning
      raw("\xf2\x48\xcd\xc9\xc9\x07\x00\xff"),
  };
  for (const std::string_view message: broken) {
    EXPECT_EQ(inflate_alone(message).error, InflateError::corrupt) << to_hex(as_bytes(message));
  }
}

TEST(Inflater, StopsExactlyAtTheLimit) {
  Deflater deflater(15, Context::forgotten);
  for (const std::size_t size: {1, 4096, 65536, 100'000}) {
    const ByteVector message = deflate(deflater, std::string(size, 'x'));
    EXPECT_EQ(inflate_alone(as_text(message), size), (Inflated{std::string(size, 'x'), std::nullopt}));
    EXPECT_EQ(inflate_alone(as_text(message), size - 1).error, InflateError::too_big);
  }
}

// 6 MB that would become gigabytes, as in CVE-2026-1526: over before the buffer has grown beyond its limit.
TEST(Inflater, B6_ABombIsNotInflatedBeyondTheLimit) {
  Deflater deflater(15, Context::forgotten);
  const ByteVector layer = deflate(deflater, std::string(2 * 1024 * 1024, '\0'));
  ByteVector bomb;
  while (bomb.size() < 6'000'000) {
    append(bomb, layer);
    append(bomb, raw("\x00\x00\xff\xff"));
  }
  for (int i = 0; i < 10; ++i) {
    Inflater inflater(Context::forgotten);
    GrowingBuffer out(10 * 1024 * 1024);
    const auto done = inflater.feed(bomb, true, out);
    ASSERT_FALSE(done);
    EXPECT_NE(done.error(), InflateError::corrupt);
    EXPECT_LE(out.capacity(), 10u * 1024 * 1024);
  }
}

TEST(Inflater, B6_AModestMessageMayBeManyTimesItsSizeAndALargeOneNot) {
  Deflater deflater(15, Context::forgotten);
  const std::string modest(inflate_ratio_free_bytes, 'x');
  EXPECT_EQ(inflate_alone(as_text(deflate(deflater, modest)), 64 * 1024 * 1024).error, std::nullopt);
  const std::string large(4 * inflate_ratio_free_bytes, 'x');
  EXPECT_EQ(inflate_alone(as_text(deflate(deflater, large)), 64 * 1024 * 1024).error, InflateError::bomb);

  // Fifty times is not suspicious, however large.
  SeededRandom random(1);
  std::string fifty;
  while (fifty.size() < 4 * inflate_ratio_free_bytes) {
    ByteVector noise(8);
    random.fill(noise);
    fifty.append(as_text(noise)).append(500, 'x');
  }
  EXPECT_EQ(inflate_alone(as_text(deflate(deflater, fifty)), 64 * 1024 * 1024).text, fifty);
}

TEST(Inflater, B12_SaysTheSameHoweverAMessageIsCut) {
  Deflater deflater(15, Context::kept);
  const std::string text = "over and over, over and over and over again, \x01\x02\x03 and once more over";
  const ByteVector first = deflate(deflater, text);
  const ByteVector second = deflate(deflater, "over and over, but differently");
  for (std::size_t piece = 1; piece <= first.size(); ++piece) {
    Inflater inflater(Context::kept);
    EXPECT_EQ(inflate(inflater, first, 1024, piece), (Inflated{text, std::nullopt}));
    EXPECT_EQ(inflate(inflater, second, 1024, piece),
              (Inflated{"over and over, but differently", std::nullopt}));
  }
}

// A sender that refers back farther than it agreed to was read when its message came in one piece, and
// refused when it was cut between the two.
TEST(Inflater, B12_AReferenceFarBackIsReadHoweverTheMessageIsCut) {
  Deflater deflater(15, Context::kept);
  SeededRandom random(5);
  ByteVector noise(600);
  random.fill(noise);
  const std::string text = to_string(noise) + std::string(30'000, 'x') + to_string(noise);
  const ByteVector message = deflate(deflater, text);
  for (const std::size_t piece: {std::size_t{1}, std::size_t{7}, message.size()}) {
    Inflater inflater(Context::kept);
    EXPECT_EQ(inflate(inflater, message, 1024 * 1024, piece), (Inflated{text, std::nullopt}));
  }
}

TEST(Deflater, WritesWhatTheRfcShows) {
  Deflater deflater(15, Context::kept);
  EXPECT_EQ(to_hex(deflate(deflater, "Hello")), "f2 48 cd c9 c9 07 00");
  EXPECT_EQ(to_hex(deflate(deflater, "Hello")), "f2 00 11 00 00");
  EXPECT_EQ(to_hex(deflate(deflater, "")), "00");
}

TEST(Deflater, MakesNoWindowOfEightBits) {
  EXPECT_FALSE(Deflater(8, Context::kept).able());
  EXPECT_TRUE(Deflater(9, Context::kept).able());
}

TEST(Deflate, WhatIsCompressedIsInflatedForEveryWindowAndContext) {
  SeededRandom random(3);
  for (int bits = 9; bits <= 15; ++bits) {
    for (const Context context: {Context::kept, Context::forgotten}) {
      Deflater deflater(bits, context);
      Inflater inflater(context);
      for (const std::size_t size: {0, 1, 100, 1000, 70'000}) {
        ByteVector noise(size / 4);
        random.fill(noise);
        std::string text = to_string(noise) + std::string(size / 4, 'x') + to_string(noise);
        text.resize(size, 'y');
        const ByteVector message = deflate(deflater, text);
        ASSERT_EQ(inflate(inflater, message), (Inflated{text, std::nullopt}))
            << bits << " bits, " << size << " bytes";
      }
      EXPECT_EQ(deflater.holds_memory(), context == Context::kept);
      EXPECT_EQ(inflater.holds_memory(), context == Context::kept);
    }
  }
}

TEST(Deflate, HoldsNothingBeforeTheFirstMessage) {
  EXPECT_FALSE(Inflater(Context::kept).holds_memory());
  EXPECT_FALSE(Deflater(15, Context::kept).holds_memory());
}

}  // namespace
}  // namespace crosspoint::websocket
