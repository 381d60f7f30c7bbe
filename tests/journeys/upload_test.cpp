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

}  // namespace
}  // namespace crosspoint::journeys
