#include "relay/io/arrival.h"

#include <utility>

#include "http/url.h"

namespace crosspoint::relay {
namespace {

// Players of the years 2017 to 2022 pass a JavaScript null as their subprotocol and insist on getting it
// back.
constexpr std::string_view null_subprotocol[] = {"null"};

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
  return websocket::accept(request, {.subprotocols = null_subprotocol, .allow_deflate = allow_deflate});
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
                  .accepted_by = gateway,
                  .at = &gateway,
                  .code = {},
                  .client_address = {},
                  .grant = std::nullopt,
                  .code_digest = {}});
}

}  // namespace crosspoint::relay
