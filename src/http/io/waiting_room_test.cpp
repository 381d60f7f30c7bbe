#include "http/io/waiting_room.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace crosspoint::http {
namespace {

class Visitor final : public WaitingRoom::Guest {
 public:
  bool put_out = false;

 private:
  void on_put_out() override { put_out = true; }
};

net::Address ipv4(std::uint8_t last, std::uint16_t port = 1) {
  return {net::Address::Family::ipv4, port, {10, 0, 0, last}};
}

net::Address ipv6(std::uint8_t network, std::uint8_t last) {
  net::Address address{net::Address::Family::ipv6, 1, {0x20, 1, 0xd, 0xb8}};
  address.bytes[7] = network;
  address.bytes[15] = last;
  return address;
}

TEST(WaitingRoom, TheOldestMakesRoom) {
  WaitingRoom room({.guests_max = 2, .guests_per_host_max = 9});
  Visitor a;
  Visitor b;
  Visitor c;
  room.enter(a, ipv4(1));
  room.enter(b, ipv4(2));

  room.enter(c, ipv4(3));

  EXPECT_TRUE(a.put_out);
  EXPECT_FALSE(b.put_out);
  EXPECT_EQ(room.size(), 2u);
  EXPECT_EQ(room.hosts(), 2u);
}

TEST(WaitingRoom, WhoComesBackIsTheYoungest) {
  WaitingRoom room({.guests_max = 2, .guests_per_host_max = 9});
  Visitor a;
  Visitor b;
  Visitor c;
  room.enter(a, ipv4(1));
  room.enter(b, ipv4(1));
  room.leave(a);
  room.leave(a);
  room.enter(a, ipv4(1));

  room.enter(c, ipv4(1));

  EXPECT_FALSE(a.put_out);
  EXPECT_TRUE(b.put_out);
}

TEST(WaitingRoom, AHostIsAnIpv4AddressOrAnIpv6Network) {
  WaitingRoom room({.guests_max = 100, .guests_per_host_max = 1});
  Visitor first;
  Visitor same_host;
  Visitor mapped;
  room.enter(first, ipv4(1, 1000));
  room.enter(same_host, ipv4(1, 2000));
  EXPECT_TRUE(first.put_out);
  net::Address as_ipv6{
      net::Address::Family::ipv6, 1, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1}};
  room.enter(mapped, as_ipv6);
  EXPECT_TRUE(same_host.put_out);

  Visitor six;
  Visitor same_network;
  Visitor other_network;
  room.enter(six, ipv6(1, 1));
  room.enter(same_network, ipv6(1, 2));
  EXPECT_TRUE(six.put_out);
  room.enter(other_network, ipv6(2, 1));
  EXPECT_FALSE(same_network.put_out);
  EXPECT_EQ(room.size(), 3u);
}

TEST(WaitingRoom, UnixSocketsCountInAllOnly) {
  WaitingRoom room({.guests_max = 3, .guests_per_host_max = 1});
  std::vector<std::unique_ptr<Visitor>> visitors;
  for (int i = 0; i < 4; ++i) {
    visitors.push_back(std::make_unique<Visitor>());
    room.enter(*visitors.back(), {net::Address::Family::unix_socket, 0, {}});
  }

  EXPECT_TRUE(visitors[0]->put_out);
  EXPECT_FALSE(visitors[1]->put_out);
}

TEST(WaitingRoom, AGuestThatDiesLeaves) {
  WaitingRoom room({.guests_max = 3, .guests_per_host_max = 3});
  auto a = std::make_unique<Visitor>();
  auto b = std::make_unique<Visitor>();
  auto c = std::make_unique<Visitor>();
  for (auto* visitor: {a.get(), b.get(), c.get()}) room.enter(*visitor, ipv4(1));

  b.reset();
  a.reset();
  EXPECT_EQ(room.size(), 1u);
  c.reset();

  EXPECT_EQ(room.size(), 0u);
  EXPECT_EQ(room.hosts(), 0u);
}

}  // namespace
}  // namespace crosspoint::http
