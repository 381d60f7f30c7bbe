// A client whose router says anything: the first byte chooses the format, then come messages, each behind two
// bytes of length. Whatever they are, what the client says is well-formed, and when the line is gone nothing
// is owed to anybody: each call and each invocation has ended once.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>

#include "data/transcode.h"
#include "require.h"
#include "wamp/client/agent.h"

using namespace crosspoint;
using namespace crosspoint::wamp;
using namespace crosspoint::wamp::client;

namespace {

struct CheckedLine final : Line {
  explicit CheckedLine(data::Format the_format) : format_(the_format) {}
  data::Format format() const override { return format_; }
  Channel channel() override { return {}; }
  std::size_t message_bytes_max() const override { return 1 << 16; }
  bool has_room_for(std::size_t) const override { return true; }
  void send(Bytes message) override {
    REQUIRE(!closed);
    REQUIRE(data::check(format_, message, {.depth_max = 66, .bytes_max = message.size()}));
  }
  void close() override { closed = true; }
  const data::Format format_;
  bool closed = false;
};

// Answers what it is asked, in various ways, and does more while it is told.
struct Program final : AgentEvents {
  void on_joined(const Joined&) override {
    for (int i = 0; i < 3; ++i) call();
    (void)agent->publish({.topic = "t", .payload = {}, .acknowledge = true});
  }
  void on_result(CallId id, const Result<Payload, Failure>& result) override {
    REQUIRE(calls.erase(id) == 1);
    if (result) call();
  }
  void on_event(WishId wish, const Event& event) override {
    REQUIRE(!event.topic.empty());
    if (++events % 4 == 0) agent->withdraw(wish);
    if (events % 4 == 1) agent->subscribe({"a.b"});
  }
  void on_invocation(WishId, const Invoked& invoked) override {
    switch (++invocations % 4) {
      case 0: (void)agent->answer(invoked.id, invoked.payload, Agent::Part::last); break;
      case 1: agent->refuse(invoked.id, invoked.procedure, invoked.payload); break;
      case 2: (void)agent->answer(invoked.id, invoked.payload, Agent::Part::progress); break;
      default: break;
    }
  }
  void call() {
    if (calls.size() >= 8) return;
    if (const auto made = agent->call({"p", {}, true}, MonotonicTime{})) calls.insert(*made);
  }

  Agent* agent = nullptr;
  std::set<CallId> calls;
  unsigned events = 0, invocations = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  CheckedLine line(data::formats[data[0] % std::size(data::formats)]);
  Program program;
  AgentSettings settings;
  settings.invocations_max = 4;
  Agent agent(settings, program);
  program.agent = &agent;
  agent.subscribe({"a.b"});
  agent.subscribe({"a.", Match::prefix});
  agent.register_procedure({.procedure = "p"});
  const MonotonicTime now{};
  agent.begin(line, now);

  Bytes rest(reinterpret_cast<const std::byte*>(data) + 1, size - 1);
  while (rest.size() >= 2) {
    const auto length = std::min<std::size_t>(read_big_endian(rest.first(2)), rest.size() - 2);
    agent.on_message(rest.subspan(2, length), now);
    rest = rest.subspan(2 + length);
  }
  agent.on_time(now + 100s);
  agent.on_lost("over");
  REQUIRE(!agent.in_session());
  REQUIRE(program.calls.empty());
  REQUIRE(agent.requests_open() == 0);
  REQUIRE(agent.invocations_open() == 0);
  return 0;
}
