// What net/stream.h and net/network.h promise, held against both networks: the machine's, on loopback, and
// the one in memory that the product's tests trust. A promise that only one of them keeps is a bug of the
// other. And once more each with TLS on every connection, and with sockets that live on another loop.

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "base/random.h"
#include "net/network.h"
#include "testing/far_network.h"
#include "testing/raw_client.h"
#include "testing/recording_server.h"
#include "testing/seed.h"
#include "testing/system_world.h"
#include "testing/tls_network.h"
#include "testing/world.h"

namespace crosspoint::net {
namespace {

using crosspoint::testing::FarWorld;
using crosspoint::testing::for_each_seed;
using crosspoint::testing::MemoryWorld;
using crosspoint::testing::RawClient;
using crosspoint::testing::RecordingEnd;
using crosspoint::testing::RecordingServer;
using crosspoint::testing::SystemWorld;
using crosspoint::testing::TlsWorld;
using crosspoint::testing::World;

struct Kind {
  const char* name;
  std::unique_ptr<World> (*make)();
  bool streams_move = true;
  friend void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }
};

class NetworkContract : public ::testing::TestWithParam<Kind> {
 protected:
  static Endpoint any_port() {
    return {.kind = Endpoint::Kind::tcp, .host = "127.0.0.1", .port = 0, .path = {}};
  }

  std::unique_ptr<Listener> listen(RecordingServer& server, const Endpoint& endpoint = any_port()) {
    const Network::ListenPoint point{&world->loop(), &server};
    auto listeners = world->network().listen(endpoint, {}, {&point, 1});
    if (!listeners) {
      ADD_FAILURE() << listeners.error().sentence;
      return nullptr;
    }
    return std::move(listeners->front());
  }

  // A client and the server's end of its connection.
  struct Pair {
    std::unique_ptr<RawClient> client;
    RecordingEnd* end = nullptr;
  };
  Pair connect(RecordingServer& server, const Listener& listener) {
    const auto before = server.connections.size();
    auto client = std::make_unique<RawClient>(world->loop(), world->network(), listener.endpoint());
    EXPECT_TRUE(world->run_until([&] { return client->connected() && server.connections.size() > before; }));
    if (server.starting()) {
      EXPECT_TRUE(world->run_until(
          [&] { return ready(client->stream()) && ready(*server.connections.back()->stream); }));
    }
    return {std::move(client),
            server.connections.size() > before ? server.connections.back().get() : nullptr};
  }
  // May it be written to already? TLS shakes hands first.
  static bool ready(const Stream& stream) {
    const auto* tls = dynamic_cast<const TlsStream*>(&stream);
    return tls == nullptr || tls->established();
  }
  // Does what is under way, without knowing what to wait for: a few exchanges between others.
  void settle() {
    RecordingServer server;
    const auto listener = listen(server);
    for (int i = 0; i < 3; ++i) {
      auto [client, end] = connect(server, *listener);
      client->send("?");
      EXPECT_TRUE(world->run_until([e = end] { return e->received == "?"; }));
    }
  }

  // As much as the connection takes from one whose peer does not read; then it takes nothing.
  std::size_t fill(Stream& stream) {
    const std::string block(64 * 1024, 'x');
    std::size_t taken = 0;
    std::size_t before = 0;
    do {
      before = taken;
      while (const auto some = stream.write_some(as_bytes(block)).value_or(0)) taken += some;
      EXPECT_LT(taken, 64u * 1024 * 1024);
      settle();  // what took them may pass them on
    } while (taken > before);
    return taken;
  }

  std::unique_ptr<World> world = GetParam().make();
};

class MovingStreamContract : public NetworkContract {};

TEST_P(NetworkContract, APortOfZeroBecomesARealOne) {
  RecordingServer server;

  const auto listener = listen(server);

  EXPECT_NE(listener->endpoint().port, 0);
  EXPECT_EQ(listener->endpoint().host, "127.0.0.1");
}

TEST_P(NetworkContract, BothSidesKnowWhoTheOtherIs) {
  RecordingServer server;
  const auto listener = listen(server);

  auto [client, end] = connect(server, *listener);

  EXPECT_EQ(to_string(client->stream().peer_address()), to_string(listener->endpoint()));
  EXPECT_EQ(host_of(server.peers[0]), "127.0.0.1");
  EXPECT_NE(server.peers[0].port, 0);
  EXPECT_EQ(end->stream->peer_address(), server.peers[0]);
}

TEST_P(NetworkContract, BytesArriveInOrderBothWays) {
  RecordingServer server;
  const auto listener = listen(server);
  auto [client, end] = connect(server, *listener);

  client->send("ping");
  client->send(" pong");
  ASSERT_TRUE(world->run_until([&, e = end] { return e->received == "ping pong"; }));
  EXPECT_EQ(end->stream->write_some(as_bytes("answer")), 6u);

  EXPECT_TRUE(world->run_until([&, c = client.get()] { return c->received() == "answer"; }));
}

TEST_P(NetworkContract, SeveralPiecesGoOutAsOneInTheirOrder) {
  RecordingServer server;
  const auto listener = listen(server);
  auto [client, end] = connect(server, *listener);
  const std::array<Bytes, 4> pieces{as_bytes("one "), as_bytes(""), as_bytes("two "), as_bytes("three")};

  EXPECT_EQ(end->stream->write_some(pieces), 13u);

  EXPECT_TRUE(world->run_until([&, c = client.get()] { return c->received() == "one two three"; }));
}

TEST_P(NetworkContract, PiecesThatLieInSegmentsGoOutTheSame) {
  RecordingServer server;
  const auto listener = listen(server);
  auto [client, end] = connect(server, *listener);
  const std::string shared(3000, 's');
  auto segment = Segment::make(4000);
  segment->append(as_bytes(shared));
  const std::array<Bytes, 3> pieces{as_bytes("one "), Bytes(segment->data(), shared.size()),
                                    as_bytes(" three")};
  const std::array<const SegmentRef*, 3> segments{nullptr, &segment, nullptr};

  EXPECT_EQ(end->stream->write_shared(pieces, segments), 3010u);
  segment = {};

  EXPECT_TRUE(
      world->run_until([&, c = client.get()] { return c->received() == "one " + shared + " three"; }));
}

TEST_P(NetworkContract, WritingNothingTakesNothing) {
  RecordingServer server;
  const auto listener = listen(server);
  auto [client, end] = connect(server, *listener);

  EXPECT_EQ(end->stream->write_some(Bytes{}), 0u);
  EXPECT_EQ(end->stream->write_some(std::span<const Bytes>{}), 0u);
}

// As much as a reader that does not read makes room for, then 0; when it reads, on_writable comes once.
TEST_P(NetworkContract, AFullConnectionTakesNothingAndTellsWhenThereIsRoomAgain) {
  RecordingServer server;
  const auto listener = listen(server);
  auto [client, end] = connect(server, *listener);
  client->stop_reading();
  const auto taken = fill(*end->stream);
  end->stream->await_writable();
  settle();
  EXPECT_EQ(end->times_writable, 0u);

  client->resume_reading();

  EXPECT_TRUE(world->run_until(
      [&, c = client.get(), e = end] { return c->received().size() == taken && e->times_writable > 0; }));
  EXPECT_EQ(end->times_writable, 1u);
}

TEST_P(NetworkContract, MegabytesArriveWholeThoughEachSideWritesOnlyWhenItMay) {
  RecordingServer server;
  const auto listener = listen(server);
  auto [client, end] = connect(server, *listener);
  std::string text;
  for (int i = 0; text.size() < 3 * 1024 * 1024; ++i) text += std::to_string(i) + ",";

  client->send(text);

  EXPECT_TRUE(world->run_until([&, e = end] { return e->received.size() == text.size(); }));
  EXPECT_TRUE(end->received == text);
}

TEST_P(NetworkContract, APausedStreamGetsNothingUntilItResumes) {
  RecordingServer server;
  const auto listener = listen(server);
  auto [client, end] = connect(server, *listener);
  end->stream->pause_reading();
  client->send("later");
  settle();
  EXPECT_EQ(end->received, "");

  end->stream->resume_reading();

  EXPECT_TRUE(world->run_until([&, e = end] { return e->received == "later"; }));
}

TEST_P(NetworkContract, PausingInsideOnBytesHoldsBackWhatComesNext) {
  struct OneAtATime final : StreamEvents {
    void on_bytes(MutableBytes bytes) override {
      received += as_text(bytes);
      ++deliveries;
      stream->pause_reading();
    }
    void on_end() override { ended = true; }
    void on_failure(StreamError) override { ADD_FAILURE(); }
    void on_writable() override {}
    std::unique_ptr<Stream> stream;
    std::string received;
    int deliveries = 0;
    bool ended = false;
  } reader;
  RecordingServer server(false);
  const auto listener = listen(server);
  auto [client, end] = connect(server, *listener);
  reader.stream = std::move(end->stream);
  reader.stream->start(reader);
  client->send("one");
  ASSERT_TRUE(world->run_until([&] { return reader.deliveries == 1; }));
  client->send("two");
  client->finish();
  settle();
  EXPECT_EQ(reader.received, "one");

  reader.stream->resume_reading();
  ASSERT_TRUE(world->run_until([&] { return reader.deliveries == 2; }));
  settle();
  EXPECT_EQ(reader.received, "onetwo");
  EXPECT_FALSE(reader.ended);
  reader.stream->resume_reading();

  EXPECT_TRUE(world->run_until([&] { return reader.ended; }));
}

TEST_P(NetworkContract, AStreamThatWaitsMayBeDestroyed) {
  RecordingServer server;
  const auto listener = listen(server);
  auto [client, end] = connect(server, *listener);
  client->stop_reading();
  fill(*end->stream);
  end->stream->await_writable();

  end->stream.reset();
  client->resume_reading();

  EXPECT_TRUE(world->run_until([c = client.get()] { return c->over(); }));
  EXPECT_EQ(end->times_writable, 0u);
}

TEST_P(NetworkContract, AwaitingARoomThatIsThereIsToldInALaterTurn) {
  RecordingServer server;
  const auto listener = listen(server);
  auto [client, end] = connect(server, *listener);

  for (std::size_t i = 1; i <= 3; ++i) {
    end->stream->await_writable();
    EXPECT_EQ(end->times_writable, i - 1);
    ASSERT_TRUE(world->run_until([e = end, i] { return e->times_writable == i; }));
  }
  settle();
  EXPECT_EQ(end->times_writable, 3u);
}

// Two ends say random things in random portions, pause, resume, wait and move between loops.
TEST_P(NetworkContract, ARandomConversationLosesNothingAndAddsNothing) {
  for_each_seed(20, [&](std::uint64_t seed) {
    SeededRandom random(seed);
    RecordingServer server;
    const auto listener = listen(server);
    auto [client, end] = connect(server, *listener);
    std::string asked;
    std::string answered;
    std::size_t on_loop = 0;
    for (int step = 0; step < 200; ++step) {
      const std::string some(random.below(5000), static_cast<char>('a' + random.below(26)));
      switch (random.below(6)) {
        case 0:
          client->send(some);
          asked += some;
          break;
        case 1: {
          const auto wrote = end->stream->write_some(as_bytes(some));
          ASSERT_TRUE(wrote);
          answered += some.substr(0, *wrote);
          break;
        }
        case 2: end->stream->pause_reading(); break;
        case 3: end->stream->resume_reading(); break;
        case 4:
          if (!GetParam().streams_move) break;
          end->stream->detach();
          end->stream->attach(world->loop(on_loop = 1 - on_loop));
          end->start();
          break;
        default: (void)world->run_until([&] { return random.below(8) == 0; }); break;
      }
    }
    end->stream->resume_reading();
    client->finish();

    EXPECT_TRUE(world->run_until([&, e = end] { return e->ends == 1; }));
    EXPECT_TRUE(end->received == asked);
    end->stream.reset();
    EXPECT_TRUE(world->run_until([c = client.get()] { return c->over(); }));
    EXPECT_TRUE(client->received() == answered);
    EXPECT_FALSE(client->failure());
  });
}

TEST_P(NetworkContract, AStreamThatWasNotStartedTellsNothingAndLosesNothing) {
  RecordingServer server(false);
  const auto listener = listen(server);
  auto client = std::make_unique<RawClient>(world->loop(), world->network(), listener->endpoint());
  client->send("early");
  ASSERT_TRUE(world->run_until([&] { return client->connected() && server.connections.size() == 1; }));
  auto& end = *server.connections[0];
  EXPECT_EQ(end.received, "");

  end.start();

  EXPECT_TRUE(world->run_until([&] { return end.received == "early"; }));
}

TEST_P(NetworkContract, StartingAgainTellsSomebodyElse) {
  RecordingServer server;
  const auto listener = listen(server);
  auto [client, end] = connect(server, *listener);
  client->send("first");
  ASSERT_TRUE(world->run_until([&, e = end] { return e->received == "first"; }));

  RecordingEnd other(std::move(end->stream));
  other.start();
  client->send("second");

  EXPECT_TRUE(world->run_until([&] { return other.received == "second"; }));
  EXPECT_EQ(end->received, "first");
}

TEST_P(NetworkContract, TheEndComesOnceAfterAllBytesAndWritingStillWorks) {
  RecordingServer server;
  const auto listener = listen(server);
  auto [client, end] = connect(server, *listener);

  client->send("last words");
  client->finish();
  ASSERT_TRUE(world->run_until([&, e = end] { return e->ends > 0; }));
  EXPECT_EQ(end->received, "last words");
  EXPECT_EQ(end->stream->write_some(as_bytes("heard")), 5u);
  ASSERT_TRUE(world->run_until([&, c = client.get()] { return c->received() == "heard"; }));

  settle();
  EXPECT_EQ(end->ends, 1u);
  EXPECT_EQ(end->failures, 0u);
}

TEST_P(NetworkContract, ClosingIsAnEndForTheOtherSide) {
  RecordingServer server;
  const auto listener = listen(server);
  auto [client, end] = connect(server, *listener);
  EXPECT_EQ(end->stream->write_some(as_bytes("bye")), 3u);

  end->stream.reset();

  EXPECT_TRUE(world->run_until([&, c = client.get()] { return c->ended(); }));
  EXPECT_EQ(client->received(), "bye");
  EXPECT_FALSE(client->failure());
}

TEST_P(NetworkContract, ClosingWithUnreadInputIsAResetForTheOtherSide) {
  RecordingServer server(false);
  const auto listener = listen(server);
  auto [client, end] = connect(server, *listener);
  client->send("never read");
  settle();

  end->stream.reset();

  EXPECT_TRUE(world->run_until([&, c = client.get()] { return c->over(); }));
  EXPECT_EQ(client->failure(), StreamError::reset);
}

TEST_P(NetworkContract, ResetOnCloseIsAResetForTheOtherSide) {
  RecordingServer server;
  const auto listener = listen(server);
  auto [client, end] = connect(server, *listener);

  end->stream->reset_on_close();
  end->stream.reset();

  EXPECT_TRUE(world->run_until([&, c = client.get()] { return c->over(); }));
  EXPECT_EQ(client->failure(), StreamError::reset);
  EXPECT_FALSE(client->ended());
}

TEST_P(NetworkContract, WritingAfterShutdownIsRefused) {
  RecordingServer server;
  const auto listener = listen(server);
  auto [client, end] = connect(server, *listener);

  end->stream->shutdown_write();
  const auto written = end->stream->write_some(as_bytes("more"));

  ASSERT_FALSE(written);
  EXPECT_EQ(written.error(), StreamError::closed);
  EXPECT_TRUE(world->run_until([&, c = client.get()] { return c->ended(); }));
}

// J1: EPIPE and ECONNRESET are answers, not signals.
TEST_P(NetworkContract, J1_WritingToAPeerThatHasGoneFailsAndHarmsNobody) {
  RecordingServer server;
  const auto listener = listen(server);
  auto [client, end] = connect(server, *listener);
  client->close();
  ASSERT_TRUE(world->run_until([&, e = end] { return e->ends + e->failures > 0; }));

  bool refused = false;
  EXPECT_TRUE(world->run_until([&, e = end] {
    refused = refused || !e->stream->write_some(as_bytes("are you there?"));
    return refused;
  }));
  EXPECT_FALSE(end->stream->write_some(as_bytes("still?")));
}

TEST_P(NetworkContract, J1_AWriterThatWaitsIsToldOfTheReset) {
  RecordingServer server;
  const auto listener = listen(server);
  auto [client, end] = connect(server, *listener);
  client->stop_reading();
  end->stream->pause_reading();
  fill(*end->stream);
  end->stream->await_writable();

  client->reset();

  EXPECT_TRUE(world->run_until([&, e = end] { return e->failures > 0; }));
  EXPECT_EQ(end->failure, StreamError::reset);
  EXPECT_EQ(end->times_writable, 0u);
}

TEST_P(MovingStreamContract, ItMovesToAnotherLoopWithoutLosingAByte) {
  RecordingServer server;
  const auto listener = listen(server);
  auto [client, end] = connect(server, *listener);
  client->send("on the first loop, ");
  ASSERT_TRUE(world->run_until([&, e = end] { return !e->received.empty(); }));

  end->stream->detach();
  client->send("on the way, ");
  std::unique_ptr<RecordingEnd> moved;
  auto& second = world->loop(1);
  second.post([&, stream = std::move(end->stream)]() mutable {
    stream->attach(second);
    moved = std::make_unique<RecordingEnd>(std::move(stream));
    moved->start();
  });
  ASSERT_TRUE(world->run_until([&] { return moved != nullptr; }));
  client->send("on the second");

  EXPECT_TRUE(world->run_until([&] { return moved->received == "on the way, on the second"; }));
  EXPECT_EQ(moved->stream->write_some(as_bytes("me too")), 6u);
  EXPECT_TRUE(world->run_until([&, c = client.get()] { return c->received() == "me too"; }));
}

TEST_P(MovingStreamContract, WhoIsPausedStaysPausedWhenItMoves) {
  RecordingServer server;
  const auto listener = listen(server);
  auto [client, end] = connect(server, *listener);
  end->stream->pause_reading();
  end->stream->detach();
  client->send("wait");

  end->stream->attach(world->loop(1));
  end->start();
  settle();
  EXPECT_EQ(end->received, "");
  end->stream->resume_reading();

  EXPECT_TRUE(world->run_until([&, e = end] { return e->received == "wait"; }));
}

TEST_P(NetworkContract, DisposingOfAStreamInsideItsOwnCallbackIsSafe) {
  struct Suicide final : StreamEvents, Disposable {
    Suicide(Loop& the_loop, std::unique_ptr<Stream> the_stream)
        : loop(the_loop), stream(std::move(the_stream)) {}
    void on_bytes(MutableBytes) override { loop.dispose(std::unique_ptr<Disposable>(this)); }
    void on_end() override {}
    void on_failure(StreamError) override {}
    void on_writable() override {}
    Loop& loop;
    std::unique_ptr<Stream> stream;
  };
  RecordingServer server(false);
  const auto listener = listen(server);
  auto [client, end] = connect(server, *listener);
  auto* suicide = new Suicide(world->loop(), std::move(end->stream));
  suicide->stream->start(*suicide);

  client->send("go");

  EXPECT_TRUE(world->run_until([&, c = client.get()] { return c->over(); }));
}

TEST_P(NetworkContract, F4_AnEndpointInUseIsRefusedInASentence) {
  RecordingServer server;
  const auto listener = listen(server);
  const Network::ListenPoint point{&world->loop(), &server};

  const auto second = world->network().listen(listener->endpoint(), {}, {&point, 1});

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().cause, NetworkError::Cause::address_in_use);
  EXPECT_EQ(second.error().sentence,
            "cannot listen on " + to_string(listener->endpoint()) +
                ": the port is in use by another program; stop that one, or choose another port");
}

TEST_P(NetworkContract, F4_SeveralLoopsShareAnEndpointThatIsStillRefusedToOthers) {
  RecordingServer first;
  RecordingServer second;
  const std::array<Network::ListenPoint, 2> points{{{&world->loop(0), &first}, {&world->loop(1), &second}}};
  auto listeners = world->network().listen(any_port(), {}, points);
  ASSERT_TRUE(listeners) << listeners.error().sentence;
  ASSERT_EQ(listeners->size(), 2u);
  const auto endpoint = listeners->front()->endpoint();
  EXPECT_EQ(listeners->back()->endpoint(), endpoint);

  EXPECT_FALSE(world->network().listen(endpoint, {}, points));
  std::vector<std::unique_ptr<RawClient>> clients;
  for (std::size_t i = 1; i <= 64; ++i) {
    clients.push_back(std::make_unique<RawClient>(world->loop(), world->network(), endpoint));
    ASSERT_TRUE(world->run_until([&] { return first.connections.size() + second.connections.size() == i; }));
  }

  EXPECT_GT(first.connections.size(), 0u);
  EXPECT_GT(second.connections.size(), 0u);
}

TEST_P(NetworkContract, AnEndpointIsFreeAgainWhenItsListenerIsGone) {
  RecordingServer server;
  auto listener = listen(server);
  const auto endpoint = listener->endpoint();
  auto [client, end] = connect(server, *listener);

  listener.reset();
  const auto again = listen(server, endpoint);

  ASSERT_TRUE(again);
  client->send("accepted streams live on");
  EXPECT_TRUE(world->run_until([&, e = end] { return e->received == "accepted streams live on"; }));
}

TEST_P(NetworkContract, ConnectingWhereNobodyListensIsRefused) {
  RecordingServer server;
  auto listener = listen(server);
  const auto endpoint = listener->endpoint();
  listener.reset();

  RawClient client(world->loop(), world->network(), endpoint);

  ASSERT_TRUE(world->run_until([&] { return client.connect_error().has_value(); }));
  EXPECT_EQ(client.connect_error()->cause, NetworkError::Cause::refused);
  EXPECT_NE(client.connect_error()->sentence.find("cannot connect to " + to_string(endpoint)),
            std::string::npos);
}

TEST_P(NetworkContract, H1_ANameThatDoesNotResolveIsNamed) {
  // RFC 6761 section 6.4: names under "invalid" never resolve. No test waits long for a name server that is
  // not there.
  ::setenv("RES_OPTIONS", "timeout:1 attempts:1", 1);
  const Endpoint nowhere{.kind = Endpoint::Kind::tcp, .host = "nowhere.invalid", .port = 80, .path = {}};

  RawClient client(world->loop(), world->network(), nowhere);

  ASSERT_TRUE(world->run_until([&] { return client.connect_error().has_value(); }));
  EXPECT_EQ(client.connect_error()->cause, NetworkError::Cause::unknown_host);
  EXPECT_NE(client.connect_error()->sentence.find("nowhere.invalid"), std::string::npos);
}

TEST_P(NetworkContract, ANameThatResolvesConnects) {
  RecordingServer server;
  const auto listener = listen(server);
  auto endpoint = listener->endpoint();
  endpoint.host = "localhost";

  RawClient client(world->loop(), world->network(), endpoint);

  EXPECT_TRUE(world->run_until([&] { return client.connected(); }));
}

TEST_P(NetworkContract, ConnectingIsToldInALaterTurnAndMayEndItself) {
  RecordingServer server;
  const auto listener = listen(server);
  std::unique_ptr<Connecting> connecting;
  bool told = false;

  connecting = world->network().connect(world->loop(), listener->endpoint(), {}, 5s, [&](auto result) {
    connecting.reset();
    told = result.has_value();
  });
  EXPECT_FALSE(told);

  EXPECT_TRUE(world->run_until([&] { return told; }));
}

TEST_P(NetworkContract, GivingUpAConnectionInTheMakingTellsNobody) {
  RecordingServer server;
  const auto listener = listen(server);
  auto named = listener->endpoint();
  named.host = "localhost";
  for (const auto& endpoint: {listener->endpoint(), named}) {
    auto connecting = world->network().connect(world->loop(), endpoint, {}, 5s, [](auto) { FAIL(); });
    connecting.reset();
  }

  settle();
}

TEST_P(NetworkContract, TimersFireInTheOrderOfTheirTimes) {
  std::string order;
  Timer late(world->loop(), [&] { order += "late"; });
  Timer early(world->loop(), [&] { order += "early "; });
  late.start_after(20ms);
  early.start_after(10ms);

  EXPECT_TRUE(world->run_until([&] { return !late.running(); }));
  EXPECT_EQ(order, "early late");
}

TEST_P(NetworkContract, WorkIsRunInTheOrderItWasPostedAndNeverAtOnce) {
  std::string order;
  auto& loop = world->loop();
  loop.post([&] {
    order += "a";
    loop.post([&] { order += "c"; });
  });
  loop.post([&] { order += "b"; });
  EXPECT_EQ(order, "");

  EXPECT_TRUE(world->run_until([&] { return order.size() == 3; }));
  EXPECT_EQ(order, "abc");
}

template <class Kindred>
std::unique_ptr<World> make() {
  return std::make_unique<Kindred>();
}

template <class Kindred>
std::unique_ptr<World> make_with_tls() {
  return std::make_unique<TlsWorld>(std::make_unique<Kindred>());
}

template <class Kindred>
std::unique_ptr<World> make_far() {
  return std::make_unique<FarWorld>(std::make_unique<Kindred>());
}

std::unique_ptr<World> make_far_with_tls() {
  return std::make_unique<FarWorld>(make_with_tls<MemoryWorld>());
}

const Kind memory{"Memory", make<MemoryWorld>};
const Kind system_itself{"System", make<SystemWorld>};
const Kind tls_in_memory{"TlsInMemory", make_with_tls<MemoryWorld>};
const Kind tls_on_system{"TlsOnSystem", make_with_tls<SystemWorld>};

std::string name_of(const ::testing::TestParamInfo<Kind>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(, NetworkContract,
                         ::testing::Values(memory, system_itself, tls_in_memory, tls_on_system,
                                           Kind{"FarInMemory", make_far<MemoryWorld>, false},
                                           Kind{"FarOnSystem", make_far<SystemWorld>, false},
                                           Kind{"FarTlsInMemory", make_far_with_tls, false}),
                         name_of);
INSTANTIATE_TEST_SUITE_P(, MovingStreamContract,
                         ::testing::Values(memory, system_itself, tls_in_memory, tls_on_system), name_of);

}  // namespace
}  // namespace crosspoint::net
