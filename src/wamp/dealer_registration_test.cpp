#include "wamp/test_dealer.h"

namespace crosspoint::wamp {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DealerRegistrationTest : public DealerTest {
 protected:
  // Whom a CALL of `procedure` reaches: the session, or 0.
  std::uint64_t reached(Session& caller, std::string_view procedure, std::vector<Session*> callees) {
    call(caller, {.request = RequestId{++request_}, .procedure = procedure});
    for (Session* callee: callees) {
      if (!callee->peer.take().empty()) return number(callee->who.id());
    }
    return 0;
  }

 private:
  std::uint64_t request_ = 0;
};

TEST_F(DealerRegistrationTest, RegisteringIsAnsweredAndTold) {
  auto& callee = join();

  EXPECT_THAT(registering(callee, {.request = RequestId{5}, .procedure = "a.b"}), ElementsAre("[65, 5, 1]"));

  EXPECT_THAT(events.take(), ElementsAre("create 100 1", "register 100 1"));
  const Registration* made = dealer().registrations().find(RegistrationId{1});
  ASSERT_NE(made, nullptr);
  EXPECT_EQ(made->procedure(), "a.b");
  EXPECT_EQ(made->match(), Match::exact);
  EXPECT_EQ(made->invoke(), Invoke::single);
  EXPECT_EQ(made->created(), wall);
}

TEST_F(DealerRegistrationTest, TheSameTextUnderAnotherMatchIsAnotherRegistration) {
  auto& callee = join();

  EXPECT_EQ(enroll(callee, {.procedure = "a.b"}), RegistrationId{1});
  EXPECT_EQ(enroll(callee, {.procedure = "a.b", .match = Match::prefix}), RegistrationId{2});
  EXPECT_EQ(enroll(callee, {.procedure = "a.b", .match = Match::wildcard}), RegistrationId{3});
}

TEST_F(DealerRegistrationTest, ASingleRegistrationIsForOneCalleeAlone) {
  auto& first = join();
  auto& second = join();
  enroll(first, {.procedure = "a.b"});
  enroll(first, {.procedure = "a.c", .invoke = Invoke::roundrobin});
  events.take();

  // On either side, and of the same session too.
  const auto exists = "[8, 64, 2, {}, \"wamp.error.procedure_already_exists\"]";
  const Register once_more{.request = RequestId{2}, .procedure = "a.b"};
  EXPECT_THAT(registering(second, once_more), ElementsAre(exists));
  EXPECT_THAT(registering(first, once_more), ElementsAre(exists));
  EXPECT_THAT(registering(second, {.request = RequestId{2}, .procedure = "a.b", .invoke = Invoke::last}),
              ElementsAre(exists));
  EXPECT_THAT(registering(second, {.request = RequestId{2}, .procedure = "a.c"}), ElementsAre(exists));
  EXPECT_THAT(events.take(), IsEmpty());
}

TEST_F(DealerRegistrationTest, TheSharedCalleesAgreeOnAPolicy) {
  auto& first = join();
  auto& second = join();
  enroll(first, {.procedure = "a.b", .invoke = Invoke::roundrobin});

  EXPECT_THAT(
      registering(second, {.request = RequestId{2}, .procedure = "a.b", .invoke = Invoke::random}),
      ElementsAre("[8, 64, 2, {}, \"wamp.error.procedure_exists_with_different_invocation_policy\"]"));
}

TEST_F(DealerRegistrationTest, SharedCalleesHaveTheSameRegistrationId) {
  auto& first = join();
  auto& second = join();
  const Register shared{.request = RequestId{1}, .procedure = "a.b", .invoke = Invoke::roundrobin};

  EXPECT_THAT(registering(first, shared), ElementsAre("[65, 1, 1]"));
  EXPECT_THAT(registering(second, shared), ElementsAre("[65, 1, 1]"));

  EXPECT_THAT(events.take(), ElementsAre("create 100 1", "register 100 1", "register 101 1"));
  const auto& callees = dealer().registrations().find(RegistrationId{1})->callees();
  EXPECT_EQ(callees.size(), 2u);
}

TEST_F(DealerRegistrationTest, ASharedCalleeThatRegistersAgainIsThereOnce) {
  auto& callee = join();
  const Register shared{.request = RequestId{1}, .procedure = "a.b", .invoke = Invoke::first};
  enroll(callee, shared);
  events.take();

  EXPECT_THAT(registering(callee, shared), ElementsAre("[65, 1, 1]"));

  EXPECT_THAT(events.take(), IsEmpty());
  EXPECT_EQ(dealer().registrations().find(RegistrationId{1})->callees().size(), 1u);
}

TEST_F(DealerRegistrationTest, UnregisteringIsAnsweredAndTold) {
  auto& first = join();
  auto& second = join();
  const Register shared{.procedure = "a.b", .invoke = Invoke::last};
  enroll(first, shared);
  enroll(second, shared);
  events.take();

  dealer().unregister(first.who, {RequestId{7}, RegistrationId{1}}, now);
  EXPECT_THAT(first.peer.take(), ElementsAre("[67, 7]"));
  EXPECT_THAT(events.take(), ElementsAre("unregister 100 1"));

  dealer().unregister(second.who, {RequestId{8}, RegistrationId{1}}, now);
  EXPECT_THAT(events.take(), ElementsAre("unregister 101 1", "delete 101 1"));
  EXPECT_EQ(dealer().registrations().find(RegistrationId{1}), nullptr);
}

TEST_F(DealerRegistrationTest, ARegistrationThatIsUnknownOrOfOthersCannotBeUnregistered) {
  auto& callee = join();
  auto& stranger = join();
  enroll(callee, {.procedure = "a.b"});
  const auto unknown = "[8, 66, 3, {}, \"wamp.error.no_such_registration\"]";

  for (Session* session: {&stranger, &callee}) {
    const RegistrationId id{session == &stranger ? 1u : 99u};
    dealer().unregister(session->who, {RequestId{3}, id}, now);
    EXPECT_THAT(session->peer.take(), ElementsAre(unknown));
  }
  dealer().unregister(callee.who, {RequestId{3}, RegistrationId{1}}, now);
  callee.peer.take();
  dealer().unregister(callee.who, {RequestId{3}, RegistrationId{1}}, now);
  EXPECT_THAT(callee.peer.take(), ElementsAre(unknown));
}

TEST_F(DealerRegistrationTest, IdsAreNotGivenTwice) {
  auto& callee = join();
  enroll(callee, {.procedure = "a.b"});
  dealer().unregister(callee.who, {RequestId{1}, RegistrationId{1}}, now);

  EXPECT_EQ(enroll(callee, {.procedure = "a.b"}), RegistrationId{2});
}

TEST_F(DealerRegistrationTest, F4_ASessionThatLeavesTakesItsRegistrationsWithIt) {
  auto& first = join();
  auto& second = join();
  enroll(first, {.procedure = "a.b", .invoke = Invoke::roundrobin});
  enroll(first, {.procedure = "a.c"});
  enroll(second, {.procedure = "a.b", .invoke = Invoke::roundrobin});
  events.take();

  leave(first);

  EXPECT_THAT(events.take(), ElementsAre("unregister 100 1", "unregister 100 2", "delete 100 2"));
  EXPECT_EQ(dealer().registrations().size(), 1u);
}

TEST_F(DealerRegistrationTest, ForceReregisterPutsTheOthersOut) {
  auto& told = join();
  auto& untold = join(all_but({Feature::callee_registration_revocation}));
  auto& third = join();
  enroll(told, {.procedure = "a.b", .invoke = Invoke::roundrobin});
  enroll(untold, {.procedure = "a.b", .invoke = Invoke::roundrobin});
  events.take();

  EXPECT_THAT(registering(third, {.request = RequestId{4}, .procedure = "a.b", .force_reregister = true}),
              ElementsAre("[65, 4, 2]"));

  EXPECT_THAT(told.peer.take(),
              ElementsAre("[67, 0, {\"registration\": 1, \"reason\": \"wamp.error.unregistered\"}]"));
  EXPECT_THAT(untold.peer.take(), IsEmpty());
  EXPECT_THAT(events.take(), ElementsAre("unregister 100 1", "unregister 101 1", "delete 101 1",
                                         "create 102 2", "register 102 2"));
}

TEST_F(DealerRegistrationTest, ForceReregisterNeedsNobodyToPutOut) {
  auto& callee = join();
  EXPECT_THAT(registering(callee, {.request = RequestId{4}, .procedure = "a.b", .force_reregister = true}),
              ElementsAre("[65, 4, 1]"));
}

TEST_F(DealerRegistrationTest, ACalleeIsRemovedAndToldIfItAnnouncedSo) {
  auto& told = join();
  auto& untold = join(all_but({Feature::callee_registration_revocation}));
  enroll(told, {.procedure = "a.b", .invoke = Invoke::roundrobin});
  enroll(untold, {.procedure = "a.b", .invoke = Invoke::roundrobin});
  events.take();
  const auto remove = [&](std::uint64_t registration, std::uint64_t session, std::string_view reason) {
    return dealer().remove_callee(RegistrationId{registration}, SessionId{session}, reason, now);
  };

  EXPECT_EQ(remove(9, 100, ""), Dealer::Removal::no_such_registration);
  EXPECT_EQ(remove(1, 999, ""), Dealer::Removal::not_a_callee);
  EXPECT_EQ(remove(1, 100, "com.maintenance"), Dealer::Removal::removed);
  EXPECT_EQ(remove(1, 100, ""), Dealer::Removal::not_a_callee);
  EXPECT_EQ(remove(1, 101, ""), Dealer::Removal::removed);

  EXPECT_THAT(told.peer.take(),
              ElementsAre("[67, 0, {\"registration\": 1, \"reason\": \"com.maintenance\"}]"));
  EXPECT_THAT(untold.peer.take(), IsEmpty());
  EXPECT_THAT(events.take(), ElementsAre("unregister 100 1", "unregister 101 1", "delete 101 1"));
}

TEST_F(DealerRegistrationTest, ARevocationWithoutAReasonNamesNone) {
  auto& callee = join();
  enroll(callee, {.procedure = "a.b"});
  dealer().remove_callee(RegistrationId{1}, callee.who.id(), "", now);
  EXPECT_THAT(callee.peer.take(), ElementsAre("[67, 0, {\"registration\": 1}]"));
}

TEST_F(DealerRegistrationTest, ASessionHasALimitOfRegistrations) {
  settings.registrations_per_session_max = 2;
  auto& callee = join();
  auto& other = join();
  enroll(callee, {.procedure = "a.1", .invoke = Invoke::first});
  enroll(callee, {.procedure = "a.2"});

  EXPECT_THAT(registering(callee, {.request = RequestId{3}, .procedure = "a.3"}),
              ElementsAre("[8, 64, 3, {}, \"wamp.error.unavailable\"]"));
  EXPECT_EQ(dealer().counters().registrations_refused, 1u);
  // What it has already does not count again, and others are not concerned.
  EXPECT_THAT(registering(callee, {.request = RequestId{4}, .procedure = "a.1", .invoke = Invoke::first}),
              ElementsAre("[65, 4, 1]"));
  EXPECT_THAT(registering(other, {.request = RequestId{1}, .procedure = "a.3"}), ElementsAre("[65, 1, 3]"));

  dealer().unregister(callee.who, {RequestId{5}, RegistrationId{2}}, now);
  callee.peer.take();
  EXPECT_THAT(registering(callee, {.request = RequestId{6}, .procedure = "a.4"}), ElementsAre("[65, 6, 4]"));
}

TEST_F(DealerRegistrationTest, AtItsLimitASessionPutsNobodyOut) {
  settings.registrations_per_session_max = 1;
  auto& callee = join();
  auto& other = join();
  enroll(callee, {.procedure = "a.1"});
  enroll(other, {.procedure = "a.2"});

  registering(callee, {.request = RequestId{3}, .procedure = "a.2", .force_reregister = true});

  EXPECT_EQ(dealer().registrations().find("a.2", Match::exact)->callees().size(), 1u);
  EXPECT_THAT(other.peer.take(), IsEmpty());
}

TEST_F(DealerRegistrationTest, ARealmHasALimitOfRegistrations) {
  settings.registrations_max = 2;
  auto& first = join();
  auto& second = join();
  enroll(first, {.procedure = "a.1", .invoke = Invoke::first});
  enroll(second, {.procedure = "a.1", .invoke = Invoke::first});

  EXPECT_THAT(registering(first, {.request = RequestId{3}, .procedure = "a.2"}),
              ElementsAre("[8, 64, 3, {}, \"wamp.error.unavailable\"]"));
  leave(second);
  EXPECT_THAT(registering(first, {.request = RequestId{4}, .procedure = "a.2"}), ElementsAre("[65, 4, 2]"));
}

TEST_F(DealerRegistrationTest, TheMetaApiFindsWhatThereIs) {
  auto& callee = join();
  enroll(callee, {.procedure = "a.b"});
  enroll(callee, {.procedure = "a.c"});
  enroll(callee, {.procedure = "a", .match = Match::prefix});
  enroll(callee, {.procedure = "a..c", .match = Match::wildcard});
  const Registrations& all = dealer().registrations();

  EXPECT_THAT(all.list(Match::exact), ElementsAre(RegistrationId{1}, RegistrationId{2}));
  EXPECT_THAT(all.list(Match::prefix), ElementsAre(RegistrationId{3}));
  EXPECT_THAT(all.list(Match::wildcard), ElementsAre(RegistrationId{4}));
  EXPECT_EQ(all.find("a.b", Match::exact)->id(), RegistrationId{1});
  EXPECT_EQ(all.find("a.b", Match::prefix), nullptr);
  EXPECT_EQ(all.find("a", Match::prefix)->id(), RegistrationId{3});
  EXPECT_EQ(all.best("a.b")->id(), RegistrationId{1});
  EXPECT_EQ(all.best("a.d")->id(), RegistrationId{3});
  EXPECT_EQ(all.best("b.d"), nullptr);
  EXPECT_EQ(all.find(RegistrationId{9}), nullptr);
}

TEST_F(DealerRegistrationTest, ACallGoesToTheExactProcedureElseTheLongestPrefixElseTheBestWildcard) {
  auto& caller = join();
  auto& exact = join();
  auto& longer = join();
  auto& shorter = join();
  auto& wildcard = join();
  enroll(wildcard, {.procedure = "com..x", .match = Match::wildcard});
  enroll(shorter, {.procedure = "com.a", .match = Match::prefix});
  enroll(longer, {.procedure = "com.app.", .match = Match::prefix});
  enroll(exact, {.procedure = "com.app.x"});
  const std::vector<Session*> all{&exact, &longer, &shorter, &wildcard};

  EXPECT_EQ(reached(caller, "com.app.x", all), number(exact.who.id()));
  EXPECT_EQ(reached(caller, "com.app.y", all), number(longer.who.id()));
  EXPECT_EQ(reached(caller, "com.a.x", all), number(shorter.who.id()));
  EXPECT_EQ(reached(caller, "com.b.x", all), number(wildcard.who.id()));
  EXPECT_EQ(reached(caller, "com.b.y", all), 0u);
}

TEST_F(DealerRegistrationTest, TheWildcardWithTheLongerRunOfNamesWins) {
  auto& caller = join();
  auto& three_one = join();
  auto& two_two = join();
  enroll(two_two, {.procedure = "a.b..d.e", .match = Match::wildcard});
  enroll(three_one, {.procedure = "a.b.c..e", .match = Match::wildcard});

  EXPECT_EQ(reached(caller, "a.b.c.d.e", {&three_one, &two_two}), number(three_one.who.id()));
  EXPECT_EQ(reached(caller, "a.b.x.d.e", {&three_one, &two_two}), number(two_two.who.id()));
}

TEST_F(DealerRegistrationTest, APatternsCalleeIsToldWhichProcedureWasCalled) {
  auto& caller = join();
  auto& callee = join();
  enroll(callee, {.procedure = "com.", .match = Match::prefix});

  call(caller, {.request = RequestId{1}, .procedure = "com.app.x"});

  EXPECT_THAT(callee.peer.take(), ElementsAre("[68, 1, 1, {\"procedure\": \"com.app.x\"}]"));
}

}  // namespace
}  // namespace crosspoint::wamp
