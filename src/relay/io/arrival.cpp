#include "relay/io/arrival.h"

#include <algorithm>
#include <utility>

#include "http/url.h"

namespace crosspoint::relay {
namespace {

constexpr std::string_view bearer = "bearer";
// Players of the years 2017 to 2022 pass a JavaScript null as their subprotocol and insist on getting it
// back. Browsers insist on `bearer` as well, once a page has named it.
constexpr std::string_view subprotocols[] = {"null", bearer};

std::optional<LateJoin> late_join_wish(std::string_view query) {
  const auto value = http::query_value(query, "join");
  if (value == "burst") return LateJoin::burst;
  if (value == "wait") return LateJoin::wait;
  return std::nullopt;
}

std::unique_ptr<const std::string> forwarded_for(const http::Request& request) {
  const auto forwarded = request.head.fields.find("X-Forwarded-For");
  return forwarded ? std::make_unique<const std::string>(*forwarded) : nullptr;
}

}  // namespace

Result<websocket::Acceptance, websocket::HandshakeError> accept_websocket(const http::RequestHead& request,
                                                                          bool allow_deflate) {
  return websocket::accept(request, {.subprotocols = subprotocols, .allow_deflate = allow_deflate});
}

std::string shown_token(const http::Request& request) {
  const auto offered = request.head.fields.elements("Sec-WebSocket-Protocol");
  const auto found = std::ranges::find(offered, bearer);
  if (found != offered.end() && found + 1 != offered.end()) return std::string(*(found + 1));
  return http::query_value(request.query, "token").value_or("");
}

std::unique_ptr<Arrival> make_arrival(http::Request&& request, http::Takeover&& takeover, Gateway& gateway,
                                      bool allow_deflate) {
  auto acceptance = accept_websocket(request.head, allow_deflate);
  if (!acceptance) {
    takeover.refuse(websocket::refusal(acceptance.error()));
    return nullptr;
  }
  return std::unique_ptr<Arrival>(
      new Arrival{.takeover = std::move(takeover),
                  .acceptance = std::move(*acceptance),
                  .path = topic_path(request.path),
                  .forwarded_for = forwarded_for(request),
                  .user_agent = std::string(request.head.fields.find("User-Agent").value_or("")),
                  .late_join = late_join_wish(request.query),
                  .shown_token = {},
                  .accepted_by = gateway,
                  .at = &gateway,
                  .code = {},
                  .client_address = {},
                  .grant = std::nullopt,
                  .code_digest = {}});
}

}  // namespace crosspoint::relay
