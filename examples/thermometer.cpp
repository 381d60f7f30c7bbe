// An instrument in a realm, with nothing but include/crosspoint/wamp_client.h: it offers its value and its
// setting as procedures, publishes what it measures, and asks another one before it moves.
//
//   crosspoint serve --dev                                  a router
//   thermometer                                             the instrument
//   thermometer rs://lab.example:8081 lab                   at another router, in another realm
//   crosspoint call com.example.thermometer.read
//   crosspoint call com.example.thermometer.heat to=80 --progress
//   crosspoint subscribe com.example.thermometer.changed
//
// CROSSPOINT_TICKET in the environment logs in; THERMOMETER_CALLS=N ends it after so many calls of heat.

#include <crosspoint/wamp_client.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

namespace {

using crosspoint::WampClient;
using crosspoint::WampTask;
using crosspoint::WampValue;
using namespace std::chrono_literals;

struct Thermometer {
  std::atomic<double> degrees{20};
  std::atomic<long> calls_left{-1};  // negative: any number
};

// Warms up step by step, tells the caller and everybody how far it is, and stops when nobody wants it any
// more.
WampTask heat(WampClient& client, Thermometer& thermometer, WampClient::Invocation call) {
  const auto to = call.kwargs()["to"].number();
  if (!to || *to > 100) {
    call.fail("com.example.error.too_hot", {"to= must be a number up to 100"});
    co_return;
  }
  while (thermometer.degrees < *to && !call.cancelled()) {
    thermometer.degrees = std::min(*to, thermometer.degrees + 20);
    // Lists have names here, since GCC 12 does not compile braces within co_await.
    const WampValue::List now = {thermometer.degrees.load()};
    const WampValue::Map unit = {{"unit", "°C"}};
    const WampClient::PublishOptions acknowledged = {.acknowledge = true};
    call.progress(now);
    // Waiting for the router's word keeps the pace to what the line carries.
    const auto sent = co_await client.publish("com.example.thermometer.changed", now, unit, acknowledged);
    if (!sent) {
      call.fail("com.example.error.offline", {sent.error().sentence});
      co_return;
    }
  }
  call.answer({thermometer.degrees.load()}, {{"unit", "°C"}});
  if (thermometer.calls_left > 0) --thermometer.calls_left;
}

void say(const WampClient::Status& status) {
  if (status.state == WampClient::State::joined) {
    std::fprintf(stderr, "joined %s as %s\n", status.realm.c_str(), status.authid.c_str());
  } else if (!status.last_error.empty()) {
    std::fprintf(stderr, "%s\n", status.last_error.c_str());
  }
}

}  // namespace

int main(int argc, char** argv) {
  WampClient::Options options;
  if (argc > 1) options.url = argv[1];
  if (argc > 2) options.realm = argv[2];
  options.authid = "thermometer";
  if (const char* ticket = std::getenv("CROSSPOINT_TICKET")) options.ticket = ticket;
  options.on_state = say;
  options.on_lost = [](const std::string& uri, const WampClient::Error& error) {
    std::fprintf(stderr, "%s is not ours any more: %s\n", uri.c_str(), error.sentence.c_str());
  };

  Thermometer thermometer;
  if (const char* calls = std::getenv("THERMOMETER_CALLS")) thermometer.calls_left = std::atol(calls);
  std::string problem;
  const auto client = WampClient::open(options, problem);
  if (!client) {
    std::fprintf(stderr, "%s\n", problem.c_str());
    return 1;
  }
  client->register_procedure("com.example.thermometer.heat", [&](WampClient::Invocation call) {
    heat(*client, thermometer, std::move(call));
  });
  const auto read = client->register_procedure(
      "com.example.thermometer.read",
      [&](WampClient::Invocation call) { call.answer({thermometer.degrees.load()}, {{"unit", "°C"}}); });
  if (const auto registered = read.get(); !registered) {
    std::fprintf(stderr, "%s: %s\n", registered.error().uri.c_str(), registered.error().sentence.c_str());
    return 1;
  }
  std::printf("ready\n");
  std::fflush(stdout);
  while (thermometer.calls_left != 0) std::this_thread::sleep_for(100ms);
  return 0;
}
