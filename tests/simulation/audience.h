#pragma once
// A client's publications and subscriptions. The ledger says who must have got what.

#include <cstdint>
#include <map>

#include "seat.h"
#include "uris.h"
#include "wamp/outgoing.h"

namespace crosspoint::simulation {

class Audience {
 public:
  explicit Audience(Seat& seat) : seat_(seat) {}

  // `others`: sessions to choose from, for lists of receivers.
  void publish_something(const std::vector<wamp::SessionId>& others);
  void subscribe_to_something();
  void unsubscribe_from_something();

  void take(const wamp::Published& published);
  void take(const wamp::Subscribed& subscribed);
  void take(const wamp::Unsubscribed& unsubscribed);
  void take(const wamp::Event& event);
  void take(const wamp::ErrorOut& error);  // of PUBLISH, SUBSCRIBE or UNSUBSCRIBE

  bool quiet() const { return publishing_.empty() && subscribing_.empty() && unsubscribing_.empty(); }
  // Everything that was said has arrived: does the router know the same subscriptions?
  void settle();
  void session_over();

 private:
  void check_refusal(const wamp::ErrorOut& error, std::string_view uri);

  Seat& seat_;
  std::map<std::uint64_t, std::pair<std::uint64_t, std::string_view>>
      publishing_;                                // by request: number, topic
  std::map<std::uint64_t, Stay*> subscribing_;    // by request
  std::map<std::uint64_t, Stay*> unsubscribing_;  // by request
  std::map<std::uint64_t, Stay*> stays_;          // by subscription
};

}  // namespace crosspoint::simulation
