#include "management/answers.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace crosspoint::management {
namespace {

using nlohmann::json;

constexpr MonotonicTime start{1h};
constexpr WallTime noon{std::chrono::seconds{1'795'219'300}};

relay::ClientReport client(std::uint64_t id, std::string topic, std::string booking = {}) {
  relay::ClientReport report;
  report.id = id;
  report.topic = std::move(topic);
  report.came_with_code = !booking.empty();
  report.booking = std::move(booking);
  report.connected = start;
  report.connected_wall = noon;
  return report;
}

TEST(Answers, ClientsAreThoseOfAllTopicsInTheOrderOfTheirIds) {
  relay::RateBook rates;
  const auto list = [&](const ListClients& wanted) {
    std::vector<std::uint64_t> ids;
    const auto text =
        clients_answer({client(9, "b"), client(4, "a", "bk"), client(7, "b")}, wanted, rates, start + 10s);
    for (const auto& one: json::parse(text).at(0)) ids.push_back(one.at("id"));
    return ids;
  };
  using Ids = std::vector<std::uint64_t>;
  EXPECT_EQ(list({}), (Ids{4, 7, 9}));
  EXPECT_EQ(list({.topic = "b"}), (Ids{7, 9}));
  EXPECT_EQ(list({.after = 4, .limit = 1}), (Ids{7}));
  EXPECT_EQ(list({.after = 9}), (Ids{}));
  EXPECT_EQ(rates.size(), 3u) << "rates are of all, whoever is asked about";
}

TEST(Answers, AClientIsReportedAsStatusDoesWithItsIdAndItsBooking) {
  const auto one = json::parse(client_answer(client(4, "a", "bk-7"), start + 10s)).at(0);
  EXPECT_EQ(one.at("id"), 4);
  EXPECT_EQ(one.at("booking"), "bk-7");
  EXPECT_EQ(one.at("topic"), "a");
  EXPECT_EQ(one.at("can_read"), true);
  EXPECT_EQ(one.at("connected_at"), "2026-11-21T00:01:40Z");
  EXPECT_TRUE(one.contains("expires_at"));
  const auto open = json::parse(client_answer(client(5, "/a"), start + 10s)).at(0);
  EXPECT_FALSE(open.contains("booking"));
  EXPECT_FALSE(open.contains("expires_at")) << "nobody on an open topic has an end";
}

TEST(Answers, TopicsAreReadInPages) {
  const std::vector<relay::TopicReport> topics{{.topic = "/a"}, {.topic = "/b"}, {.topic = "/c"}};
  const auto names = [&](const NamesPage& page) {
    std::string all;
    for (const auto& one: json::parse(topics_answer(topics, page)).at(0))
      all += one.at("topic").get<std::string>();
    return all;
  };
  EXPECT_EQ(names({}), "/a/b/c");
  EXPECT_EQ(names({"/a", 1}), "/b");
  EXPECT_EQ(names({"/c", 1}), "");
}

TEST(Answers, WhatOthersChoseIsEscaped) {
  EXPECT_EQ(topic_event("a\"\xff"), "[{\"topic\":\"a\\\"\xef\xbf\xbd\"}]");
  const std::vector<std::string> names{"b\xff", "\"]]"};
  EXPECT_EQ(names_answer(names), "[[\"b\xef\xbf\xbd\",\"\\\"]]\"]]");
  EXPECT_EQ(names_answer({}), "[[]]");
  const auto event = json::parse(booking_event("b\n", noon, {"\"peter\"", "192.0.2.7"})).at(0);
  EXPECT_EQ(event.at("booking"), "b\n");
  EXPECT_EQ(event.at("by"), "\"peter\"");
  EXPECT_EQ(event.at("from"), "192.0.2.7");
  EXPECT_EQ(event.at("until"), "2026-11-21T00:01:40Z");
}

TEST(Answers, WhatWasLeftOutIsNamedByItsTopic) {
  EventLimit::Counts counts{};
  counts[static_cast<std::size_t>(EventKind::client_joined)] = 950;
  EXPECT_EQ(left_out_event(counts), R"([{"relay.client.on_join":950}])");
}

TEST(Answers, StatisticsNameEachNumber) {
  NodeNumbers numbers;
  numbers.uptime = 90s;
  numbers.loops = 2;
  numbers.relay.clients = 7;
  numbers.relay.bytes_out = 8;
  numbers.http.refused = 9;
  numbers.wamp = data::Value::Map{{"sessions", 3}};
  const auto stats = json::parse(stats_answer(numbers)).at(0);
  EXPECT_EQ(stats.at("uptime_seconds"), 90);
  EXPECT_EQ(stats.at("clients").at("now"), 7);
  EXPECT_EQ(stats.at("delivered").at("bytes"), 8);
  EXPECT_EQ(stats.at("http").at("refused"), 9);
  EXPECT_EQ(stats.at("wamp").at("sessions"), 3);
}

TEST(Answers, AnActorIsNamedWithoutEnd) {
  const auto actor = actor_of({wamp::SessionId{4711}, std::string(5000, 'x'), "operator", "192.0.2.7:5000"});
  EXPECT_LT(actor.who.size(), 300u);
  EXPECT_NE(actor.who.find("(role \"operator\", session 4711)"), std::string::npos);
  EXPECT_EQ(access::in_words({"peter (role operator, session 4711)", "192.0.2.7"}),
            "by peter (role operator, session 4711), from 192.0.2.7");
  EXPECT_EQ(access::in_words({}), "by this program, from inside");
}

}  // namespace
}  // namespace crosspoint::management
