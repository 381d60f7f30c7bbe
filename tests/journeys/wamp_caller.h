#pragma once
// A WAMP client as a test sees it: joins a realm of the node, calls, subscribes, keeps what it is told, in
// JSON. Built on the product's own client; those that nobody here wrote are in tests/interop.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "data/transcode.h"
#include "testing/world.h"
#include "wamp/client/io/link.h"

namespace crosspoint::journeys {

class WampCaller final : private wamp::client::LinkEvents {
 public:
  using Json = nlohmann::json;
  WampCaller(testing::World& world, const net::Endpoint& node, const std::string& realm,
             const std::string& authid)
      : WampCaller(world, node, realm,
                   wamp::client::Login{.authid = authid, .ticket = {}, .secret = {}, .key = {}}) {}
  WampCaller(testing::World& world, const net::Endpoint& node, const std::string& realm,
             wamp::client::Login login)
      : world_(world),
        link_(world.loop(0), world.network(), random_, settings(node, realm, std::move(login)), *this) {
    link_.start();
    world_.run_until([&] { return joined() || link_.status().refused; });
  }

  bool joined() { return link_.agent().joined(); }

  // Positional results, or {"error":…,"args":…}; null when nothing comes.
  Json call(const std::string& procedure, const std::string& args = "[]") {
    answer_.reset();
    const auto called = link_.agent().call({.procedure = procedure, .payload = json(args)}, link_.now());
    if (!called) return nullptr;
    world_.run_until([&] { return answer_.has_value(); });
    return answer_.value_or(nullptr);
  }
  // Everything below a prefix.
  void subscribe(const std::string& prefix) {
    granted_ = false;
    link_.agent().subscribe({.topic = prefix, .match = wamp::Match::prefix});
    world_.run_until([&] { return granted_; });
  }
  struct Event {
    std::string topic;
    Json argument;
  };
  // The next event of this topic; those before it are forgotten.
  std::optional<Event> event(const std::string& topic) {
    std::optional<Event> found;
    world_.run_until([&] {
      while (!events_.empty() && !found) {
        if (events_.front().topic == topic) found = events_.front();
        events_.erase(events_.begin());
      }
      return found.has_value();
    });
    return found;
  }

 private:
  static wamp::client::LinkSettings settings(const net::Endpoint& node, const std::string& realm,
                                             wamp::client::Login login) {
    wamp::client::LinkSettings settings;
    settings.transport.place = *wamp::client::parse_place("ws://" + net::to_string(node) + "/ws");
    settings.agent.session.realm = realm;
    settings.agent.session.login = std::move(login);
    return settings;
  }
  static wamp::Payload json(std::string_view args) { return {data::Format::json, as_bytes(args), {}}; }
  static Json args_of(const wamp::Payload& payload) {
    if (payload.args.empty()) return Json::array();
    const auto text = data::transcode(payload.format, payload.args, data::Format::json);
    return Json::parse(to_string(Bytes(*text)));
  }

  void on_result(wamp::client::CallId, const Result<wamp::Payload, wamp::client::Failure>& result) override {
    answer_ = result ? args_of(*result)
                     : Json{{"error", result.error().uri}, {"args", args_of(result.error().payload)}};
  }
  void on_granted(wamp::client::WishId) override { granted_ = true; }
  void on_event(wamp::client::WishId, const wamp::Event& event) override {
    const auto args = args_of(event.payload);
    events_.push_back({std::string(event.topic), args.empty() ? Json() : args.at(0)});
  }

  testing::World& world_;
  SeededRandom random_{5};
  std::optional<Json> answer_;
  bool granted_ = false;
  std::vector<Event> events_;
  wamp::client::Link link_;
};

}  // namespace crosspoint::journeys
