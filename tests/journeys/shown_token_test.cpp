// The older relay's tokens, shown with the handshake (A.8): behind a subprotocol, or in the address. What the
// first message does is in tests/interop (F30 to F32).

#include <gtest/gtest.h>

#include "older_token.h"
#include "product.h"

namespace crosspoint::journeys {
namespace {

constexpr std::string_view secret = "of-these-tests", prefix = "wss://lab.example";

relay::NodeSettings checking() {
  relay::NodeSettings settings;
  settings.relay.token_check = relay::TokenCheck{std::string(secret), std::string(prefix)};
  return settings;
}

std::string token_for(std::string_view route) {
  return older_token(std::string(prefix) + std::string(route), secret);
}

class ShownTokenJourney : public Journey {
 protected:
  std::unique_ptr<WebClient> with_subprotocols(const std::string& path, std::vector<std::string> names) {
    WebClient::Options options;
    options.subprotocols = std::move(names);
    return product.open(path, std::move(options));
  }
  std::unique_ptr<WebClient> sender() { return product.open("/in/v?token=" + token_for("/in/v")); }
  void expect_hears(WebClient& viewer, WebClient& from) {
    from.send("hello");
    product.until([&] { return !viewer.messages.empty(); });
    EXPECT_EQ(viewer.take(), std::vector<Received>{text("hello")});
  }

  Product product{table(), checking()};
};
INSTANTIATE_TEST_SUITE_P(ShownToken, ShownTokenJourney, ::testing::Values(Where::memory, Where::loopback),
                         name_of);

TEST_P(ShownTokenJourney, A8_ATokenInTheAddressOpensTheTopicAndNothingIsSaidAboutIt) {
  const auto viewer = product.open("/out/v?token=" + token_for("/out/v"));
  expect_hears(*viewer, *sender());
  EXPECT_EQ(viewer->subprotocol, "");
}

TEST_P(ShownTokenJourney, A8_ATokenBehindTheSubprotocolBearerDoesTheSame) {
  const auto viewer = with_subprotocols("/out/v", {"bearer", token_for("/out/v")});
  EXPECT_EQ(viewer->subprotocol, "bearer");
  expect_hears(*viewer, *sender());
}

TEST_P(ShownTokenJourney, A8_OneThatIsNoGoodIsToldWhyByTheCloseFrame) {
  const std::pair<std::string, std::string> refused[] = {
      {token_for("/out/other"),
       "Denied - not permitted to access /out/v with token for wss://lab.example/out/other"},
      {older_token("wss://lab.example/out/v", "another-secret"), "Error reading token signature is invalid"},
      {older_token("wss://lab.example/out/v", secret, 1), "Error reading token Token is expired"},
      {"hello", "Error reading token token contains an invalid number of segments"},
  };
  for (const auto& [token, reason]: refused) {
    const auto viewer = product.open("/out/v?token=" + token);
    product.until([&] { return viewer->closed.has_value(); });
    ASSERT_TRUE(viewer->closed.has_value()) << reason;
    EXPECT_EQ(viewer->closed->code, websocket::CloseCode::policy_violation);
    EXPECT_EQ(viewer->closed->text, reason);
    EXPECT_EQ(viewer->messages, std::vector<Received>{}) << reason;
  }
  EXPECT_TRUE(product.until([&] { return product.gateway().sessions() == 0; }));
}

TEST_P(ShownTokenJourney, A8_WhoShowsNoneMayStillSendOneAsItsFirstMessage) {
  const auto viewer = with_subprotocols("/out/v", {"bearer"});
  viewer->send(token_for("/out/v"));
  product.until([&] { return !viewer->messages.empty(); });
  ASSERT_EQ(viewer->messages.size(), 1u);
  EXPECT_NE(viewer->take()[0].payload.find(R"("authorised":true)"), std::string::npos);
  expect_hears(*viewer, *sender());
}

TEST(ShownToken, A8_WhenItEndsTheConnectionDoesAndUntilThenNobodyIsDisturbed) {
  testing::MemoryWorld world;
  Product product(world, checking());
  const auto now = std::chrono::floor<std::chrono::seconds>(world.clock().wall().time_since_epoch()).count();
  const auto viewer =
      product.open("/out/v?token=" + older_token("wss://lab.example/out/v", secret, now + 20));
  const auto sender = product.open("/in/v?token=" + token_for("/in/v"));
  world.advance(18s);
  EXPECT_TRUE(viewer->open());

  world.advance(3s);
  sender->send("too late");
  world.run_until_idle();
  ASSERT_TRUE(viewer->closed.has_value());
  EXPECT_EQ(viewer->closed->code, websocket::CloseCode::policy_violation);
  EXPECT_EQ(viewer->closed->text, "token expired");
  EXPECT_EQ(viewer->messages, std::vector<Received>{});
  EXPECT_TRUE(sender->open());
}

}  // namespace
}  // namespace crosspoint::journeys
