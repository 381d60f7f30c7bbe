// A stream that is posted to the node itself, as it was to jsmpeg's own relay (C.2).

#include <gtest/gtest.h>

#include "camera.h"
#include "product.h"

namespace crosspoint::journeys {
namespace {

relay::NodeSettings taking(std::string topic = "/") {
  relay::NodeSettings settings;
  settings.relay.uploads.emplace();
  settings.relay.uploads->secret = "supersecret";
  settings.relay.uploads->topic = std::move(topic);
  return settings;
}

class UploadJourney : public Journey {};
INSTANTIATE_TEST_SUITE_P(Upload, UploadJourney, ::testing::Values(Where::memory, Where::loopback), name_of);

// Two loops: the request is accepted on one, the topic may live on the other, and does for one of these.
TEST_P(UploadJourney, C2_WhatFfmpegPostsBehindTheSecretIsOnTheTopicPictureByPicture) {
  for (const std::string topic: {"/", "/out/video0", "/out/video1"}) {
    Product product(table(), taking(topic), 2);
    const auto viewer = product.open(topic);
    Camera camera(world(), product.node(), "/supersecret/640/480/");
    std::string posted;
    for (int i = 0; i < 30; ++i) posted += camera.post();
    product.until([&] { return viewer->bytes().size() == posted.size(); });

    EXPECT_EQ(viewer->bytes(), posted) << topic;
    EXPECT_EQ(viewer->messages.size(), 30u);
    for (const auto& message: viewer->messages) {
      EXPECT_FALSE(message.text());
      EXPECT_EQ(message.payload.size() % media::packet_bytes, 0u);
    }
    camera.end();
    product.until([&] { return !camera.answer().empty(); });
    EXPECT_EQ(camera.answer().substr(0, 12), "HTTP/1.1 200");
  }
}

TEST_P(UploadJourney, C2_AnotherSecretIsAPathLikeAnyOther) {
  Product product(table(), taking());
  for (const auto* path: {"/supersecre", "/supersecretly", "/SUPERSECRET", "/"}) {
    Camera camera(world(), product.node(), path);
    product.until([&] { return !camera.answer().empty(); });
    EXPECT_EQ(camera.answer().substr(0, 12), "HTTP/1.1 400") << path;
  }
}

TEST_P(UploadJourney, C2_OneUploadTooManyIsRefusedUntilAnotherHasEnded) {
  auto settings = taking();
  settings.relay.uploads->uploads_max = 2;
  Product product(table(), settings);
  const auto viewer = product.open("/");
  std::vector<std::unique_ptr<Camera>> cameras;
  for (int i = 0; i < 2; ++i) {
    cameras.push_back(std::make_unique<Camera>(world(), product.node(), "/supersecret"));
    cameras.back()->post();
  }
  product.until([&] { return viewer->messages.size() == 2; });
  Camera refused(world(), product.node(), "/supersecret");
  product.until([&] { return !refused.answer().empty(); });
  EXPECT_EQ(refused.answer().substr(0, 12), "HTTP/1.1 503");

  cameras.pop_back();  // gone, without an end
  viewer->take();
  product.until([&] {
    Camera next(world(), product.node(), "/supersecret");
    next.post();
    product.until([&] { return !viewer->messages.empty() || !next.answer().empty(); });
    return !viewer->messages.empty();
  });
  EXPECT_EQ(viewer->messages.size(), 1u);
}

TEST_P(UploadJourney, C2_WhoJoinsLateBeginsWithTablesAndAKeyFrame) {
  Product product(table(), taking());
  Camera camera(world(), product.node(), "/supersecret");
  const auto early = product.open("/");
  const auto first = camera.post();
  for (int i = 0; i < 5; ++i) camera.post();
  product.until([&] { return early->messages.size() == 6; });

  const auto late = product.open("/");
  product.until([&] { return !late->messages.empty(); });
  ASSERT_FALSE(late->messages.empty());
  EXPECT_EQ(late->messages[0].payload.substr(0, first.size()), first);
}

// More is posted at once than may wait for the topic's loop.
TEST_P(UploadJourney, C2_ASenderThatIsFasterThanTheTopicWaitsAndLosesNothing) {
  auto settings = taking("/out/video0");
  settings.relay.uploads->waiting_bytes_max = 10'000;
  Product product(table(), settings, 2);
  const auto viewer = product.open("/out/video0");
  Camera camera(world(), product.node(), "/supersecret");
  std::string posted;
  for (int i = 0; i < 40; ++i) posted += camera.post(20'000);
  product.until([&] { return viewer->bytes().size() == posted.size(); });
  EXPECT_TRUE(viewer->bytes() == posted) << viewer->bytes().size() << " of " << posted.size();
}

// Of both loops: the one that reads the request, and the one where the topic lives.
std::vector<relay::ClientReport> everybody(Product& product) {
  auto reports = product.gateway(0).report();
  for (auto& more: product.gateway(1).report()) reports.push_back(std::move(more));
  return reports;
}

TEST_P(UploadJourney, C2_WhoPostsIsAmongThoseWhoAreConnected) {
  for (const std::string topic: {"/out/video0", "/out/video1"}) {
    Product product(table(), taking(topic), 2);
    Camera camera(world(), product.node(), "/supersecret");
    const auto posted = camera.post() + camera.post();
    product.until([&] { return everybody(product).size() == 1 && everybody(product)[0].sent.messages == 2; });

    const auto reports = everybody(product);
    ASSERT_EQ(reports.size(), 1u);
    EXPECT_EQ(reports[0].topic, topic);
    EXPECT_TRUE(reports[0].broadcaster);
    EXPECT_FALSE(reports[0].receives);
    EXPECT_EQ(reports[0].sent.bytes, posted.size());
    EXPECT_EQ(reports[0].user_agent, "Lavf/59");
    EXPECT_TRUE(reports[0].remote_address.starts_with("127.0.0.1")) << reports[0].remote_address;
    const auto topics =
        relay::merged({product.gateway(0).topic_reports(), product.gateway(1).topic_reports()});
    ASSERT_EQ(topics.size(), 1u);
    EXPECT_EQ(topics[0].senders, 1u);

    camera.end();
    product.until([&] { return everybody(product).empty(); });
    auto sum = product.gateway(0).loop_report();
    sum.add(product.gateway(1).loop_report());
    EXPECT_EQ(sum.bytes_in, posted.size()) << "those who have gone are counted";
    EXPECT_EQ(sum.clients, 0u);
  }
}

TEST_P(UploadJourney, C2_WhoPostsCanBePutOut) {
  Product product(table(), taking("/out/video0"), 2);
  const auto viewer = product.open("/out/video0");
  Camera camera(world(), product.node(), "/supersecret");
  camera.post();
  product.until([&] { return viewer->messages.size() == 1; });
  for (const auto& client: everybody(product)) {
    for (const std::size_t loop: {0u, 1u}) {
      EXPECT_FALSE(product.gateway(loop).end_client(client.id + (std::uint64_t{1} << 32), "not you"));
      if (client.broadcaster && !client.receives)
        product.gateway(loop).end_client(client.id, "enough of this");
    }
  }
  product.until([&] { return !camera.answer().empty(); });
  EXPECT_EQ(camera.answer().substr(0, 12), "HTTP/1.1 403");
  EXPECT_TRUE(camera.answer().ends_with("enough of this\n"));
  EXPECT_EQ(everybody(product).size(), 1u) << "the viewer";
}

}  // namespace
}  // namespace crosspoint::journeys
