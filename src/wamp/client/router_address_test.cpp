#include "wamp/client/router_address.h"

#include <gtest/gtest.h>

namespace crosspoint::wamp::client {
namespace {

using Transport = RouterAddress::Transport;

TEST(RouterAddress, NamesTransportAndPlace) {
  const auto websocket = parse_router_address("wss://lab.example/ws");
  ASSERT_TRUE(websocket);
  EXPECT_EQ(websocket->transport, Transport::websocket);
  EXPECT_TRUE(websocket->secure);
  EXPECT_EQ(websocket->url, "wss://lab.example/ws");
  EXPECT_FALSE(parse_router_address("ws://lab.example")->secure);

  const auto rawsocket = parse_router_address("rs://lab.example:8081/");
  ASSERT_TRUE(rawsocket);
  EXPECT_EQ(rawsocket->transport, Transport::rawsocket);
  EXPECT_FALSE(rawsocket->secure);
  EXPECT_EQ(rawsocket->endpoint, "lab.example:8081");

  const auto secure = parse_router_address("rss://[::1]:8081");
  ASSERT_TRUE(secure);
  EXPECT_TRUE(secure->secure);
  EXPECT_EQ(secure->endpoint, "[::1]:8081");
  EXPECT_EQ(secure->host, "::1");

  const auto local = parse_router_address("unix:/run/x.sock");
  ASSERT_TRUE(local);
  EXPECT_EQ(local->transport, Transport::rawsocket);
  EXPECT_EQ(local->endpoint, "unix:/run/x.sock");
}

TEST(RouterAddress, RefusesWhatIsNone) {
  for (const auto* text: {"", "http://lab.example", "lab.example:80", "rs://", "rs://lab.example", "rs://:80",
                          "rs://lab.example:80/ws", "rss:lab.example:80"}) {
    const auto read = parse_router_address(text);
    ASSERT_FALSE(read) << text;
    EXPECT_FALSE(read.error().empty());
  }
}

}  // namespace
}  // namespace crosspoint::wamp::client
