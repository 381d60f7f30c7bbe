#pragma once
// What the node answers in its realm, as JSON: the arguments of a result or an event, with their brackets.
// The dealer spells them in each client's own format.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "base/time.h"
#include "data/value.h"
#include "management/event_limit.h"
#include "management/wanted.h"
#include "relay/loop_report.h"
#include "relay/rate_book.h"
#include "relay/topic_report.h"
#include "wamp/resident.h"

namespace crosspoint::management {

// Errors of our own; what is wrong with arguments is wamp.error.invalid_argument.
inline constexpr std::string_view no_such_topic = "crosspoint.error.no_such_topic";
inline constexpr std::string_view no_such_client = "crosspoint.error.no_such_client";
inline constexpr std::string_view not_kept = "crosspoint.error.not_kept";  // in force, and not written down

// [[…]] of the page, from topics in the order of their names.
std::string topics_answer(std::span<const relay::TopicReport> topics, const NamesPage& page);
// [[…]] of the page, in the order of their ids. `rates` is asked about all of them.
std::string clients_answer(std::vector<relay::ClientReport> clients, const ListClients& wanted,
                           relay::RateBook& rates, MonotonicTime now);
std::string client_answer(const relay::ClientReport& client, MonotonicTime now);  // [{…}]
std::string names_answer(std::span<const std::string> names);                     // [["a","b"]]

// Of a topic's event: [{"topic":"…"}].
std::string topic_event(std::string_view topic);
// [{"booking":"bk-7","until":"2026-11-28T12:00:00Z","by":"…","from":"…"}]
std::string booking_event(std::string_view booking, WallTime until, const access::Actor& by);
// [{"relay.client.on_join":950}]: how many events of which topics were not published.
std::string left_out_event(const EventLimit::Counts& counts);

struct HttpNumbers {
  std::uint64_t connections = 0;  // now
  std::uint64_t accepted = 0, requests = 0, refused = 0, timed_out = 0, dropped_waiting = 0;
};
struct NodeNumbers {
  Duration uptime{};
  std::size_t loops = 0;
  relay::LoopReport relay;
  HttpNumbers http;
  data::Value wamp;  // wamp_report.h
  std::uint64_t events_left_out = 0;
};
std::string stats_answer(NodeNumbers numbers);  // [{…}]

// For the log and for events.
access::Actor actor_of(const wamp::ResidentCaller& caller);

}  // namespace crosspoint::management
