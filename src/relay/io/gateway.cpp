#include "relay/io/gateway.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/assert.h"
#include "base/counted.h"
#include "relay/io/arrival.h"
#include "relay/io/upload.h"
#include "relay/io/visitors.h"
#include "relay/topic_path.h"

namespace crosspoint::relay {
namespace {

constexpr Duration rest_every = 5s;

}  // namespace

// How the owner of a topic reaches its copy on another loop.
class Gateway::CopyLinkTo final : public CopyLink {
 public:
  CopyLinkTo(Gateway& gateway, std::string topic) : gateway_(gateway), topic_(std::move(topic)) {}
  void hand_over(std::shared_ptr<const Handover> handover) override {
    gateway_.loop_.post([&gateway = gateway_, topic = topic_, handover = std::move(handover)]() mutable {
      gateway.feed_copy(topic, std::move(handover));
    });
  }
  void drop() {
    gateway_.loop_.post([&gateway = gateway_, topic = topic_] { gateway.drop_copy(topic); });
  }

 private:
  Gateway& gateway_;
  std::string topic_;
};

// What the owner knows of a topic that has receivers on other loops.
struct Gateway::Spill {
  explicit Spill(Presence staying) : presence(std::move(staying)) {}
  Presence presence;  // the topic lives as long as somebody is on a copy
  struct There {
    std::size_t receivers = 0;
    std::unique_ptr<CopyLinkTo> link;
  };
  std::vector<There> loops;
  std::size_t receivers = 0;
};

// A receiver's stay on a copy: tells the owner when it ends.
class Gateway::Seated final : public CopySeat {
 public:
  Seated(Gateway& owner, TopicCopy& copy, std::size_t loop_index)
      : owner_(owner), copy_(copy), loop_index_(loop_index) {}
  ~Seated() override {
    owner_.loop_.post(
        [&owner = owner_, topic = copy_.name(), index = loop_index_] { owner.on_copy_left(topic, index); });
  }
  TopicCopy& copy() override { return copy_; }

 private:
  Gateway& owner_;
  TopicCopy& copy_;  // stays until the owner says drop, which it does after it was told that everybody left
  std::size_t loop_index_;
};

Gateway::Gateway(net::Loop& loop, const RelaySettings& settings, std::size_t index,
                 MonotonicTime process_start)
    : loop_(loop),
      settings_(settings),
      index_(index),
      process_start_(process_start),
      origins_(settings.allow_origins),
      hub_(settings.topics, settings.topics_max, [this] { loop_.at_turn_end(*this); }),
      rest_timer_(loop,
                  [this] {
                    hub_.rest(loop_.now());
                    rest_timer_.start_after(rest_every);
                  }),
      stop_timer_(loop,
                  [this] {
                    for (auto& session: sessions_) session->abort();
                    sessions_.clear();
                    visitors_.clear();
                    finish_if_stopped();
                  }),
      news_timer_(loop, [this] {
        if (told_) told_(news_.take());
      }) {
  hub_.tell(*this);
  rest_timer_.start_after(rest_every);
  if (settings_.token_topics) door_ = std::make_unique<TokenDoor>(loop_, *settings_.token_topics, random_);
}

Gateway::~Gateway() {
  sessions_.clear();
  visitors_.clear();
  uploading_.clear();
  loop_.destroy_disposed();  // sessions that are over still have their seats
  spills_.clear();
}

void Gateway::add_routes(http::Routes& routes) {
  const auto upgrade =
      [this](void (Gateway::*handler)(http::Request&&, http::Takeover&&)) -> http::UpgradeHandler {
    return [this, handler](http::Request&& request, http::Takeover&& takeover) {
      (this->*handler)(std::move(request), std::move(takeover));
    };
  };
  if (settings_.uploads) add_upload_rows(routes);
  if (settings_.stats)
    routes.rows.push_back({.methods = "*", .path = "/ws", .handler = upgrade(&Gateway::on_stats)});
  if (settings_.echo)
    routes.rows.push_back({.methods = "*", .path = "/echo", .handler = upgrade(&Gateway::on_echo)});
  if (door_) {
    routes.rows.push_back(
        {.methods = "*", .path = "/session/*", .handler = upgrade(&Gateway::on_token_topic)});
  }
  if (settings_.open_topics) {
    routes.rows.push_back({.methods = "*", .path = "*", .handler = upgrade(&Gateway::on_upgrade)});
  }
  // Every other path is a topic's, and topics are for WebSockets.
  routes.not_found = [open = settings_.open_topics](const http::Request& request) {
    if (!open && !request.path.starts_with("/session/")) return http::text_response(404, "Not Found\n");
    if (request.path_was_clean) return websocket::refusal(websocket::HandshakeError::no_upgrade);
    http::Response moved{.status = 301};
    moved.fields.add("Location", request.path + (request.query.empty() ? "" : "?" + request.query));
    return moved;
  };
  routes.method_not_allowed = [](const http::Request& request) {
    // Tokens may be traded on this port as well, so that these paths have a row; who asks otherwise wants a
    // WebSocket.
    if (request.path.starts_with("/session/"))
      return websocket::refusal(websocket::HandshakeError::no_upgrade);
    return http::text_response(405, "Method not allowed\n");
  };
}

bool Gateway::refuse_origin(const http::Request& request, http::Takeover& takeover) {
  if (origins_.allows(request.head.fields.find("Origin"))) return false;
  if (const auto skipped = refused_log_.admit(loop_.now())) {
    log::warning("relay", "refused a page from an origin that allow-origin does not list{}",
                 and_more(*skipped));
  }
  takeover.refuse(http::text_response(403, "This page's origin is not allowed here.\n"));
  return true;
}

void Gateway::on_upgrade(http::Request&& request, http::Takeover&& takeover) {
  if (refuse_origin(request, takeover)) return;
  auto token = settings_.token_check ? shown_token(request) : std::string();
  auto arrival = make_arrival(std::move(request), std::move(takeover), *this, settings_.deflate);
  if (!arrival) return;
  arrival->shown_token = std::move(token);
  send_to_owner(std::move(arrival));
}

void Gateway::send_to_owner(std::unique_ptr<Arrival> arrival) {
  Gateway& owner = owner_of(arrival->path.topic);
  if (&owner == this) return arrive(std::move(arrival));
  arrival->takeover.stream->detach();
  owner.loop_.post([&owner, arrival = std::move(arrival)]() mutable {
    arrival->takeover.stream->attach(owner.loop_);
    arrival->at = &owner;
    owner.arrive(std::move(arrival));
  });
}

// Whatever loop an arrival has got to: the server that accepted it writes the answer, and is on the loop
// where it did.
void Gateway::refuse(std::unique_ptr<Arrival> arrival, http::Response response) {
  Gateway& home = arrival->accepted_by;
  if (arrival->at == &home) return arrival->takeover.refuse(std::move(response));
  arrival->takeover.stream->detach();
  home.loop_.post([&home, arrival = std::move(arrival), response = std::move(response)]() mutable {
    arrival->takeover.stream->attach(home.loop_);
    arrival->takeover.refuse(std::move(response));
  });
}

Gateway& Gateway::owner_of(std::string_view topic) const {
  return *peers_[TextHash{}(topic) % peers_.size()];
}

void Gateway::arrive(std::unique_ptr<Arrival> arrival) {
  if (!arrival->code.empty() && !redeem(*arrival)) return refuse_code(std::move(arrival));
  auto presence = hub_.enter(arrival->path.topic);
  if (!presence || sessions_.size() >= settings_.connections_max || on_stopped_) {
    return refuse(std::move(arrival),
                  http::text_response(503, "This relay has reached its limit; try again later.\n"));
  }
  const bool waits_for_token = settings_.token_check && !arrival->grant;
  const bool may_spill = arrival->path.part == Part::receiver && !waits_for_token;
  Gateway& seat_at = may_spill ? loop_for_receiver(presence->topic()) : *this;
  if (&seat_at == this) return open(std::move(arrival), std::move(*presence));

  auto& spill = spills_[arrival->path.topic];
  if (!spill) {
    spill = std::make_unique<Spill>(std::move(*presence));
    spill->loops.resize(peers_.size());
  }
  auto& there = spill->loops[seat_at.index_];
  if (there.receivers++ == 0) {
    there.link = std::make_unique<CopyLinkTo>(seat_at, arrival->path.topic);
    spill->presence.topic().add_copy(*there.link);
  }
  ++spill->receivers;
  arrival->takeover.stream->detach();
  seat_at.loop_.post([&seat_at, arrival = std::move(arrival)]() mutable {
    arrival->takeover.stream->attach(seat_at.loop_);
    arrival->at = &seat_at;
    seat_at.seat_on_copy(std::move(arrival));
  });
}

Gateway& Gateway::loop_for_receiver(Topic& topic) {
  const std::size_t here = topic.audience().members();
  if (peers_.size() == 1 || here < settings_.spill_receivers_min) return *this;
  const auto spill = spills_.find(topic.name());
  const auto receivers_at = [&](const Gateway& gateway) {
    if (&gateway == this) return here;
    return spill == spills_.end() ? 0 : spill->second->loops[gateway.index_].receivers;
  };
  return **std::min_element(peers_.begin(), peers_.end(), [&](const auto& a, const auto& b) {
    return receivers_at(*a) < receivers_at(*b);
  });
}

void Gateway::seat_on_copy(std::unique_ptr<Arrival> arrival) {
  // The owner handed the copy over before it sent the receiver.
  auto& copy = copies_.at(arrival->path.topic);
  auto seat = std::make_unique<Seated>(owner_of(arrival->path.topic), *copy, index_);
  open(std::move(arrival), std::move(seat));
}

void Gateway::open(std::unique_ptr<Arrival> arrival, Seat seat) {
  // Its booking may have been cancelled while it was on its way from the topic's loop to this one.
  if (arrival->grant && door_->desk().denies(*arrival->grant)) return refuse_code(std::move(arrival));
  const bool receives = arrival->grant ? arrival->grant->may_read()
                                       : !(settings_.in_strictly_sends && arrival->path.part == Part::sender);
  SessionOrder order{.path = std::move(arrival->path),
                     .identity = {.forwarded_for = std::move(arrival->forwarded_for),
                                  .user_agent = user_agents_.share(arrival->user_agent)},
                     .seat = std::move(seat),
                     .late_join = arrival->late_join,
                     .id = next_publisher_id(),
                     .receives = receives,
                     .token_check = nullptr,
                     .shown_token = std::move(arrival->shown_token),
                     .ticket = std::nullopt};
  if (arrival->grant) {
    order.ticket = TicketOrder{std::move(*arrival->grant), arrival->code_digest, &door_->bookings()};
  } else if (settings_.token_check) {
    order.token_check = &*settings_.token_check;
  }
  const auto& deflate = arrival->acceptance.deflate;
  auto& session = sessions_.emplace_back(std::unique_ptr<Session>(new (session_pool_) Session(
      loop_, std::move(arrival->takeover.stream), settings_.client_limits, random_, std::move(order),
      static_cast<SessionOwner&>(*this), deflate ? &*deflate : nullptr)));
  session->place = static_cast<std::uint32_t>(sessions_.size() - 1);
  note(NewsKind::client_joined, [&] { return session->report(loop_.now()); });
  session->start(as_bytes(arrival->acceptance.response), std::move(arrival->takeover.early_bytes));
}

// Of all loops' no two are the same.
fanout::PublisherId Gateway::next_publisher_id() {
  return static_cast<fanout::PublisherId>(++next_id_ * peers_.size() + index_);
}

void Gateway::on_session_over(Session& session) { let_go(sessions_, session.place); }

void Gateway::on_visitor_over(Visitor& visitor) { let_go(visitors_, visitor.place); }

template <class Guest>
void Gateway::let_go(std::vector<std::unique_ptr<Guest>>& guests, std::uint32_t place) {
  loop_.dispose(std::move(guests[place]));
  if (place + 1 != guests.size()) {
    guests[place] = std::move(guests.back());
    guests[place]->place = place;
  }
  guests.pop_back();
  finish_if_stopped();
}

void Gateway::feed_copy(const std::string& topic, std::shared_ptr<const Handover> handover) {
  auto& copy = copies_[topic];
  if (!copy) copy = std::make_unique<TopicCopy>(topic, settings_.topics);
  copy->feed(*handover, loop_.now());
}

void Gateway::drop_copy(const std::string& topic) { copies_.erase(topic); }

void Gateway::on_copy_left(const std::string& topic, std::size_t loop_index) {
  const auto found = spills_.find(topic);
  CROSSPOINT_ASSERT(found != spills_.end());
  Spill& spill = *found->second;
  auto& there = spill.loops[loop_index];
  if (--there.receivers == 0) {
    spill.presence.topic().remove_copy(*there.link);
    there.link->drop();
    there.link.reset();
  }
  if (--spill.receivers == 0) spills_.erase(found);
}

void Gateway::on_turn_end() { hub_.end_turn(loop_.now()); }

void Gateway::on_stats(http::Request&& request, http::Takeover&& takeover) {
  if (refuse_origin(request, takeover)) return;
  auto acceptance = accept_websocket(request.head, false);
  if (!acceptance) return takeover.refuse(websocket::refusal(acceptance.error()));
  auto visitor = std::make_unique<StatsSession>(*this, std::move(takeover.stream), random_);
  let_in(std::move(visitor), *acceptance, std::move(takeover.early_bytes));
}

void Gateway::on_echo(http::Request&& request, http::Takeover&& takeover) {
  if (refuse_origin(request, takeover)) return;
  auto acceptance = accept_websocket(request.head, true);
  if (!acceptance) return takeover.refuse(websocket::refusal(acceptance.error()));
  const auto& deflate = acceptance->deflate;
  auto visitor = std::make_unique<EchoSession>(*this, std::move(takeover.stream), settings_.echo_limits,
                                               random_, deflate ? &*deflate : nullptr);
  let_in(std::move(visitor), *acceptance, std::move(takeover.early_bytes));
}

void Gateway::let_in(std::unique_ptr<Visitor> visitor, const websocket::Acceptance& acceptance,
                     ByteVector early) {
  Visitor& staying = *visitor;
  staying.place = static_cast<std::uint32_t>(visitors_.size());
  visitors_.push_back(std::move(visitor));
  staying.start(as_bytes(acceptance.response), std::move(early));
}

std::vector<ClientReport> Gateway::report() const {
  std::vector<ClientReport> reports;
  reports.reserve(sessions_.size());
  for (const auto& session: sessions_) {
    if (!session->has_left()) reports.push_back(session->report(loop_.now()));
  }
  for (const auto& [id, upload]: uploads_) reports.push_back(upload->report());
  return reports;
}

void Gateway::report_all(std::function<void(std::vector<ClientReport>)> done) {
  struct Gathering {
    std::function<void(std::vector<ClientReport>)> done;
    std::vector<ClientReport> reports;
    std::size_t missing;
  };
  auto gathering = std::make_shared<Gathering>(Gathering{std::move(done), report(), peers_.size() - 1});
  if (gathering->missing == 0) return gathering->done(std::move(gathering->reports));
  for (const auto& peer: peers_) {
    if (peer.get() == this) continue;
    peer->loop_.post([this, &peer = *peer, gathering]() mutable {
      loop_.post([gathering = std::move(gathering), reports = peer.report()]() mutable {
        std::move(reports.begin(), reports.end(), std::back_inserter(gathering->reports));
        if (--gathering->missing == 0) gathering->done(std::move(gathering->reports));
      });
    });
  }
}

void Gateway::stop(Duration limit, std::function<void()> done) {
  on_stopped_ = std::move(done);
  rest_timer_.stop();
  for (auto& session: sessions_)
    session->close(websocket::CloseCode::going_away, "the relay is shutting down");
  for (auto& visitor: visitors_) visitor->go_away();
  stop_timer_.start_after(limit);
  finish_if_stopped();
}

void Gateway::finish_if_stopped() {
  if (!on_stopped_ || !sessions_.empty() || !visitors_.empty()) return;
  stop_timer_.stop();
  std::exchange(on_stopped_, nullptr)();
}

}  // namespace crosspoint::relay
