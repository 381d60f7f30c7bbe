#include "http/head_writer.h"

#include <gtest/gtest.h>

#include "http/request_parser.h"
#include "http/response_parser.h"

namespace crosspoint::http {
namespace {

using namespace std::string_view_literals;

Fields fields_of(std::initializer_list<Field> list) {
  Fields fields;
  for (const auto& field: list) fields.add(field.name, field.value);
  return fields;
}

TEST(HeadWriter, ARequestSurvivesARoundTrip) {
  const RequestHead head{"GET", "/out/video?x=%20", 1,
                         fields_of({{"Host", "h:1"}, {"X", ""}, {"Y", "a\tb \xc3\xa9"}})};
  std::string text;

  ASSERT_TRUE(encode_request_head(head, text));

  EXPECT_EQ(text, "GET /out/video?x=%20 HTTP/1.1\r\nHost: h:1\r\nX: \r\nY: a\tb \xc3\xa9\r\n\r\n");
  RequestParser parser({});
  parser.feed(as_bytes(text));
  EXPECT_EQ(std::get<RequestStart>(**parser.next()).head, head);
}

TEST(HeadWriter, AResponseSurvivesARoundTrip) {
  const ResponseHead head{404, "Nothing  here", 0, fields_of({{"Content-Length", "0"}})};
  std::string text;

  ASSERT_TRUE(encode_response_head(head, text));

  EXPECT_EQ(text, "HTTP/1.0 404 Nothing  here\r\nContent-Length: 0\r\n\r\n");
  ResponseParser parser({});
  parser.feed(as_bytes(text));
  EXPECT_EQ(std::get<ResponseStart>(**parser.next()).head, head);
}

TEST(HeadWriter, SuppliesTheUsualReason) {
  std::string text;
  ASSERT_TRUE(encode_response_head({101, "", 1, {}}, text));
  ASSERT_TRUE(encode_response_head({299, "", 1, {}}, text));

  EXPECT_EQ(text, "HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP/1.1 299 \r\n\r\n");
}

TEST(HeadWriter, RefusesFieldsThatWouldEndALineEarly) {
  const Field bad_fields[] = {{"X", "a\r\nSet-Cookie: b"},
                              {"X", "a\nb"},
                              {"X", "a\rb"},
                              {"X", "a\0b"sv},
                              {"X", "\x7f"},
                              {"X", " a"},
                              {"X", "a\t"},
                              {"", "a"},
                              {"X Y", "a"},
                              {"X:", "a"},
                              {"X\r\n", "a"},
                              {"X\0"sv, "a"},
                              {"\xc3\xa9", "a"}};
  for (const auto& field: bad_fields) {
    SCOPED_TRACE(std::string(field.name) + ": " + std::string(field.value));
    std::string text = "before";
    EXPECT_EQ(encode_response_head({200, "", 1, fields_of({{"A", "b"}, field})}, text).error(),
              WriteError::bad_field);
    EXPECT_EQ(encode_request_head({"GET", "/", 1, fields_of({{"A", "b"}, field})}, text).error(),
              WriteError::bad_field);
    EXPECT_EQ(text, "before");
  }
}

TEST(HeadWriter, RefusesStartLinesThatNobodyWouldRead) {
  std::string text;
  for (const int status: {0, 99, 600, 1000, -200}) {
    EXPECT_EQ(encode_response_head({status, "", 1, {}}, text).error(), WriteError::bad_start_line);
  }
  EXPECT_EQ(encode_response_head({200, "a\r\nb", 1, {}}, text).error(), WriteError::bad_start_line);
  for (const std::string method: {"", "G T", "GET\r\n", "G\x01T"}) {
    EXPECT_EQ(encode_request_head({method, "/", 1, {}}, text).error(), WriteError::bad_start_line);
  }
  for (const std::string target: {"", "/a b", "/a\r\nX: y", "/\xc3\xa9", "/#x"}) {
    EXPECT_EQ(encode_request_head({"GET", target, 1, {}}, text).error(), WriteError::bad_start_line);
  }
  EXPECT_TRUE(text.empty());
}

}  // namespace
}  // namespace crosspoint::http
