// A client whose router says anything: the first byte chooses the format and how it logs in, then come
// messages, each behind two bytes of length. Whatever they are, what the client says is well-formed, and when
// the line is gone nothing is owed to anybody: each call and each invocation has ended once. A secret of
// WAMP-CRA is never said, and a ticket only as the answer to a challenge.
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

constexpr std::string_view ticket = "the-ticket-itself", secret = "the-secret-itself";

// Anonymous, by ticket, by secret, by key.
constexpr std::size_t logins = 4;
AgentSettings settings_of(std::size_t login) {
  AgentSettings settings;
  settings.invocations_max = 4;
  Login& as = settings.session.login;
  if (login > 0) as.authid = "peter";
  if (login == 1) as.ticket.emplace(ticket);
  if (login == 2) as.secret.emplace(secret);
  if (login == 3) as.key = *crypto::PrivateKey::from_ed25519_seed(ByteVector(32, std::byte{7}));
  return settings;
}

struct CheckedLine final : Line {
  explicit CheckedLine(data::Format the_format) : format_(the_format) {}
  data::Format format() const override { return format_; }
  Channel channel() override { return {}; }
  std::size_t message_bytes_max() const override { return 1 << 16; }
  bool has_room_for(std::size_t) const override { return true; }
  void send(Bytes message) override {
    REQUIRE(!closed);
    REQUIRE(data::check(format_, message, {.depth_max = 66, .bytes_max = message.size()}));
    const auto words = crosspoint::to_string(message);
    REQUIRE(words.find(secret) == words.npos);
    REQUIRE(words.find(ticket) == words.npos || ++tickets_shown == 1);
  }
  void close() override { closed = true; }
  const data::Format format_;
  bool closed = false;
  int tickets_shown = 0;
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
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  // Who knows it already may hear it again.
  if (size == 0 || all.find(secret) != all.npos || all.find(ticket) != all.npos) return 0;
  static const AgentSettings settings[logins] = {settings_of(0), settings_of(1), settings_of(2),
                                                 settings_of(3)};
  constexpr std::size_t formats = std::size(data::formats);
  CheckedLine line(data::formats[data[0] % formats]);
  Program program;
  Agent agent(settings[data[0] / formats % logins], program);
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
