// A picture's way: posted to the host as ffmpeg posts, pushed to the node, watched by viewers who come early,
// late and slowly; and what happens to it when the node goes away for a while.

#include <gtest/gtest.h>

#include <map>

#include "camera.h"
#include "media/test_stream.h"
#include "product.h"

namespace crosspoint::journeys {
namespace {

bool begins_with_tables_and_a_key_frame(const std::string& message) {
  if (message.size() < 3 * media::packet_bytes || message.size() % media::packet_bytes != 0) return false;
  const auto bytes = as_bytes(message);
  const auto first = media::packet_at(bytes, 0);
  const auto second = media::packet_at(bytes, media::packet_bytes);
  return first.pid() == media::pid_pat && second.pid() == 0x1000;
}

class PictureJourney : public Journey {
 protected:
  void start(Product& product) {
    auto& host = product.start_host();
    const auto set = host.agent().set(
        host::DestinationRule{.id = "0", .stream = "front", .destination = product.relay_url("/in/front")});
    ASSERT_TRUE(set);
  }
};
INSTANTIATE_TEST_SUITE_P(Picture, PictureJourney, everywhere, name_of);

TEST_P(PictureJourney, F52_EachPictureArrivesAsOneMessageByteForByte) {
  Product product(table());
  start(product);
  const auto viewer = product.open("/out/front");
  Camera camera(world(), product.host().endpoint(), "/ts/front");

  std::vector<std::string> posted;
  for (int i = 0; i < 30; ++i) {
    posted.push_back(camera.post(i % 5 == 0 ? 40'000 : 900));
    product.until([&] { return viewer->messages.size() == posted.size(); });
  }

  std::vector<std::string> got;
  for (const auto& message: viewer->messages) got.push_back(message.payload);
  EXPECT_EQ(got, posted);
}

TEST_P(PictureJourney, F61_E8_WhoJoinsLateGetsTablesAndThePicturesSinceTheKeyFrameAtOnce) {
  Product product(table());
  start(product);
  const auto early = product.open("/out/front");
  Camera camera(world(), product.host().endpoint(), "/ts/front");
  std::string since_key_frame;
  for (int i = 0; i < 18; ++i) {
    const auto picture = camera.post();
    if (i >= 12) since_key_frame += picture;
  }
  product.until([&] { return early->messages.size() == 18; });

  const auto late = product.open("/out/front");
  product.until([&] { return late->messages.size() >= 6; });

  ASSERT_EQ(late->messages.size(), 6u);
  EXPECT_TRUE(begins_with_tables_and_a_key_frame(late->messages[0].payload));
  EXPECT_EQ(late->bytes(), since_key_frame)
      << "the message begins with its own tables, so nothing stands in for it";

  camera.post();
  product.until([&] { return late->messages.size() == 7; });
  EXPECT_EQ(media::continuity_complaints(as_bytes(late->bytes())), std::vector<std::string>{});
}

TEST_P(PictureJourney, WhoAsksToWaitBeginsAtTheNextKeyFrame) {
  Product product(table());
  start(product);
  const auto early = product.open("/out/front");
  Camera camera(world(), product.host().endpoint(), "/ts/front");
  for (int i = 0; i < 8; ++i) camera.post();
  product.until([&] { return early->messages.size() == 8; });

  const auto patient = product.open("/out/front?join=wait");
  for (int i = 8; i < 14; ++i) camera.post();
  product.until([&] { return patient->messages.size() >= 2; });

  ASSERT_EQ(patient->messages.size(), 2u);
  EXPECT_TRUE(begins_with_tables_and_a_key_frame(patient->messages[0].payload));
}

TEST_P(PictureJourney, E7_WhoComesToSendIsShownNothingOfWhatWasSentBefore) {
  Product product(table());
  start(product);
  const auto viewer = product.open("/out/front");
  Camera camera(world(), product.host().endpoint(), "/ts/front");
  for (int i = 0; i < 14; ++i) camera.post();
  product.until([&] { return viewer->messages.size() == 14; });

  const auto sender = product.open("/in/front"), asking = product.open("/in/front?join=burst");
  const auto next = camera.post();
  product.until([&] { return viewer->messages.size() == 15 && asking->messages.size() >= 3; });

  EXPECT_EQ(sender->bytes(), next) << "it hears the other senders from now on";
  EXPECT_EQ(asking->messages.size(), 3u);
}

TEST_P(PictureJourney, F66_TextOnATopicThatCarriesVideoReachesNoViewer) {
  Product product(table());
  start(product);
  const auto viewer = product.open("/out/front");
  Camera camera(world(), product.host().endpoint(), "/ts/front");
  camera.post();
  product.until([&] { return viewer->messages.size() == 1; });

  const auto talker = product.open("/in/front");
  talker->send("hello players");
  camera.post();
  product.until([&] { return viewer->messages.size() == 2; });

  EXPECT_FALSE(viewer->messages[0].text());
  EXPECT_FALSE(viewer->messages[1].text());
}

// The reconnect journey: the node goes away and comes back; host and viewers find it again without help, and
// nothing that was posted in between is shown late.
TEST_P(PictureJourney, F49_AfterTheNodeWasAwayThePictureGoesOnWithTablesAndAKeyFrame) {
  Product product(table());
  start(product);
  auto viewer = product.open("/out/front");
  Camera camera(world(), product.host().endpoint(), "/ts/front");
  for (int i = 0; i < 5; ++i) camera.post();
  product.until([&] { return viewer->messages.size() == 5; });

  product.stop_node();
  product.until([&] { return viewer->closed.has_value(); });
  std::vector<std::string> posted_while_away;
  for (int i = 0; i < 4; ++i) posted_while_away.push_back(camera.post());
  product.start_node();
  ASSERT_TRUE(product.listening());
  viewer = product.open("/out/front");
  ASSERT_TRUE(viewer->open());
  const auto back = [&] {
    return host::to_json(product.host().status()).find(R"("state":"connected")") != std::string::npos;
  };
  ASSERT_TRUE(product.until(back, 30s)) << "the host comes back by itself";

  camera.skip_to_next_key_frame();
  const auto key_frame = camera.post();
  const auto next = camera.post();
  product.until([&] { return viewer->messages.size() >= 2; });

  ASSERT_EQ(viewer->messages.size(), 2u);
  EXPECT_TRUE(begins_with_tables_and_a_key_frame(viewer->messages[0].payload));
  EXPECT_EQ(viewer->messages[1].payload, next);
}

// By the time of the world: nothing is waited for but the next picture of the camera, which comes each 40 ms.
TEST(Picture, F61_TheFirstPictureIsThereAtOnceOrWithTheNextKeyFrame) {
  testing::MemoryWorld world;
  Product product(world);
  const auto sender = product.open("/in/front");
  media::TestStream stream;
  std::uint64_t number = 0;
  const auto post = [&] {
    if (number % 12 == 0) stream.tables();
    const media::Timestamp at = 90'000 + 3600 * number;
    number++ % 12 == 0 ? stream.key_frame(at) : stream.other_frame(at);
    sender->send_binary(stream.take());
    world.advance(40ms);
  };
  const auto first_picture_of = [&](const std::string& path) {
    const auto joined = world.clock().monotonic();
    const auto viewer = product.open(path);
    world.run_until_idle();
    while (viewer->messages.empty() && number < 1000) post();
    EXPECT_TRUE(begins_with_tables_and_a_key_frame(viewer->messages.at(0).payload));
    return world.clock().monotonic() - joined;
  };
  for (int i = 0; i < 12; ++i) {
    for (int n = 0; n < 17; ++n) post();
    EXPECT_EQ(first_picture_of("/out/front"), 0s) << "of 200 ms";
    EXPECT_LE(first_picture_of("/out/front?join=wait"), 12 * 40ms) << "of 600 ms";
  }
}

// A minute at half the bit rate, at the default bounds; the link itself holds what two kernels do.
TEST(Picture, F62_AViewerWithHalfTheBitRateIsNeverTwoSecondsBehindAndResumesAtKeyPictures) {
  testing::MemoryWorld world;
  Product product(world);
  const auto quick = product.open("/out/front"), slow = product.open("/out/front");
  world.network().newest_link()->set({.capacity_bytes = 12 * 1024, .bytes_per_second = 44'000});
  const auto sender = product.open("/in/front");
  media::TestStream stream;
  std::map<std::string, MonotonicTime> sent_at;
  Duration longest{};
  std::size_t seen = 0, resumed = 0;

  for (std::uint64_t number = 0; number < 1500; ++number) {  // 88 kB a second
    if (number % 12 == 0) stream.tables();
    const media::Timestamp at = 90'000 + 3600 * number;
    number % 12 == 0 ? stream.key_frame(at, 7500) : stream.other_frame(at, 3000);
    const auto picture = stream.take();
    sent_at[to_string(picture)] = world.clock().monotonic();
    sender->send_binary(picture);
    for (int step = 0; step < 2; ++step) {
      world.advance(20ms);
      for (; seen < slow->messages.size(); ++seen) {
        const auto& message = slow->messages[seen].payload;
        const auto sent = sent_at.find(message);
        if (sent != sent_at.end()) {
          longest = std::max(longest, world.clock().monotonic() - sent->second);
        } else {  // it stands in for a key picture, after a gap
          ++resumed;
          EXPECT_TRUE(begins_with_tables_and_a_key_frame(message));
          EXPECT_NE(message.find(to_string(media::picture::mpeg_key())), std::string::npos);
        }
      }
    }
  }

  EXPECT_LE(longest, 2s);
  EXPECT_GT(resumed, 10u);
  EXPECT_EQ(quick->messages.size(), 1500u);
  EXPECT_LT(slow->messages.size(), 900u);
  EXPECT_EQ(media::continuity_complaints(as_bytes(slow->bytes())), std::vector<std::string>{});
  const auto pictures_in_order = [&] {
    MonotonicTime last{};
    for (const auto& message: slow->messages) {
      const auto sent = sent_at.find(message.payload);
      if (sent == sent_at.end()) continue;
      if (sent->second <= last) return false;
      last = sent->second;
    }
    return true;
  };
  EXPECT_TRUE(pictures_in_order());
}

// F62 with a manual clock: a viewer that takes half of what comes sees whole pictures, skips to key frames,
// and is never far behind.
TEST(Picture, F62_E2_ASlowViewerSkipsToKeyFramesAndStaysWithinItsBound) {
  testing::MemoryWorld world;
  world.network().set_link_settings({.capacity_bytes = 16 * 1024});
  relay::NodeSettings settings;
  settings.relay.topics.bounds = {.bytes_max = 64 * 1024, .age_max = 2s};
  Product product(world, settings);
  const auto quick = product.open("/out/front");
  const auto slow = product.open("/out/front");
  const auto sender = product.open("/in/front");
  media::TestStream stream;
  std::string sent;

  for (std::uint64_t number = 0; number < 1500; ++number) {
    if (number % 12 == 0) stream.tables();
    const media::Timestamp at = 90'000 + 3600 * number;
    number % 12 == 0 ? stream.key_frame(at, 9000) : stream.other_frame(at, 3000);
    const auto picture = stream.take();
    sent += as_text(picture);
    sender->send_binary(picture);
    if (number % 100 == 0) slow->stop_reading();
    if (number % 100 == 50) slow->resume_reading();
    world.advance(40ms);
  }
  slow->resume_reading();
  world.run_until_idle();

  EXPECT_EQ(quick->bytes(), sent);
  EXPECT_LT(slow->bytes().size(), sent.size());
  EXPECT_EQ(media::continuity_complaints(as_bytes(slow->bytes())), std::vector<std::string>{});
  for (const auto& message: slow->messages) EXPECT_EQ(message.payload.size() % media::packet_bytes, 0u);
  EXPECT_EQ(slow->messages.back().payload, quick->messages.back().payload) << "it has caught up";
}

}  // namespace
}  // namespace crosspoint::journeys
