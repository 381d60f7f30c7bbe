#include "websocket/close.h"

#include <gtest/gtest.h>

namespace crosspoint::websocket {
namespace {

CloseCode code(int number) { return static_cast<CloseCode>(number); }

std::string payload(int number, std::string_view text = {}) {
  std::string bytes{static_cast<char>(number >> 8), static_cast<char>(number & 0xff)};
  return bytes.append(text);
}

TEST(Close, B10_TakesTheCodesThatMayTravelAndNoOthers) {
  for (int number = 0; number < 65536; ++number) {
    const bool allowed = (number >= 1000 && number <= 1003) || (number >= 1007 && number <= 1014) ||
                         (number >= 3000 && number <= 4999);
    const auto parsed = parse_close(as_bytes(payload(number)));
    ASSERT_EQ(parsed.has_value(), allowed) << number;
    ASSERT_EQ(is_sendable(code(number)), allowed) << number;
    if (!allowed) {
      ASSERT_EQ(parsed.error(), CloseError::invalid_code);
    }
  }
  for (const int number: {0, 999, 1004, 1005, 1006, 1015, 2999, 5000}) {  // the row's own list
    EXPECT_EQ(parse_close(as_bytes(payload(number))).error(), CloseError::invalid_code);
  }
  EXPECT_EQ(close_code_of(CloseError::invalid_code), CloseCode::protocol_error);
}

TEST(Close, B10_OneByteIsHalfACode) {
  EXPECT_EQ(parse_close(as_bytes("\x03")).error(), CloseError::half_a_code);
  EXPECT_EQ(close_code_of(CloseError::half_a_code), CloseCode::protocol_error);
}

TEST(Close, NothingMeansNoStatus) { EXPECT_EQ(parse_close({})->code, CloseCode::no_status); }

TEST(Close, B9_TheReasonMustBeUtf8) {
  EXPECT_EQ(parse_close(as_bytes(payload(1000, "na\xc3\xafve")))->text, "na\xc3\xafve");
  for (const std::string_view text: {"\xff", "x\xc3", "\xed\xa0\x80"}) {
    EXPECT_EQ(parse_close(as_bytes(payload(1000, text))).error(), CloseError::invalid_text);
  }
  EXPECT_EQ(close_code_of(CloseError::invalid_text), CloseCode::invalid_payload);
}

TEST(Close, ReadsBackWhatItWrites) {
  for (const int number: {1000, 1001, 1013, 3000, 4999}) {
    const auto parsed = parse_close(encode_close(code(number), "why"));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->code, code(number));
    EXPECT_EQ(parsed->text, "why");
  }
  EXPECT_TRUE(encode_close(CloseCode::no_status, "not said").empty());
}

TEST(Close, CutsALongReasonBetweenTwoCodePoints) {
  EXPECT_EQ(encode_close(CloseCode::normal, std::string(500, 'x')).size(), 2 + close_text_bytes_max);
  for (std::size_t ascii = 118; ascii <= 123; ++ascii) {
    const std::string text = std::string(ascii, 'x') + "\xe2\x82\xac\xf0\x9f\x98\x80";
    const auto parsed = parse_close(encode_close(CloseCode::normal, text));
    ASSERT_TRUE(parsed) << ascii;
    EXPECT_TRUE(text.starts_with(parsed->text));
    EXPECT_GE(parsed->text.size(), ascii);
  }
}

TEST(Close, LeavesOutAReasonThatIsNotUtf8) { EXPECT_EQ(encode_close(CloseCode::normal, "\xff").size(), 2u); }

}  // namespace
}  // namespace crosspoint::websocket
