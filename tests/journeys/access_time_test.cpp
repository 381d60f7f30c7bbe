// Stays and codes that end, on a clock moved by hand.

#include <gmock/gmock.h>

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

}  // namespace
}  // namespace crosspoint::journeys
