// A second opinion: whatever our parser accepts, Boost.Beast's must accept too and understand the same. (Not
// the other way round: Beast takes several things that we refuse; docs/decisions/0003 says which.) Requests
// are made by mutating good ones, from a seed.

#include <gtest/gtest.h>

#include <boost/beast/http/basic_parser.hpp>
#include <string>
#include <vector>

#include "base/random.h"
#include "http/request_parser.h"
#include "testing/seed.h"

namespace crosspoint::http {
namespace {

namespace beast = boost::beast;

class BeastRequest final : public beast::http::basic_parser<true> {
 public:
  BeastRequest() {
    header_limit(64 * 1024);
    body_limit(boost::none);
    eager(true);
  }

  std::string head;
  std::string body;
  bool ended = false;
  beast::error_code error;
  std::size_t taken = 0;

  void read(std::string_view text) {
    while (!error && !ended && taken < text.size()) {
      const auto now = put(boost::asio::buffer(text.data() + taken, text.size() - taken), error);
      taken += now;
      if (now == 0) break;
    }
  }

 private:
  void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int version,
                       beast::error_code&) override {
    head.append(method).append(" ").append(target).append(" " + std::to_string(version % 10) + "\n");
  }
  void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}
  void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value,
                     beast::error_code&) override {
    if (!in_trailer_) head.append(name).append("=").append(value).append("\n");
  }
  void on_header_impl(beast::error_code&) override { in_trailer_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
  std::size_t on_body_impl(beast::string_view bytes, beast::error_code&) override {
    body.append(bytes);
    return bytes.size();
  }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, beast::error_code&) override {
    body.append(bytes);
    return bytes.size();
  }
  void on_finish_impl(beast::error_code&) override { ended = true; }

  bool in_trailer_ = false;
};

struct OurRequest {
  std::string head;
  std::string body;
  bool ended = false;
  bool refused = false;
  std::size_t taken = 0;

  void read(std::string_view text) {
    RequestParser parser({});
    parser.feed(as_bytes(text));
    while (!ended) {
      const auto event = parser.next();
      refused = !event;
      if (refused || !*event) return;
      if (const auto* start = std::get_if<RequestStart>(&**event)) {
        head = start->head.method + " " + start->head.target + " " +
               std::to_string(start->head.minor_version) + "\n";
        for (const auto& field: start->head.fields)
          head += std::string(field.name) + "=" + std::string(field.value) + "\n";
      } else if (const auto* bytes = std::get_if<BodyBytes>(&**event)) {
        body += as_text(bytes->bytes);
      } else {
        ended = std::holds_alternative<MessageEnd>(**event);
      }
    }
    taken = text.size() - parser.unread().size();
  }
};

const std::vector<std::string> good_requests{
    "GET /out/video?code=1 HTTP/1.1\r\nHost: a\r\nUser-Agent: x y\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: lab.example:80\r\nContent-Length: 5\r\n\r\nhello",
    "PUT /x HTTP/1.0\r\nContent-Length: 0\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;n=v\r\na\r\n00b\r\nhello "
    "world\r\n0\r\nT: u\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n",
};

// Changes a few bytes: puts in, takes out or repeats bits that matter to parsers.
std::string mutate(std::string text, Random& random) {
  static const std::vector<std::string> bits{"\r\n",
                                             "\n",
                                             "\r",
                                             " ",
                                             "\t",
                                             ":",
                                             ";",
                                             ",",
                                             "0",
                                             "1",
                                             "-",
                                             "+",
                                             "x",
                                             "\x01",
                                             "\x80",
                                             "chunked",
                                             "Content-Length: 3\r\n",
                                             "Transfer-Encoding: chunked\r\n",
                                             "Host: b\r\n",
                                             "HTTP/1.1",
                                             "\r\n\r\n",
                                             "%00",
                                             "\"",
                                             "ffffffffffffffff"};
  for (auto changes = 1 + random.below(3); changes > 0; --changes) {
    const auto at = static_cast<std::size_t>(random.below(text.size()));
    const auto bytes = std::min(text.size() - at, static_cast<std::size_t>(random.below(6)));
    switch (random.below(3)) {
      case 0: text.insert(at, bits[static_cast<std::size_t>(random.below(bits.size()))]); break;
      case 1: text.erase(at, bytes); break;
      default: text.insert(at, text.substr(at, bytes)); break;
    }
    if (text.empty()) return "GET";
  }
  return text;
}

// True if we accepted it, so that there was something to agree on.
bool expect_agreement(const std::string& text) {
  OurRequest ours;
  ours.read(text);
  if (ours.refused || !ours.ended) return false;
  BeastRequest theirs;
  theirs.read(text.substr(0, 2) == "\r\n" ? text.substr(2) : text);  // the empty line that only we forgive

  // Where Beast is stricter about things that mean nothing to us: what stands inside chunk extensions and
  // Connection lists.
  if (theirs.error == beast::http::error::bad_chunk_extension ||
      theirs.error == beast::http::error::bad_value)
    return false;
  EXPECT_FALSE(theirs.error) << theirs.error.message() << "\n" << text;
  EXPECT_EQ(theirs.head, ours.head) << text;
  EXPECT_EQ(theirs.body, ours.body) << text;
  return true;
}

TEST(Agreement, GoodRequestsAreUnderstoodAlike) {
  for (const auto& text: good_requests) {
    OurRequest ours;
    BeastRequest theirs;
    ours.read(text);
    theirs.read(text);
    EXPECT_TRUE(ours.ended && theirs.ended) << text;
    EXPECT_EQ(ours.taken, text.size());
    EXPECT_TRUE(expect_agreement(text));
  }
}

TEST(Agreement, A1_WhatWeAcceptBeastUnderstandsTheSameWay) {
  testing::for_each_seed(20, [](std::uint64_t seed) {
    SeededRandom random(seed);
    int agreed = 0;
    for (int i = 0; i < 500; ++i) {
      const auto& good = good_requests[static_cast<std::size_t>(random.below(good_requests.size()))];
      agreed += expect_agreement(mutate(good, random)) ? 1 : 0;
    }
    EXPECT_GE(agreed, 20);  // enough of them are still requests
  });
}

}  // namespace
}  // namespace crosspoint::http
