#include "net/address.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace crosspoint::net {
namespace {

Endpoint tcp(std::string host, std::uint16_t port) {
  return {.kind = Endpoint::Kind::tcp, .host = std::move(host), .port = port, .path = {}};
}

TEST(Endpoint, WhatUsersWriteIsUnderstoodAndWrittenBackTheSame) {
  const Endpoint unix_socket{
      .kind = Endpoint::Kind::unix_socket, .host = {}, .port = 0, .path = "/run/crosspoint.sock"};
  const std::array<std::pair<std::string_view, Endpoint>, 9> table{{
      {"127.0.0.1:8080", tcp("127.0.0.1", 8080)},
      {"[::1]:8080", tcp("::1", 8080)},
      {"[fe80::1%eth0]:80", tcp("fe80::1%eth0", 80)},
      {":8080", tcp("", 8080)},
      {"localhost:0", tcp("localhost", 0)},
      {"lab.example.org:65535", tcp("lab.example.org", 65535)},
      {"my_host-2:1", tcp("my_host-2", 1)},
      {"unix:/run/crosspoint.sock", unix_socket},
      {"unix:a:b@c", {.kind = Endpoint::Kind::unix_socket, .host = {}, .port = 0, .path = "a:b@c"}},
  }};
  for (const auto& [text, endpoint]: table) {
    SCOPED_TRACE(text);
    const auto parsed = parse_endpoint(text);
    ASSERT_TRUE(parsed) << parsed.error();
    EXPECT_EQ(*parsed, endpoint);
    EXPECT_EQ(to_string(*parsed), text);
  }
}

// Each refusal says what is wrong, in words that hold this.
TEST(Endpoint, WhatIsWrongIsSaid) {
  const std::array<std::pair<std::string, std::string_view>, 22> table{{
      {"", "an address is missing"},
      {"8080", "write :8080 for every address"},
      {"localhost", "write localhost:8080"},
      {"localhost:", "lacks its port"},
      {"localhost:http", "\"http\" in \"localhost:http\" is not a port"},
      {"localhost:80x", "is not a port"},
      {"localhost:-1", "is not a port"},
      {"localhost:+1", "is not a port"},
      {"localhost: 1", "is not a port"},
      {"localhost:65536", "the largest is 65535"},
      {"localhost:99999999999999999999", "the largest is 65535"},
      {"::1:8080", "stands in brackets"},
      {"[::1:8080", "never closed"},
      {"[::1]", "[::1]:8080"},
      {"[::1]8080", "[::1]:8080"},
      {"[localhost]:80", "not an IPv6 address"},
      {"[::1%]:80", "not an IPv6 address"},
      {"256.0.0.1:80", "not an IPv4 address"},
      {"http://lab.example.org:80", "more than an address"},
      {"lab example:80", "which no host name does"},
      {"unix:", "needs a path"},
      {"lab\n:80", "control character"},
  }};
  for (const auto& [text, words]: table) {
    SCOPED_TRACE(text);
    const auto parsed = parse_endpoint(text);
    ASSERT_FALSE(parsed);
    EXPECT_NE(parsed.error().find(words), std::string::npos) << parsed.error();
  }
}

TEST(Endpoint, WhatMayBeAPasswordIsNotRepeated) {
  const auto parsed = parse_endpoint("admin:secret@lab.example.org:80");

  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().find("secret"), std::string::npos);
}

TEST(Endpoint, LengthsAreLimited) {
  EXPECT_TRUE(parse_endpoint("unix:" + std::string(107, 'p')));
  EXPECT_FALSE(parse_endpoint("unix:" + std::string(108, 'p')));
  EXPECT_TRUE(parse_endpoint(std::string(253, 'h') + ":1"));
  EXPECT_FALSE(parse_endpoint(std::string(254, 'h') + ":1"));
  const auto long_one = parse_endpoint(std::string(100'000, 'h') + ":1");
  ASSERT_FALSE(long_one);
  EXPECT_LT(long_one.error().size(), 200u);
  EXPECT_FALSE(parse_endpoint(std::string("unix:a\0b", 8)));
}

TEST(Address, IsWrittenAsPeopleWriteIt) {
  const Address ipv4{.family = Address::Family::ipv4, .port = 5000, .bytes = {127, 0, 0, 1}};
  Address ipv6{.family = Address::Family::ipv6, .port = 5000, .bytes = {}};
  ipv6.bytes[15] = 1;
  const Address local{.family = Address::Family::unix_socket, .port = 0, .bytes = {}};

  EXPECT_EQ(to_string(ipv4), "127.0.0.1:5000");
  EXPECT_EQ(host_of(ipv4), "127.0.0.1");
  EXPECT_EQ(to_string(ipv6), "[::1]:5000");
  EXPECT_EQ(host_of(ipv6), "::1");
  EXPECT_EQ(to_string(local), "unix");
  EXPECT_EQ(host_of(local), "unix");
  EXPECT_EQ(to_string(Address{}), "unknown");
}

TEST(Address, FitsIntoTwentyBytes) { EXPECT_LE(sizeof(Address), 20u); }

TEST(Endpoint, KnowsWhetherOnlyThisMachineReachesIt) {
  for (const char* text: {"127.0.0.1:80", "127.8.8.8:80", "[::1]:80", "localhost:80", "unix:/run/x"}) {
    EXPECT_TRUE(is_loopback(*parse_endpoint(text))) << text;
  }
  for (const char* text:
       {":80", "0.0.0.0:80", "[::]:80", "192.0.2.1:80", "lab.example.org:80", "localhost.example:80"}) {
    EXPECT_FALSE(is_loopback(*parse_endpoint(text))) << text;
  }
}

}  // namespace
}  // namespace crosspoint::net
