// What WELCOME announces is there: each feature that it names is tried with a client that has it as well.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "wamp/test_client.h"

namespace crosspoint::wamp {
namespace {

using Names = std::set<std::string>;

// Of a client that has everything.
constexpr std::string_view able_roles =
    R"({"publisher":{"features":{"payload_passthru_mode":true}},)"
    R"("subscriber":{"features":{"subscription_revocation":true,"x_acknowledged_event_delivery":true,"payload_passthru_mode":true}},)"
    R"("caller":{"features":{"call_canceling":true,"progressive_call_results":true,"progressive_call_invocations":true,)"
    R"("call_reroute":true,"call_timeout":true,"payload_passthru_mode":true}},)"
    R"("callee":{"features":{"call_canceling":true,"progressive_call_results":true,"progressive_call_invocations":true,)"
    R"("call_reroute":true,"registration_revocation":true,"payload_passthru_mode":true}}})";

// Two clients and a router; each says things, and what both have heard since is one text.
struct RouterWithHistory : TestRouter {
  RouterWithHistory() { limits.topics = {{.uri = "com.kept", .history = {.events_max = 9}}}; }
};
struct Pair {
  // "a: …" or "b: …", one after the other.
  std::string hear_after(std::initializer_list<std::string> said) {
    std::string heard;
    for (const auto& line: said) (line[0] == 'a' ? a : b).say(line.substr(3));
    for (auto* client: {&a, &b}) {
      for (const auto& message: client->hear()) heard += message + "\n";
    }
    return heard;
  }
  RouterWithHistory router;
  TestClient a{router, data::Format::json, "", "realm1", able_roles},
      b{router, data::Format::json, "", "realm1", able_roles};
};

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t times = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++times;
  return times;
}
bool has(std::string_view text, std::string_view part) { return count(text, part) > 0; }

using Probe = std::function<bool(Pair&)>;
const std::map<std::string, Probe, std::less<>> of_both = {
    {"session_meta_api",
     [](Pair& pair) {
       return has(pair.hear_after({R"(a: [48,1,{},"wamp.session.count"])"}), "[50,1,{},[2]]");
     }},
};
const std::map<std::string, Probe, std::less<>> of_broker = {
    {"publisher_identification",
     [](Pair& pair) {
       return has(pair.hear_after({R"(a: [32,1,{},"com.t"])", R"(b: [16,1,{"disclose_me":true},"com.t"])"}),
                  "\"publisher\":" + pair.b.id);
     }},
    {"publisher_exclusion",
     [](Pair& pair) {
       return count(pair.hear_after({R"(a: [32,1,{},"com.t"])", R"(a: [16,2,{},"com.t"])",
                                     R"(a: [16,3,{"exclude_me":false},"com.t"])"}),
                    "[36,") == 1;
     }},
    {"subscriber_blackwhite_listing",
     [](Pair& pair) {
       return count(pair.hear_after({R"(a: [32,1,{},"com.t"])",
                                     R"(b: [16,1,{"exclude":[)" + pair.a.id + R"(]},"com.t"])",
                                     R"(b: [16,2,{"eligible":[)" + pair.a.id + R"(]},"com.t"])"}),
                    "[36,") == 1;
     }},
    {"pattern_based_subscription",
     [](Pair& pair) {
       return count(pair.hear_after({R"(a: [32,1,{"match":"prefix"},"com."])",
                                     R"(a: [32,2,{"match":"wildcard"},".t"])", R"(b: [16,1,{},"com.t"])"}),
                    R"({"topic":"com.t"})") == 2;
     }},
    {"event_retention",
     [](Pair& pair) {
       return has(pair.hear_after(
                      {R"(b: [16,1,{"retain":true},"com.t"])", R"(a: [32,1,{"get_retained":true},"com.t"])"}),
                  R"("retained":true)");
     }},
    {"event_history",
     [](Pair& pair) {
       pair.hear_after({R"(b: [16,1,{},"com.kept",["once"]])"});
       const auto id = third(pair.a.ask(R"([32,1,{},"com.kept"])"));
       return has(pair.a.ask(R"([48,2,{},"wamp.subscription.get_events",[)" + id + "]]"), "once");
     }},
    {"subscription_revocation",
     [](Pair& pair) {
       const auto id = third(pair.a.ask(R"([32,1,{},"com.t"])"));
       return has(pair.hear_after({R"(b: [48,1,{},"wamp.subscription.remove_subscriber",[)" + id + "," +
                                   pair.a.id + "]]"}),
                  "[35,0,{");
     }},
    {"subscription_meta_api",
     [](Pair& pair) {
       const auto id = third(pair.a.ask(R"([32,1,{},"com.t"])"));
       return has(pair.b.ask(R"([48,1,{},"wamp.subscription.lookup",["com.t"]])"), "[50,1,{},[" + id + "]]");
     }},
    {"payload_passthru_mode",
     [](Pair& pair) {
       return has(pair.hear_after({R"(a: [32,1,{},"com.t"])",
                                   R"(b: [16,1,{"ppt_scheme":"x_own"},"com.t",["\u0000AQI="]])"}),
                  R"("ppt_scheme":"x_own")");
     }},
    {"payload_transparency",
     [](Pair& pair) {
       return has(pair.hear_after(
                      {R"(a: [32,1,{},"com.t"])", R"(b: [16,1,{"enc_algo":"x_own"},"com.t","\u0000AQI="])"}),
                  R"("enc_algo":"x_own")");
     }},
    {"x_acknowledged_event_delivery",
     [](Pair& pair) {
       return has(
           pair.hear_after({R"(a: [32,1,{},"com.t"])",
                            R"(b: [16,1,{"acknowledge":true,"x_acknowledged_delivery":true},"com.t"])"}),
           R"("x_acknowledged_delivery":true)");
     }},
};
const std::map<std::string, Probe, std::less<>> of_dealer = {
    {"caller_identification",
     [](Pair& pair) {
       return has(pair.hear_after({R"(a: [64,1,{},"com.p"])", R"(b: [48,1,{"disclose_me":true},"com.p"])"}),
                  "\"caller\":" + pair.b.id);
     }},
    {"pattern_based_registration",
     [](Pair& pair) {
       return count(pair.hear_after({R"(a: [64,1,{"match":"prefix"},"com."])",
                                     R"(a: [64,2,{"match":"wildcard"},"org..p"])", R"(b: [48,1,{},"com.p"])",
                                     R"(b: [48,2,{},"org.x.p"])"}),
                    "[68,") == 2;
     }},
    {"shared_registration",
     [](Pair& pair) {
       pair.hear_after({R"(a: [64,1,{"invoke":"roundrobin"},"com.p"])",
                        R"(b: [64,1,{"invoke":"roundrobin"},"com.p"])", R"(b: [48,2,{},"com.p"])"});
       return count(pair.hear_after({R"(b: [48,3,{},"com.p"])", R"(b: [48,4,{},"com.p"])"}), "[68,2,") == 1;
     }},
    {"registration_revocation",
     [](Pair& pair) {
       return has(
           pair.hear_after({R"(a: [64,1,{},"com.p"])", R"(b: [64,1,{"force_reregister":true},"com.p"])"}),
           "[67,0,{");
     }},
    {"progressive_call_results",
     [](Pair& pair) {
       return has(
           pair.hear_after({R"(a: [64,1,{},"com.p"])", R"(b: [48,1,{"receive_progress":true},"com.p"])",
                            R"(a: [70,1,{"progress":true},[1]])"}),
           R"([50,1,{"progress":true},[1]])");
     }},
    {"progressive_call_invocations",
     [](Pair& pair) {
       return count(pair.hear_after({R"(a: [64,1,{},"com.p"])", R"(b: [48,1,{"progress":true},"com.p",[1]])",
                                     R"(b: [48,1,{},"com.p",[2]])"}),
                    "[68,1,") == 2;
     }},
    {"call_canceling",
     [](Pair& pair) {
       return has(pair.hear_after(
                      {R"(a: [64,1,{},"com.p"])", R"(b: [48,1,{},"com.p"])", R"(b: [49,1,{"mode":"kill"}])"}),
                  "[69,1,{");
     }},
    {"call_timeout",
     [](Pair& pair) {
       pair.hear_after({R"(a: [64,1,{},"com.p"])", R"(b: [48,1,{"timeout":100},"com.p"])"});
       pair.router.pass(100ms);
       return has(pair.hear_after({}), R"([8,48,1,{},"wamp.error.timeout")");
     }},
    {"call_reroute",
     [](Pair& pair) {
       const auto first = R"([64,1,{"invoke":"first"},"com.p"])";
       TestClient caller(pair.router, data::Format::json, "", "realm1", able_roles);
       pair.hear_after({std::string("a: ") + first, std::string("b: ") + first});
       caller.say(R"([48,1,{},"com.p"])");
       return count(pair.hear_after({R"(a: [8,68,1,{},"wamp.error.unavailable"])"}), "[68,1,") == 2;
     }},
    {"registration_meta_api",
     [](Pair& pair) {
       const auto id = third(pair.a.ask(R"([64,1,{},"com.p"])"));
       return has(pair.b.ask(R"([48,1,{},"wamp.registration.match",["com.p"]])"), "[50,1,{},[" + id + "]]");
     }},
    {"testament_meta_api",
     [](Pair& pair) {
       return has(pair.hear_after({R"(a: [32,1,{},"com.t"])",
                                   R"(b: [48,1,{},"wamp.session.add_testament",["com.t",["last"],{}]])",
                                   R"(b: [6,{},"wamp.close.normal"])"}),
                  R"({},["last"])");
     }},
    {"payload_passthru_mode",
     [](Pair& pair) {
       return has(pair.hear_after({R"(a: [64,1,{},"com.p"])",
                                   R"(b: [48,1,{"ppt_scheme":"x_own"},"com.p",["\u0000AQI="]])"}),
                  R"("ppt_scheme":"x_own")");
     }},
    {"payload_transparency",
     [](Pair& pair) {
       return has(pair.hear_after(
                      {R"(a: [64,1,{},"com.p"])", R"(b: [48,1,{"enc_algo":"x_own"},"com.p","\u0000AQI="])"}),
                  R"("enc_algo":"x_own")");
     }},
};

// The names of the features that are true in `"role":{"features":{…}}`.
Names announced(std::string_view welcome, std::string_view role) {
  const auto begin = welcome.find("\"" + std::string(role) + "\":{\"features\":{");
  auto list = welcome.substr(welcome.find("features", begin) + 11);
  list = list.substr(0, list.find('}'));
  Names names;
  while (!list.empty()) {
    const auto end = list.find('"', 1);
    if (list.substr(end, 6) == "\":true") names.emplace(list.substr(1, end - 1));
    const auto comma = list.find(',');
    list = comma == list.npos ? "" : list.substr(comma + 1);
  }
  return names;
}

TEST(Announced, EachFeatureOfWelcomeIsThere) {
  for (const auto& [role, probes]: {std::pair{"broker", &of_broker}, std::pair{"dealer", &of_dealer}}) {
    Names tried;
    for (const auto* each: {probes, &of_both}) {
      for (const auto& [feature, probe]: *each) {
        Pair pair;
        EXPECT_TRUE(probe(pair)) << role << ": " << feature;
        tried.insert(feature);
      }
    }
    Pair pair;
    EXPECT_EQ(announced(pair.a.welcome, role), tried) << "no more is announced than was tried, and no less";
  }
}

// Of a realm that is the one above, but for `change`.
struct ChangedRealm {
  explicit ChangedRealm(const std::function<void(RealmLimits&)>& change) { change(router.limits); }
  Names features() {
    const TestClient client(router, data::Format::json, "", "realm1", able_roles);
    Names names = announced(client.welcome, "broker");
    names.merge(announced(client.welcome, "dealer"));
    return names;
  }
  RouterWithHistory router;
};

TEST(Announced, FollowsTheRealm) {
  const auto all = ChangedRealm([](RealmLimits&) {}).features();
  const auto missing = [&](const std::function<void(RealmLimits&)>& change) {
    Names left = all;
    for (const auto& name: ChangedRealm(change).features()) left.erase(name);
    return left;
  };
  EXPECT_EQ(missing([](RealmLimits& limits) { limits.topics.clear(); }), Names{"event_history"});
  EXPECT_EQ(missing([](RealmLimits& limits) { limits.broker.retained_topics_max = 0; }),
            Names{"event_retention"});
  EXPECT_EQ(missing([](RealmLimits& limits) { limits.testaments.testaments_per_session_max = 0; }),
            Names{"testament_meta_api"});
  EXPECT_EQ(missing([](RealmLimits& limits) { limits.disclose_me = false; }),
            (Names{"caller_identification", "publisher_identification"}));
}

// What the callee asks for is granted as far as the realm lets it: it is registered, and told nothing.
TEST(Announced, ACalleeThatAsksWhoCallsIsToldWhereClientsMayDiscloseThemselves) {
  for (const bool may: {true, false}) {
    ChangedRealm realm([&](RealmLimits& limits) { limits.disclose_me = may; });
    TestClient callee(realm.router), caller(realm.router);
    EXPECT_TRUE(callee.ask(R"([64,1,{"disclose_caller":true},"com.p"])").starts_with("[65,1,"));
    caller.say(R"([48,1,{},"com.p"])");
    EXPECT_EQ(has(callee.hear().front(), "\"caller\":" + caller.id), may);
  }
}

}  // namespace
}  // namespace crosspoint::wamp
