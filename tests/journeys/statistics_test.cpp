// Who is connected, in the words of the old relay: the WebSocket /ws.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "product.h"
#include "relay/io/visitors.h"

namespace crosspoint::journeys {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class StatisticsJourney : public Journey {
 protected:
  // The JSON texts that come as an answer.
  std::vector<std::string> ask(Product& product, WebClient& stats, std::size_t expected) {
    stats.take();
    stats.send("-");
    product.until([&] { return stats.messages.size() >= expected; });
    std::vector<std::string> reports;
    for (const auto& message: stats.messages) {
      EXPECT_TRUE(message.text());
      reports.push_back(message.payload);
    }
    return reports;
  }
};
INSTANTIATE_TEST_SUITE_P(Statistics, StatisticsJourney, everywhere, name_of);

TEST_P(StatisticsJourney, F26_OneTextMessageForEachClientWithItsTraffic) {
  Product product(table());
  WebClient::Options camera;
  camera.fields.add("User-Agent", "cam/1");
  camera.fields.add("X-Forwarded-For", "10.1.2.3");
  const auto sender = product.open("/in/video", std::move(camera));
  const auto viewer = product.open("/out/video");
  const auto stats = product.open("/ws");
  for (int i = 0; i < 5; ++i) sender->send_binary(as_bytes(std::string(1000, 'v')));
  product.until([&] { return viewer->messages.size() == 5; });

  auto reports = ask(product, *stats, 2);

  ASSERT_EQ(reports.size(), 2u);
  if (reports[0].find(R"("broadcaster":false)") != std::string::npos) std::swap(reports[0], reports[1]);
  EXPECT_THAT(reports[0], HasSubstr(R"("topic":"/out/video","broadcaster":true,)"));
  EXPECT_THAT(reports[0],
              HasSubstr(R"("remoteAddr":"10.1.2.3","userAgent":"cam/1","stats":{"tx":{"last":")"));
  EXPECT_THAT(reports[0], HasSubstr(R"("size":1000,)"));
  EXPECT_THAT(reports[0], HasSubstr(R"("rx":{"last":"Never","size":0,"fps":0})"));
  EXPECT_THAT(reports[1], HasSubstr(R"("topic":"/out/video","broadcaster":false,)"));
  EXPECT_THAT(reports[1], HasSubstr(R"("tx":{"last":"Never","size":0,"fps":0},"rx":{"last":")"));
  EXPECT_THAT(reports[1], HasSubstr(R"("size":1000,)"));
  EXPECT_THAT(reports[1], Not(HasSubstr(R"("remoteAddr":"")")));
}

TEST_P(StatisticsJourney, F27_AnyMessageAsksAndNothingIsSentUnasked) {
  Product product(table());
  const auto viewer = product.open("/out/video");
  const auto stats = product.open("/ws");
  EXPECT_EQ(ask(product, *stats, 1).size(), 1u);

  stats->take();
  stats->send("", websocket::MessageType::binary);
  product.until([&] { return !stats->messages.empty(); });
  EXPECT_EQ(stats->messages.size(), 1u);
}

// A question of a byte makes the relay look at everybody it knows.
TEST(Statistics, D5_HoweverOftenSomebodyAsksThereAreFiftyReportsASecond) {
  testing::MemoryWorld world;
  Product product(world);
  const auto viewer = product.open("/out/video");
  const auto stats = product.open("/ws");
  const auto ask = [&](int times) {
    for (int i = 0; i < times; ++i) stats->send("-");
    world.run_until_idle();
  };

  ask(1000);
  EXPECT_EQ(stats->messages.size(), 1u) << "the first at once";
  world.advance(1s);
  EXPECT_EQ(stats->messages.size(), 2u) << "the others together";
  stats->take();
  for (int i = 0; i < 1000; ++i) {
    ask(1);
    world.advance(1ms);
  }
  EXPECT_EQ(stats->messages.size(), 51u) << "one at once, and fifty in the second after it";
}

TEST(Statistics, D6_WhoAsksMoreThanAThousandTimesInASecondIsPutOutAlone) {
  testing::MemoryWorld world;
  Product product(world);
  const auto viewer = product.open("/out/video");
  const auto hasty = product.open("/ws"), other = product.open("/ws");
  const auto ask = [&](std::uint32_t times) {
    for (std::uint32_t i = 0; i < times; ++i) hasty->send("-");
    world.run_until_idle();
  };
  for (int second = 0; second < 3; ++second) {
    ask(relay::StatsSession::questions_per_second_max);
    world.advance(1s);
  }
  EXPECT_TRUE(hasty->open());

  ask(relay::StatsSession::questions_per_second_max + 1);

  ASSERT_TRUE(hasty->closed);
  EXPECT_EQ(hasty->closed->code, websocket::CloseCode::policy_violation);
  other->send("-");
  world.run_until_idle();
  EXPECT_EQ(other->messages.size(), 1u);
  EXPECT_TRUE(viewer->open());
}

TEST(Statistics, D5_WhoAsksAndDoesNotReadIsAnsweredOnceItHasRead) {
  testing::MemoryWorld world;
  Product product(world);
  std::vector<std::unique_ptr<WebClient>> crowd;
  WebClient::Options talkative;
  talkative.fields.add("User-Agent", std::string(4000, 'u'));
  for (int i = 0; i < 400; ++i) crowd.push_back(product.open("/out/video", talkative));
  const auto stats = product.open("/ws");
  stats->stop_reading();
  for (int i = 0; i < 100; ++i) {
    stats->send("-");
    world.advance(50ms);
  }

  stats->resume_reading();
  world.run_until_idle();

  EXPECT_EQ(stats->messages.size(), 2 * crowd.size()) << "one that filled the outbox, and one afterwards";
}

TEST_P(StatisticsJourney, F32_WhoHasLeftIsNotListed) {
  Product product(table());
  auto leaving = product.open("/out/video");
  const auto staying = product.open("/out/video");
  const auto stats = product.open("/ws");
  EXPECT_EQ(ask(product, *stats, 2).size(), 2u);

  leaving->close();
  product.until([&] { return leaving->closed.has_value(); });
  leaving.reset();

  product.until([&] { return product.gateway().sessions() == 1; });
  EXPECT_EQ(ask(product, *stats, 1).size(), 1u);
}

TEST(Statistics, AReportOfSeveralLoopsListsEverybodyOnce) {
  testing::MemoryWorld world;
  Product product(world, {}, 3);
  std::vector<std::unique_ptr<WebClient>> clients;
  for (int i = 0; i < 12; ++i) clients.push_back(product.open("/topic" + std::to_string(i)));
  const auto stats = product.open("/ws");

  stats->send("-");
  world.run_until_idle();

  EXPECT_EQ(stats->messages.size(), 12u);
}

}  // namespace
}  // namespace crosspoint::journeys
