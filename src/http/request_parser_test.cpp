#include "http/request_parser.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "http/test_refusals.h"
#include "testing/cut_anywhere.h"

namespace crosspoint::http {
namespace {

// What a parser says about bytes that come in pieces, as text: one line an event, body bytes of neighbouring
// events joined.
std::string story_of(std::span<const Bytes> pieces, const HeadLimits& limits = {}) {
  RequestParser parser(limits);
  std::string story;
  bool in_body = false;
  const auto line = [&](const std::string& text) {
    story += (in_body ? "\n" : "") + text + "\n";
    in_body = false;
  };
  for (const Bytes piece: pieces) {
    parser.feed(piece);
    while (true) {
      const auto event = parser.next();
      if (!event) {
        line("error: " + std::string(to_string(event.error())));
        return story;
      }
      if (!*event) break;
      if (const auto* start = std::get_if<RequestStart>(&**event)) {
        line(start->head.method + " " + start->head.target + " 1." +
             std::to_string(start->head.minor_version) + " body " + std::to_string(int(start->body.kind)) +
             ":" + std::to_string(start->body.bytes) + (start->keep_alive ? " keep" : " close") +
             (start->expectation == Expectation::none ? "" : " expects"));
        for (const auto& field: start->head.fields)
          line(std::string(field.name) + "=" + std::string(field.value));
      } else if (const auto* body = std::get_if<BodyBytes>(&**event)) {
        EXPECT_FALSE(body->bytes.empty());
        story += (in_body ? "" : "body ") + std::string(as_text(body->bytes));
        in_body = true;
      } else {
        line(std::holds_alternative<ChunkEnd>(**event) ? "chunk end" : "end");
      }
    }
  }
  return story;
}

std::string story_of(std::string_view text, const HeadLimits& limits = {}) {
  const Bytes whole = as_bytes(text);
  return story_of(std::span(&whole, 1), limits);
}

std::optional<ParseError> error_of(std::string_view text, const HeadLimits& limits = {}) {
  RequestParser parser(limits);
  parser.feed(as_bytes(text));
  while (true) {
    const auto event = parser.next();
    if (!event) return event.error();
    if (!*event) return std::nullopt;
  }
}

constexpr std::string_view conversation =
    "GET /out/video?code=1 HTTP/1.1\r\nHost: lab.example.org:8080\r\nUser-Agent:  jsmpeg \t\r\nEmpty:\r\n\r\n"
    "\r\nPOST /ts/video0 HTTP/1.1\r\nHost: [::1]:80\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n"
    "Connection: close\r\n\r\n3\r\nabc\r\n0A;name=value\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n"
    "PUT /api HTTP/1.0\r\nContent-Length: 3\r\nConnection: Keep-Alive\r\n\r\n{}\n"
    "DELETE /api/x HTTP/1.0\r\n\r\n";

TEST(RequestParser, TellsHeadsBodiesAndEndsInOrder) {
  EXPECT_EQ(
      story_of(conversation),
      "GET /out/video?code=1 1.1 body 0:0 keep\nHost=lab.example.org:8080\nUser-Agent=jsmpeg\nEmpty=\nend\n"
      "POST /ts/video0 1.1 body 2:0 close "
      "expects\nHost=[::1]:80\nTransfer-Encoding=chunked\nExpect=100-continue\n"
      "Connection=close\nbody abc\nchunk end\nbody 0123456789\nchunk end\nend\n"
      "PUT /api 1.0 body 1:3 keep\nContent-Length=3\nConnection=Keep-Alive\nbody {}\n\nend\n"
      "DELETE /api/x 1.0 body 0:0 close\nend\n");
}

TEST(RequestParser, ReadsTheSameHoweverTheBytesAreCut) {
  testing::expect_same_result_however_cut(as_bytes(conversation),
                                          [](auto pieces) { return story_of(pieces); });
}

TEST(RequestParser, A1_RefusesEveryRowOfTheTable) {
  EXPECT_GE(refused_requests().size(), 200u);
  for (const auto& row: refused_requests()) {
    SCOPED_TRACE(row.name);
    const auto error = error_of(row.bytes + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(error);
    EXPECT_EQ(status_of(*error), row.status) << to_string(*error);
  }
}

TEST(RequestParser, A1_RefusesTheSameWayHoweverTheBytesAreCut) {
  for (const auto& row: refused_requests()) {
    if (row.bytes.size() > 400) continue;
    const Bytes bytes = as_bytes(row.bytes);
    const auto whole = story_of(row.bytes);
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
      const std::array<Bytes, 2> pieces{bytes.first(cut), bytes.subspan(cut)};
      EXPECT_EQ(story_of(pieces), whole) << row.name << ", cut at " << cut;
    }
  }
}

TEST(RequestParser, A1_NothingIsInterpretedAfterAnError) {
  RequestParser parser({});
  parser.feed(as_bytes("GET / HTTP/1.1\r\nHost : a\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"));

  const auto first = parser.next();
  parser.feed(as_bytes("GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"));
  const auto second = parser.next();

  ASSERT_FALSE(first);
  ASSERT_FALSE(second);
  EXPECT_EQ(first.error(), ParseError::bad_field_name);
  EXPECT_EQ(second.error(), ParseError::bad_field_name);
  EXPECT_TRUE(parser.unread().empty());
}

TEST(RequestParser, A2_SizesAtTheLimitAreAccepted) {
  const std::string start = "GET / HTTP/1.1\r\nHost: a\r\n";
  const std::string whole_head = start + "X: " + std::string(8192 - start.size() - 7, 'b') + "\r\n\r\n";
  std::string many_fields = start;
  for (int i = 0; i < 63; ++i) many_fields += "X: b\r\n";
  const std::string long_target = "GET /" + std::string(4095, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n";

  EXPECT_EQ(whole_head.size(), 8192u);
  EXPECT_EQ(error_of(whole_head), std::nullopt);
  EXPECT_EQ(error_of(many_fields + "\r\n"), std::nullopt);
  EXPECT_EQ(error_of(long_target), std::nullopt);
  EXPECT_EQ(error_of(std::string(24, 'M') + " / HTTP/1.1\r\nHost: a\r\n\r\n"), std::nullopt);
}

TEST(RequestParser, A2_TheSizesAreTheCallers) {
  const HeadLimits limits{.bytes_max = 60, .fields_max = 2, .target_bytes_max = 10};

  const std::string head = "GET /23456789 HTTP/1.1\r\nHost: a\r\n";

  EXPECT_EQ(error_of("GET /234567890 HTTP/1.1\r\nHost: a\r\n\r\n", limits), std::nullopt);
  EXPECT_EQ(error_of("GET /2345678901 HTTP/1.1\r\nHost: a\r\n\r\n", limits), ParseError::target_too_long);
  EXPECT_EQ(error_of(head + "A: b\r\n\r\n", limits), std::nullopt);
  EXPECT_EQ(error_of(head + "A: b\r\nC: d\r\n\r\n", limits), ParseError::too_many_fields);
  const auto padding = [&](std::size_t whole) { return std::string(whole - head.size() - 7, 'x'); };
  EXPECT_EQ(error_of(head + "A: " + padding(60) + "\r\n\r\n", limits), std::nullopt);
  EXPECT_EQ(error_of(head + "A: " + padding(61) + "\r\n\r\n", limits), ParseError::head_too_big);
}

TEST(RequestParser, A2_RefusesAnOversizeHeadBeforeItsEndHasCome) {
  RequestParser parser({});
  std::size_t sent = 0;
  const std::string start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
  parser.feed(as_bytes(start));
  EXPECT_TRUE(parser.next());
  for (sent = start.size(); sent < 100'000; ++sent) {
    parser.feed(as_bytes("b"));
    if (!parser.next()) break;
  }

  EXPECT_EQ(sent + 1, HeadLimits{}.bytes_max);  // not one byte more is kept
}

TEST(RequestParser, HandsOutBodyBytesWhereTheyLie) {
  const std::string text = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789";
  RequestParser parser({});
  parser.feed(as_bytes(text));

  ASSERT_TRUE(std::holds_alternative<RequestStart>(**parser.next()));
  const auto body = std::get<BodyBytes>(**parser.next());

  EXPECT_EQ(as_text(body.bytes).data(), text.data() + text.size() - 10);
  EXPECT_EQ(body.bytes.size(), 10u);
}

TEST(RequestParser, TellsTheEndOfAChunkWithItsLastByte) {
  RequestParser parser({});
  parser.feed(as_bytes("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello"));
  ASSERT_TRUE(std::holds_alternative<RequestStart>(**parser.next()));
  ASSERT_TRUE(std::holds_alternative<BodyBytes>(**parser.next()));

  EXPECT_TRUE(std::holds_alternative<ChunkEnd>(**parser.next()));
  EXPECT_FALSE(*parser.next());
}

TEST(RequestParser, A8_LeavesWhatFollowsAnUpgradeUntouched) {
  RequestParser parser({});
  parser.feed(as_bytes("GET /x HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n\x81\x85mask\x01\x02\x03"));

  ASSERT_TRUE(std::holds_alternative<RequestStart>(**parser.next()));

  EXPECT_EQ(as_text(parser.take_unread()), "\x81\x85mask\x01\x02\x03");
  EXPECT_TRUE(parser.unread().empty());
}

TEST(RequestParser, KnowsWhenItStandsBetweenMessages) {
  RequestParser parser({});
  EXPECT_TRUE(parser.between_messages());
  const auto feed = [&](std::string_view text) {
    parser.feed(as_bytes(text));
    while (*parser.next()) {
    }
  };

  feed("G");
  EXPECT_FALSE(parser.between_messages());
  feed("ET / HTTP/1.1\r\nHost: a\r\n");
  EXPECT_FALSE(parser.between_messages());
  feed("\r\n");
  EXPECT_TRUE(parser.between_messages());
  feed("\r\n");  // the one empty line that is forgiven
  EXPECT_FALSE(parser.between_messages());
}

TEST(RequestParser, OnlyContinueIsExpectedAndOnlyInHttp11) {
  const auto expectation_of = [](std::string_view text) {
    RequestParser parser({});
    parser.feed(as_bytes(text));
    return std::get<RequestStart>(**parser.next()).expectation;
  };

  EXPECT_EQ(expectation_of("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), Expectation::none);
  EXPECT_EQ(expectation_of("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n\r\n"),
            Expectation::continue_100);
  EXPECT_EQ(expectation_of("GET / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n"), Expectation::unknown);
  EXPECT_EQ(expectation_of("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue, x\r\n\r\n"),
            Expectation::unknown);
  EXPECT_EQ(expectation_of("GET / HTTP/1.0\r\nHost: a\r\nExpect: 100-continue\r\n\r\n"), Expectation::none);
}

TEST(RequestParser, KeepsTheConnectionAsRfc9112Says) {
  const auto keeps = [](std::string_view version, std::string_view connection) {
    RequestParser parser({});
    const std::string text = "GET / HTTP/" + std::string(version) +
                             "\r\nHost: a\r\nConnection: " + std::string(connection) + "\r\n\r\n";
    parser.feed(as_bytes(text));
    return std::get<RequestStart>(**parser.next()).keep_alive;
  };

  EXPECT_TRUE(keeps("1.1", ""));
  EXPECT_TRUE(keeps("1.1", "Upgrade"));
  EXPECT_FALSE(keeps("1.1", "close"));
  EXPECT_FALSE(keeps("1.1", "Upgrade, CLOSE"));
  EXPECT_FALSE(keeps("1.0", ""));
  EXPECT_TRUE(keeps("1.0", "Keep-Alive"));
  EXPECT_FALSE(keeps("1.0", "keep-alive, close"));
}

TEST(RequestParser, AcceptsWhatOldAndOddClientsSend) {
  // Bytes above ASCII in values; underscores and digits in names; "|" and "{" in queries as browsers leave
  // them.
  EXPECT_EQ(error_of("GET /a|b?c={d}^`\\[e] HTTP/1.1\r\nHost: my_host.local\r\nUser-Agent: caf\xc3\xa9 "
                     "\xe9\r\nX_1: \t\r\n\r\n"),
            std::nullopt);
  EXPECT_EQ(error_of("UPDATE /api HTTP/1.1\r\nhost:a:\r\ncontent-length:0\r\n\r\n"), std::nullopt);
  EXPECT_EQ(error_of("M-SEARCH * HTTP/1.1\r\nHost: 239.255.255.250:1900\r\n\r\n"), std::nullopt);
}

}  // namespace
}  // namespace crosspoint::http
