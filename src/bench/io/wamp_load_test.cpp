#include "bench/io/wamp_load.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>

#include "testing/world.h"
#include "wamp/client/io/test_router_node.h"
#include "wamp/rawsocket.h"

namespace crosspoint::bench {
namespace {

using crosspoint::testing::MemoryWorld;
using ::testing::HasSubstr;
using wamp::client::TestRouterNode;

LoadSettings short_load(Mode mode, const char* router) {
  LoadSettings settings;
  settings.mode = mode;
  settings.router = *wamp::client::parse_place(router);
  settings.message_bytes = 100;
  settings.callers = 3;
  settings.subscribers = 5;
  settings.window = 4;
  settings.warm_up = 20ms;
  settings.duration = 50ms;
  return settings;
}

// Messages take their time, or a load without a rate would never let any pass.
LoadReport run_load(MemoryWorld& world, const LoadSettings& settings) {
  world.network().set_link_settings({.latency = 1ms});
  SeededRandom random(1);
  std::optional<LoadReport> report;
  WampLoad load(world.loop(1), world.network(), world.clock(), random, settings,
                [&](LoadReport result) { report = std::move(result); });
  EXPECT_TRUE(world.run_until([&] { return report.has_value(); }, 30s));
  return report.value_or(LoadReport{});
}

struct RoutedLoad : ::testing::TestWithParam<std::pair<const char*, data::Format>> {
  MemoryWorld world;
  TestRouterNode node{world};
  LoadSettings settings(Mode mode) const {
    auto settings = short_load(mode, GetParam().first);
    settings.serializer = GetParam().second;
    return settings;
  }
};

TEST_P(RoutedLoad, CallsAreAnsweredWithWhatTheySaid) {
  const auto report = run_load(world, settings(Mode::call));
  EXPECT_TRUE(report.clean()) << report.failure;
  EXPECT_EQ(report.connections, 4u);
  // A call takes four times the way of 1 ms; three callers with four calls each, for 50 ms.
  EXPECT_NEAR(static_cast<double>(report.measured), 150, 15);
  EXPECT_EQ(report.latency.percentile(0.5) / 1ms, 4);
}

TEST_P(RoutedLoad, EverySubscriberGetsEveryEvent) {
  const auto report = run_load(world, settings(Mode::publish));
  EXPECT_TRUE(report.clean()) << report.failure;
  EXPECT_EQ(report.connections, 6u);
  EXPECT_NEAR(static_cast<double>(report.measured), 5 * 4 * 25, 50);
  EXPECT_GT(report.wire_bytes, 100u);
}

TEST_P(RoutedLoad, ARateIsKept) {
  for (const Mode mode: {Mode::call, Mode::publish}) {
    auto paced = settings(mode);
    paced.rate = 1000;
    paced.window = 100;
    paced.duration = 100ms;
    const auto report = run_load(world, paced);
    EXPECT_TRUE(report.clean()) << report.failure;
    EXPECT_NEAR(static_cast<double>(report.measured), mode == Mode::call ? 100 : 500, 10);
  }
}

INSTANTIATE_TEST_SUITE_P(Transports, RoutedLoad,
                         ::testing::Values(std::pair{"ws://localhost:8080/ws", data::Format::json},
                                           std::pair{"ws://localhost:8080/ws", data::Format::cbor},
                                           std::pair{"rs://localhost:8081", data::Format::msgpack},
                                           std::pair{"unix:/run/test.sock", data::Format::cbor}));

TEST(WampLoad, SaysWhyItCannotRun) {
  MemoryWorld world;
  EXPECT_NE(run_load(world, short_load(Mode::call, "rs://localhost:8081")).failure, "");

  TestRouterNode node(world);
  auto settings = short_load(Mode::publish, "ws://localhost:8080/ws");
  settings.realm = "no realm at all";
  EXPECT_THAT(run_load(world, settings).failure, HasSubstr("wamp.error"));
}

// A router over RawSocket and JSON that is asked for little, and does as the test says with it. It calls
// nobody: a CALL is answered with its own arguments.
class Liar final : private net::Acceptor {
 public:
  // What is said in the place of a RESULT or an EVENT.
  using Lie = std::function<std::vector<std::string>(const std::string& honest, std::size_t nth)>;
  Liar(MemoryWorld& world, Lie lie) : lie_(std::move(lie)) {
    net::Acceptor& acceptor = *this;
    const net::Network::ListenPoint point{&world.loop(), &acceptor};
    listeners_ = std::move(
        *world.network().listen({net::Endpoint::Kind::tcp, "localhost", 8081, {}}, {}, {&point, 1}));
  }

 private:
  struct Client final : net::StreamEvents {
    Client(Liar& liar, std::unique_ptr<net::Stream> its) : liar_(liar), stream(std::move(its)) {
      stream->start(*this);
    }
    void on_bytes(MutableBytes bytes) override {
      Bytes rest = bytes;
      if (!std::exchange(greeted_, true)) {
        (void)stream->write_some(
            wamp::rawsocket::handshake(1 << 20, wamp::rawsocket::serializer_of(data::Format::json)));
        rest = rest.subspan(wamp::rawsocket::handshake_bytes);
      }
      while (const auto frame = reader_.next(rest).value()) liar_.answer(*this, to_string(frame->payload));
    }
    void on_end() override {}
    void on_failure(net::StreamError) override {}
    void on_writable() override {}
    void say(const std::string& message) {
      (void)stream->write_some(
          wamp::rawsocket::frame_header(wamp::rawsocket::FrameType::message, message.size()));
      (void)stream->write_some(as_bytes(message));
    }

   private:
    Liar& liar_;
    std::unique_ptr<net::Stream> stream;
    wamp::rawsocket::FrameReader reader_{1 << 20};
    bool greeted_ = false;
  };

  void on_accept(std::unique_ptr<net::Stream> stream, const net::Address&) override {
    clients_.push_back(std::make_unique<Client>(*this, std::move(stream)));
  }

  void answer(Client& client, const std::string& message) {
    const auto code = message.substr(1, message.find(',') - 1);
    const auto args = message.substr(message.rfind('['));
    if (code == "1") return client.say(R"([2,1,{"roles":{"broker":{},"dealer":{}}}])");
    if (code == "64") return client.say("[65,1,77]");
    if (code == "32") return client.say("[33,1,77]");
    const auto request = message.substr(4, message.find(',', 4) - 4);
    const bool call = code == "48";
    const auto honest = call ? "[50," + request + ",{}," + args : "[36,77," + request + ",{}," + args;
    Client& receiver = call ? client : *clients_.front();
    for (const auto& said: lie_(honest, ++answers_)) receiver.say(said);
  }

  Lie lie_;
  std::size_t answers_ = 0;
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<std::unique_ptr<net::Listener>> listeners_;
};

LoadReport load_with_liar(Mode mode, Liar::Lie lie) {
  MemoryWorld world;
  Liar liar(world, std::move(lie));
  auto settings = short_load(mode, "rs://localhost:8081");
  settings.callers = settings.subscribers = 1;
  return run_load(world, settings);
}

std::string with_other_last_letter(std::string message) {
  char& letter = message[message.rfind('"') - 1];
  letter = letter == 'a' ? 'b' : 'a';
  return message;
}
std::string with_number(std::string message, std::size_t element, std::string_view number) {
  std::size_t begin = 1;
  for (std::size_t i = 0; i < element; ++i) begin = message.find(',', begin) + 1;
  return message.replace(begin, message.find(',', begin) - begin, number);
}

TEST(WampLoad, AnHonestRouterIsClean) {
  for (const Mode mode: {Mode::call, Mode::publish}) {
    const auto report = load_with_liar(mode, [](auto& honest, std::size_t) { return std::vector{honest}; });
    EXPECT_TRUE(report.clean()) << report.failure;
  }
}

TEST(WampLoad, NoticesAWrongByte) {
  for (const Mode mode: {Mode::call, Mode::publish}) {
    const auto report = load_with_liar(mode, [](auto& honest, std::size_t nth) {
      return std::vector{nth == 5 ? with_other_last_letter(honest) : honest};
    });
    EXPECT_EQ(report.corrupt, 1u);
    EXPECT_FALSE(report.clean());
  }
}

TEST(WampLoad, NoticesAnAnswerThatIsGivenTwiceOrToAnotherCall) {
  auto report = load_with_liar(Mode::call, [](auto& honest, std::size_t nth) {
    return nth == 5 ? std::vector{honest, honest} : std::vector{honest};
  });
  EXPECT_EQ(report.mistaken, 1u);
  report = load_with_liar(Mode::call, [](auto& honest, std::size_t nth) {
    return std::vector{nth == 1   ? with_number(honest, 1, "2")
                       : nth == 2 ? with_number(honest, 1, "1")
                                  : honest};
  });
  EXPECT_EQ(report.corrupt, 2u);
}

TEST(WampLoad, NoticesACallWithoutAnAnswer) {
  const auto report = load_with_liar(Mode::call, [](auto& honest, std::size_t nth) {
    return nth == 5 ? std::vector<std::string>{} : std::vector{honest};
  });
  EXPECT_EQ(report.lost, 1u);
  EXPECT_THAT(report.failure, HasSubstr("nothing arrived"));
}

TEST(WampLoad, NoticesACallThatIsRefused) {
  const auto report = load_with_liar(Mode::call, [](auto& honest, std::size_t nth) {
    const auto request = honest.substr(4, honest.find(',', 4) - 4);
    return std::vector{nth == 5 ? "[8,48," + request + R"(,{},"wamp.error.unavailable"])" : honest};
  });
  EXPECT_EQ(report.refused, 1u);
  EXPECT_THAT(report.failure, HasSubstr("wamp.error.unavailable"));
}

TEST(WampLoad, NoticesEventsThatAreLostRepeatedOrOfAnotherSubscription) {
  auto report = load_with_liar(Mode::publish, [](auto& honest, std::size_t nth) {
    return nth == 5 ? std::vector<std::string>{} : std::vector{honest};
  });
  EXPECT_EQ(report.lost, 1u);
  report = load_with_liar(Mode::publish, [](auto& honest, std::size_t nth) {
    return nth == 5 ? std::vector{honest, honest} : std::vector{honest};
  });
  EXPECT_EQ(report.out_of_order, 1u);
  report = load_with_liar(Mode::publish, [](auto& honest, std::size_t nth) {
    return std::vector{nth == 5 ? with_number(honest, 1, "78") : honest};
  });
  EXPECT_EQ(report.mistaken, 1u);
}

TEST(WampLoad, NoticesThatReceiversAreToldOfDifferentPublications) {
  MemoryWorld world;
  std::size_t nth = 0;
  Liar liar(world, [&](const std::string& honest, std::size_t) {
    return std::vector{with_number(honest, 2, fmt::format("{}", 1000 + ++nth)),
                       with_number(honest, 2, fmt::format("{}", 2000 + nth))};
  });
  auto settings = short_load(Mode::publish, "rs://localhost:8081");
  settings.subscribers = 1;  // who plays both: the second is a repetition as well
  const auto report = run_load(world, settings);
  EXPECT_GT(report.mistaken, 0u);
}

}  // namespace
}  // namespace crosspoint::bench
