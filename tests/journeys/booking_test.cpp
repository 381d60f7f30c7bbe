// Bookings through the whole product: cancelled, allowed again, extended; and who is told who is connected.

#include <gmock/gmock.h>

#include "secure_product.h"

namespace crosspoint::journeys {
namespace {

using ::testing::HasSubstr;

class BookingJourney : public Journey {};
INSTANTIATE_TEST_SUITE_P(Bookings, BookingJourney, ::testing::Values(Where::memory, Where::loopback),
                         name_of);

using Messages = std::vector<Received>;

TEST_P(BookingJourney, S17_S18_S19_CancellingABookingEndsItsConnectionsAndNoOthers) {
  SecureProduct product(world());
  const auto mine = product.open("t1", product.token("t1", {"read"}, "x"));
  const auto other = product.open("t1", product.token("t1", {"read"}, "y"));

  const auto denied = product.deny("x");
  product.until([&] { return mine->closed.has_value(); });

  EXPECT_EQ(denied.status, 204);
  EXPECT_EQ(denied.body, "");
  ASSERT_TRUE(mine->closed);
  EXPECT_EQ(mine->closed->code, websocket::CloseCode::policy_violation);
  EXPECT_EQ(mine->closed->text, "booking cancelled");
  EXPECT_TRUE(other->open());
  EXPECT_EQ(product.ask("GET", "/bids/deny", product.admin()).body, "{\"booking_ids\":[\"x\"]}\n");
  const auto again = product.ask("POST", "/session/t1", product.token("t1", {"read"}, "x"));
  EXPECT_EQ(again.status, 400);
  EXPECT_THAT(again.body, HasSubstr("deny-listed, probably because the session was cancelled"));
}

TEST_P(BookingJourney, S20_ACodeFromBeforeTheDenialIsWorthNothing) {
  SecureProduct product(world());
  const auto address = product.address_for("t1", product.token("t1", {"read"}, "x"));
  product.deny("x");

  const auto client = product.open_address(address);

  ASSERT_TRUE(client->refused);
  EXPECT_EQ(client->refused->http_status, 401);
}

// The older relay died of this.
TEST_P(BookingJourney, S21_DenyThenAllowThenComeBack) {
  SecureProduct product(world());
  const auto before = product.open("t1", product.token("t1", {"read"}, "x"));
  product.deny("x");
  EXPECT_EQ(product.allow("x").status, 204);

  const auto after = product.open("t1", product.token("t1", {"read"}, "x"));

  EXPECT_TRUE(after->open());
  EXPECT_EQ(product.ask("GET", "/bids/deny", product.admin()).body, "{\"booking_ids\":[]}\n");
  EXPECT_THAT(product.ask("GET", "/bids/allow", product.admin()).body, HasSubstr("\"x\""));
}

TEST_P(BookingJourney, C15_ADeniedBookingStaysDeniedAfterARestart) {
  SecureProduct product(world());
  product.deny("x");
  product.stop();
  product.start();

  EXPECT_EQ(product.ask("POST", "/session/t1", product.token("t1", {"read"}, "x")).status, 400);
}

TEST_P(BookingJourney, S22_C17_ListsAreForAdmins) {
  SecureProduct product(world());
  const auto user = product.token("t1");
  const auto refused = product.ask("POST", "/bids/deny?bid=x&exp=" + product.seconds_from_now(60s), user);
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(
      refused.body,
      "{\"code\":\"401\",\"message\":\"is token missing relay:admin scope? missing relay:admin Scope\"}\n");
  EXPECT_EQ(product.ask("GET", "/bids/deny", user).body,
            "{\"code\":\"401\",\"message\":\"token missing relay:admin scope\"}\n");
  EXPECT_EQ(product.ask("GET", "/status", product.admin()).status, 401);
  EXPECT_EQ(product.ask("POST", "/bids/deny?exp=5", product.admin()).status, 422);
  const auto past = product.ask("POST", "/bids/deny?bid=x&exp=5", product.admin());
  EXPECT_EQ(past.status, 400);
  EXPECT_THAT(past.body, HasSubstr("\"code\":\"400\""));
}

TEST_P(BookingJourney, RefreshExtendsWhatIsOpenAndDisconnectsNobody) {
  SecureProduct product(world());
  const auto viewer = product.open("t1", product.token("t1", {"read"}, "x", 60s));
  const auto longer = product.token("t1", {"read"}, "x", 1h);

  const auto answer = product.ask("POST", "/session/t1/refresh", longer);

  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(at(answer.body, "/connections"), "1");
  EXPECT_TRUE(viewer->open());
  const auto status = product.ask("GET", "/status", product.token("", {"relay:stats"}, "")).body;
  EXPECT_EQ(at(status, "/1/expires_at"), at(answer.body, "/expires_at"));
}

TEST_P(BookingJourney, RefreshReachesNoFurtherThanItsToken) {
  SecureProduct product(world());
  const auto writer = product.open("t1", product.token("t1", {"read", "write"}, "x"));

  EXPECT_EQ(product.ask("POST", "/session/t1/refresh", product.token("t1", {"read"}, "x", 1h)).status, 404)
      << "a reader's token gives a writer no more time";
  EXPECT_EQ(
      product.ask("POST", "/session/t1/refresh", product.token("t1", {"read", "write"}, "y", 1h)).status,
      404);
  EXPECT_EQ(
      product.ask("POST", "/session/t2/refresh", product.token("t2", {"read", "write"}, "x", 1h)).status,
      404);
  EXPECT_EQ(
      product.ask("POST", "/session/t2/refresh", product.token("t1", {"read", "write"}, "x", 1h)).status,
      401);
  EXPECT_EQ(
      product.ask("POST", "/session/t1/refresh", product.token("t1", {"read", "write"}, "x", 1h)).status,
      200);
}

TEST_P(BookingJourney, RefreshMayNameOneConnection) {
  SecureProduct product(world(), {.allow_no_booking = true});
  const auto token = product.token("t1", {"read"}, "");
  const auto address = product.address_for("t1", token);
  const auto named = product.open_address(address);
  const auto other = product.open("t1", token);
  const auto code = address.substr(address.find("code=") + 5);
  const auto longer = product.token("t1", {"read"}, "", 1h);

  const auto all = product.ask("POST", "/session/t1/refresh", longer);
  const auto one = product.ask("POST", "/session/t1/refresh", longer, "Content-Type: application/json\r\n",
                               "{\"connection\":\"" + code + "\"}");

  EXPECT_EQ(all.status, 400) << "who has no booking has to say which";
  EXPECT_EQ(one.status, 200) << one.body;
  EXPECT_EQ(at(one.body, "/connections"), "1");
}

TEST_P(BookingJourney, S43_S44_TopicStatsReportsWhoIsConnected) {
  SecureProduct product(world());
  const auto host =
      product.open("rig01-st-data", product.token("rig01-st-data", {"write", "read", "expt"}, "x"));
  host->send("12345");
  const auto stats = product.open("stats", product.token("stats", {"read", "write"}, "s"));

  stats->send("{\"cmd\":\"update\"}");
  product.until([&] { return !stats->messages.empty(); }, 7s);

  ASSERT_FALSE(stats->messages.empty());
  EXPECT_TRUE(stats->messages[0].text());
  const std::string& report = stats->messages[0].payload;
  ASSERT_EQ(size_of(report), 3u);
  const std::string entry = at(report, "/1/topic") == "\"rig01-st-data\"" ? "/1" : "/2";
  EXPECT_EQ(at(report, entry + "/topic"), "\"rig01-st-data\"");
  for (const char* key: {"/canRead", "/canWrite", "/connected", "/expiresAt", "/remoteAddr", "/userAgent"}) {
    EXPECT_NE(at(report, entry + key), "") << key;
  }
  EXPECT_EQ(at(report, entry + "/scopes"), R"(["write","read","expt"])");
  EXPECT_EQ(at(report, entry + "/stats/tx/size"), "5");
  EXPECT_EQ(at(report, entry + "/stats/rx/last"), "\"Never\"");
  EXPECT_EQ(at(report, entry + "/traffic/tx/messages"), "1");
}

TEST_P(BookingJourney, S45_C17_StatusIsForThoseWhoMay) {
  SecureProduct product(world());
  const auto client = product.open("t1", product.token("t1", {"write"}, "x"));

  const auto answer = product.ask("GET", "/status", product.token("", {"relay:stats"}, ""));

  ASSERT_EQ(answer.status, 200);
  ASSERT_EQ(size_of(answer.body), 2u);
  EXPECT_EQ(at(answer.body, "/0/remote_addr"), "\"internal\"");
  EXPECT_EQ(at(answer.body, "/0/expires_at"), "\"1970-01-01T00:00:00Z\"");
  EXPECT_EQ(at(answer.body, "/1/topic"), "\"t1\"");
  EXPECT_EQ(at(answer.body, "/1/can_write"), "true");
  EXPECT_EQ(at(answer.body, "/1/can_read"), "") << "left out when it is false";
  EXPECT_EQ(at(answer.body, "/1/connected"), at(answer.body, "/1/connected_at"));
}

}  // namespace
}  // namespace crosspoint::journeys
