#include "websocket/frame_decoder.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "testing/cut_anywhere.h"
#include "websocket/test_frames.h"

namespace crosspoint::websocket {
namespace {

using enum FrameError;

// The error that these bytes end in, if they do.
std::optional<FrameError> error_of(std::string bytes, const Hearing& hearing = {}) {
  return hear(bytes, hearing).frame_error;
}

TEST(FrameDecoder, ReadsTheExamplesOfTheRfc) {  // RFC 6455 section 5.7
  const Hearing client{.role = Role::client};

  EXPECT_EQ(hear("\x81\x05Hello", client).messages, (std::vector<Heard::One>{{Opcode::text, "Hello"}}));
  EXPECT_EQ(hear("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58").messages,
            (std::vector<Heard::One>{{Opcode::text, "Hello"}}));
  EXPECT_EQ(hear(std::string("\x01\x03Hel") + "\x80\x02lo", client).messages,
            (std::vector<Heard::One>{{Opcode::text, "Hello"}}));
  EXPECT_EQ(hear("\x89\x05Hello", client).messages, (std::vector<Heard::One>{{Opcode::ping, "Hello"}}));
}

TEST(FrameDecoder, HandsOutAWholeFrameWhereItLies) {
  std::string text = masked_frame(Opcode::binary, "payload");
  const MutableBytes bytes(reinterpret_cast<std::byte*>(text.data()), text.size());
  FrameDecoder decoder(Role::server, 1024);

  decoder.feed(bytes);
  const auto part = decoder.next();

  ASSERT_TRUE(part && *part);
  EXPECT_EQ((*part)->payload.data(), bytes.data() + 6);
  EXPECT_TRUE((*part)->first && (*part)->last && (*part)->final);
  EXPECT_TRUE(decoder.idle());
}

TEST(FrameDecoder, HandsOutWhatThereIsOfALargeFrame) {
  const std::string frame = masked_frame(Opcode::binary, std::string(1000, 'x'));
  FrameDecoder decoder(Role::server, 1024);

  ByteVector beginning = to_vector(as_bytes(frame).first(108));
  decoder.feed(beginning);
  const auto first = decoder.next();
  ASSERT_TRUE(first && *first);
  EXPECT_EQ((*first)->payload.size(), 100u);
  EXPECT_TRUE((*first)->first);
  EXPECT_FALSE((*first)->last);
  EXPECT_FALSE(*decoder.next());
  EXPECT_FALSE(decoder.idle());

  ByteVector rest = to_vector(as_bytes(frame).subspan(108));
  decoder.feed(rest);
  const auto second = decoder.next();
  ASSERT_TRUE(second && *second);
  EXPECT_EQ(to_string((*second)->payload), std::string(900, 'x'));
  EXPECT_FALSE((*second)->first);
  EXPECT_TRUE((*second)->last);
}

TEST(FrameDecoder, AnEmptyFrameIsOnePart) {
  EXPECT_EQ(hear(masked_frame(Opcode::text, "")).messages, (std::vector<Heard::One>{{Opcode::text, ""}}));
}

TEST(FrameDecoder, B2_RefusesAnUnmaskedClientAndAMaskedServer) {
  EXPECT_EQ(error_of(plain_frame(Opcode::text, "x")), wrong_masking);
  EXPECT_EQ(error_of(masked_frame(Opcode::text, "x"), {.role = Role::client}), wrong_masking);
  EXPECT_EQ(error_of(header({0x81, 0x05})), wrong_masking);  // on the second byte, before any payload
  EXPECT_EQ(close_code_of(wrong_masking), CloseCode::protocol_error);
}

TEST(FrameDecoder, B3_RefusesEveryLengthThatIsNotInItsShortestForm) {
  for (const int length: {0, 1, 124, 125})
    EXPECT_EQ(error_of(header({0x82, 0xfe, 0, length})), wasteful_length) << length;
  EXPECT_EQ(error_of(header({0x82, 0xfe, 0, 126})), std::nullopt);
  EXPECT_EQ(error_of(header({0x82, 0xff, 0, 0, 0, 0, 0, 0, 0, 125})), wasteful_length);
  EXPECT_EQ(error_of(header({0x82, 0xff, 0, 0, 0, 0, 0, 0, 0, 126})), wasteful_length);
  EXPECT_EQ(error_of(header({0x82, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff})), wasteful_length);
  EXPECT_EQ(error_of(header({0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 0})), std::nullopt);
}

// No byte of the mask key or of the payload follows these headers: the verdict falls on the length alone.
TEST(FrameDecoder, B3_ALengthOverTheLimitIsRefusedOnTheHeaderAlone) {
  constexpr std::uint64_t bit63 = std::uint64_t{1} << 63;
  struct Case {
    std::uint64_t length;
    std::size_t limit;
    std::optional<FrameError> error;
  };
  const Case cases[] = {
      {125, 125, std::nullopt},
      {125, 124, too_big},
      {126, 126, std::nullopt},
      {126, 125, too_big},
      {65535, 65535, std::nullopt},
      {65535, 65534, too_big},
      {65536, 65536, std::nullopt},
      {65536, 65535, too_big},
      {1 << 20, 1 << 20, std::nullopt},
      {(1 << 20) + 1, 1 << 20, too_big},
      {(1 << 20) - 1, 1 << 20, std::nullopt},
      {std::uint64_t{1} << 31, 1 << 20, too_big},
      {(std::uint64_t{1} << 32) + 1, 1 << 20, too_big},
      {bit63 - 1, 1 << 20, too_big},
      {bit63, 1 << 20, impossible_length},
      {bit63 + 5, 1 << 20, impossible_length},
      {UINT64_MAX, 1 << 20, impossible_length},
      {UINT64_MAX, SIZE_MAX, impossible_length},
      {bit63 - 1, SIZE_MAX, std::nullopt},
  };
  for (const Case& one: cases) {
    const std::string whole = to_string(FrameHeader(Opcode::binary, one.length, test_key));
    const std::string without_key = whole.substr(0, whole.size() - 4);
    EXPECT_EQ(error_of(without_key, {.message_bytes_max = one.limit}), one.error)
        << one.length << " with a limit of " << one.limit;
  }
  EXPECT_EQ(close_code_of(too_big), CloseCode::message_too_big);
  EXPECT_EQ(close_code_of(impossible_length), CloseCode::protocol_error);
}

TEST(FrameDecoder, B3_TheLimitIsOnTheMessageNotOnItsFragments) {
  const Hearing ten{.message_bytes_max = 10};
  const std::string first = masked_frame(Opcode::text, "12345", {.final = false});

  EXPECT_EQ(error_of(first + masked_frame(Opcode::continuation, "67890"), ten), std::nullopt);
  EXPECT_EQ(error_of(first + masked_frame(Opcode::continuation, "67890a"), ten), too_big);
  EXPECT_EQ(error_of(first + masked_frame(Opcode::ping, "0123456789ab") +
                         masked_frame(Opcode::continuation, "67890"),
                     ten),
            std::nullopt);
  // A new message begins to count anew.
  EXPECT_EQ(
      error_of(masked_frame(Opcode::text, "1234567890") + masked_frame(Opcode::text, "1234567890"), ten),
      std::nullopt);
}

TEST(FrameDecoder, RefusesWhatTheFirstByteMayNotBe) {
  struct Case {
    int first_byte;
    std::optional<FrameError> error;
  };
  for (int number = 0; number < 16; ++number) {
    const bool known = number == 1 || number == 2 || (number >= 8 && number <= 10);
    const auto expected = known         ? std::nullopt
                          : number == 0 ? std::optional(unexpected_continuation)
                                        : std::optional(unknown_opcode);
    EXPECT_EQ(error_of(header({0x80 | number})), expected) << number;
    for (const int reserved: {0x10, 0x20, 0x40, 0x50, 0x70}) {
      EXPECT_EQ(error_of(header({0x80 | reserved | number})), reserved_bits) << number;
    }
  }
  for (const int control: {8, 9, 10}) EXPECT_EQ(error_of(header({control})), fragmented_control) << control;
}

TEST(FrameDecoder, ControlFramesStopAt125Bytes) {
  for (const Opcode opcode: {Opcode::close, Opcode::ping, Opcode::pong}) {
    const int first = 0x80 | static_cast<int>(opcode);
    EXPECT_EQ(error_of(header({first, 0x80 | 125})), std::nullopt);
    EXPECT_EQ(error_of(header({first, 0x80 | 126})), oversized_control);
    EXPECT_EQ(error_of(header({first, 0x80 | 127})), oversized_control);
  }
}

TEST(FrameDecoder, KeepsTheOrderOfFragments) {
  const std::string begin = masked_frame(Opcode::text, "a", {.final = false});
  const std::string more = masked_frame(Opcode::continuation, "b", {.final = false});
  const std::string end = masked_frame(Opcode::continuation, "c");

  EXPECT_EQ(hear(begin + more + end).messages, (std::vector<Heard::One>{{Opcode::text, "abc"}}));
  EXPECT_EQ(hear(begin + masked_frame(Opcode::ping, "!") + end).messages,
            (std::vector<Heard::One>{{Opcode::ping, "!"}, {Opcode::text, "ac"}}));
  EXPECT_EQ(error_of(more), unexpected_continuation);
  EXPECT_EQ(error_of(end), unexpected_continuation);
  EXPECT_EQ(error_of(begin + end + end), unexpected_continuation);
  EXPECT_EQ(error_of(begin + begin), expected_continuation);
  EXPECT_EQ(error_of(begin + masked_frame(Opcode::binary, "x")), expected_continuation);
}

TEST(FrameDecoder, B6_RSV1IsForTheFirstFrameOfAMessageAndOnlyIfAgreed) {
  const Hearing agreed{.deflate = true};
  const std::string begin = masked_frame(Opcode::text, "", {.final = false});

  EXPECT_EQ(error_of(header({0xc1})), reserved_bits);
  EXPECT_EQ(error_of(header({0xc1}), agreed), std::nullopt);
  EXPECT_EQ(error_of(header({0xc2}), agreed), std::nullopt);
  EXPECT_EQ(error_of(begin + header({0xc0}), agreed), reserved_bits);
  for (const int control: {8, 9, 10}) EXPECT_EQ(error_of(header({0xc0 | control}), agreed), reserved_bits);
  for (const int other: {0x90, 0xa0, 0xd0, 0xe0})
    EXPECT_EQ(error_of(header({other | 1}), agreed), reserved_bits);
}

TEST(FrameDecoder, AnErrorRepeatsItself) {
  FrameDecoder decoder(Role::server, 1024);
  ByteVector wrong = to_vector(as_bytes(header({0x83})));
  decoder.feed(wrong);
  EXPECT_EQ(decoder.next().error(), unknown_opcode);

  ByteVector right = to_vector(as_bytes(masked_frame(Opcode::text, "x")));
  decoder.feed(right);
  EXPECT_EQ(decoder.next().error(), unknown_opcode);
}

TEST(FrameDecoder, IsIdleOnlyBetweenMessages) {
  const std::string bytes = masked_frame(Opcode::text, "a", {.final = false}) +
                            masked_frame(Opcode::ping, "p") + masked_frame(Opcode::continuation, "b");
  FrameDecoder decoder(Role::server, 1024);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_EQ(decoder.idle(), i == 0);
    ByteVector byte = to_vector(as_bytes(bytes).subspan(i, 1));
    decoder.feed(byte);
    while (*decoder.next()) {
    }
  }
  EXPECT_TRUE(decoder.idle());
}

TEST(FrameDecoder, B12_HearsTheSameHoweverTheBytesAreCut) {
  const std::string conversations[] = {
      masked_frame(Opcode::text, "Hello") + masked_frame(Opcode::ping, "p") +
          masked_frame(Opcode::binary, ""),
      masked_frame(Opcode::text, "ab", {.final = false}) + masked_frame(Opcode::ping, "") +
          masked_frame(Opcode::continuation, "", {.final = false}) +
          masked_frame(Opcode::continuation, "cd") + masked_frame(Opcode::close, "\x03\xe8"),
      masked_frame(Opcode::binary, std::string(126, 'x')) + masked_frame(Opcode::text, "after it"),
      masked_frame(Opcode::text, "good") + header({0x81, 0xfe, 0, 5, 1, 2, 3, 4}),
      masked_frame(Opcode::text, "good") + plain_frame(Opcode::text, "bad"),
      masked_frame(Opcode::text, "good \xce\xba", {.final = false}) +
          masked_frame(Opcode::continuation, "\xff\xff"),
      masked_frame(Opcode::text, "good") + header({0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0}) + "never read",
  };
  for (const std::string& bytes: conversations) {
    testing::expect_same_result_however_cut(as_bytes(bytes),
                                            [](std::span<const Bytes> pieces) { return hear(pieces); });
  }
}

TEST(FrameDecoder, B12_HearsAFrameOf64BitLengthCutAtEveryByteOfItsHeader) {
  const std::string payload(70'000, 'v');
  const std::string frame = masked_frame(Opcode::binary, payload);
  const Heard expected{{{Opcode::binary, payload}}, std::nullopt, std::nullopt};

  for (std::size_t cut = 0; cut <= 20; ++cut) {
    const Bytes pieces[] = {as_bytes(frame).first(cut), as_bytes(frame).subspan(cut)};
    EXPECT_EQ(hear(pieces), expected) << cut;
  }
}

TEST(FrameDecoder, ReadsBackWhatTheEncoderWrites) {
  SeededRandom random(7);
  std::string bytes;
  std::vector<Heard::One> expected;
  for (const std::size_t size: {0, 1, 7, 125, 126, 127, 1000, 65535, 65536, 100'000}) {
    ByteVector payload(size);
    random.fill(payload);
    bytes += masked_frame(Opcode::binary, as_text(payload));
    expected.push_back({Opcode::binary, to_string(payload)});
  }

  EXPECT_EQ(hear(bytes).messages, expected);
}

}  // namespace
}  // namespace crosspoint::websocket
