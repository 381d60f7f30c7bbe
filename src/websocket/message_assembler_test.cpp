#include "websocket/message_assembler.h"

#include <gtest/gtest.h>

#include "testing/cut_anywhere.h"
#include "websocket/test_frames.h"

namespace crosspoint::websocket {
namespace {

using enum AssemblyError;

FramePart whole_part(Opcode opcode, std::string_view payload) {
  return {.opcode = opcode,
          .continuation = false,
          .compressed = false,
          .first = true,
          .last = true,
          .final = true,
          .payload = as_bytes(payload)};
}

FramePart fragment(Opcode opcode, std::string_view payload, bool continuation, bool final) {
  FramePart part = whole_part(opcode, payload);
  part.continuation = continuation;
  part.final = final;
  return part;
}

TEST(MessageAssembler, AMessageInOnePartIsNotCopied) {
  MessageAssembler assembler(1024, 10);
  const std::string payload = "as it lies";

  const auto message = assembler.add(whole_part(Opcode::text, payload));

  ASSERT_TRUE(message && *message);
  EXPECT_EQ((*message)->payload.data(), as_bytes(payload).data());
  EXPECT_EQ(assembler.buffer_bytes(), 0u);
  EXPECT_TRUE(assembler.idle());
}

TEST(MessageAssembler, LetsTheBufferGoWhenTheNextPartComes) {
  MessageAssembler assembler(1024, 10);
  ASSERT_TRUE(assembler.add(fragment(Opcode::binary, "one ", false, false)));
  const auto message = assembler.add(fragment(Opcode::binary, "message", true, true));
  ASSERT_TRUE(message && *message);
  EXPECT_EQ(to_string((*message)->payload), "one message");
  EXPECT_GT(assembler.buffer_bytes(), 0u);

  ASSERT_TRUE(assembler.add(whole_part(Opcode::pong, "")));

  EXPECT_EQ(assembler.buffer_bytes(), 0u);
}

TEST(MessageAssembler, AControlFrameInPiecesIsPutTogetherBesideTheMessage) {
  const std::string bytes = masked_frame(Opcode::text, "be", {.final = false}) +
                            masked_frame(Opcode::ping, std::string(125, 'p')) +
                            masked_frame(Opcode::continuation, "fore");
  std::vector<Bytes> single_bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) single_bytes.push_back(as_bytes(bytes).subspan(i, 1));

  EXPECT_EQ(hear(single_bytes).messages,
            (std::vector<Heard::One>{{Opcode::ping, std::string(125, 'p')}, {Opcode::text, "before"}}));
}

// A fragment of one byte costs a byte: what is held stays within twice the payload and 16 KiB at every
// moment, and no count of fragments is too many.
TEST(MessageAssembler, B4_OneByteFragmentsCostNoMoreThanTheirBytes) {
  constexpr std::size_t fragments = 131'000;
  MessageAssembler assembler(1024 * 1024, 1024);
  for (std::size_t i = 0; i < fragments; ++i) {
    const auto message = assembler.add(fragment(Opcode::binary, "x", i > 0, false));
    ASSERT_TRUE(message);
    ASSERT_FALSE(*message);
    ASSERT_LE(assembler.buffer_bytes(), 2 * (i + 1) + 16 * 1024);
  }

  const auto message = assembler.add(fragment(Opcode::binary, "x", true, true));

  ASSERT_TRUE(message && *message);
  EXPECT_EQ(to_string((*message)->payload), std::string(fragments + 1, 'x'));
}

TEST(MessageAssembler, B4_TheBufferNeverGrowsBeyondTheLimit) {
  MessageAssembler assembler(100'000, 1024);
  const std::string piece(1000, 'x');
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(assembler.add(fragment(Opcode::binary, piece, i > 0, false)));
    ASSERT_LE(assembler.buffer_bytes(), 100'000u);
  }

  EXPECT_EQ(assembler.add(fragment(Opcode::binary, "x", true, false)).error(), too_big);
}

TEST(MessageAssembler, B5_CountsFragmentsThatHoldNothing) {
  const auto with_empty_fragments = [](std::size_t count) {
    std::string bytes = masked_frame(Opcode::text, "a", {.final = false});
    for (std::size_t i = 0; i < count; ++i) bytes += masked_frame(Opcode::continuation, "", {.final = false});
    return bytes + masked_frame(Opcode::continuation, "b");
  };

  EXPECT_EQ(hear(with_empty_fragments(1024)).messages, (std::vector<Heard::One>{{Opcode::text, "ab"}}));
  EXPECT_EQ(hear(with_empty_fragments(1025)).assembly_error, too_many_empty_fragments);
  EXPECT_EQ(close_code_of(too_many_empty_fragments), CloseCode::policy_violation);
  // Each message has its own account.
  EXPECT_EQ(hear(with_empty_fragments(1024) + with_empty_fragments(1024)).assembly_error, std::nullopt);
}

TEST(MessageAssembler, B9_RefusesTextAtTheOffendingByte) {
  // The rest of the frame never comes: the verdict does not wait for it.
  const std::string frame =
      masked_frame(Opcode::text, std::string("good \xf4\x90", 7) + std::string(1000, 'x'));

  EXPECT_EQ(hear(frame.substr(0, frame.size() - 1000 - 1)).assembly_error, std::nullopt);
  EXPECT_EQ(hear(frame.substr(0, frame.size() - 1000)).assembly_error, invalid_utf8);
  EXPECT_EQ(close_code_of(invalid_utf8), CloseCode::invalid_payload);
}

TEST(MessageAssembler, B9_ACodePointMayBeSplitOverFragmentsButNotOverMessages) {
  EXPECT_EQ(hear(masked_frame(Opcode::text, "\xe2\x82", {.final = false}) +
                 masked_frame(Opcode::continuation, "\xac"))
                .messages,
            (std::vector<Heard::One>{{Opcode::text, "\xe2\x82\xac"}}));
  EXPECT_EQ(hear(masked_frame(Opcode::text, "\xe2\x82") + masked_frame(Opcode::text, "\xac")).assembly_error,
            invalid_utf8);
  EXPECT_EQ(
      hear(masked_frame(Opcode::text, "x", {.final = false}) + masked_frame(Opcode::continuation, "\xe2"))
          .assembly_error,
      invalid_utf8);
}

TEST(MessageAssembler, BinaryMayHoldAnything) {
  EXPECT_EQ(hear(masked_frame(Opcode::binary, "\xff\xfe")).messages,
            (std::vector<Heard::One>{{Opcode::binary, "\xff\xfe"}}));
}

std::string compressed(std::string_view message) {
  ByteVector out;
  Deflater(15, Deflater::Context::forgotten).compress(as_bytes(message), out);
  return to_string(out);
}

TEST(MessageAssembler, InflatesAsItGoes) {
  const std::string text = "the same words, the same words, the same words, \xe2\x82\xac";
  const std::string deflated = compressed(text);
  const Hearing agreed{.deflate = true};
  const std::string in_one = masked_frame(Opcode::text, deflated, {.compressed = true});
  const std::string in_two =
      masked_frame(Opcode::text, deflated.substr(0, 9), {.final = false, .compressed = true}) +
      masked_frame(Opcode::ping, "between") + masked_frame(Opcode::continuation, deflated.substr(9));

  EXPECT_EQ(hear(in_one, agreed).messages, (std::vector<Heard::One>{{Opcode::text, text}}));
  EXPECT_EQ(
      hear(in_two + masked_frame(Opcode::text, "plain"), agreed).messages,
      (std::vector<Heard::One>{{Opcode::ping, "between"}, {Opcode::text, text}, {Opcode::text, "plain"}}));
  testing::expect_same_result_however_cut(
      as_bytes(in_two), [&](std::span<const Bytes> pieces) { return hear(pieces, agreed); });
}

TEST(MessageAssembler, B9_ChecksInflatedText) {
  const std::string frame = masked_frame(Opcode::text, compressed("good \xff"), {.compressed = true});

  EXPECT_EQ(hear(frame, {.deflate = true}).assembly_error, invalid_utf8);
}

TEST(MessageAssembler, B6_AMessageThatInflatesBeyondTheLimitIsTooBig) {
  const std::string frame =
      masked_frame(Opcode::binary, compressed(std::string(100'001, 'x')), {.compressed = true});

  EXPECT_EQ(hear(frame, {.message_bytes_max = 100'001, .deflate = true}).messages.size(), 1u);
  EXPECT_EQ(hear(frame, {.message_bytes_max = 100'000, .deflate = true}).assembly_error, too_big);
  EXPECT_EQ(close_code_of(too_big), CloseCode::message_too_big);
}

TEST(MessageAssembler, B6_WhatIsNotDeflateIsInvalid) {
  const std::string frame = masked_frame(Opcode::binary, "\xff\xff\xff\xff", {.compressed = true});

  EXPECT_EQ(hear(frame, {.deflate = true}).assembly_error, corrupt_deflate);
  EXPECT_EQ(close_code_of(corrupt_deflate), CloseCode::invalid_payload);
}

}  // namespace
}  // namespace crosspoint::websocket
