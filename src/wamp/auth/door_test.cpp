// The configuration at the door: what a session hears of an opening, and what it may do afterwards.
#include "wamp/auth/door.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/manual_clock.h"
#include "token/signer.h"
#include "wamp/auth/test_opening.h"
#include "wamp/error_uri.h"

namespace crosspoint::wamp::auth {
namespace {

using namespace test_realm;
using ::testing::ElementsAre;

constexpr std::string_view slow_ticket =  // of "password"
    "$argon2id$v=19$m=64,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$S13H/QO8hEm2vsuYF2K1l+hgsjIvw0aF0f0twhqvB8s";

// Keeps what it is asked, for the test to answer.
class KeptHelp final : public Helper {
 public:
  struct Held final : PendingCall {
    explicit Held(int& dropped) : count(dropped) {}
    ~Held() override { ++count; }
    int& count;
  };
  std::unique_ptr<PendingCall> ask(const Ask& question, Duration,
                                   std::function<void(std::optional<DynamicAnswer>)> answered) override {
    if (full) return nullptr;
    asked.push_back(question);
    answers.push_back(std::move(answered));
    return std::make_unique<Held>(dropped);
  }
  std::unique_ptr<PendingCall> authorize(
      const AuthorizerQuestion& question, Duration,
      std::function<void(std::optional<DynamicVerdict>)> answered) override {
    if (full) return nullptr;
    petitions.push_back(std::string(question.procedure) + " " + std::string(question.realm) + " " +
                        std::string(to_string(question.action)) + " " + std::string(question.uri) + " " +
                        std::string(to_string(question.match)));
    verdicts.push_back(std::move(answered));
    return std::make_unique<Held>(dropped);
  }
  bool run(PasswordJob job, std::function<void(bool)> done) override {
    if (full) return false;
    jobs.emplace_back(std::move(job), std::move(done));
    return true;
  }

  void expiry_changed() override { ++expiry_changes; }

  int dropped = 0;
  std::vector<std::string> petitions;  // "procedure realm action uri match"
  std::vector<std::function<void(std::optional<DynamicVerdict>)>> verdicts;
  std::vector<Ask> asked;
  std::vector<std::function<void(std::optional<DynamicAnswer>)>> answers;
  std::vector<std::pair<PasswordJob, std::function<void(bool)>>> jobs;
  bool full = false;
  int expiry_changes = 0;
};

class SilentPeer final : public Peer {
 public:
  data::Format format() const override { return data::Format::json; }
  Sent send(const Outgoing&) override { return Sent::sent; }
  Sent send_event(SharedEvent&) override { return Sent::sent; }
};

struct Front {
  explicit Front(WampSettings settings) : door(book(std::move(settings)), desk.tools, help, clock) {}

  // Sends HELLO; what was said is in `verdicts`.
  wamp::Opening* hello(std::vector<std::string> methods, std::string_view authid, std::uint64_t session = 7) {
    Hello message;
    message.realm = "lab";
    for (auto& method: methods) message.authmethods.push_back(method);
    message.authid = authid;
    auto answer = door.on_hello(message, {.peer = "192.0.2.7:5022", .secure = true}, SessionId{session},
                                [this](wamp::Verdict verdict) { verdicts.push_back(std::move(verdict)); });
    verdicts.push_back(std::move(answer.verdict));
    opening = std::move(answer.opening);
    return opening.get();
  }
  void answer(std::string_view signature) {
    verdicts.push_back(opening->on_authenticate({.signature = signature, .extra = {}}));
  }

  template <class Kind>
  const Kind* last() const {
    return std::get_if<Kind>(&verdicts.back());
  }
  bool may(Action action, std::string_view uri, std::uint64_t session = 7) {
    const Participant who(SessionId{session}, {}, {}, peer);
    return door.judge({.who = who, .action = action, .uri = uri}, {}).allowed;
  }

  Desk desk;
  KeptHelp help;
  testing::ManualClock clock;
  SilentPeer peer;
  Door door;
  std::vector<wamp::Verdict> verdicts;
  std::unique_ptr<wamp::Opening> opening;
};

WampSettings lab_with_rule() {
  WampSettings settings = lab({with_ticket("peter", "rosebud")});
  settings.roles[0].rules.push_back({.uri = "com.lab.", .match = Match::prefix, .allow = {Action::call}});
  return settings;
}

TEST(Door, LetsInWhoProvesItselfAndGivesItTheRulesOfItsRole) {
  Front front(lab_with_rule());
  ASSERT_NE(front.hello({"ticket"}, "peter"), nullptr);
  ASSERT_NE(front.last<wamp::Challenged>(), nullptr);
  EXPECT_EQ(front.last<wamp::Challenged>()->method, "ticket");
  EXPECT_FALSE(front.may(Action::call, "com.lab.time"));  // not in yet

  front.answer("rosebud");

  ASSERT_NE(front.last<Admitted>(), nullptr);
  EXPECT_EQ(front.last<Admitted>()->realm, "lab");
  EXPECT_EQ(front.last<Admitted>()->identity.authid, "peter");
  EXPECT_TRUE(front.may(Action::call, "com.lab.time"));
  EXPECT_FALSE(front.may(Action::publish, "com.lab.time"));
  EXPECT_FALSE(front.may(Action::call, "com.other"));
  EXPECT_FALSE(front.may(Action::call, "com.lab.time", 8));
}

TEST(Door, TurnsOthersAwayAndKeepsNothingOfThem) {
  Front front(lab_with_rule());
  front.hello({"ticket"}, "peter");
  front.answer("wrong");

  ASSERT_NE(front.last<TurnedAway>(), nullptr);
  EXPECT_EQ(front.last<TurnedAway>()->error, failed);
  EXPECT_EQ(front.hello({"anonymous"}, ""), nullptr);
  EXPECT_EQ(front.last<TurnedAway>()->error, error_uri::no_auth_method);
  EXPECT_EQ(front.door.sessions(), 0u);
}

TEST(Door, ASlowPasswordIsDecidedLater) {
  WampSettings settings = lab({named("peter")});
  settings.principals[0].principal.ticket = *StoredPassword::parse(slow_ticket);
  Front front(settings);
  front.hello({"ticket"}, "peter");
  front.answer("password");
  ASSERT_NE(front.last<Undecided>(), nullptr);

  auto& [job, done] = front.help.jobs.at(0);
  done(job.run());

  EXPECT_NE(front.last<Admitted>(), nullptr);
}

TEST(Door, WhenTooManyWaitTheNextIsSentAway) {
  WampSettings settings = lab({named("peter")});
  settings.principals[0].principal.ticket = *StoredPassword::parse(slow_ticket);
  Front front(settings);
  front.help.full = true;
  front.hello({"ticket"}, "peter");

  front.answer("password");

  ASSERT_NE(front.last<TurnedAway>(), nullptr);
  EXPECT_EQ(front.last<TurnedAway>()->error, error_uri::unavailable);
}

TEST(Door, NoAnswerIsWantedForAClientThatLeft) {
  WampSettings settings = lab({});
  settings.realms[0].authenticators.push_back({.procedure = "com.login", .methods = {Method::ticket}});
  Front front(settings);
  front.hello({"ticket"}, "peter");
  front.answer("rosebud");
  ASSERT_EQ(front.help.asked.size(), 1u);
  EXPECT_EQ(front.help.dropped, 0);

  front.opening.reset();

  EXPECT_EQ(front.help.dropped, 1);
  EXPECT_EQ(front.door.sessions(), 0u);
}

TEST(Door, WhenTooManyAreAskedAboutTheNextIsSentAway) {
  WampSettings settings = lab({});
  settings.realms[0].authenticators.push_back({.procedure = "com.login", .methods = {Method::anonymous}});
  Front front(settings);
  front.help.full = true;

  EXPECT_EQ(front.hello({"anonymous"}, ""), nullptr);

  ASSERT_NE(front.last<TurnedAway>(), nullptr);
  EXPECT_EQ(front.last<TurnedAway>()->error, error_uri::unavailable);
}

TEST(Door, TheSessionMayLetGoOfAnOpeningWhenItHears) {
  WampSettings settings = lab({});
  settings.realms[0].authenticators.push_back({.procedure = "com.login", .methods = {Method::anonymous}});
  Front front(settings);
  Hello message;
  message.realm = "lab";
  std::unique_ptr<wamp::Opening> opening;
  bool decided = false;
  auto answer = front.door.on_hello(message, {}, SessionId{7}, [&](const wamp::Verdict& verdict) {
    decided = std::holds_alternative<Admitted>(verdict);
    opening.reset();
  });
  opening = std::move(answer.opening);

  front.help.answers.at(0)(DynamicAnswer{.role = "user"});

  EXPECT_TRUE(decided);
}

// Peter's role has an authorizer; he waits for it.
struct DoorWithAuthorizer : ::testing::Test, Petitioner {
  static WampSettings with_authorizer(std::string procedure = "com.may") {
    WampSettings settings = lab({with_ticket("peter", "rosebud")});
    settings.roles[0].authorizer = std::move(procedure);
    return settings;
  }
  DoorWithAuthorizer() {
    front.hello({"ticket"}, "peter");
    front.answer("rosebud");
  }
  Judgement judge(Action action, std::string_view uri, Match match = Match::exact, bool waits = true) {
    const Participant who(SessionId{7}, {}, {}, front.peer);
    return front.door.judge({who, action, uri, match, waits ? this : nullptr},
                            {front.clock.monotonic(), front.clock.wall()});
  }
  std::string ruling(Action action, std::string_view uri) {
    const auto said = judge(action, uri);
    if (said.kind == Judgement::Kind::later) return "later";
    if (said.kind == Judgement::Kind::failed) return "failed";
    return said.allowed ? said.disclose ? "disclosed" : "allowed" : "denied";
  }
  void on_decided(const Moment&) override { ++decided; }
  void say(std::optional<DynamicVerdict> verdict) { front.help.verdicts.back()(verdict); }

  Front front{with_authorizer()};
  int decided = 0;
};

TEST_F(DoorWithAuthorizer, TheProcedureIsAskedAndItsAnswerIsForThatMessageOnce) {
  for (const bool allow: {true, false}) {
    EXPECT_EQ(ruling(Action::call, "com.p"), "later");
    EXPECT_EQ(front.help.petitions.back(), "com.may lab call com.p exact");
    say(DynamicVerdict{.allow = allow});
    EXPECT_EQ(ruling(Action::call, "com.p"), allow ? "allowed" : "denied");
  }
  EXPECT_EQ(ruling(Action::call, "com.p"), "later");
  EXPECT_EQ(front.help.petitions.size(), 3u);
  EXPECT_EQ(decided, 2);
}

TEST_F(DoorWithAuthorizer, AnAnswerThatMayBeKeptIsKeptForThatUriAndAction) {
  EXPECT_EQ(ruling(Action::call, "com.p"), "later");
  say(DynamicVerdict{.allow = true, .disclose = true, .cache = true});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ruling(Action::call, "com.p"), "disclosed");
  EXPECT_EQ(front.help.petitions.size(), 1u);
  EXPECT_EQ(ruling(Action::publish, "com.p"), "later");
}

TEST_F(DoorWithAuthorizer, AFailureIsNotADenialAndIsNotKept) {
  EXPECT_EQ(ruling(Action::call, "com.p"), "later");
  say(std::nullopt);
  EXPECT_EQ(ruling(Action::call, "com.p"), "failed");
  EXPECT_EQ(ruling(Action::call, "com.p"), "later");
  say(DynamicVerdict{.allow = true});
  front.help.full = true;
  EXPECT_EQ(ruling(Action::call, "com.p"), "allowed");
  EXPECT_EQ(ruling(Action::call, "com.p"), "failed");
}

TEST_F(DoorWithAuthorizer, WhoCannotWaitIsDeniedAndNobodyIsAsked) {
  const auto said = judge(Action::publish, "com.t", Match::exact, false);
  EXPECT_FALSE(said.allowed);
  EXPECT_EQ(said.kind, Judgement::Kind::unknown);
  EXPECT_TRUE(front.help.petitions.empty());
}

TEST_F(DoorWithAuthorizer, WhoLeavesWaitsForNothing) {
  EXPECT_EQ(ruling(Action::call, "com.p"), "later");
  front.door.forget(SessionId{7});
  EXPECT_EQ(front.help.dropped, 1);
}

TEST_F(DoorWithAuthorizer, OtherSettingsHoldAtOnceAlsoForWhoWaits) {
  EXPECT_EQ(ruling(Action::call, "com.p"), "later");
  front.door.change_settings(book(with_authorizer("com.may.now")));
  say(DynamicVerdict{.allow = true, .cache = true});
  EXPECT_EQ(decided, 1);
  EXPECT_EQ(ruling(Action::call, "com.p"), "later") << "the procedure of before is not believed";
  EXPECT_EQ(front.help.petitions.back(), "com.may.now lab call com.p exact");
  say(DynamicVerdict{.allow = false});

  WampSettings plain = lab({with_ticket("peter", "rosebud")});
  plain.roles[0].rules.push_back({.uri = "com.", .match = Match::prefix, .allow = {Action::call}});
  front.door.change_settings(book(plain));
  EXPECT_EQ(ruling(Action::call, "com.p"), "allowed");
}

TEST_F(DoorWithAuthorizer, WhoAnswersForTheProcedureFromNowOnIsAskedAnew) {
  EXPECT_EQ(ruling(Action::call, "com.p"), "later");
  say(DynamicVerdict{.allow = true, .cache = true});
  for (const auto& [realm, procedure, match, asked_anew]:
       {std::tuple("lab", "com.other", Match::exact, false),
        std::tuple("elsewhere", "com.may", Match::exact, false),
        std::tuple("lab", "com.may", Match::exact, true)}) {
    front.door.on_registration(realm, procedure, match);
    EXPECT_EQ(ruling(Action::call, "com.p"), asked_anew ? "later" : "allowed");
  }
  say(DynamicVerdict{.allow = true, .cache = true});
  EXPECT_EQ(ruling(Action::call, "com.p"), "allowed");
  front.door.on_registration("lab", "com.", Match::prefix);
  EXPECT_EQ(ruling(Action::call, "com.p"), "later");
}

TEST(Door, OtherSettingsSayWhoHasToGo) {
  Front front(lab_with_rule());
  for (const std::uint64_t session: {7, 8}) {
    front.hello({"ticket"}, "peter", session);
    front.answer("rosebud");
  }
  front.door.forget(SessionId{8});
  EXPECT_FALSE(front.may(Action::call, "com.lab.time", 8));

  EXPECT_TRUE(front.door.change_settings(book(lab({with_ticket("peter", "rosebud")}))).empty());
  EXPECT_FALSE(front.may(Action::call, "com.lab.time"));  // the role lost its rule, the session stays

  const auto leaving = front.door.change_settings(book(lab({with_ticket("peter", "sledge")})));
  ASSERT_EQ(leaving.size(), 1u);
  EXPECT_EQ(leaving[0], std::pair(SessionId{7}, StandingChange::no_principal));
}

constexpr std::string_view token_secret = "a secret of the laboratory, long enough for the hash";

// A realm that takes tokens, and somebody who signs them.
struct TokenFront : Front {
  TokenFront() : Front(with_prefix("lab.topic.")) {
    desk.tools.tokens = &verifier;
    clock.set_wall(desk.now.wall);
  }
  static WampSettings with_prefix(std::string prefix) {
    WampSettings settings = lab({});
    settings.realms[0].token = {.role = "user", .uri_prefix = std::move(prefix)};
    return settings;
  }
  void enter(std::uint64_t session, std::string booking, Duration lifetime) {
    token::Claims claims;
    claims.booking_id = std::move(booking);
    claims.topic = "rig01";
    claims.prefix = "session";
    claims.scopes = {"write"};
    claims.expires = desk.now.wall + lifetime;
    hello({"jwt"}, "", session);
    answer(token::Signer::from_secret(token_secret)->sign(claims));
    ASSERT_NE(last<Admitted>(), nullptr);
  }
  const token::Verifier verifier{*token::KeySet::from_secret(token_secret), {}};
};

TEST(Door, ATokenOpensItsPlaceAndNothingElse) {
  TokenFront front;
  front.enter(7, "bk-7", 10min);

  EXPECT_TRUE(front.may(Action::call, "lab.topic.rig01"));
  EXPECT_TRUE(front.may(Action::publish, "lab.topic.rig01.lamp"));
  EXPECT_FALSE(front.may(Action::subscribe, "lab.topic.rig01"));
  EXPECT_FALSE(front.may(Action::call, "lab.topic.rig02"));
}

TEST(Door, KnowsWhoseTokenEndsAndWhoseBookingItIs) {
  TokenFront front;
  front.enter(7, "bk-7", 10min);
  front.enter(8, "bk-8", 5min);
  front.enter(9, "bk-7", 20min);

  EXPECT_EQ(front.help.expiry_changes, 2) << "the third ends later than another";
  EXPECT_EQ(front.door.next_expiry(), front.desk.now.wall + 5min);
  EXPECT_THAT(front.door.expired(front.desk.now.wall + 5min), ElementsAre(SessionId{8}));
  EXPECT_THAT(front.door.of_booking("bk-7"), ElementsAre(SessionId{7}, SessionId{9}));

  front.door.forget(SessionId{8});
  EXPECT_EQ(front.door.next_expiry(), front.desk.now.wall + 10min);
}

TEST(Door, WhatATokenOpensMovesWithThePrefix) {
  TokenFront front;
  front.enter(7, "bk-7", 10min);

  EXPECT_TRUE(front.door.change_settings(book(TokenFront::with_prefix("rigs."))).empty());

  EXPECT_TRUE(front.may(Action::call, "rigs.rig01"));
  EXPECT_FALSE(front.may(Action::call, "lab.topic.rig01"));

  const auto leaving = front.door.change_settings(book(lab({})));
  ASSERT_EQ(leaving.size(), 1u);
  EXPECT_EQ(leaving[0].second, StandingChange::no_method);
}

TEST(Door, ExtraThatCannotBeReadIsRefused) {
  Front front(lab_with_rule());
  Hello message;
  message.realm = "lab";
  message.authextra = {.format = data::Format::json, .args = {}, .kwargs = as_bytes(R"({"pubkey":1})")};

  const auto answer = front.door.on_hello(message, {}, SessionId{7}, [](wamp::Verdict) {});

  ASSERT_TRUE(std::holds_alternative<TurnedAway>(answer.verdict));
  EXPECT_EQ(std::get<TurnedAway>(answer.verdict).error, failed);
}

}  // namespace
}  // namespace crosspoint::wamp::auth
