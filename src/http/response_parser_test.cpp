#include "http/response_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "testing/cut_anywhere.h"

namespace crosspoint::http {
namespace {

enum class Then { more, the_end };

// What a parser says about bytes that come in pieces, as text: one line an event, body bytes of neighbouring
// events joined.
std::string response_story(std::span<const Bytes> pieces, Then then = Then::the_end,
                           AnswerTo answer_to = AnswerTo::other_request) {
  ResponseParser parser({}, answer_to);
  std::string story;
  bool in_body = false;
  const auto tell = [&](const Result<std::optional<ResponseEvent>, ParseError>& event) {
    if (event && !*event) return false;
    const auto* body = event ? std::get_if<BodyBytes>(&**event) : nullptr;
    if (body != nullptr) {
      story.append(in_body ? "" : "body ").append(as_text(body->bytes));
      in_body = true;
      return true;
    }
    story += in_body ? "\n" : "";
    in_body = false;
    if (!event) {
      story += "error: " + std::string(to_string(event.error())) + "\n";
      return false;
    }
    if (const auto* start = std::get_if<ResponseStart>(&**event)) {
      story += std::to_string(start->head.status) + " <" + start->head.reason + "> 1." +
               std::to_string(start->head.minor_version) + " body " + std::to_string(int(start->body.kind)) +
               ":" + std::to_string(start->body.bytes) + (start->keep_alive ? " keep" : " close") +
               (start->interim ? " interim" : "") + "\n";
      for (const auto& field: start->head.fields)
        story += std::string(field.name) + "=" + std::string(field.value) + "\n";
    } else {
      story += std::holds_alternative<ChunkEnd>(**event) ? "chunk end\n" : "end\n";
    }
    return true;
  };
  for (const Bytes piece: pieces) {
    if (!parser.unread().empty()) break;
    parser.feed(piece);
    while (true) {
      const auto event = parser.next();
      const bool broken = !event;
      if (!tell(event) && broken) return story;
      if (event && !*event) break;
    }
  }
  if (then == Then::the_end) tell(parser.finish());
  return story;
}

std::string response_story(std::string_view text, Then then = Then::the_end,
                           AnswerTo answer_to = AnswerTo::other_request) {
  const Bytes whole = as_bytes(text);
  return response_story(std::span(&whole, 1), then, answer_to);
}

TEST(ResponseParser, ReadsASizedBody) {
  EXPECT_EQ(response_story("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nServer: x y\r\n\r\nhello"),
            "200 <OK> 1.1 body 1:5 keep\nContent-Length=5\nServer=x y\nbody hello\nend\n");
}

TEST(ResponseParser, ReadsTheSameHoweverTheBytesAreCut) {
  for (const std::string_view text:
       {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not  Found \r\nTransfer-Encoding: "
        "chunked\r\n\r\n3;x\r\nabc\r\n1\r\nd\r\n0\r\nT: x\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nuntil the end",
        "HTTP/1.1 204\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"}) {
    testing::expect_same_result_however_cut(as_bytes(text),
                                            [](auto pieces) { return response_story(pieces); });
  }
}

TEST(ResponseParser, A8_LeavesWhatFollowsA101Untouched) {
  ResponseParser parser({});
  parser.feed(as_bytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x02hi"));

  const auto start = parser.next();

  ASSERT_TRUE(start && *start);
  EXPECT_EQ(std::get<ResponseStart>(**start).head.status, 101);
  EXPECT_FALSE(std::get<ResponseStart>(**start).interim);
  EXPECT_FALSE(*parser.next());
  EXPECT_EQ(as_text(parser.unread()), "\x81\x02hi");
}

TEST(ResponseParser, SkipsInterimAnswersButNotForEver) {
  const std::string interim = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
  std::string many;
  for (int i = 0; i < ResponseParser::interim_responses_max; ++i) many += interim;

  EXPECT_TRUE(response_story(many + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                  .ends_with("Content-Length=0\nend\n"));
  EXPECT_TRUE(response_story(many + interim).ends_with("error: there are too many interim responses\n"));
}

TEST(ResponseParser, KnowsWhichAnswersHaveNoBody) {
  const std::string length = "\r\nContent-Length: 5\r\n\r\n";

  EXPECT_EQ(response_story("HTTP/1.1 204 No Content" + length, Then::more),
            "204 <No Content> 1.1 body 0:0 keep\nContent-Length=5\nend\n");
  EXPECT_EQ(response_story("HTTP/1.1 304 Not Modified" + length, Then::more),
            "304 <Not Modified> 1.1 body 0:0 keep\nContent-Length=5\nend\n");
  EXPECT_EQ(response_story("HTTP/1.1 200 OK" + length, Then::more, AnswerTo::head_request),
            "200 <OK> 1.1 body 0:0 keep\nContent-Length=5\nend\n");
  EXPECT_EQ(response_story("HTTP/1.1 200 OK" + length, Then::more),
            "200 <OK> 1.1 body 1:5 keep\nContent-Length=5\n");
}

TEST(ResponseParser, AnEndBeforeTheEndIsAnError) {
  const std::string truncated = "error: the connection ended inside a message\n";

  EXPECT_EQ(response_story(""), truncated);
  EXPECT_EQ(response_story("HTTP/1.1 200"), truncated);
  EXPECT_EQ(response_story("HTTP/1.1 200 OK\r\n"), truncated);
  EXPECT_TRUE(response_story("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell").ends_with(truncated));
  EXPECT_TRUE(response_story("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").ends_with(truncated));
  EXPECT_TRUE(response_story("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n")
                  .ends_with(truncated));
  EXPECT_TRUE(response_story("HTTP/1.1 100 Continue\r\n\r\n").ends_with(truncated));
  EXPECT_TRUE(response_story("HTTP/1.1 200 OK\r\n\r\nuntil the end").ends_with("body until the end\nend\n"));
}

// Row H4: what answers may be hostile, or no HTTP at all.
TEST(ResponseParser, H4_RefusesWhatIsNoStrictHttp) {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::vector<std::pair<std::string, ParseError>> rows{
      {"SSH-2.0-OpenSSH\r\n", ParseError::bad_status_line},
      {"\r\nHTTP/1.1 200 OK\r\n\r\n", ParseError::bad_status_line},
      {"<html>\r\n", ParseError::bad_status_line},
      {"ICY 200 OK\r\n", ParseError::bad_status_line},
      {"HTTP/2 200 OK\r\n", ParseError::bad_status_line},
      {"HTTP/1.1  200 OK\r\n", ParseError::bad_status_line},
      {"HTTP/1.1 20 OK\r\n", ParseError::bad_status_line},
      {"HTTP/1.1 2000 OK\r\n", ParseError::bad_status_line},
      {"HTTP/1.1 200OK\r\n", ParseError::bad_status_line},
      {"HTTP/1.1 099 OK\r\n", ParseError::bad_status_line},
      {"HTTP/1.1 600 OK\r\n", ParseError::bad_status_line},
      {"HTTP/1.1 -20 OK\r\n", ParseError::bad_status_line},
      {"HTTP/1.1 200 O\x01K\r\n", ParseError::bad_status_line},
      {"HTTP/1.1\r\n", ParseError::bad_status_line},
      {"HTTP/2.0 200 OK\r\n", ParseError::unsupported_version},
      {"HTTP/1.2 200 OK\r\n", ParseError::unsupported_version},
      {"HTTP/1.1 200 OK\n", ParseError::bad_line_ending},
      {"HTTP/1.1 200 OK\r\r\n", ParseError::bad_line_ending},
      {ok + " X: b\r\n", ParseError::folded_field},
      {ok + "X: b\r\n c\r\n", ParseError::folded_field},
      {ok + "X : b\r\n", ParseError::bad_field_name},
      {ok + "X\r\n", ParseError::bad_field_name},
      {ok + "X: \x01\r\n", ParseError::bad_field_value},
      {ok + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", ParseError::length_and_encoding},
      {ok + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", ParseError::several_content_lengths},
      {ok + "Content-Length: -5\r\n\r\n", ParseError::bad_content_length},
      {ok + "Content-Length: 18446744073709551616\r\n\r\n", ParseError::bad_content_length},
      {ok + "Transfer-Encoding: gzip, chunked\r\n\r\n", ParseError::unsupported_encoding},
      {ok + "Transfer-Encoding: Chunked\r\n\r\n", ParseError::unsupported_encoding},
      {"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", ParseError::encoding_in_http_1_0},
      {"HTTP/1.1 101 Switching Protocols\r\nContent-Length: x\r\n\r\n", ParseError::bad_content_length},
      {ok + "Transfer-Encoding: chunked\r\n\r\nx\r\n", ParseError::bad_chunk_size},
      {ok + "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", ParseError::bad_chunk_end},
      {std::string(9000, 'x'), ParseError::head_too_big},
      {ok + "X: " + std::string(9000, 'x'), ParseError::head_too_big},
  };
  for (const auto& [text, error]: rows) {
    SCOPED_TRACE(text.substr(0, 80));
    EXPECT_TRUE(response_story(text, Then::more).ends_with("error: " + std::string(to_string(error)) + "\n"))
        << response_story(text, Then::more);
  }
}

TEST(ResponseParser, RepeatsItsError) {
  ResponseParser parser({});
  parser.feed(as_bytes("no\r\nHTTP/1.1 200 OK\r\n\r\n"));
  EXPECT_EQ(parser.next().error(), ParseError::bad_status_line);

  parser.feed(as_bytes("HTTP/1.1 200 OK\r\n\r\n"));
  EXPECT_EQ(parser.next().error(), ParseError::bad_status_line);
  EXPECT_EQ(parser.finish().error(), ParseError::bad_status_line);
}

TEST(ResponseParser, SaysWhetherTheConnectionMayBeUsedAgain) {
  const auto keeps = [](std::string_view head) {
    return response_story(head, Then::more).find(" keep") != std::string::npos;
  };

  EXPECT_TRUE(keeps("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.1 200 OK\r\n\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n"));
  EXPECT_TRUE(keeps("HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\n"));
}

}  // namespace
}  // namespace crosspoint::http
