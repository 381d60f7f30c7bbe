// Both halves of the opening handshake on heads that the HTTP parsers let through. What we accept is answered
// with something that a client of ours would take; what we take from a server is what was offered.
#include <algorithm>
#include <cstdint>
#include <variant>

#include "base/assert.h"
#include "http/request_parser.h"
#include "http/response_parser.h"
#include "websocket/handshake.h"

using namespace crosspoint;
using namespace crosspoint::websocket;

namespace {

void check_agreement(const DeflateAgreement& agreement) {
  for (const int bits: {agreement.server_max_window_bits, agreement.client_max_window_bits}) {
    CROSSPOINT_ASSERT(bits >= 8 && bits <= 15);
  }
}

std::optional<http::ResponseHead> parse_response(Bytes bytes) {
  http::ResponseParser parser({});
  parser.feed(bytes);
  const auto event = parser.next();
  if (!event || !*event) return std::nullopt;
  const auto* start = std::get_if<http::ResponseStart>(&**event);
  return start != nullptr ? std::optional(start->head) : std::nullopt;
}

void fuzz_request(Bytes bytes) {
  http::RequestParser parser({});
  parser.feed(bytes);
  const auto event = parser.next();
  if (!event || !*event) return;
  const auto* start = std::get_if<http::RequestStart>(&**event);
  if (start == nullptr) return;

  constexpr std::string_view ours[] = {"null", "wamp.2.json"};
  const auto accepted = accept(start->head, {.subprotocols = ours, .allow_deflate = true});
  if (!accepted) {
    const int status = refusal(accepted.error()).status;
    CROSSPOINT_ASSERT(status == 400 || status == 426);
    return;
  }
  CROSSPOINT_ASSERT(start->head.method == "GET");
  if (accepted->deflate) check_agreement(*accepted->deflate);
  const auto answer = parse_response(as_bytes(accepted->response));
  CROSSPOINT_ASSERT(answer && answer->status == 101);
  CROSSPOINT_ASSERT(answer->fields.find("Sec-WebSocket-Accept") ==
                    accept_value(*start->head.fields.find("Sec-WebSocket-Key")));
  CROSSPOINT_ASSERT(answer->fields.find("Sec-WebSocket-Protocol").value_or("") == accepted->subprotocol);
  CROSSPOINT_ASSERT((answer->fields.count("Sec-WebSocket-Extensions") == 1) == accepted->deflate.has_value());
}

void fuzz_answer(Bytes bytes) {
  const auto answer = parse_response(bytes);
  if (!answer) return;
  const std::string protocols[] = {"null"};
  Nonce nonce{};  // its key is AAAAAAAAAAAAAAAAAAAAAA==
  for (const bool deflate: {false, true}) {
    const Offer offer{
        .host = "h", .target = "/", .subprotocols = protocols, .deflate = deflate, .fields = {}};
    const auto agreed = check_answer(*answer, offer, nonce);
    if (!agreed) continue;
    CROSSPOINT_ASSERT(answer->status == 101);
    CROSSPOINT_ASSERT(agreed->subprotocol.empty() || agreed->subprotocol == "null");
    CROSSPOINT_ASSERT(deflate || !agreed->deflate);
    if (agreed->deflate) check_agreement(*agreed->deflate);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = std::as_bytes(std::span(data, size));
  fuzz_request(input);
  fuzz_answer(input);
  return 0;
}
