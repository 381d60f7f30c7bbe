// What only the machine's own network can show; what it shares with the one in memory is in
// network_contract_test.cpp.

#include "net/system_network.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "net/descriptor.h"
#include "net/socket_address.h"
#include "net/system_loop.h"
#include "net/system_stream.h"
#include "testing/manual_clock.h"
#include "testing/raw_client.h"
#include "testing/recording_server.h"
#include "testing/system_world.h"

namespace crosspoint::net {
namespace {

using crosspoint::testing::ManualClock;
using crosspoint::testing::RawClient;
using crosspoint::testing::RecordingServer;
using crosspoint::testing::SystemWorld;

const Endpoint any_port{.kind = Endpoint::Kind::tcp, .host = "127.0.0.1", .port = 0, .path = {}};

// A connection that the kernel makes without anybody accepting it, from outside of every loop.
Descriptor plain_connection(const Endpoint& endpoint) {
  const auto address = resolve(endpoint.host, endpoint.port).value().front();
  Descriptor socket(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(::connect(socket.get(), address.data(), address.size()), 0);
  return socket;
}

// How many more descriptors this process may open, for as long as this lives.
class DescriptorsLeft {
 public:
  explicit DescriptorsLeft(rlim_t count) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit now = before_;
    // The lowest free number: everything below is taken when descriptors were never closed out of order.
    const Descriptor lowest(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    now.rlim_cur = static_cast<rlim_t>(lowest.get()) + count;
    ::setrlimit(RLIMIT_NOFILE, &now);
  }
  ~DescriptorsLeft() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  DescriptorsLeft(const DescriptorsLeft&) = delete;
  DescriptorsLeft& operator=(const DescriptorsLeft&) = delete;

 private:
  rlimit before_{};
};

class SystemNetworkTest : public ::testing::Test {
 protected:
  std::unique_ptr<Listener> listen_on(Loop& on, const Endpoint& endpoint, const StreamOptions& options = {}) {
    const Network::ListenPoint point{&on, &server};
    auto listeners = world.network().listen(endpoint, options, {&point, 1});
    if (!listeners) {
      ADD_FAILURE() << listeners.error().sentence;
      return nullptr;
    }
    return std::move(listeners->front());
  }

  SystemWorld world;
  // Another loop, whose time stands still until the test moves it.
  ManualClock clock;
  SystemLoop loop{clock};
  RecordingServer server;
};

// The clock is set by hand, so that each step of the pause is one the test takes.
TEST_F(SystemNetworkTest, D2_OutOfDescriptorsItPausesInStepsTurnsTheWaitingAwayAndRecoversByItself) {
  const auto listener = listen_on(loop, any_port);
  const auto turns = [&] {
    for (int i = 0; i < 50; ++i) loop.turn(0s);
  };
  turns();
  std::vector<Descriptor> clients;
  for (int i = 0; i < 10; ++i) clients.push_back(plain_connection(listener->endpoint()));
  {
    const DescriptorsLeft left(3);

    turns();
    EXPECT_EQ(server.connections.size(), 3u);
    EXPECT_EQ(listener->times_out_of_descriptors(), 1u);  // fifty turns, one attempt: nothing spins
    char byte = 0;
    EXPECT_EQ(::recv(clients.back().get(), &byte, 1, 0), 0);  // turned away, and told so

    clock.advance(1s);
    turns();
    EXPECT_EQ(listener->times_out_of_descriptors(), 1u);  // nobody waits: trying is no failure
  }
  clients.push_back(plain_connection(listener->endpoint()));
  clock.advance(1s);
  turns();

  EXPECT_EQ(server.connections.size(), 4u);
}

TEST_F(SystemNetworkTest, D2_WhileDescriptorsAreOutEachStepIsOneAttempt) {
  const auto listener = listen_on(loop, any_port);
  loop.turn(0s);
  const Descriptor spare(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  std::vector<Descriptor> clients;
  for (int i = 0; i < 200; ++i) clients.push_back(plain_connection(listener->endpoint()));
  const DescriptorsLeft left(0);

  for (int step = 1; step <= 3; ++step) {
    for (int i = 0; i < 50; ++i) loop.turn(0s);
    EXPECT_EQ(listener->times_out_of_descriptors(), static_cast<std::uint64_t>(step));
    clock.advance(1s);
  }
  EXPECT_TRUE(server.connections.empty());
}

TEST_F(SystemNetworkTest, D3_ConnectingWithoutDescriptorsIsANamedError) {
  const auto listener = listen_on(world.loop(), any_port);
  const DescriptorsLeft left(0);

  RawClient client(world.loop(), world.network(), listener->endpoint());

  ASSERT_TRUE(world.run_until([&] { return client.connect_error().has_value(); }));
  EXPECT_EQ(client.connect_error()->cause, NetworkError::Cause::too_many_descriptors);
}

// The system's resolver says then that there is no such name, which would send people looking for a spelling
// mistake.
TEST_F(SystemNetworkTest, D3_ResolvingANameWithoutDescriptorsIsThatErrorAndNotAnUnknownName) {
  Endpoint by_name = any_port;
  by_name.host = "localhost";
  by_name.port = 1;
  SystemLoop& here = world.loop();
  const DescriptorsLeft left(0);

  RawClient client(here, world.network(), by_name);

  ASSERT_TRUE(world.run_until([&] { return client.connect_error().has_value(); }));
  EXPECT_EQ(client.connect_error()->cause, NetworkError::Cause::too_many_descriptors);
}

// Thousands of signals, none of which restarts a call.
TEST_F(SystemNetworkTest, J1_AStormOfSignalsInterruptsNothing) {
  struct sigaction counting{};
  struct sigaction before{};
  static volatile std::sig_atomic_t signals = 0;
  counting.sa_handler = [](int) { signals = signals + 1; };
  ::sigaction(SIGALRM, &counting, &before);
  const itimerval every_100us{.it_interval = {0, 100}, .it_value = {0, 100}};
  ::setitimer(ITIMER_REAL, &every_100us, nullptr);

  const auto listener = listen_on(world.loop(), any_port);
  RawClient client(world.loop(), world.network(), listener->endpoint());
  std::string text;
  for (int i = 0; text.size() < 1024 * 1024; ++i) text += std::to_string(i) + ",";
  client.send(text);
  const bool arrived = world.run_until([&] {
    return !server.connections.empty() && server.connections[0]->received.size() == text.size() &&
           signals > 100;
  });

  const itimerval never{};
  ::setitimer(ITIMER_REAL, &never, nullptr);
  ::sigaction(SIGALRM, &before, nullptr);
  ASSERT_TRUE(arrived);
  EXPECT_TRUE(server.connections[0]->received == text);
  EXPECT_FALSE(client.failure());
}

TEST_F(SystemNetworkTest, F4_APortThatAnotherProgramHasIsRefusedHoweverManyLoopsAsk) {
  // The other program even allows sharing.
  Descriptor other(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(other.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  auto address = resolve("127.0.0.1", 0).value().front();
  ASSERT_EQ(::bind(other.get(), address.data(), address.size()), 0);
  ASSERT_EQ(::listen(other.get(), 1), 0);
  auto endpoint = any_port;
  endpoint.port = SocketAddress::of_socket(other.get()).port();

  for (const std::size_t loops: {1u, 2u}) {
    std::vector<Network::ListenPoint> points;
    for (std::size_t i = 0; i < loops; ++i) points.push_back({&world.loop(i), &server});
    const auto listeners = world.network().listen(endpoint, {}, points);

    ASSERT_FALSE(listeners);
    EXPECT_EQ(listeners.error().cause, NetworkError::Cause::address_in_use);
  }
}

TEST_F(SystemNetworkTest, WhatCannotBeListenedOnIsSaidInASentence) {
  using Cause = NetworkError::Cause;
  const auto listen = [&](const Endpoint& endpoint) {
    const Network::ListenPoint point{&world.loop(), &server};
    const auto listeners = world.network().listen(endpoint, {}, {&point, 1});
    return listeners ? NetworkError{Cause::other, "it worked"} : listeners.error();
  };
  // RFC 5737: nobody has an address of this block.
  const auto foreign = listen({.kind = Endpoint::Kind::tcp, .host = "192.0.2.1", .port = 0, .path = {}});
  const auto unknown =
      listen({.kind = Endpoint::Kind::tcp, .host = "nowhere.invalid", .port = 0, .path = {}});
  const auto no_directory =
      listen({.kind = Endpoint::Kind::unix_socket, .host = {}, .port = 0, .path = "/nonexistent/socket"});

  EXPECT_EQ(foreign.cause, Cause::address_not_available);
  EXPECT_NE(foreign.sentence.find("cannot listen on 192.0.2.1:0: this machine has no such address"),
            std::string::npos);
  EXPECT_EQ(unknown.cause, Cause::unknown_host);
  EXPECT_NE(no_directory.sentence.find("its directory does not exist"), std::string::npos);
}

TEST_F(SystemNetworkTest, AnEmptyHostIsEveryAddress) {
  const auto listener =
      listen_on(world.loop(), {.kind = Endpoint::Kind::tcp, .host = "", .port = 0, .path = {}});
  auto endpoint = any_port;
  endpoint.port = listener->endpoint().port;

  RawClient client(world.loop(), world.network(), endpoint);

  ASSERT_TRUE(world.run_until([&] { return server.peers.size() == 1; }));
  EXPECT_EQ(host_of(server.peers[0]), "127.0.0.1");  // not ::ffff:127.0.0.1
}

TEST_F(SystemNetworkTest, AcceptedConnectionsHaveTheirOptionsWithoutBeingGivenThem) {
  const auto listener =
      listen_on(world.loop(), any_port, {.unsent_bytes_max = 77'000, .dead_link_after = 12s});
  RawClient client(world.loop(), world.network(), listener->endpoint());
  ASSERT_TRUE(world.run_until([&] { return server.connections.size() == 1 && client.connected(); }));
  // The accepted socket, found by whom it is connected to.
  const auto wanted = client.stream().peer_address();
  const auto option_of_accepted = [&](int level, int name) {
    for (int number = 0; number < 200; ++number) {
      if (SocketAddress::of_socket(number).address() != wanted) continue;
      if (SocketAddress::of_peer(number).address() != server.peers[0]) continue;
      int value = -1;
      socklen_t size = sizeof value;
      ::getsockopt(number, level, name, &value, &size);
      return value;
    }
    return -2;
  };

  EXPECT_EQ(option_of_accepted(IPPROTO_TCP, TCP_NODELAY), 1);
  EXPECT_EQ(option_of_accepted(IPPROTO_TCP, TCP_NOTSENT_LOWAT), 77'000);
  EXPECT_EQ(option_of_accepted(IPPROTO_TCP, TCP_USER_TIMEOUT), 8'000);
  EXPECT_EQ(option_of_accepted(SOL_SOCKET, SO_KEEPALIVE), 1);
  EXPECT_EQ(option_of_accepted(IPPROTO_TCP, TCP_KEEPIDLE), 4);
}

TEST_F(SystemNetworkTest, AStalledReaderLeavesLittleInTheKernelBeyondItsOwnWindow) {
  const StreamOptions options{.unsent_bytes_max = 32 * 1024};
  const auto listener = listen_on(world.loop(), any_port, options);
  const auto socket = plain_connection(listener->endpoint());
  ASSERT_TRUE(world.run_until([&] { return server.connections.size() == 1; }));
  const std::string block(64 * 1024, 'x');
  std::size_t taken = 0;
  while (const auto some = server.connections[0]->stream->write_some(as_bytes(block)).value_or(0))
    taken += some;

  EXPECT_GT(taken, 0u);
  const auto unacknowledged = server.connections[0]->stream->unacknowledged_bytes();
  EXPECT_GT(unacknowledged, 0u);
  EXPECT_LE(unacknowledged, 2u * 64 * 1024);
}

// 18 000 viewers wait most of the time.
TEST_F(SystemNetworkTest, AnIdleConnectionIsOneSmallObject) { EXPECT_LE(sizeof(SystemStream), 64u); }

TEST_F(SystemNetworkTest, AListenerMayBeDestroyedByWhomItGivesAConnection) {
  struct OneOnly final : Acceptor {
    void on_accept(std::unique_ptr<Stream> stream, const Address&) override {
      taken = std::move(stream);
      ++accepted;
      listener.reset();
    }
    std::unique_ptr<Listener> listener;
    std::unique_ptr<Stream> taken;
    int accepted = 0;
  } one;
  const Network::ListenPoint point{&world.loop(), &one};
  one.listener = std::move(world.network().listen(any_port, {}, {&point, 1}).value().front());
  const auto endpoint = one.listener->endpoint();
  const auto first = plain_connection(endpoint);
  const auto second = plain_connection(endpoint);

  EXPECT_TRUE(world.run_until([&] { return one.accepted > 0; }));
  world.loop().turn(0s);

  EXPECT_EQ(one.accepted, 1);
}

class UnixSocketTest : public SystemNetworkTest {
 protected:
  UnixSocketTest() {
    endpoint.path = ::testing::TempDir() + "crosspoint_" + std::to_string(::getpid());
    std::filesystem::remove(endpoint.path);
  }
  ~UnixSocketTest() override { std::filesystem::remove(endpoint.path); }

  // What a program leaves behind that was killed.
  void leave_stale_socket() {
    const Descriptor dead(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto address = SocketAddress::unix_path(endpoint.path);
    ASSERT_EQ(::bind(dead.get(), address.data(), address.size()), 0);
    ASSERT_EQ(::listen(dead.get(), 1), 0);
  }

  Endpoint endpoint{.kind = Endpoint::Kind::unix_socket, .host = {}, .port = 0, .path = {}};
};

TEST_F(UnixSocketTest, CarriesBytesLikeAnyOther) {
  const auto listener = listen_on(world.loop(), endpoint);
  RawClient client(world.loop(), world.network(), endpoint);
  std::string text(1024 * 1024, 'u');
  client.send(text);

  ASSERT_TRUE(world.run_until(
      [&] { return server.connections.size() == 1 && server.connections[0]->received == text; }));
  EXPECT_EQ(to_string(server.peers[0]), "unix");
  server.connections.clear();
  EXPECT_TRUE(world.run_until([&] { return client.ended(); }));
}

TEST_F(UnixSocketTest, ItsFileGoesWithItsListener) {
  auto listener = listen_on(world.loop(), endpoint);
  EXPECT_TRUE(std::filesystem::exists(endpoint.path));

  listener.reset();

  EXPECT_FALSE(std::filesystem::exists(endpoint.path));
}

TEST_F(UnixSocketTest, AFileThatAnotherHasPutInItsPlaceStays) {
  auto listener = listen_on(world.loop(), endpoint);
  std::filesystem::remove(endpoint.path);
  leave_stale_socket();

  listener.reset();

  EXPECT_TRUE(std::filesystem::exists(endpoint.path));
}

TEST_F(UnixSocketTest, ASocketThatADeadProgramLeftIsReplaced) {
  leave_stale_socket();

  const auto listener = listen_on(world.loop(), endpoint);
  RawClient client(world.loop(), world.network(), endpoint);

  EXPECT_TRUE(world.run_until([&] { return client.connected(); }));
}

TEST_F(UnixSocketTest, ASocketOnWhichSomebodyAnswersIsInUse) {
  const auto listener = listen_on(world.loop(), endpoint);
  const Network::ListenPoint point{&world.loop(), &server};

  const auto second = world.network().listen(endpoint, {}, {&point, 1});

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().cause, NetworkError::Cause::address_in_use);
  EXPECT_NE(second.error().sentence.find("another program answers there"), std::string::npos);
}

TEST_F(UnixSocketTest, AFileThatIsNoSocketIsLeftAlone) {
  std::ofstream(endpoint.path) << "precious";
  const Network::ListenPoint point{&world.loop(), &server};

  const auto listeners = world.network().listen(endpoint, {}, {&point, 1});

  ASSERT_FALSE(listeners);
  EXPECT_NE(listeners.error().sentence.find("not a socket"), std::string::npos);
  EXPECT_EQ(std::filesystem::file_size(endpoint.path), 8u);
}

TEST_F(UnixSocketTest, SeveralLoopsShareOne) {
  RecordingServer other;
  const std::array<Network::ListenPoint, 2> points{{{&world.loop(0), &server}, {&world.loop(1), &other}}};
  auto listeners = world.network().listen(endpoint, {}, points).value();
  const auto& accepted = [&] { return server.connections.size() + other.connections.size(); };

  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(std::make_unique<RawClient>(world.loop(), world.network(), endpoint));
  }
  EXPECT_TRUE(world.run_until([&] { return accepted() == 8; }));

  listeners.pop_back();
  EXPECT_TRUE(std::filesystem::exists(endpoint.path));
  listeners.pop_back();
  EXPECT_FALSE(std::filesystem::exists(endpoint.path));
}

TEST_F(UnixSocketTest, ConnectingToAMissingOneIsRefused) {
  RawClient client(world.loop(), world.network(), endpoint);

  ASSERT_TRUE(world.run_until([&] { return client.connect_error().has_value(); }));
  EXPECT_EQ(client.connect_error()->cause, NetworkError::Cause::refused);
}

}  // namespace
}  // namespace crosspoint::net
