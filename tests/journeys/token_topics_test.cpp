// Tokens, codes and bookings through the whole product: who comes in, and who is put out. Checks of the
// secure relay's specification keep their numbers (S17), rows of the fault model theirs (C14).

#include <gmock/gmock.h>

#include "secure_product.h"
#include "token/signer.h"

namespace crosspoint::journeys {
namespace {

using ::testing::HasSubstr;

class TokenJourney : public Journey {};
INSTANTIATE_TEST_SUITE_P(Tokens, TokenJourney, ::testing::Values(Where::memory, Where::loopback), name_of);

using Messages = std::vector<Received>;

TEST_P(TokenJourney, S1_S31_ATokenIsTradedForAnAddressThatOpensTheTopic) {
  SecureProduct product(world());
  const auto a = product.open("t1", product.token("t1"));
  const auto b = product.open("t1", product.token("t1", {"read", "write"}, "b2"));
  ASSERT_TRUE(a->open() && b->open());

  a->send("ping");
  a->send_binary(as_bytes(std::string_view("\x00\xff", 2)));
  product.until([&] { return b->messages.size() == 2; });

  EXPECT_EQ(b->messages, (Messages{text("ping"), binary(std::string("\x00\xff", 2))}));
  EXPECT_EQ(a->messages, Messages{});
}

TEST_P(TokenJourney, S13_A9_ATopicMayHoldSlashes) {
  SecureProduct product(world());
  const auto address = product.address_for("a%2Fb", product.token("a/b"));
  EXPECT_THAT(address, ::testing::StartsWith("/session/a/b?code="));
  EXPECT_TRUE(product.open_address(address)->open());
}

TEST_P(TokenJourney, S24_ACodeWorksOnce) {
  SecureProduct product(world());
  const auto address = product.address_for("t1", product.token("t1"));
  const auto first = product.open_address(address);
  const auto second = product.open_address(address);

  EXPECT_TRUE(first->open());
  ASSERT_TRUE(second->refused);
  EXPECT_EQ(second->refused->http_status, 401);
}

TEST_P(TokenJourney, S25_C13_NoCodeAndABadCodeAreRefusedBeforeTheUpgrade) {
  SecureProduct product(world());
  for (const char* address: {"/session/t1", "/session/t1?code=", "/session/t1?code=nonsense",
                             "/session/t1?code=01234567-89ab-cdef-0123-456789abcdef"}) {
    const auto client = product.open_address(address);
    ASSERT_TRUE(client->refused) << address;
    EXPECT_EQ(client->refused->http_status, 401) << address;
  }
  EXPECT_EQ(product.gateway().sessions(), 0u);
}

TEST_P(TokenJourney, PagesOnTheTopicsPortNeedNoOther) {
  SecureProduct product(world());
  const auto ask = [&](const char* method, const std::string& target, const std::string& token) {
    return product.ask_at(product.relay(), method, target, token).status;
  };
  const auto viewer = product.open("t1", product.token("t1"));

  EXPECT_EQ(ask("POST", "/session/t1", product.token("t1")), 200);
  EXPECT_EQ(ask("POST", "/session/t1/refresh", product.token("t1")), 200);
  EXPECT_EQ(ask("GET", "/status", product.token("", {"relay:stats"}, "")), 200);
  EXPECT_EQ(ask("GET", "/status", product.token("t1")), 401);
  EXPECT_EQ(ask("GET", "/bids/deny", product.admin()), 404) << "what pages do not ask for";
}

TEST_P(TokenJourney, S30_OtherConnectionTypesAreNotFound) {
  SecureProduct product(world());
  EXPECT_EQ(product.open_address("/shell/x?code=1")->refused->http_status, 404);
  EXPECT_EQ(product.ask_at(product.relay(), "GET", "/session/t1", "").status, 400);
}

TEST_P(TokenJourney, S32_C6_ReadersOnlyListenAndWritersOnlySpeak) {
  SecureProduct product(world());
  const auto reader = product.open("t1", product.token("t1", {"read"}));
  const auto writer = product.open("t1", product.token("t1", {"write"}));
  const auto both = product.open("t1", product.token("t1"));

  reader->send("nobody hears this");
  both->send("hello");
  writer->send("world");
  product.until([&] { return reader->messages.size() == 2; });

  EXPECT_EQ(reader->messages, (Messages{text("hello"), text("world")}));
  EXPECT_EQ(writer->messages, Messages{});
  EXPECT_EQ(both->messages, Messages{text("world")});
  EXPECT_TRUE(reader->open());
}

TEST_P(TokenJourney, S12_S4_TokensThatAreNoGoodGetNoAddress) {
  SecureProduct product(world());
  auto without = product.claims("t1", {"read"}, "b1", 60s);
  without.expires.reset();
  auto early = product.claims("t1", {"read"}, "b1", 60s);
  early.not_before = *early.not_before + 30s;
  const auto other =
      token::Signer::from_secret("another-secret")->sign(product.claims("t1", {"read"}, "b1", 60s));
  for (const auto& token: {product.sign(without), product.sign(early), other, std::string("garbage"),
                           product.token("t1", {"read"}, "b1", -1s)}) {
    const auto answer = product.ask("POST", "/session/t1", token);
    EXPECT_EQ(answer.status, 401) << answer.body;
    EXPECT_EQ(at(answer.body, "/uri"), "");
  }
}

TEST_P(TokenJourney, OtherKeysRefuseTheOlderTokensAndWhoIsConnectedStays) {
  SecureProduct product(world(), {.loops = 2});
  const auto older = product.token("t1");
  const auto sender = product.open("t1", older);
  const auto waiting = product.address_for("t1", older);
  const auto newer =
      product.sign(product.claims("t1", {"read", "write"}, "b1", 60s), "the-secret-that-follows");
  EXPECT_EQ(product.ask("POST", "/session/t1", newer).status, 401);

  product.verify_with("the-secret-that-follows");
  for (int i = 0; i < 8; ++i) {  // whichever loop takes the connection
    EXPECT_EQ(product.ask("POST", "/session/t1", older).status, 401);
    EXPECT_EQ(product.ask("POST", "/session/t1", newer).status, 200);
  }
  EXPECT_EQ(product.ask("GET", "/bids/deny", product.admin()).status, 401) << "admins need newer ones, too";

  const auto later = product.open_address(waiting);  // a code that was handed out keeps its half minute
  ASSERT_TRUE(sender->open() && later->open());
  sender->send("still here");
  EXPECT_TRUE(product.until([&] { return !later->messages.empty(); }));
}

}  // namespace
}  // namespace crosspoint::journeys
