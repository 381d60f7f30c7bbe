// Tokens on the host's side of the wire: through an access service to the node, and as the first message to a
// node that checks them itself.

#include <gtest/gtest.h>

#include "client/io/test_access.h"
#include "older_token.h"
#include "product.h"

namespace crosspoint::journeys {
namespace {

class AccessJourney : public Journey {};
INSTANTIATE_TEST_SUITE_P(Access, AccessJourney, ::testing::Values(Where::memory, Where::loopback), name_of);

bool connected(Product& product) {
  return product.until([&] { return product.host().status().destinations.at(0).state == "connected"; });
}

// A program on the host's /ws/data says something, a viewer behind the node hears it.
void expect_data_arrives(testing::World& world, Product& product, const std::string& viewed) {
  const auto viewer = product.open(viewed);
  WebClient program(world, product.host().endpoint(), "/ws/data");
  product.until([&] { return program.open(); });
  ASSERT_TRUE(program.open());
  program.send("temperature 21");
  product.until([&] { return !viewer->messages.empty(); });
  EXPECT_EQ(viewer->messages, std::vector<Received>{text("temperature 21")});
}

TEST_P(AccessJourney, AHostWithATokenReachesTheNodeThroughAnAccessService) {
  Product product(world());
  client::TestAccess access(world(), "127.0.0.1", GetParam() == Where::memory ? 3000 : 0);
  access.address = product.relay_url("/session/rig01-st-data");
  auto& host = product.start_host();

  ASSERT_TRUE(host.agent().set(host::DestinationRule{.id = "0",
                                                     .stream = "data",
                                                     .destination = access.url("/session/rig01-st-data"),
                                                     .token = "a.to.ken"}));

  ASSERT_TRUE(connected(product)) << host.status().destinations.at(0).last_error;
  EXPECT_EQ(access.token_shown(), "a.to.ken");
  expect_data_arrives(world(), product, "/session/rig01-st-data");
}

TEST_P(AccessJourney, AHostShowsItsTokenToANodeThatChecksTokensItself) {
  relay::NodeSettings settings;
  settings.relay.token_check =
      relay::TokenCheck{.secret = "conformance-secret", .audience_prefix = "https://lab.example"};
  Product product(world(), settings);
  auto& host = product.start_host();
  host::DestinationRule rule{.id = "0",
                             .stream = "data",
                             .destination = product.relay_url("/in/data"),
                             .token = older_token("https://lab.example/in/data", "another-secret")};

  ASSERT_TRUE(host.agent().set(rule));
  product.until([&] { return !host.status().destinations.at(0).last_error.empty(); });
  EXPECT_EQ(host.status().destinations.at(0).last_error.find("the relay refused the token"), 0u)
      << host.status().destinations.at(0).last_error;

  rule.token = older_token("https://lab.example/in/data", "conformance-secret");
  ASSERT_TRUE(host.agent().set(rule));
  EXPECT_TRUE(connected(product)) << host.status().destinations.at(0).last_error;
}

}  // namespace
}  // namespace crosspoint::journeys
