#include "wamp/io/long_poll_desk.h"

#include <array>
#include <utility>

#include "base/hex.h"
#include "wamp/io/transport_facts.h"

namespace crosspoint::wamp {
namespace {

// What a browser asks of an answer to a page from elsewhere (the Fetch standard). Cookies are let through, as
// AutobahnJS sends its requests with them, and then the origin must be named.
http::Fields fields_for(std::optional<std::string_view> origin) {
  http::Fields fields;
  if (!origin) return fields;
  fields.add("Access-Control-Allow-Origin", *origin);
  fields.add("Access-Control-Allow-Credentials", "true");
  fields.add("Vary", "Origin");
  return fields;
}

http::Response done() {
  http::Response response;
  response.status = 204;  // as AutobahnJS wants it, and Crossbar.io has it; the draft says 202
  return response;
}

http::Response preflight() {
  auto response = done();
  response.fields.add("Access-Control-Allow-Methods", "POST, OPTIONS");
  response.fields.add("Access-Control-Allow-Headers", "Content-Type");
  response.fields.add("Access-Control-Max-Age", "86400");
  return response;
}

http::Response no_such_transport() { return http::text_response(404, "There is no such transport.\n"); }

}  // namespace

// A request on its way to the router's loop.
struct LongPollDesk::Errand {
  long_poll::Action action;
  std::string transport;
  std::string body;
  std::optional<std::string> content_type;
  batch::Separator separator;
  TransportFacts facts;  // open
};

LongPollDesk::LongPollDesk(net::Loop& loop, Random& random, const LongPollOrder& order, Open open)
    : loop_(loop), random_(random), order_(order), open_(std::move(open)) {}

std::vector<http::Route> LongPollDesk::rows() {
  if (order_.settings.base.empty()) return {};
  return {{.methods = "POST OPTIONS",
           .path = order_.settings.base + "/*",
           .handler = http::CollectedHandler([this](http::Request&& request, http::Responder responder) {
             on_request(std::move(request), std::move(responder));
           }),
           .body_bytes_max = order_.body_bytes_max}};
}

// On the loop that accepted.
void LongPollDesk::on_request(http::Request&& request, http::Responder responder) {
  const auto& fields = request.head.fields;
  const auto origin = fields.find("Origin");
  if (order_.allows_origin && !order_.allows_origin(origin)) {
    return responder.respond(http::text_response(403, "This page's origin is not allowed here.\n"));
  }
  LongPollReply reply(std::move(responder), fields_for(origin));
  if (request.head.method == "OPTIONS") return reply.answer(preflight());
  const auto ask = long_poll::find_ask(request.path, order_.settings.base);
  if (!ask) return reply.answer(http::text_response(404, "404 page not found\n"));
  Errand errand{.action = ask->action,
                .transport = std::string(ask->transport),
                .body = std::move(request.body),
                .content_type = {},
                .separator = batch::separator_of(fields.find("User-Agent").value_or("")),
                .facts = {}};
  if (const auto type = fields.find("Content-Type")) errand.content_type = *type;
  if (ask->action == long_poll::Action::open) errand.facts = facts_of_long_poll(request, order_.secure);
  loop_.post([this, errand = std::move(errand), reply = std::move(reply)]() mutable {
    take(std::move(errand), std::move(reply));
  });
}

// On the router's loop.
void LongPollDesk::take(Errand errand, LongPollReply reply) {
  if (errand.action == long_poll::Action::open) return reply.answer(open(errand));
  const auto found = transports_.find(std::string_view(errand.transport));
  if (found == transports_.end()) return reply.answer(no_such_transport());
  auto& transport = *found->second;
  switch (errand.action) {
    case long_poll::Action::send: return reply.answer(send(transport, errand));
    case long_poll::Action::receive:
      return transport.receive(std::move(reply), [this, id = std::move(errand.transport)] {
        loop_.post([this, id] {
          if (const auto still = transports_.find(std::string_view(id)); still != transports_.end())
            still->second->lose();
        });
      });
    case long_poll::Action::close: transport.close_by_client(); return reply.answer(done());
    case long_poll::Action::open: return;
  }
}

http::Response LongPollDesk::open(Errand& errand) {
  const auto chosen = long_poll::choose_protocol(as_bytes(errand.body));
  if (!chosen) {
    return http::text_response(400, chosen.error() == long_poll::OpenRefusal::malformed
                                        ? "Post {\"protocols\": [\"wamp.2.json\", …]}.\n"
                                        : "None of these protocols is spoken here.\n");
  }
  if (transports_.size() >= order_.settings.transports_max)
    return http::text_response(503, "There are too many clients.\n");
  const auto id = new_id();
  auto* const transport = open_(*find_subprotocol(*chosen, order_.ubjson_as), errand.separator,
                                std::move(errand.facts), [this, id] { transports_.erase(id); });
  if (transport == nullptr) return http::text_response(503, "There are too many clients.\n");
  transports_.emplace(id, transport);
  auto response = http::json_response(200, long_poll::answer_to_open(id, *chosen));
  response.fields.add("Cache-Control", "no-store");
  return response;
}

http::Response LongPollDesk::send(LongPollTransport& transport, const Errand& errand) {
  const auto format = transport.subprotocol().format;
  if (!long_poll::fits(errand.content_type, format)) {
    return http::text_response(
        415, "Messages of this transport are " + std::string(long_poll::media_type_of(format)) + ".\n");
  }
  if (transport.take(as_bytes(errand.body))) return done();
  return http::text_response(400, "This breaks the protocol; the answer to /receive says why.\n");
}

std::string LongPollDesk::new_id() {
  std::array<std::byte, 16> bytes;
  random_.fill(bytes);
  return encode_hex(bytes);
}

}  // namespace crosspoint::wamp
