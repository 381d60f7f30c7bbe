#pragma once
// A client at a table-top router: what it says goes in as JSON (whatever its format), what it hears comes out
// as JSON. For tests only.

#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "wamp/open_house.h"
#include "wamp/router.h"
#include "wamp/session.h"
#include "wamp/test_wire.h"

namespace crosspoint::wamp {

// A router where everybody is welcome, and may do everything if no other gate is given.
struct TestRouter {
  TestRouter() = default;
  explicit TestRouter(Gate* own_gate) : gate(own_gate) {}

  Gate* const gate = nullptr;
  RealmLimits limits;
  SeededRandom random{1};
  OpenHouse house{limits, random};
  Router router{house, gate != nullptr ? *gate : house, house, 100, random};
  SessionSettings sessions;
  Moment now{MonotonicTime(1h), WallTime(std::chrono::sys_days(std::chrono::January / 2 / 2026))};

  void pass(Duration time) {
    now.monotonic += time;
    now.wall += time;
    router.on_time(now);
  }
};

class TestClient {
 public:
  static constexpr std::string_view all_roles =
      R"({"publisher":{"features":{"payload_passthru_mode":true}},"subscriber":{"features":{"subscription_revocation":true}},)"
      R"("caller":{"features":{"call_canceling":true,"progressive_call_results":true}},)"
      R"("callee":{"features":{"call_canceling":true,"progressive_call_results":true,"registration_revocation":true}}})";

  explicit TestClient(TestRouter& router, data::Format format = data::Format::json,
                      std::string_view authid = "", std::string_view realm = "realm1",
                      std::string_view roles = all_roles)
      : router_(router),
        wire(format),
        session(router.sessions, router.router, wire,
                {.peer = "peer", .protocol = "test", .cookie = {}, .tls = {}}, router.now) {
    std::string hello = "[1,\"" + std::string(realm) + "\",{\"roles\":" + std::string(roles);
    if (!authid.empty()) hello += ",\"authid\":\"" + std::string(authid) + "\"";
    welcome = ask(hello + "}]");
    const auto comma = welcome.find(',', 3);
    if (welcome.starts_with("[2,")) id = welcome.substr(3, comma - 3);
  }

  void say(std::string_view json) {
    const auto bytes = data::transcode(data::Format::json, as_bytes(json), wire.format());
    session.on_message(*bytes, router_.now);
  }
  std::vector<std::string> hear() { return wire.take(); }
  // Says it and gives the one answer; empty or "several" if it is not one.
  std::string ask(std::string_view json) {
    say(json);
    auto heard = hear();
    return heard.empty() ? "" : heard.size() > 1 ? "several" : heard.front();
  }

 private:
  TestRouter& router_;

 public:
  TestWire wire;
  Session session;
  std::string welcome, id;
};

// "[33,1,5]" → "5": the element after the request id.
inline std::string third(std::string_view message) {
  const auto begin = message.find(',', message.find(',') + 1) + 1;
  return std::string(message.substr(begin, message.find_first_of(",]", begin) - begin));
}

}  // namespace crosspoint::wamp
