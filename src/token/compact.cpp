#include "token/compact.h"

#include <algorithm>

#include "base/base64.h"
#include "token/strict_json.h"

namespace crosspoint::token {
namespace {

bool is_jwt(std::string_view type) {  // RFC 7519 section 5.1: compared without regard to case
  constexpr std::string_view wanted = "jwt";
  return std::ranges::equal(
      type, wanted, [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && a - 'A' + 'a' == b); });
}

}  // namespace

Result<CompactParts, Refusal> split_compact(std::string_view token) {
  if (token.size() > token_bytes_max) return fail(Refusal::too_long);
  const auto first = token.find('.');
  const auto second = first == token.npos ? token.npos : token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos) return fail(Refusal::wrong_parts);
  return CompactParts{.header = token.substr(0, first),
                      .claims = token.substr(first + 1, second - first - 1),
                      .signature = token.substr(second + 1),
                      .signed_text = token.substr(0, second)};
}

Result<std::string, Refusal> decode_part(std::string_view part) {
  const auto bytes = decode_base64(Base64::url, part);
  if (!bytes) return fail(Refusal::malformed);
  return crosspoint::to_string(*bytes);
}

Refusal refusal_of(JsonError error) {
  return error == JsonError::duplicate_member ? Refusal::duplicate_member : Refusal::malformed;
}

Result<Header, Refusal> read_header(std::string_view part) {
  const auto text = decode_part(part);
  if (!text) return fail(text.error());
  const auto object = read_json_object(*text);
  if (!object) return fail(refusal_of(object.error()));
  for (const auto name: {"crit", "b64"}) {
    if (object->find(name) != nullptr) return fail(Refusal::critical_header);
  }
  for (const auto name: {"jwk", "jku", "x5c", "x5u"}) {
    if (object->find(name) != nullptr) return fail(Refusal::brings_key);
  }
  const auto* type = object->find("typ");
  if (type != nullptr && !is_jwt(type->text)) return fail(Refusal::wrong_type);
  const auto* key_id = object->find("kid");
  if (key_id != nullptr && !key_id->is(JsonValue::Kind::text)) return fail(Refusal::malformed);

  Header header;
  if (const auto* algorithm = object->find("alg")) header.algorithm = algorithm->text;
  if (key_id != nullptr) header.key_id = key_id->text;
  return header;
}

}  // namespace crosspoint::token
