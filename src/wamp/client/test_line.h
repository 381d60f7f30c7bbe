#pragma once
// A line on a table-top: keeps what the client said, as JSON; and events that are kept as text. For tests
// only.

#include <fmt/core.h>

#include <string>
#include <utility>
#include <vector>

#include "data/transcode.h"
#include "wamp/client/agent.h"

namespace crosspoint::wamp::client {

class TestLine final : public Line {
 public:
  explicit TestLine(data::Format format = data::Format::json) : format_(format) {}

  data::Format format() const override { return format_; }
  Channel channel() override { return of_connection; }
  std::size_t message_bytes_max() const override { return limit; }
  bool has_room_for(std::size_t) const override { return has_room; }
  void send(Bytes message) override {
    const auto json = data::transcode(format_, message, data::Format::json);
    said_.push_back(json ? crosspoint::to_string(Bytes(*json)) : "unreadable");
  }
  void close() override { closed = true; }

  // What was said since the last call.
  std::vector<std::string> take() { return std::exchange(said_, {}); }

  Channel of_connection;
  std::size_t limit = std::size_t{1} << 24;
  bool has_room = true;
  bool closed = false;

 private:
  const data::Format format_;
  std::vector<std::string> said_;
};

inline std::string in_json(const Payload& payload) {
  const auto part = [&](Bytes bytes) {
    if (bytes.empty()) return std::string("-");
    const auto json = data::transcode(payload.format, bytes, data::Format::json);
    return json ? crosspoint::to_string(Bytes(*json)) : std::string("unreadable");
  };
  return payload.kwargs.empty() ? part(payload.args) : part(payload.args) + " " + part(payload.kwargs);
}

// "result 1: [3]", "denied 2: wamp.error.not_authorized", …
class TestEvents : public AgentEvents {
 public:
  std::vector<std::string> take() { return std::exchange(heard_, {}); }

  InvocationId invocation{};  // the latest

 protected:
  ~TestEvents() = default;
  void note(std::string text) { heard_.push_back(std::move(text)); }

 private:
  static std::string words(const Failure& failure) {
    return std::string(failure.uri) + (failure.payload.empty() ? "" : " " + in_json(failure.payload));
  }
  void on_joined(const Joined& joined) override {
    note(fmt::format("joined {} as {}/{} by {}", joined.realm, joined.authid, joined.authrole,
                     joined.authmethod));
  }
  void on_ended(const Ending& ending) override { note("ended: " + ending.sentence); }
  void on_pass_through(CallId id, const PassThrough& how) override {
    note(fmt::format("{} of {}", how.scheme, std::to_underlying(id)));
  }
  void on_progress(CallId id, const Payload& payload) override {
    note(fmt::format("progress {}: {}", std::to_underlying(id), in_json(payload)));
  }
  void on_result(CallId id, const Result<Payload, Failure>& result) override {
    note(fmt::format("result {}: {}", std::to_underlying(id),
                     result ? in_json(*result) : words(result.error())));
  }
  void on_published(PublishId id, const Result<PublicationId, Failure>& result) override {
    note(fmt::format("published {}: {}", std::to_underlying(id), result ? "yes" : words(result.error())));
  }
  void on_granted(WishId id) override { note(fmt::format("granted {}", std::to_underlying(id))); }
  void on_denied(WishId id, const Failure& failure) override {
    note(fmt::format("denied {}: {}", std::to_underlying(id), words(failure)));
  }
  void on_withdrawn(WishId id, const Result<void, Failure>& result) override {
    note(fmt::format("withdrawn {}: {}", std::to_underlying(id), result ? "yes" : words(result.error())));
  }
  void on_event(WishId id, const Event& event) override {
    note(fmt::format("event {} on {}: {}", std::to_underlying(id), event.topic, in_json(event.payload)));
  }
  void on_invocation(WishId id, const Invoked& invoked) override {
    invocation = invoked.id;
    note(fmt::format("invocation of {} by {}: {}{}{}", std::to_underlying(id), invoked.procedure,
                     in_json(invoked.payload), invoked.receive_progress ? " progressive" : "",
                     invoked.more_follows   ? " and more"
                     : invoked.pass_through ? " sealed"
                                            : ""));
  }
  void on_more(InvocationId, const Payload& payload, bool more_follows) override {
    note(fmt::format("more: {}{}", in_json(payload), more_follows ? " and more" : ""));
  }
  void on_interrupt(InvocationId) override { note("interrupt"); }

  std::vector<std::string> heard_;
};

}  // namespace crosspoint::wamp::client
