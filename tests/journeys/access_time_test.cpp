// Stays and codes that end, on a clock moved by hand.

#include <gmock/gmock.h>

#include <algorithm>
#include <array>

#include "secure_product.h"

namespace crosspoint::journeys {
namespace {

using ::testing::HasSubstr;

struct AccessInTime : ::testing::Test {
  testing::MemoryWorld world;
};

TEST_F(AccessInTime, S39_C16_AStayEndsWhenTheTokenDoes) {
  SecureProduct product(world);
  const auto client = product.open("t1", product.token("t1", {"read"}, "b1", 3s));

  world.advance(2900ms);
  EXPECT_TRUE(client->open());

  world.advance(150ms);
  product.until([&] { return client->closed.has_value(); });
  ASSERT_TRUE(client->closed);
  EXPECT_EQ(client->closed->code, websocket::CloseCode::policy_violation);
  EXPECT_EQ(client->closed->text, "token expired");
}

TEST_F(AccessInTime, S27_C9_ACodeIsGoodForThirtySecondsAndNotForThirtyOne) {
  SecureProduct product(world);
  const auto young = product.address_for("t1", product.token("t1", {"read"}, "b1", 1h));
  const auto old = product.address_for("t1", product.token("t1", {"read"}, "b1", 1h));

  world.advance(29s);
  EXPECT_TRUE(product.open_address(young)->open());

  world.advance(1s);
  EXPECT_TRUE(product.open_address(old)->refused);
}

TEST_F(AccessInTime, J5_AWallClockThatIsSetPutsNobodyOut) {
  SecureProduct product(world);
  const auto client = product.open("t1", product.token("t1", {"read"}, "b1", 60s));

  world.clock().step_wall(1h);
  world.advance(59s);
  EXPECT_TRUE(client->open());

  world.clock().step_wall(-24h);
  world.advance(2s);
  product.until([&] { return client->closed.has_value(); });
  EXPECT_TRUE(client->closed) << "nor does it keep anybody";
}

TEST_F(AccessInTime, RefreshMovesTheEndOfAStay) {
  SecureProduct product(world);
  const auto client = product.open("t1", product.token("t1", {"read"}, "b1", 60s));
  world.advance(30s);
  product.ask("POST", "/session/t1/refresh", product.token("t1", {"read"}, "b1", 60s));

  world.advance(50s);
  EXPECT_TRUE(client->open());
  world.advance(15s);
  product.until([&] { return client->closed.has_value(); });
  EXPECT_TRUE(client->closed);
}

TEST_F(AccessInTime, S23_DenialsThatAreOverAreForgottenAtTheNextTidying) {
  SecureProduct product(world, {.tidy_every = 1min});
  product.deny("x", 30s);
  world.advance(61s);

  EXPECT_EQ(product.ask("GET", "/bids/deny", product.admin()).body, "{\"booking_ids\":[]}\n");
}

TEST_F(AccessInTime, C10_TooManyBadCodesAreToldToWaitAndGoodOnesAreLetIn) {
  SecureProduct product(world, {.bad_codes_max = 10});
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(product.open_address("/session/t?code=x")->refused->http_status, 401);

  EXPECT_EQ(product.open_address("/session/t?code=x")->refused->http_status, 429);
  EXPECT_TRUE(product.open("t1", product.token("t1"))->open());

  world.advance(60s);
  EXPECT_EQ(product.open_address("/session/t?code=x")->refused->http_status, 401);
}

// Who is counted as `address` after ten bad codes of somebody who sent these fields.
class WhoIsCounted {
 public:
  explicit WhoIsCounted(testing::MemoryWorld& world)
      : world_(world), product_(world, {.bad_codes_max = 10, .trusted_proxies = {"10.0.0.0/8"}}) {}

  int after_ten(net::Address from, const std::string& fields) {
    world_.network().connect_from(from);
    int status = 0;
    for (int i = 0; i < 11; ++i) status = ask(fields);
    return status;
  }
  int ask(const std::string& fields) {
    WebClient::Options options;
    if (!fields.empty()) options.fields.add("X-Forwarded-For", fields);
    return product_.open_address("/session/t?code=x", std::move(options))->refused->http_status;
  }

 private:
  testing::MemoryWorld& world_;
  SecureProduct product_;
};

net::Address ipv4(std::array<std::uint8_t, 4> bytes) {
  net::Address address;
  address.family = net::Address::Family::ipv4;
  std::copy(bytes.begin(), bytes.end(), address.bytes.begin());
  address.port = 40'000;
  return address;
}

TEST_F(AccessInTime, C19_AForgedXForwardedForCountsAgainstItsSender) {
  WhoIsCounted who(world);
  const auto stranger = ipv4({192, 0, 2, 1});

  EXPECT_EQ(who.after_ten(stranger, "203.0.113.5"), 429);
  EXPECT_EQ(who.ask("203.0.113.6"), 429) << "whatever it says it is";
  world.network().connect_from(ipv4({10, 0, 0, 1}));
  EXPECT_EQ(who.ask("203.0.113.5"), 401) << "and nobody else is counted for it";
}

TEST_F(AccessInTime, C19_OfWhatATrustedProxySaysTheLastForeignAddressCounts) {
  WhoIsCounted who(world);
  const auto proxy = ipv4({10, 0, 0, 1});

  EXPECT_EQ(who.after_ten(proxy, "198.51.100.9, 203.0.113.5"), 429);
  EXPECT_EQ(who.ask("198.51.100.10, 203.0.113.5, 10.0.0.2"), 429)
      << "what is further left, anybody may write";
  EXPECT_EQ(who.ask("203.0.113.5, 198.51.100.9"), 401);
  EXPECT_EQ(who.ask(""), 401) << "the proxy itself";
}

}  // namespace
}  // namespace crosspoint::journeys
