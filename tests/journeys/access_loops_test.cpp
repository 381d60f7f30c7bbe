// Token topics on several loops: codes and connections that have to travel.

#include <gmock/gmock.h>

#include <algorithm>

#include "secure_product.h"
#include "testing/raw_client.h"

namespace crosspoint::journeys {
namespace {

using ::testing::HasSubstr;

// On one loop and on several, what lives where is different and what clients see is not.
class AccessOnLoops : public ::testing::TestWithParam<std::size_t> {
 protected:
  testing::MemoryWorld world;
};
INSTANTIATE_TEST_SUITE_P(Loops, AccessOnLoops, ::testing::Values(1, 2, 3));

TEST_P(AccessOnLoops, S26_C11_ACodeShownAtAnotherTopicIsRefusedAndSpent) {
  SecureProduct product(world, {.loops = GetParam()});
  for (int i = 0; i < 8; ++i) {
    const auto topic = "t" + std::to_string(i);
    const auto address = product.address_for(topic, product.token(topic));
    const auto code = address.substr(address.find('?'));

    EXPECT_TRUE(product.open_address("/session/other" + std::to_string(i) + code)->refused);
    world.run_until_idle();
    const auto after = product.open_address(address);
    ASSERT_TRUE(after->refused) << topic;
    EXPECT_EQ(after->refused->http_status, 401);
  }
}

TEST_P(AccessOnLoops, CancellingReachesConnectionsOnEveryLoop) {
  SecureProduct product(world, {.loops = GetParam(), .spill_receivers_min = 4});
  std::vector<std::unique_ptr<WebClient>> viewers;
  for (int i = 0; i < 30; ++i) {
    viewers.push_back(product.open("many", product.token("many", {"read"}, i % 2 == 0 ? "even" : "odd")));
    ASSERT_TRUE(viewers.back()->open());
  }

  EXPECT_EQ(product.deny("even").status, 204);
  world.run_until_idle();

  for (std::size_t i = 0; i < viewers.size(); ++i) EXPECT_EQ(viewers[i]->open(), i % 2 == 1) << i;
}

// Row C8: of all who show a code at the same time, one comes in. The full race of N13 is bench/code_race;
// here the loops turn in every order. Who races says no more than the request.
TEST_P(AccessOnLoops, C8_OneOfManyWhoRaceWithTheSameCodeComesIn) {
  constexpr std::size_t racers = 64;
  SeededRandom random(GetParam());
  SecureProduct product(world, {.loops = GetParam(), .spill_receivers_min = 2});
  for (int round = 0; round < 60; ++round) {
    const auto topic = "t" + std::to_string(round % 5);
    const auto address = product.address_for(topic, product.token(topic, {"read"}));
    const auto upgrade = "GET " + address +
                         " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    std::vector<std::unique_ptr<testing::RawClient>> clients;
    for (std::size_t i = 0; i < racers; ++i) {
      clients.push_back(std::make_unique<testing::RawClient>(world.loop(random.below(GetParam())),
                                                             world.network(), product.relay()));
      clients.back()->send(upgrade);
      if (random.below(4) == 0) world.loop(random.below(GetParam())).turn();
    }
    world.run_until_idle();

    const auto answered = [&](std::string_view status) {
      return std::ranges::count_if(clients, [&](const auto& c) {
        return c->received().starts_with("HTTP/1.1 " + std::string(status));
      });
    };
    ASSERT_EQ(answered("101"), 1) << "round " << round;
    ASSERT_EQ(answered("401"), racers - 1) << "round " << round;
  }
}

// However many loops there are, and wherever the codes are refused.
TEST_P(AccessOnLoops, C10_AnAddressHasTenBadCodesAMinuteInAll) {
  SecureProduct product(world, {.loops = GetParam(), .bad_codes_max = 10});
  std::vector<int> statuses;
  for (int i = 0; i < 30; ++i) {
    const auto code = i % 2 == 0 ? "nonsense" : "01234567-89ab-cdef-0123-456789abcdef";
    const auto client = std::make_unique<WebClient>(
        world, product.relay(), "/session/t" + std::to_string(i) + "?code=" + code, WebClient::Options{},
        static_cast<std::size_t>(i) % GetParam());
    world.run_until_idle();
    statuses.push_back(client->refused ? client->refused->http_status : 0);
  }

  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 401), 10);
  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 429), 20);
}

// Row C14: whatever is under way when a booking is cancelled, nothing of it is left when that is answered and
// the clients have been told.
TEST_P(AccessOnLoops, C14_NoInterleavingLeavesAConnectionOfACancelledBooking) {
  SeededRandom random(GetParam());
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(round);
    SecureProduct product(world, {.loops = GetParam(), .spill_receivers_min = 2});
    std::vector<std::string> addresses;
    for (int i = 0; i < 6; ++i)
      addresses.push_back(product.address_for("t", product.token("t", {"read"}, "x")));
    std::vector<std::unique_ptr<WebClient>> clients;
    std::unique_ptr<testing::RawClient> denial;
    const auto denied_at = random.below(addresses.size());
    for (std::size_t i = 0; i < addresses.size(); ++i) {
      clients.push_back(std::make_unique<WebClient>(world, product.relay(), addresses[i]));
      if (i == denied_at) {
        denial = std::make_unique<testing::RawClient>(world.loop(0), world.network(), product.access());
        denial->send("POST /bids/deny?bid=x&exp=" + product.seconds_from_now(1h) +
                     " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: " + product.admin() +
                     "\r\n\r\n");
      }
      for (auto turns = random.below(4); turns > 0; --turns) {
        for (std::size_t loop = 0; loop < GetParam(); ++loop) world.loop(loop).turn();
      }
    }
    world.run_until([&] { return denial->over(); }, 10s);
    ASSERT_THAT(denial->received(), HasSubstr("204"));
    world.run_until_idle();

    for (const auto& client: clients) EXPECT_FALSE(client->open());
    for (std::size_t loop = 0; loop < GetParam(); ++loop) EXPECT_EQ(product.gateway(loop).sessions(), 0u);
  }
}

}  // namespace
}  // namespace crosspoint::journeys
