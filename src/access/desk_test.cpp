#include "access/desk.h"

#include <gmock/gmock.h>

namespace crosspoint::access {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr WallTime desk_noon{std::chrono::seconds{1'800'000'000}};
constexpr MonotonicTime desk_opened{1h};

token::Claims claims() {
  token::Claims claims;
  claims.booking_id = "b1";
  claims.topic = "t1";
  claims.prefix = "session";
  claims.scopes = {"read", "write"};
  claims.audience = {"https://lab.example/access"};
  claims.expires = desk_noon + 60s;
  claims.not_before = claims.issued = desk_noon - 1s;
  return claims;
}

struct DeskTest : ::testing::Test {
  SeededRandom random{7};
  Desk desk{{}, random};
  Result<std::string, IssueRefusal> issue(const token::Claims& from, std::string_view topic = "t1") {
    return desk.issue(from, topic, desk_opened);
  }
};

TEST_F(DeskTest, ATokenBecomesACodeAndACodeAGrant) {
  const auto code = issue(claims());
  ASSERT_TRUE(code);

  const auto grant = desk.redeem(*code, "t1", desk_noon, desk_opened + 1s);

  ASSERT_TRUE(grant);
  EXPECT_EQ(grant->booking, "b1");
  EXPECT_TRUE(grant->may_read() && grant->may_write());
  EXPECT_THAT(desk.allowed(), ElementsAre("b1"));
}

TEST_F(DeskTest, C6_TheFirstThingWrongWithATokenIsWhatIsSaid) {
  const auto refusal = [&](auto change, std::string_view topic = "t1") {
    auto changed = claims();
    change(changed);
    const auto code = issue(changed, topic);
    EXPECT_FALSE(code);
    return code ? IssueRefusal::full : code.error();
  };
  EXPECT_EQ(refusal([](auto& c) { c.topic.clear(); }), IssueRefusal::missing_claims);
  EXPECT_EQ(refusal([](auto& c) { c.prefix.clear(); }), IssueRefusal::missing_claims);
  EXPECT_EQ(refusal([](auto& c) { c.scopes.clear(); }), IssueRefusal::missing_claims);
  EXPECT_EQ(refusal([](auto& c) { c.audience.clear(); }), IssueRefusal::missing_claims);
  EXPECT_EQ(refusal([](auto& c) { c.expires.reset(); }), IssueRefusal::missing_claims);
  EXPECT_EQ(refusal([](auto& c) { c.issued.reset(); }), IssueRefusal::missing_claims);
  EXPECT_EQ(refusal([](auto& c) { c.not_before.reset(); }), IssueRefusal::missing_claims);
  EXPECT_EQ(refusal([](auto&) {}, "t2"), IssueRefusal::other_topic);
  EXPECT_EQ(refusal([](auto&) {}, "t"), IssueRefusal::other_topic);
  EXPECT_EQ(refusal([](auto&) {}, "t11"), IssueRefusal::other_topic);
  EXPECT_EQ(refusal([](auto& c) { c.booking_id.clear(); }), IssueRefusal::no_booking);
  EXPECT_EQ(refusal([](auto& c) { c.prefix = "shell"; }), IssueRefusal::other_connection);
  EXPECT_EQ(refusal([](auto& c) { c.scopes = {"relay:admin"}; }), IssueRefusal::no_direction);
}

TEST_F(DeskTest, C11_ACodeForAnotherTopicIsRefusedAndSpent) {
  const auto code = issue(claims());

  EXPECT_EQ(desk.redeem(*code, "t2", desk_noon, desk_opened).error(), RedeemRefusal::other_topic);
  EXPECT_EQ(desk.redeem(*code, "t1", desk_noon, desk_opened).error(), RedeemRefusal::unknown_code);
}

TEST_F(DeskTest, C14_ADeniedBookingGetsNoCodesAndThoseItHasAreGone) {
  const auto before = issue(claims());
  ASSERT_TRUE(desk.deny("b1", desk_noon + 60s));

  EXPECT_EQ(issue(claims()).error(), IssueRefusal::denied);
  EXPECT_FALSE(desk.redeem(*before, "t1", desk_noon, desk_opened));
  EXPECT_THAT(desk.denied(), ElementsAre("b1"));
  EXPECT_THAT(desk.allowed(), IsEmpty());
}

TEST_F(DeskTest, AskingForASessionNeverUndoesADenial) {
  desk.deny("b1", desk_noon + 60s);
  issue(claims());

  EXPECT_THAT(desk.denied(), ElementsAre("b1"));
}

TEST_F(DeskTest, AllowTakesADenialBack) {
  desk.deny("b1", desk_noon + 60s);
  desk.allow("b1", desk_noon + 60s);

  EXPECT_TRUE(issue(claims()));
  EXPECT_THAT(desk.denied(), IsEmpty());
  EXPECT_THAT(desk.allowed(), ElementsAre("b1"));
}

TEST_F(DeskTest, ACodeDoesNotOutliveItsToken) {
  auto short_lived = claims();
  short_lived.expires = desk_noon + 2s;
  const auto code = issue(short_lived);

  EXPECT_EQ(desk.redeem(*code, "t1", desk_noon + 2s, desk_opened + 2s).error(), RedeemRefusal::expired);
}

TEST_F(DeskTest, C12_TooManyUnusedCodesOfABookingAreRefused) {
  for (int i = 0; i < 32; ++i) ASSERT_TRUE(issue(claims()));
  EXPECT_EQ(issue(claims()).error(), IssueRefusal::too_many_codes);
}

TEST_F(DeskTest, BookingsThatAreOverAreForgottenWhenItIsTidied) {
  desk.deny("b1", desk_noon + 60s);
  desk.prune(desk_noon + 61s);
  EXPECT_THAT(desk.denied(), IsEmpty());
}

TEST(Desk, TokensWithoutABookingAreWelcomeWhereThatIsPermitted) {
  SeededRandom random(7);
  Desk desk({.allow_no_booking = true}, random);
  auto without = claims();
  without.booking_id.clear();

  EXPECT_TRUE(desk.issue(without, "t1", desk_opened));
  EXPECT_THAT(desk.allowed(), ElementsAre(""));
}

}  // namespace
}  // namespace crosspoint::access
