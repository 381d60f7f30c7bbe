#include "websocket/handshake.h"

#include <algorithm>

#include "base/base64.h"
#include "crypto/sha.h"
#include "http/characters.h"
#include "http/head_writer.h"
#include "websocket/extensions.h"

namespace crosspoint::websocket {
namespace {

constexpr std::string_view key_suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455 section 1.3
constexpr std::string_view version = "13";

std::optional<std::string_view> single(const http::Fields& fields, std::string_view name) {
  return fields.count(name) == 1 ? fields.find(name) : std::nullopt;
}

bool is_key(std::string_view text) {
  const auto key = decode_base64(Base64::standard, text);
  return key && key->size() == Nonce{}.size();
}

bool asks_for_upgrade(const http::Fields& fields) {
  return fields.lists("Upgrade", "websocket") && fields.lists("Connection", "Upgrade");
}

std::string choose_subprotocol(const http::Fields& fields, std::span<const std::string_view> ours) {
  const auto offered = fields.elements("Sec-WebSocket-Protocol");
  for (const std::string_view protocol: ours) {
    if (std::find(offered.begin(), offered.end(), protocol) != offered.end()) return std::string(protocol);
  }
  return {};
}

std::string key_of(const Nonce& nonce) { return encode_base64(Base64::standard, nonce); }

std::string joined(std::span<const std::string> elements) {
  std::string list;
  for (const std::string& element: elements) {
    if (!list.empty()) list += ", ";
    list += element;
  }
  return list;
}

}  // namespace

std::string accept_value(std::string_view key) {
  std::string text(key);
  text += key_suffix;
  return encode_base64(Base64::standard, crypto::sha1(as_bytes(text)));
}

Result<Acceptance, HandshakeError> accept(const http::RequestHead& request, const AcceptPolicy& policy) {
  const http::Fields& fields = request.fields;
  if (request.method != "GET" || request.minor_version < 1) return fail(HandshakeError::wrong_method);
  if (!asks_for_upgrade(fields)) return fail(HandshakeError::no_upgrade);
  if (single(fields, "Sec-WebSocket-Version") != version) return fail(HandshakeError::unsupported_version);
  const auto key = single(fields, "Sec-WebSocket-Key");
  if (!key || !is_key(*key)) return fail(HandshakeError::bad_key);

  Acceptance acceptance;
  acceptance.subprotocol = choose_subprotocol(fields, policy.subprotocols);
  std::string& response = acceptance.response;
  response =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
      "Upgrade\r\nSec-WebSocket-Accept: ";
  response += accept_value(*key);
  if (!acceptance.subprotocol.empty()) response += "\r\nSec-WebSocket-Protocol: " + acceptance.subprotocol;
  if (policy.allow_deflate) {
    if (const auto choice = choose_deflate(fields)) {
      acceptance.deflate = choice->agreement;
      response += "\r\nSec-WebSocket-Extensions: " + choice->answer;
    }
  }
  response += "\r\n\r\n";
  return acceptance;
}

void add_field(Acceptance& acceptance, std::string_view name, std::string_view value) {
  constexpr std::string_view end = "\r\n";  // the empty line
  std::string& response = acceptance.response;
  response.resize(response.size() - end.size());
  for (const std::string_view part: {name, std::string_view(": "), value, end, end}) response += part;
}

http::Response refusal(HandshakeError error) {
  http::Response response =
      http::text_response(error == HandshakeError::unsupported_version ? 426 : 400, "Bad Request\n");
  response.fields.add("Sec-WebSocket-Version", version);
  if (response.status == 426) response.fields.add("Upgrade", "websocket");  // RFC 9110 section 15.5.22
  return response;
}

std::optional<std::string> request(const Offer& offer, const Nonce& nonce) {
  http::RequestHead head{.method = "GET", .target = offer.target, .minor_version = 1, .fields = {}};
  head.fields.add("Host", offer.host);
  head.fields.add("Upgrade", "websocket");
  head.fields.add("Connection", "Upgrade");
  head.fields.add("Sec-WebSocket-Key", key_of(nonce));
  head.fields.add("Sec-WebSocket-Version", version);
  if (!std::all_of(offer.subprotocols.begin(), offer.subprotocols.end(), http::is_token)) return std::nullopt;
  if (!offer.subprotocols.empty()) head.fields.add("Sec-WebSocket-Protocol", joined(offer.subprotocols));
  if (offer.deflate) head.fields.add("Sec-WebSocket-Extensions", deflate_offer());
  for (const http::Field field: offer.fields) head.fields.add(field.name, field.value);

  std::string text;
  if (!http::encode_request_head(head, text)) return std::nullopt;
  return text;
}

Result<Agreed, AnswerError> check_answer(const http::ResponseHead& answer, const Offer& offer,
                                         const Nonce& nonce) {
  const http::Fields& fields = answer.fields;
  if (answer.status != 101) return fail(AnswerError::not_switching);
  if (!asks_for_upgrade(fields)) return fail(AnswerError::no_upgrade);
  if (single(fields, "Sec-WebSocket-Accept") != accept_value(key_of(nonce)))
    return fail(AnswerError::wrong_accept);

  Agreed agreed;
  if (fields.count("Sec-WebSocket-Protocol") > 0) {
    const auto chosen = single(fields, "Sec-WebSocket-Protocol");
    if (!chosen || std::find(offer.subprotocols.begin(), offer.subprotocols.end(), *chosen) ==
                       offer.subprotocols.end()) {
      return fail(AnswerError::wrong_subprotocol);
    }
    agreed.subprotocol = *chosen;
  }
  const auto extensions = parse_extensions(fields);
  if (!extensions || extensions->size() > 1) return fail(AnswerError::wrong_extension);
  if (!extensions->empty()) {
    if (offer.deflate) agreed.deflate = read_deflate_answer(extensions->front());
    if (!agreed.deflate) return fail(AnswerError::wrong_extension);
  }
  return agreed;
}

}  // namespace crosspoint::websocket
