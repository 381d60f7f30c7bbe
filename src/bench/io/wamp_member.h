#pragma once
// One client of a WAMP load: connects, joins, and has its one registration or subscription; from then on it
// hands out what it receives. Once, without coming back: a load that is cut is over.

#include <memory>
#include <string>

#include "bench/io/load_settings.h"
#include "net/loop.h"
#include "net/network.h"
#include "wamp/client/io/transport.h"
#include "wamp/incoming.h"
#include "wamp/outgoing.h"

namespace crosspoint::bench {

class WampMember;

class WampMemberEvents {
 public:
  virtual void on_ready(WampMember& member) = 0;
  // `bytes` long, without its frame. The views are good until the call returns.
  virtual void on_message(WampMember& member, const wamp::Outgoing& message, std::size_t bytes) = 0;
  // Mode::bare_call: what came, as it came.
  virtual void on_bare_message(WampMember& member, Bytes message) = 0;
  // It is connected no more, or never was, or was told what makes it useless.
  virtual void on_lost(WampMember& member, std::string sentence) = 0;

 protected:
  ~WampMemberEvents() = default;
};

class WampMember final : private wamp::client::TransportEvents {
 public:
  enum class Role : std::uint8_t { callee, caller, subscriber, publisher };
  static constexpr std::string_view uri = "com.example.bench";  // of the procedure, or the topic

  // Everything outlives it. `index`: which of those with its role it is.
  WampMember(net::Loop& loop, net::Network& network, Random& random, const LoadSettings& settings,
             const wamp::client::TransportSettings& transport, Role role, std::size_t index,
             WampMemberEvents& events);
  ~WampMember();

  void send(const wamp::Incoming& message);
  void send_bare(Bytes message) { transport_->send(message); }
  Role role() const { return role_; }
  std::size_t index() const { return index_; }
  std::uint64_t granted() const { return granted_; }  // the registration, or the subscription

 private:
  enum class Phase : std::uint8_t { connecting, joining, asking, ready };

  void on_open() override;
  void on_message(Bytes message) override;
  void on_closed(std::string sentence) override { events_.on_lost(*this, std::move(sentence)); }
  void take_opening(const wamp::Outgoing& message);
  void ask();
  void enter_ready();

  const LoadSettings& settings_;
  const Role role_;
  const std::size_t index_;
  WampMemberEvents& events_;
  Phase phase_ = Phase::connecting;
  std::uint64_t granted_ = 0;
  ByteVector outgoing_;
  std::unique_ptr<wamp::client::Transport> transport_;
};

}  // namespace crosspoint::bench
