// What a gateway does for token topics: codes at the door, connections that are extended, topic `stats`.
#include <algorithm>

#include "access/answers.h"
#include "access/code.h"
#include "access/session_address.h"
#include "http/url.h"
#include "relay/io/arrival.h"
#include "relay/io/gateway.h"
#include "relay/io/gather.h"
#include "relay/stats_command.h"

namespace crosspoint::relay {
namespace {

// The relay's own messages: no connection has this id, since those are counted from one loop's worth up.
constexpr fanout::PublisherId relay_itself = 0;

Part part_of(const access::Grant& grant) {
  if (!grant.may_write()) return Part::receiver;
  return grant.may_read() ? Part::both : Part::sender;
}

bool covers(const access::Grant& grant, const access::Grant& held) {
  if (grant.topic != held.topic || grant.booking != held.booking) return false;
  return (grant.may_read() || !held.may_read()) && (grant.may_write() || !held.may_write());
}

}  // namespace

void Gateway::on_token_topic(http::Request&& request, http::Takeover&& takeover) {
  if (refuse_origin(request, takeover)) return;
  const auto topic = access::session_topic(request.path);
  const auto code = http::query_value(request.query, "code");
  auto client_address = door_->client_address(request);
  if (!topic) return takeover.refuse(http::text_response(404, "Not Found\n"));
  TopicPath path{.topic = std::string(*topic), .route = {}, .part = Part::receiver};

  auto arrival = make_arrival(std::move(request), std::move(takeover), *this, settings_.deflate);
  if (!arrival) return;
  arrival->client_address = std::move(client_address);
  // No code at all is refused like one that is no good.
  if (!code || !access::is_code(*code)) return refuse_code(std::move(arrival));
  arrival->path = std::move(path);
  arrival->code = *code;
  send_to_owner(std::move(arrival));
}

bool Gateway::redeem(Arrival& arrival) {
  auto grant = door_->desk().redeem(arrival.code, arrival.path.topic, loop_.wall_now(), loop_.now());
  if (!grant) {
    if (grant.error() == access::RedeemRefusal::unknown_code) spend_elsewhere(arrival.code);
    return false;
  }
  arrival.code_digest = crypto::sha256(as_bytes(arrival.code));
  arrival.path.part = part_of(*grant);
  arrival.grant = std::move(*grant);
  return true;
}

// A code lives with its own topic, which may be on another loop. Shown at this topic's door it is spent all
// the same.
void Gateway::spend_elsewhere(const std::string& code) {
  for (const auto& peer: peers_) {
    if (peer.get() == this) continue;
    peer->loop_.post([&peer = *peer, code] { peer.door_->desk().spend(code, peer.loop_.now()); });
  }
}

// Counted where it was refused, which depends on topic and loop; so every loop is told, as long as it counts.
void Gateway::refuse_code(std::unique_ptr<Arrival> arrival) {
  const std::string address = arrival->client_address;
  auto refused = door_->refuse_code(address);
  refuse(std::move(arrival), std::move(refused.answer));
  if (!refused.counted) return;
  for (const auto& peer: peers_) {
    if (peer.get() == this) continue;
    peer->loop_.post([&peer = *peer, address] { peer.door_->note_bad_code(address); });
  }
}

std::size_t Gateway::extend(const access::Grant& grant, const std::optional<crypto::Sha256Digest>& code) {
  std::size_t extended = 0;
  for (const auto& session: sessions_) {
    Ticket* ticket = session->ticket();
    if (ticket == nullptr || !covers(grant, ticket->grant()) || (code && !ticket->came_with(*code))) continue;
    ticket->extend(grant.expires);
    ++extended;
  }
  return extended;
}

bool Gateway::has_audience(std::string_view topic) {
  const Topic* found = hub_.find(topic);
  return found != nullptr && found->audience().members() > 0;
}

void Gateway::publish_text(std::string_view topic, std::string_view text) {
  if (!has_audience(topic)) return;
  const auto presence = hub_.enter(topic);
  presence->topic().publish(websocket::MessageType::text, as_bytes(text), relay_itself, loop_.now());
  presence->touch();
}

void Gateway::on_stats_message(Bytes payload) {
  // {"cmd":"update"}, the only command there is; anything else is the subscribers' own business.
  if (payload.size() <= stats_command_bytes_max && is_stats_command(as_text(payload)) && on_stats_asked_) {
    on_stats_asked_();
  }
}

void gather_allowed(std::span<const std::unique_ptr<Gateway>> gateways, net::Loop& here,
                    std::move_only_function<void(std::vector<std::string>)> done) {
  gather(
      gateways, here, [](Gateway& gateway) { return gateway.door().desk().allowed(); },
      [done = std::move(done)](std::vector<std::vector<std::string>> of_loops) mutable {
        std::vector<std::string> all;
        for (auto& ids: of_loops) std::move(ids.begin(), ids.end(), std::back_inserter(all));
        done(access::in_order(std::move(all)));
      });
}

}  // namespace crosspoint::relay
