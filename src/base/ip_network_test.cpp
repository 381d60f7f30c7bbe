#include "base/ip_network.h"

#include <gtest/gtest.h>

namespace crosspoint {
namespace {

bool is_in(const char* network, const char* address) {
  return parse_ip_network(network)->contains(*parse_ip_number(address));
}

TEST(IpNetwork, HoldsTheAddressesThatShareItsFirstBits) {
  EXPECT_TRUE(is_in("192.0.2.0/24", "192.0.2.255"));
  EXPECT_FALSE(is_in("192.0.2.0/24", "192.0.3.0"));
  EXPECT_TRUE(is_in("192.0.2.128/25", "192.0.2.129"));
  EXPECT_FALSE(is_in("192.0.2.128/25", "192.0.2.127"));
  EXPECT_TRUE(is_in("2001:db8::/32", "2001:db8:ffff::1"));
  EXPECT_FALSE(is_in("2001:db8::/32", "2001:db9::1"));
  EXPECT_TRUE(is_in("0.0.0.0/0", "198.51.100.1"));
  EXPECT_FALSE(is_in("0.0.0.0/0", "2001:db8::1")) << "every IPv4 address is not every address";
  EXPECT_TRUE(is_in("::/0", "198.51.100.1"));
}

TEST(IpNetwork, AnAddressAloneIsANetworkOfOne) {
  EXPECT_TRUE(is_in("192.0.2.7", "192.0.2.7"));
  EXPECT_FALSE(is_in("192.0.2.7", "192.0.2.6"));
}

TEST(IpNetwork, AMappedAddressIsTheIpv4Address) { EXPECT_TRUE(is_in("127.0.0.0/8", "::ffff:127.0.0.1")); }

TEST(IpNetwork, RefusesWhatIsNoNetwork) {
  for (const char* text: {"", "/", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/", "192.0.2.0/2x", "::/129",
                          "192.0.2", "example.org", "[::1]", "192.0.2.0 /24", "1.2.3.4:80"}) {
    EXPECT_FALSE(parse_ip_network(text)) << text;
  }
}

TEST(IpNetworks, KnowsLoopbackByName) {
  const auto networks = IpNetworks::parse({"loopback", "10.0.0.0/8"});

  EXPECT_TRUE(networks->contain(*parse_ip_number("127.1.2.3")));
  EXPECT_TRUE(networks->contain(*parse_ip_number("::1")));
  EXPECT_TRUE(networks->contain(*parse_ip_number("10.9.9.9")));
  EXPECT_FALSE(networks->contain(*parse_ip_number("192.0.2.1")));
}

TEST(IpNetworks, SaysWhichElementIsNone) {
  EXPECT_NE(IpNetworks::parse({"loopback", "everybody"}).error().find("everybody"), std::string::npos);
}

TEST(IpNetworks, NoneHoldNothing) { EXPECT_FALSE(IpNetworks().contain(*parse_ip_number("127.0.0.1"))); }

}  // namespace
}  // namespace crosspoint
