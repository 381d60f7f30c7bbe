#include "http/body_decoder.h"

#include <gtest/gtest.h>

#include <string>

#include "testing/cut_anywhere.h"

namespace crosspoint::http {
namespace {

std::string body_story(BodyFraming framing, std::span<const Bytes> pieces) {
  BodyDecoder decoder(framing);
  std::string story;
  for (Bytes piece: pieces) {
    while (true) {
      const auto event = decoder.next(piece);
      if (!event) return story + "[error: " + std::string(to_string(event.error())) + "]";
      if (!*event) break;
      if (const auto* body = std::get_if<BodyBytes>(&**event)) {
        story += as_text(body->bytes);
      } else {
        story += std::holds_alternative<ChunkEnd>(**event) ? "|" : "[end]";
      }
    }
    if (!piece.empty()) story.append("[left: ").append(as_text(piece)).append("]");
  }
  return story;
}

std::string body_story(BodyFraming framing, std::string_view text) {
  const Bytes whole = as_bytes(text);
  return body_story(framing, std::span(&whole, 1));
}

constexpr BodyFraming chunked{BodyKind::chunked, 0};

TEST(BodyDecoder, EndsEachKindOfBodyWhereItEnds) {
  EXPECT_EQ(body_story({BodyKind::none, 0}, "next"), "[end][left: next]");
  EXPECT_EQ(body_story({BodyKind::sized, 0}, "next"), "[end][left: next]");
  EXPECT_EQ(body_story({BodyKind::sized, 3}, "abcnext"), "abc[end][left: next]");
  EXPECT_EQ(body_story({BodyKind::sized, 3}, "ab"), "ab");
  EXPECT_EQ(body_story({BodyKind::until_close, 0}, "abc"), "abc");
  EXPECT_EQ(body_story(chunked, "3\r\nabc\r\n0\r\n\r\nnext"), "abc|[end][left: next]");
  EXPECT_EQ(body_story(chunked, "0\r\n\r\n"), "[end]");
}

TEST(BodyDecoder, ReadsChunksTheSameHoweverTheyAreCut) {
  for (const std::string_view text:
       {"3\r\nabc\r\n00A;a=\"b;c\"\r\n0123456789\r\n0;x\r\nA: b\r\nC: d\r\n\r\n", "1\r\na\r\n1\r\nb\rc",
        "2\r\nab\r\n0\r\nA : b\r\n\r\n", "ffffffffffffffff\r\nx"}) {
    testing::expect_same_result_however_cut(as_bytes(text),
                                            [](auto pieces) { return body_story(chunked, pieces); });
  }
}

TEST(BodyDecoder, TakesTheLargestChunkAndNoLarger) {
  EXPECT_EQ(body_story(chunked, "7fffffffffffffff\r\nx"), "x");
  EXPECT_EQ(body_story(chunked, "0000000000000001\r\nx"), "x|");
  EXPECT_EQ(body_story(chunked, "8000000000000000\r\nx"), "[error: a chunk size is malformed]");
  EXPECT_EQ(body_story(chunked, "00000000000000001\r\nx"), "[error: a chunk size is malformed]");
}

TEST(BodyDecoder, ExtensionsAndTrailersAreBounded) {
  const std::string chunk_with_extension =
      "1;" + std::string(BodyDecoder::chunk_extension_bytes_max - 1, 'x') + "\r\na\r\n";
  std::string most;
  for (std::size_t i = 0;
       i < BodyDecoder::chunk_extension_bytes_total_max / BodyDecoder::chunk_extension_bytes_max; ++i) {
    most += chunk_with_extension;
  }
  std::string trailers = "0\r\n";
  for (std::size_t i = 0; i < BodyDecoder::trailer_fields_max; ++i) trailers += "A: b\r\n";

  EXPECT_TRUE(body_story(chunked, most + "0\r\n\r\n").ends_with("[end]"));
  EXPECT_TRUE(
      body_story(chunked, most + "1;\r\na").ends_with("[error: there are too many chunk extensions]"));
  EXPECT_EQ(body_story(chunked, trailers + "\r\n"), "[end]");
  EXPECT_EQ(body_story(chunked, trailers + "A: b\r\n"), "[error: the trailer section is too big]");
  EXPECT_EQ(
      body_story(chunked, "0\r\nA: " + std::string(BodyDecoder::trailer_bytes_max - 7, 'x') + "\r\n\r\n"),
      "[end]");
  EXPECT_EQ(
      body_story(chunked, "0\r\nA: " + std::string(BodyDecoder::trailer_bytes_max - 6, 'x') + "\r\n\r\n"),
      "[error: the trailer section is too big]");
}

TEST(BodyDecoder, KnowsWhetherAnEndedConnectionEndedTheBody) {
  const auto finish = [](BodyFraming framing, std::string_view text) {
    BodyDecoder decoder(framing);
    Bytes input = as_bytes(text);
    while (*decoder.next(input)) {
    }
    const auto event = decoder.finish();
    return !event ? std::string(to_string(event.error())) : *event ? "end" : "nothing";
  };
  const std::string truncated(to_string(ParseError::truncated));

  EXPECT_EQ(finish({BodyKind::until_close, 0}, "abc"), "end");
  EXPECT_EQ(finish({BodyKind::sized, 3}, "abc"), "nothing");  // had been told
  EXPECT_EQ(finish({BodyKind::sized, 3}, "ab"), truncated);
  EXPECT_EQ(finish(chunked, ""), truncated);
  EXPECT_EQ(finish(chunked, "3\r\nab"), truncated);
  EXPECT_EQ(finish(chunked, "3\r\nabc\r"), truncated);
  EXPECT_EQ(finish(chunked, "0\r\nA"), truncated);
  EXPECT_EQ(finish(chunked, "0\r\n\r\n"), "nothing");
}

TEST(BodyDecoder, RepeatsItsErrorAndTakesNothingMore) {
  BodyDecoder decoder(chunked);
  Bytes input = as_bytes("x\r\n");
  EXPECT_EQ(decoder.next(input).error(), ParseError::bad_chunk_size);

  Bytes more = as_bytes("0\r\n\r\n");
  EXPECT_EQ(decoder.next(more).error(), ParseError::bad_chunk_size);
  EXPECT_EQ(more.size(), 5u);
  EXPECT_EQ(decoder.finish().error(), ParseError::bad_chunk_size);
}

}  // namespace
}  // namespace crosspoint::http
