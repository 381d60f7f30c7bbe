#include "management/io/node_management.h"

#include <fmt/core.h>

#include <utility>

#include "access/answers.h"
#include "base/audit.h"
#include "relay/io/gather.h"
#include "wamp/error_uri.h"

namespace crosspoint::management {
namespace {

using wamp::MetaError;
using wamp::ResidentCall;

std::string nothing() { return "[null]"; }

MetaError unknown_client() { return {no_such_client, "there is no such client"}; }

wamp::ResidentTerms terms(const relay::Node& node) {
  const auto bookings = node.deny_keeper() == nullptr ? Bookings::none : Bookings::some;
  return {.prefix = std::string(relay_prefix), .procedures = procedures(bookings)};
}

EventKind event_of(relay::NewsKind kind) {
  switch (kind) {
    case relay::NewsKind::topic_created: return EventKind::topic_created;
    case relay::NewsKind::topic_deleted: return EventKind::topic_deleted;
    case relay::NewsKind::client_joined: return EventKind::client_joined;
    case relay::NewsKind::client_left: return EventKind::client_left;
  }
  return EventKind::client_left;
}

void add(const http::ServerCounters& counters, HttpNumbers& to) {
  to.connections += counters.open;
  to.accepted += counters.accepted;
  to.requests += counters.requests;
  to.refused += counters.refused;
  to.timed_out += counters.timed_out;
  to.dropped_waiting += counters.dropped_waiting;
}

void write_down(const relay::ClientReport& client, const std::string& reason, const access::Actor& actor) {
  log::audit("relay", "client {} on topic {} is put out, {} ({})", client.id, log::quoted(client.topic),
             access::in_words(actor), reason);
}

}  // namespace

NodeManagement::NodeManagement(net::Loop& loop, wamp::Router& router, relay::Node& node,
                               NodeManagementSettings settings)
    : loop_(loop),
      router_(router),
      node_(node),
      settings_(std::move(settings)),
      resident_(terms(node), *this),
      started_(loop.now()),
      stats_timer_(loop, [this] { report_stats(); }),
      left_out_timer_(loop, [this] { tell_left_out(); }) {
  listen_to_relay();
  show_in_relay_reports();
  move_to(settings_.realm);
  stats_timer_.start_after(settings_.stats_every);
}

NodeManagement::~NodeManagement() { router_.evict(resident_); }

void NodeManagement::move_to(std::string realm) {
  if (realm == realm_) return;
  realm_ = std::move(realm);
  router_.evict(resident_);
  if (!realm_.empty()) router_.house(realm_, resident_, now());
}

// ---- calls

void NodeManagement::on_call(const ResidentCall& call) {
  const auto wanted = read_wanted(call.procedure, call.arguments, loop_.wall_now());
  if (!wanted) return settle(call.id, fail(wanted.error()));
  if (under_way_ >= settings_.calls_max) {
    return settle(call.id, fail(MetaError{wamp::error_uri::unavailable,
                                          "the node is answering as many calls as it does at one time"}));
  }
  std::visit([&](const auto& one) { take(call, one); }, *wanted);
}

void NodeManagement::settle(wamp::ResidentCallId call, const Answer& answer) {
  if (answer) {
    resident_.answer(call, {data::Format::json, as_bytes(*answer), {}}, now());
  } else {
    resident_.refuse(call, answer.error().error, answer.error().text, now());
  }
}

template <class Question, class Conclude>
void NodeManagement::ask_all(wamp::ResidentCallId call, Question question, Conclude conclude) {
  ++under_way_;
  relay::gather(node_.gateways(), loop_, std::move(question),
                [self = std::weak_ptr(self_), call, conclude = std::move(conclude)](auto answers) mutable {
                  const auto there = self.lock();
                  if (!there) return;
                  --(*there)->under_way_;
                  (*there)->settle(call, conclude(std::move(answers)));
                });
}

template <class Question, class Conclude>
void NodeManagement::ask_one(wamp::ResidentCallId call, std::uint64_t client, Question question,
                             Conclude conclude) {
  const auto gateways = node_.gateways();
  ask_all(
      call,
      [index = client % gateways.size(), question](relay::Gateway& gateway) {
        return gateway.index() == index ? question(gateway) : std::nullopt;
      },
      [index = client % gateways.size(), conclude](std::vector<std::optional<relay::ClientReport>> found) {
        return found[index] ? conclude(*found[index]) : Answer(fail(unknown_client()));
      });
}

void NodeManagement::take(const ResidentCall& call, const ListTopics& wanted) {
  ask_all(
      call.id, [](relay::Gateway& gateway) { return gateway.topic_reports(); },
      [page = wanted.page](auto of_loops) -> Answer {
        return topics_answer(relay::merged(std::move(of_loops)), page);
      });
}

void NodeManagement::take(const ResidentCall& call, const GetTopic& wanted) {
  ask_all(
      call.id, [](relay::Gateway& gateway) { return gateway.topic_reports(); },
      [topic = wanted.topic](auto of_loops) -> Answer {
        for (const auto& report: relay::merged(std::move(of_loops))) {
          if (report.topic == topic) return "[" + to_json(report) + "]";
        }
        return fail(MetaError{no_such_topic, "there is no such topic: nobody is on it"});
      });
}

void NodeManagement::take(const ResidentCall& call, const ListClients& wanted) {
  ask_all(
      call.id, [](relay::Gateway& gateway) { return gateway.report(); },
      [this, wanted](std::vector<std::vector<relay::ClientReport>> of_loops) -> Answer {
        std::vector<relay::ClientReport> all;
        for (auto& reports: of_loops) std::move(reports.begin(), reports.end(), std::back_inserter(all));
        return clients_answer(std::move(all), wanted, rates_, loop_.now());
      });
}

void NodeManagement::take(const ResidentCall& call, const GetClient& wanted) {
  ask_one(
      call.id, wanted.client,
      [client = wanted.client](relay::Gateway& gateway) { return gateway.find_client(client); },
      [this](const relay::ClientReport& client) -> Answer { return client_answer(client, loop_.now()); });
}

void NodeManagement::take(const ResidentCall& call, const KillClient& wanted) {
  const auto reason = wanted.reason.empty() ? std::string("ended by an operator") : wanted.reason;
  ask_one(
      call.id, wanted.client,
      [client = wanted.client, reason](relay::Gateway& gateway) {
        return gateway.end_client(client, reason);
      },
      [actor = actor_of(call.caller), reason](const relay::ClientReport& client) -> Answer {
        write_down(client, reason, actor);
        return nothing();
      });
}

// The keeper writes it down, tells everybody, and then answers.
void NodeManagement::take(const ResidentCall& call, const ChangeBooking& wanted) {
  access::BookingChange change{wanted.booking, wanted.until, actor_of(call.caller)};
  ++under_way_;
  auto done = [self = std::weak_ptr(self_), id = call.id](std::optional<std::string> trouble) {
    const auto there = self.lock();
    if (!there) return;
    --(*there)->under_way_;
    (*there)->settle(id, trouble ? Answer(fail(MetaError{not_kept, std::move(*trouble)})) : nothing());
  };
  auto& keeper = *node_.deny_keeper();
  if (wanted.deny) {
    keeper.deny(std::move(change), loop_, std::move(done));
  } else {
    keeper.allow(std::move(change), loop_, std::move(done));
  }
}

void NodeManagement::take(const ResidentCall& call, const ListBookings& wanted) {
  ask_all(
      call.id,
      [denied = wanted.denied](relay::Gateway& gateway) {
        const auto& desk = gateway.door().desk();
        return denied ? desk.denied() : desk.allowed();
      },
      [page = wanted.page](std::vector<std::vector<std::string>> of_loops) -> Answer {
        std::vector<std::string> all;
        for (auto& ids: of_loops) std::move(ids.begin(), ids.end(), std::back_inserter(all));
        const auto ordered = access::in_order(std::move(all));
        return names_answer(page_of(ordered, page));
      });
}

void NodeManagement::take(const ResidentCall& call, const GetStats&) {
  ++under_way_;
  gather_stats([this, id = call.id](std::string text) {
    --under_way_;
    settle(id, text);
  });
}

void NodeManagement::gather_stats(std::move_only_function<void(std::string)> done) {
  struct OfLoop {
    relay::LoopReport relay;
    http::ServerCounters http;
  };
  relay::gather(
      node_.gateways(), loop_,
      [&node = node_](relay::Gateway& gateway) {
        return OfLoop{gateway.loop_report(), node.http_counters(gateway.index())};
      },
      [self = std::weak_ptr(self_), done = std::move(done)](std::vector<OfLoop> of_loops) mutable {
        const auto there = self.lock();
        if (!there) return;
        auto& management = **there;
        NodeNumbers numbers;
        numbers.loops = of_loops.size();
        numbers.uptime = management.loop_.now() - management.node_.gateway(0).process_start();
        for (const auto& loop: of_loops) {
          numbers.relay.add(loop.relay);
          add(loop.http, numbers.http);
        }
        numbers.wamp = management.wamp_numbers();
        numbers.events_left_out = management.limit_.left_out_ever();
        done(stats_answer(std::move(numbers)));
      });
}

data::Value NodeManagement::wamp_numbers() {
  WampNumbers numbers{.router = router_.counters(),
                      .realms = router_.numbers(realms_named_max),
                      .connections = {},
                      .started = started_};
  if (const auto* node = settings_.connections) {
    const auto& counters = node->counters();
    numbers.connections = {.now = node->connections(),
                           .refused = node->connections_refused(),
                           .messages_in = counters.messages_in,
                           .messages_out = counters.messages_out,
                           .events_dropped = counters.events_dropped};
  }
  return wamp_report(numbers, realm_rates_, loop_.now());
}

// Asked on the relay's loop, found out on this one.
void NodeManagement::show_in_relay_reports() {
  node_.add_to_reports([self = std::weak_ptr(self_), &loop = loop_](auto done) {
    loop.post([self, done = std::move(done)]() mutable {
      const auto there = self.lock();
      done(there ? to_json((*there)->wamp_numbers()) : std::string());
    });
  });
}

// ---- events

void NodeManagement::listen_to_relay() {
  for (const auto& gateway: node_.gateways()) {
    gateway->tell_news([self = std::weak_ptr(self_), &loop = loop_](relay::News news) {
      loop.post([self, news = std::move(news)] {
        if (const auto there = self.lock()) (*there)->on_news(news);
      });
    });
  }
  if (auto* keeper = node_.deny_keeper()) {
    keeper->tell([self = std::weak_ptr(self_), &loop = loop_](access::DenyKeeper::Kind kind,
                                                              const access::BookingChange& change) {
      loop.post([self, kind, change] {
        if (const auto there = self.lock()) (*there)->on_booking(kind, change);
      });
    });
  }
}

void NodeManagement::on_news(const relay::News& news) {
  if (!resident_.at_home()) return;
  for (const auto& item: news.items) {
    publish(event_of(item.kind), [&] {
      const bool of_topic =
          item.kind == relay::NewsKind::topic_created || item.kind == relay::NewsKind::topic_deleted;
      return of_topic ? topic_event(item.client.topic) : client_answer(item.client, loop_.now());
    });
  }
  for (std::size_t i = 0; i < relay::news_kinds; ++i) {
    const auto kind = event_of(static_cast<relay::NewsKind>(i));
    if (resident_.is_heard(topic_of(kind))) limit_.leave_out(kind, news.left_out[i]);
  }
  watch_left_out();
}

void NodeManagement::on_booking(access::DenyKeeper::Kind kind, const access::BookingChange& change) {
  const auto event =
      kind == access::DenyKeeper::Kind::deny ? EventKind::booking_denied : EventKind::booking_allowed;
  publish(event, [&] { return booking_event(change.booking, change.until, change.by); });
  watch_left_out();
}

// What nobody hears is not spelt, and does not count.
void NodeManagement::publish(EventKind kind, const std::function<std::string()>& args) {
  if (!resident_.is_heard(topic_of(kind)) || !limit_.admit(kind, loop_.now())) return;
  publish(topic_of(kind), args());
}

void NodeManagement::publish(std::string_view topic, const std::string& args) {
  resident_.publish(topic, {data::Format::json, as_bytes(args), {}}, now());
}

void NodeManagement::watch_left_out() {
  const auto due = limit_.next_due(loop_.now());
  if (due && !left_out_timer_.running()) left_out_timer_.start_at(*due);
}

void NodeManagement::tell_left_out() {
  if (const auto counts = limit_.take_left_out()) publish(left_out_topic, left_out_event(*counts));
}

void NodeManagement::report_stats() {
  stats_timer_.start_after(settings_.stats_every);
  // Whoever asks next learns of the last seconds, not of a realm's whole life.
  if (!resident_.is_heard(stats_event_topic)) return void(wamp_numbers());
  gather_stats([this](const std::string& text) { publish(stats_event_topic, text); });
}

}  // namespace crosspoint::management
