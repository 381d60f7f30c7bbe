// Destinations that need a token: through an access service, or shown to the relay first.
#include "client/io/test_access.h"
#include "host/io/destination.h"
#include "host/io/test_host.h"
#include "testing/log_text.h"

namespace crosspoint::host {
namespace {

using client::TestAccess;

constexpr std::string_view token = "eyJhbGciOi.eyJ0b3BpYyI.S3cretSignature";

class DestinationTokenTest : public HostTest {
 protected:
  void SetUp() override {
    settings.agent.destination.token_directory = "/run/lab";
    HostTest::SetUp();
  }

  HttpAnswer post(std::string_view more, std::string_view address, std::string_view stream = "/video") {
    auto answer =
        ask("POST", "/api/destinations",
            fmt::format(R"({{"stream":"{}","destination":"{}","id":"0",{}}})", stream, address, more));
    world.run_until_idle();  // the destination dials
    return answer;
  }
  HttpAnswer post_token(std::string_view address, std::string_view stream = "/video") {
    return post(fmt::format(R"("token":"{}")", token), address, stream);
  }
  void write_token(std::string text, unsigned mode) {
    world.files().put("/run/lab/rig01", std::move(text), mode);
  }

  TestAccess access{world, "lab.test"};
  TestRelay relay{world, "relay.test"};
};

constexpr unsigned only_owner = 0600, everybody_reads = 0604;

TEST_F(DestinationTokenTest, Check49_ARuleWithATokenIsEchoedWithFiveKeysAndConnectsAtOnce) {
  const auto posted = post_token(access.url("/session/t1"));
  const std::string rule =
      R"({"id":"0","stream":"video","destination":"http://lab.test:80/session/t1","token":"***","file":""})";
  EXPECT_EQ(posted.status, 200);
  EXPECT_EQ(posted.body, rule);
  EXPECT_EQ(ask("GET", "/api/destinations/0").body, rule);
  EXPECT_EQ(ask("GET", "/api/destinations/all").body, "{\"0\":" + rule + "}");

  EXPECT_EQ(access.token_shown(), token);
  EXPECT_EQ(destination("0").state, "connected");
  EXPECT_EQ(relay.guest().request.head.target, "/session/t1?code=c0de-1");
}

TEST_F(DestinationTokenTest, Check50_ABurstArrivesAsOneBinaryMessage) {
  post_token(access.url("/session/t1"));
  const auto ffmpeg = upload("video");
  const ByteVector burst(5640, std::byte{0x42});
  send_chunk(*ffmpeg, burst);
  world.advance(40ms);

  ASSERT_EQ(relay.guest().messages.size(), 1u);
  EXPECT_EQ(relay.guest().messages[0].type, MessageType::binary);
  EXPECT_EQ(relay.guest().messages[0].payload.size(), 5640u);
}

TEST_F(DestinationTokenTest, Check51_TextGoesBothWaysAndLocalClientsHearEachOther) {
  post_token(access.url("/session/t1"), "data");
  const auto one = program("data"), other = program("data");
  one->send("there");
  world.run_until_idle();
  relay.guest().socket.send(MessageType::text, as_bytes("back"));
  world.run_until_idle();

  ASSERT_EQ(relay.guest().payloads(), Texts{"there"});
  EXPECT_EQ(relay.guest().messages[0].type, MessageType::text);
  EXPECT_EQ(one->got, Texts{"back"});
  EXPECT_EQ(other->got, (Texts{"there", "back"}));
}

TEST_F(DestinationTokenTest, AFreshAddressIsAskedForWhenTheRelayIsLost) {
  post_token(access.url("/session/t1"));
  world.advance(11s);
  relay.guest().socket.abort();
  ASSERT_TRUE(world.run_until([&] { return relay.guests.size() == 2; }, 2s));
  EXPECT_EQ(relay.guest().request.head.target, "/session/t1?code=c0de-2");
}

TEST_F(DestinationTokenTest, ADeniedTokenShowsInTheStatusAsASentence) {
  access.mood = TestAccess::Mood::denied;
  EXPECT_EQ(post_token(access.url("/session/t1")).status, 200);
  EXPECT_EQ(destination("0").last_error, "access at lab.test answered 400: bookingID has been deny-listed");
  EXPECT_EQ(destination("0").address, "http://lab.test/session/t1");

  access.mood = TestAccess::Mood::welcome;
  EXPECT_TRUE(world.run_until([&] { return destination("0").state == "connected"; }, 13s));
}

TEST_F(DestinationTokenTest, TheOlderRelayIsShownTheTokenBeforeAnythingElse) {
  post_token(relay.url("/in/t1"), "data");
  const auto local = program("data");
  local->send("held until then");
  world.run_until_idle();
  EXPECT_EQ(relay.guest().payloads(), Texts{std::string(token)});

  relay.guest().socket.send(MessageType::text, as_bytes(R"({"authorised":true})"));
  world.run_until_idle();
  EXPECT_EQ(relay.guest().payloads(), (Texts{std::string(token), "held until then"}));
  EXPECT_EQ(local->got, Texts{});
}

TEST_F(DestinationTokenTest, H5_ATokenFileIsReadAnewForEachAttempt) {
  write_token("first.to.ken\n", only_owner);
  EXPECT_EQ(post(R"("token_file":"rig01")", access.url("/session/t1")).status, 200);
  EXPECT_EQ(access.token_shown(), "first.to.ken");

  write_token("second.to.ken\n", only_owner);
  world.advance(11s);
  relay.guest().socket.abort();
  ASSERT_TRUE(world.run_until([&] { return relay.guests.size() == 2; }, 2s));
  EXPECT_EQ(access.token_shown(), "second.to.ken");
}

TEST_F(DestinationTokenTest, H5_ATokenFileThatEverybodyMayReadIsNotUsedUntilThatIsMended) {
  write_token("S3cret", everybody_reads);
  EXPECT_EQ(post(R"("token_file":"rig01")", access.url("/session/t1")).status, 200);
  EXPECT_EQ(access.requests.size(), 0u);
  EXPECT_NE(destination("0").last_error.find("open to everybody"), std::string::npos);
  EXPECT_EQ(destination("0").last_error.find("S3cret"), std::string::npos);

  write_token("S3cret", only_owner);
  EXPECT_TRUE(world.run_until([&] { return destination("0").state == "connected"; }, 13s));
}

TEST_F(DestinationTokenTest, WithoutATokenDirectoryATokenFileIsRefused) {
  settings.agent.destination.token_directory.clear();
  host.reset();
  start_host();
  const auto answer = post(R"("token_file":"rig01")", access.url("/session/t1"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.body.find("host.token-directory"), std::string::npos) << answer.body;
  EXPECT_EQ(ask("GET", "/api/destinations/all").body, "{}");
}

TEST_F(DestinationTokenTest, ARecordingIsRefusedHonestly) {
  const auto answer = post(R"("token":"t","file":"/tmp/x.ts")", access.url("/session/t1"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, "\"file\" asks for a recording, which this agent cannot make yet\n");
}

TEST_F(DestinationTokenTest, C18_NeitherTokenNorCodeIsInAnAnswerAStatusOrALog) {
  const testing::LogText logged(log::Level::trace);
  std::string seen;
  const auto look = [&] {
    world.advance(12s);
    for (const auto* path: {"/api/destinations/all", "/api/destinations/0", "/api/status"})
      seen += ask("GET", path).body;
  };
  for (const auto mood: {TestAccess::Mood::broken, TestAccess::Mood::denied, TestAccess::Mood::welcome}) {
    access.mood = mood;
    for (const auto of_relay:
         {TestRelay::Mood::refuse, TestRelay::Mood::close_at_once, TestRelay::Mood::welcome}) {
      relay.mood = of_relay;
      seen += post_token(access.url("/session/t1")).body;
      look();
    }
  }
  seen += post_token(relay.url("/in/t1?code=c0de-x")).body;
  relay.guest().socket.send(MessageType::text,
                            as_bytes(fmt::format(R"({{"authorised":false,"reason":"{}"}})", token)));
  look();
  relay.go_away();
  look();

  const auto said = logged.text();
  EXPECT_NE(said.find("connected to http://lab.test/session/t1"), std::string::npos) << said;
  for (const auto* secret: {"S3cret", "eyJhbGciOi", "c0de-1"}) {
    EXPECT_EQ(seen.find(secret), std::string::npos) << secret;
    EXPECT_EQ(said.find(secret), std::string::npos) << secret;
  }
}

}  // namespace
}  // namespace crosspoint::host
