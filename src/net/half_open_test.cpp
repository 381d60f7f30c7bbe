// Row J6 on a real link: two network namespaces joined by a veth pair, whose one end is then taken down, so
// that no FIN and no RST can come. Needs the right to make namespaces and the command `ip`; without them the
// test says so and is skipped. Takes real seconds: kernel timers cannot be set by hand.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>

#include "net/descriptor.h"
#include "testing/raw_client.h"
#include "testing/recording_server.h"
#include "testing/system_world.h"

namespace crosspoint::net {
namespace {

using crosspoint::testing::RawClient;
using crosspoint::testing::RecordingServer;
using crosspoint::testing::SystemWorld;

bool run(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()) == 0; }

// A process that does nothing but keep a network namespace of its own alive.
class Keeper {
 public:
  Keeper() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
    process_ = ::fork();
    if (process_ == 0) {
      const char made = ::unshare(CLONE_NEWNET) == 0 ? 'y' : 'n';
      [[maybe_unused]] const auto written = ::write(ends[1], &made, 1);
      for (;;) ::pause();
    }
    char made = 'n';
    if (::read(ends[0], &made, 1) == 1) made_ = made == 'y';
    ::close(ends[0]);
    ::close(ends[1]);
  }
  ~Keeper() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  bool made() const { return made_; }
  std::string id() const { return std::to_string(process_); }
  bool enter() const {
    const Descriptor space(::open(("/proc/" + id() + "/ns/net").c_str(), O_RDONLY | O_CLOEXEC));
    return space && ::setns(space.get(), CLONE_NEWNET) == 0;
  }
  bool run_inside(const std::string& command) const { return run("nsenter -t " + id() + " -n " + command); }

 private:
  pid_t process_ = -1;
  bool made_ = false;
};

class HalfOpen : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!here.made() || !there.made())
      GTEST_SKIP() << "needs the right to make network namespaces (CAP_SYS_ADMIN)";
    if (!run("ip link show")) GTEST_SKIP() << "needs the command ip (package iproute2)";
    const bool joined = here.run_inside("ip link add here type veth peer name there netns " + there.id()) &&
                        here.run_inside("ip addr add 10.9.8.1/24 dev here") &&
                        there.run_inside("ip addr add 10.9.8.2/24 dev there") &&
                        here.run_inside("ip link set here up") && there.run_inside("ip link set there up");
    if (!joined) GTEST_SKIP() << "this kernel gives no veth pair";
    home = Descriptor(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
  }
  void TearDown() override {
    if (home) ::setns(home.get(), CLONE_NEWNET);
  }

  void expect_found_in_time(Duration dead_link_after, const std::function<bool()>& cut);

  Keeper here;
  Keeper there;
  Descriptor home;
};

// Two connections over the link, one idle and one with bytes under way in both directions, when `cut` is
// called: all four ends must find out in time.
void HalfOpen::expect_found_in_time(Duration dead_link_after, const std::function<bool()>& cut) {
  const StreamOptions options{.dead_link_after = dead_link_after};
  const Endpoint place{.kind = Endpoint::Kind::tcp, .host = "10.9.8.2", .port = 7000, .path = {}};
  SystemWorld world;
  RecordingServer server;
  ASSERT_TRUE(there.enter());
  const Network::ListenPoint point{&world.loop(), &server};
  const auto listeners = world.network().listen(place, options, {&point, 1});
  ASSERT_TRUE(listeners) << listeners.error().sentence;
  ASSERT_TRUE(here.enter());
  {
    // The link may still be waking up: what comes later finds it awake, and does not lose its first packet.
    RawClient first(world.loop(), world.network(), place, options);
    ASSERT_TRUE(world.run_until([&] { return first.connected() && server.connections.size() == 1; }));
    server.connections.clear();
  }
  RawClient idle(world.loop(), world.network(), place, options);
  RawClient writing(world.loop(), world.network(), place, options);
  ASSERT_TRUE(world.run_until(
      [&] { return server.connections.size() == 2 && idle.connected() && writing.connected(); }));

  ASSERT_TRUE(cut());
  const auto began = world.clock().monotonic();
  writing.send("does anybody hear me?");
  ASSERT_TRUE(server.connections[1]->stream->write_some(as_bytes("hello?")));
  const auto all_failed = [&] {
    return idle.failure() && writing.failure() && server.connections[0]->failure &&
           server.connections[1]->failure;
  };
  EXPECT_TRUE(world.run_until(all_failed, dead_link_after));

  EXPECT_EQ(idle.failure(), StreamError::timed_out);
  EXPECT_EQ(writing.failure(), StreamError::timed_out);
  EXPECT_EQ(server.connections[0]->failure, StreamError::timed_out);
  EXPECT_EQ(server.connections[1]->failure, StreamError::timed_out);
  // And not by giving up at the first lost packet.
  EXPECT_GT(world.clock().monotonic() - began, dead_link_after / 2);
}

TEST_F(HalfOpen, J6_APathThatSwallowsEverythingIsFoundInTimeIdleOrNot) {
  // Shorter would be over sooner, and wrong on a busy machine: the kernel counts from the first
  // retransmission, which a slow first round trip puts off.
  expect_found_in_time(12s, [&] {
    // Frames go to a machine that does not exist; both ends still see their link up.
    const std::string nobody = " lladdr 02:00:00:00:00:99 nud permanent ";
    return here.run_inside("ip neigh replace 10.9.8.2" + nobody + "dev here") &&
           there.run_inside("ip neigh replace 10.9.8.1" + nobody + "dev there");
  });
}

TEST_F(HalfOpen, J6_AnUnpluggedCableIsFoundWithinFifteenSeconds) {
  expect_found_in_time(StreamOptions{}.dead_link_after,
                       [&] { return there.run_inside("ip link set there down"); });
}

}  // namespace
}  // namespace crosspoint::net
