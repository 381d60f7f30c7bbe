#include "wamp/rawsocket.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace crosspoint::wamp::rawsocket {
namespace {

using data::Format;

std::string text(Bytes bytes) { return to_hex(bytes); }

Bytes four(const char* bytes) { return as_bytes(std::string_view(bytes, 4)); }

TEST(RawSocketHandshake, AnOfferSaysALengthAndASerializer) {
  const auto offer = read_offer(four("\x7f\xf1\0\0"));
  ASSERT_TRUE(offer && *offer);
  EXPECT_EQ((*offer)->message_bytes_max, std::size_t{1} << 24);
  EXPECT_EQ(find_format((*offer)->serializer), Format::json);
  EXPECT_EQ((*read_offer(four("\x7f\x03\0\0")))->message_bytes_max, 512u);
}

TEST(RawSocketHandshake, F13_WhatIsWrongWithAnOfferHasANumber) {
  EXPECT_FALSE(read_offer(four("GET ")));
  EXPECT_EQ(read_offer(four("\x7f\xf1\0\1"))->error(), Refusal::reserved_bits);
  EXPECT_EQ(read_offer(four("\x7f\xf1\1\0"))->error(), Refusal::reserved_bits);
  EXPECT_EQ(read_offer(four("\x7f\xf0\0\0"))->error(), Refusal::serializer_unsupported);
  EXPECT_EQ(read_offer(four("\x7f\xf5\0\0"))->error(), Refusal::serializer_unsupported);
}

TEST(RawSocketHandshake, TheAnswerNamesOurLengthAndTheSameSerializer) {
  EXPECT_EQ(text(handshake(message_bytes_most, 2)), "7f f2 00 00");
  EXPECT_EQ(text(handshake(10'000'000, 1)), "7f e1 00 00");  // 8 MiB: never more than we take
  EXPECT_EQ(text(handshake(1, 1)), "7f 01 00 00");
  EXPECT_EQ(text(handshake(Refusal::serializer_unsupported)), "7f 10 00 00");
  EXPECT_EQ(text(handshake(Refusal::too_many_connections)), "7f 40 00 00");
}

TEST(RawSocketHandshake, AClientReadsTheAnswerBack) {
  EXPECT_EQ((*read_answer(handshake(65536, 3)))->message_bytes_max, 65536u);
  EXPECT_EQ(read_answer(handshake(Refusal::message_length_unacceptable))->error(),
            Refusal::message_length_unacceptable);
  EXPECT_FALSE(read_answer(four("\x7f\0\0\0")));
  EXPECT_FALSE(read_answer(four("HTTP")));
}

TEST(RawSocketHandshake, EverySerializerHasItsNumber) {
  for (const auto format: {Format::json, Format::msgpack, Format::cbor, Format::ubjson}) {
    EXPECT_EQ(find_format(serializer_of(format)), format);
  }
  EXPECT_EQ(serializer_of(Format::bjdata), serializer_of(Format::ubjson));
}

ByteVector frame(FrameType type, std::string_view payload) {
  ByteVector bytes;
  append(bytes, Bytes(frame_header(type, payload.size())));
  append(bytes, payload);
  return bytes;
}

// All frames of `stream`, fed in pieces of `piece` bytes: "0:hello 1:x".
std::string frames_in(Bytes stream, std::size_t piece, std::size_t message_bytes_max = 1024) {
  FrameReader reader(message_bytes_max);
  std::string seen;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    Bytes bytes = stream.subspan(at, std::min(piece, stream.size() - at));
    while (true) {
      const auto next = reader.next(bytes);
      if (!next) return seen + "error " + std::to_string(static_cast<int>(next.error()));
      if (!*next) break;
      seen += std::to_string(static_cast<int>((*next)->type)) + ":" +
              crosspoint::to_string((*next)->payload) + " ";
    }
  }
  return seen + (reader.within_frame() ? "…" : "");
}

TEST(RawSocketFrames, CutAnywhereTheyAreTheSame) {
  ByteVector stream = frame(FrameType::message, "hello");
  append(stream, Bytes(frame(FrameType::ping, "")));
  append(stream, Bytes(frame(FrameType::message, std::string(300, 'x'))));
  append(stream, Bytes(frame(FrameType::pong, "p")));
  const std::string wanted = "0:hello 1: 0:" + std::string(300, 'x') + " 2:p ";
  for (std::size_t piece = 1; piece <= stream.size(); ++piece)
    EXPECT_EQ(frames_in(stream, piece), wanted) << piece;
}

TEST(RawSocketFrames, AnUnfinishedOneIsWaitedFor) {
  const auto whole = frame(FrameType::message, "hello");
  for (std::size_t cut = 1; cut < whole.size(); ++cut)
    EXPECT_EQ(frames_in(Bytes(whole).first(cut), 3), "…") << cut;
}

TEST(RawSocketFrames, WhatIsWrongWithAHeaderIsSeenAtTheHeader) {
  const auto error = [](FrameError cause) { return "error " + std::to_string(static_cast<int>(cause)); };
  EXPECT_EQ(frames_in(four("\x10\0\0\1"), 4), error(FrameError::reserved_bits));
  EXPECT_EQ(frames_in(four("\x80\0\0\1"), 1), error(FrameError::reserved_bits));
  EXPECT_EQ(frames_in(four("\x03\0\0\1"), 4), error(FrameError::unknown_type));
  EXPECT_EQ(frames_in(four("\x07\0\0\0"), 4), error(FrameError::unknown_type));
  EXPECT_EQ(frames_in(four("\x08\0\0\1"), 4, message_bytes_most), error(FrameError::reserved_bits));
  EXPECT_EQ(frames_in(four("\x00\0\4\1"), 4), error(FrameError::too_long));
  EXPECT_EQ(frames_in(four("\x08\0\0\0"), 4), error(FrameError::too_long));
  EXPECT_EQ(frames_in(four("\x08\0\0\0"), 4, message_bytes_most), "…");
}

TEST(RawSocketFrames, TheLongestHasItsOwnBit) {
  EXPECT_EQ(text(frame_header(FrameType::message, message_bytes_most)), "08 00 00 00");
  EXPECT_EQ(text(frame_header(FrameType::ping, 0x010203)), "01 01 02 03");
  EXPECT_EQ(frame_length(four("\x08\0\0\0")), header_bytes + message_bytes_most);
  EXPECT_EQ(frame_length(four("\x00\0\1\2")), header_bytes + 258);
}

}  // namespace
}  // namespace crosspoint::wamp::rawsocket
