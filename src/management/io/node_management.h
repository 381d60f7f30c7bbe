#pragma once
// The node in its realm: what operators and their programs see of the relay, and do with it, by WAMP. The
// procedures are in management/wanted.h; the events:
//
//   relay.topic.on_create, on_delete     a topic came into being, or went with its last client
//   relay.client.on_join, on_leave       as relay.client.get tells of one
//   relay.booking.on_deny, on_allow      whoever asked for it, here or by POST /bids/…
//   relay.event.on_left_out              how many events there were too many to publish (event_limit.h)
//   relay.stats                          as relay.stats.get; every few seconds, while somebody subscribes
//
// What the router counts (management/wamp_report.h) is in the relay's own reports too, for those whose token
// shows them who is connected.
//
// Who may call and subscribe is the realm's to decide (permissions for "relay."). What a call changes leaves
// a line in the log: what, by whom, from where.
//
// Lives on the router's loop and gathers from all of the relay's. Each call has its answer, if not from here
// then from the dealer.

#include <memory>
#include <string>

#include "management/answers.h"
#include "management/wamp_report.h"
#include "net/loop.h"
#include "relay/io/node.h"
#include "relay/rate_book.h"
#include "wamp/io/node.h"
#include "wamp/resident.h"
#include "wamp/router.h"

namespace crosspoint::management {

struct NodeManagementSettings {
  std::string realm;  // whether it is there or not is the router's policy to say
  Duration stats_every = 5s;
  // Calls that are being answered, each a question to every loop; one more: wamp.error.unavailable.
  std::size_t calls_max = 64;
  // The router's connections, for the statistics; outlives this. Null: nobody counts them.
  const wamp::Node* connections = nullptr;
};

class NodeManagement final : private wamp::ResidentHandler {
 public:
  // `loop` is the router's. Everything outlives it. Made before the loops run, after the access service was
  // opened where there is one.
  NodeManagement(net::Loop& loop, wamp::Router& router, relay::Node& node, NodeManagementSettings settings);
  ~NodeManagement();
  NodeManagement(const NodeManagement&) = delete;
  NodeManagement& operator=(const NodeManagement&) = delete;

  // Another realm from now on; empty: none.
  void move_to(std::string realm);

 private:
  void on_call(const wamp::ResidentCall& call) override;
  void take(const wamp::ResidentCall& call, const ListTopics& wanted);
  void take(const wamp::ResidentCall& call, const GetTopic& wanted);
  void take(const wamp::ResidentCall& call, const ListClients& wanted);
  void take(const wamp::ResidentCall& call, const GetClient& wanted);
  void take(const wamp::ResidentCall& call, const KillClient& wanted);
  void take(const wamp::ResidentCall& call, const ChangeBooking& wanted);
  void take(const wamp::ResidentCall& call, const ListBookings& wanted);
  void take(const wamp::ResidentCall& call, const GetStats& wanted);

  // The text of a result's arguments, or an error.
  using Answer = Result<std::string, wamp::MetaError>;
  void settle(wamp::ResidentCallId call, const Answer& answer);
  // Asks every loop; `conclude(answers)` then gives the Answer, here, if this is still there.
  template <class Question, class Conclude>
  void ask_all(wamp::ResidentCallId call, Question question, Conclude conclude);
  // The same of the one loop that a client of this id is on.
  template <class Question, class Conclude>
  void ask_one(wamp::ResidentCallId call, std::uint64_t client, Question question, Conclude conclude);
  data::Value wamp_numbers();
  void show_in_relay_reports();
  void gather_stats(std::move_only_function<void(std::string)> done);

  void listen_to_relay();
  void on_news(const relay::News& news);
  void on_booking(access::DenyKeeper::Kind kind, const access::BookingChange& change);
  void publish(EventKind kind, const std::function<std::string()>& args);
  void publish(std::string_view topic, const std::string& args);
  void watch_left_out();
  void tell_left_out();
  void report_stats();
  wamp::Moment now() const { return {loop_.now(), loop_.wall_now()}; }

  net::Loop& loop_;
  wamp::Router& router_;
  relay::Node& node_;
  const NodeManagementSettings settings_;
  std::string realm_;
  wamp::Resident resident_;
  std::size_t under_way_ = 0;
  relay::RateBook rates_;
  const MonotonicTime started_;
  RealmRateBook realm_rates_;
  EventLimit limit_;
  net::Timer stats_timer_, left_out_timer_;
  // What comes from other loops finds out by it whether this is still there.
  const std::shared_ptr<NodeManagement*> self_ = std::make_shared<NodeManagement*>(this);
};

}  // namespace crosspoint::management
