#include "token/json_web_key.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "base/base64.h"
#include "token/key_set.h"
#include "token/strict_json.h"

namespace crosspoint::token {
namespace {

using Kind = JsonValue::Kind;

constexpr JsonLimits key_limits{.depth_max = 8, .values_max = 1024};

std::string text_in(const JsonValue& key, std::string_view name) {
  const auto* value = key.find(name);
  return value == nullptr ? std::string() : value->text;
}

// The bytes of a member in base64url; empty when it is missing or is something else.
ByteVector bytes_in(const JsonValue& key, std::string_view name) {
  return decode_base64(Base64::url, text_in(key, name)).value_or(ByteVector{});
}

// Why a key is not for verifying, if it says so itself.
std::optional<std::string> other_purpose(const JsonValue& key) {
  if (const auto use = text_in(key, "use"); !use.empty() && use != "sig")
    return std::string("is not for signatures");
  if (const auto* operations = key.find("key_ops")) {
    const bool verifies =
        std::ranges::any_of(operations->items, [](const JsonValue& item) { return item.text == "verify"; });
    if (!verifies) return std::string("is not for verifying");
  }
  return std::nullopt;
}

// What this kind of key can verify; nothing for a kind that is not known here.
Algorithms algorithms_of_kind(const JsonValue& key) {
  const auto kind = text_in(key, "kty");
  const auto curve = text_in(key, "crv");
  if (kind == "oct") return hmac_algorithms;
  if (kind == "RSA") return {Algorithm::rs256};
  if (kind == "EC" && curve == "P-256") return {Algorithm::es256};
  if (kind == "OKP" && curve == "Ed25519") return {Algorithm::eddsa};
  return {};
}

using Material = std::variant<Secret, crypto::PublicKey>;

Result<Material, std::string> secret_of(const JsonValue& key) {
  auto bytes = bytes_in(key, "k");
  if (bytes.size() < secret_bytes_min)
    return fail(fmt::format("is a secret of less than {} bytes", secret_bytes_min));
  return Secret{std::move(bytes)};
}

Result<Material, std::string> material_of(const JsonValue& key) {
  const auto kind = text_in(key, "kty");
  if (kind == "oct") return secret_of(key);
  if (key.find("d") != nullptr) {
    return fail(fmt::format("{}", crypto::describe(crypto::KeyError::private_half)));
  }
  auto read = kind == "RSA"  ? crypto::PublicKey::from_rsa(bytes_in(key, "n"), bytes_in(key, "e"))
              : kind == "EC" ? crypto::PublicKey::from_p256(bytes_in(key, "x"), bytes_in(key, "y"))
                             : crypto::PublicKey::from_ed25519(bytes_in(key, "x"));
  if (!read) return fail(std::string(crypto::describe(read.error())));
  return std::move(*read);
}

// One key into the set, or left out of it. The error is the rest of a sentence that begins with the key's
// place.
std::optional<std::string> add_key(const JsonValue& key, std::string_view place, Algorithms allowed,
                                   JsonWebKeys& set) {
  const auto leave_out = [&](std::string_view why) {
    set.left_out.push_back(fmt::format("{} {}; it is left out", place, why));
    return std::nullopt;
  };
  if (!key.is(Kind::object)) return "is not an object";
  const auto* key_id = key.find("kid");
  if (key_id != nullptr && !key_id->is(Kind::text)) return "has a kid that is not a text";
  if (const auto why = other_purpose(key)) return leave_out(*why);
  auto algorithms = algorithms_of_kind(key);
  if (algorithms.empty()) return leave_out("is of a kind that is not known here");
  if (key.find("alg") != nullptr) {
    const auto own = find_algorithm(text_in(key, "alg"));
    algorithms = own ? algorithms & Algorithms{*own} : Algorithms{};
  }
  algorithms = algorithms & allowed;
  if (algorithms.empty()) return leave_out("is for an algorithm that is not allowed");

  auto material = material_of(key);
  if (!material) return material.error();
  const auto name = key_id == nullptr ? std::nullopt : std::optional(key_id->text);
  if (name && std::ranges::any_of(set.keys, [&](const auto& other) { return other.key_id == name; })) {
    return "has the same kid as another";
  }
  set.keys.push_back({.key_id = name, .algorithms = algorithms, .material = std::move(*material)});
  return std::nullopt;
}

}  // namespace

Result<JsonWebKeys, std::string> read_json_web_keys(std::string_view json, Algorithms allowed) {
  const auto object = read_json_object(json, key_limits);
  if (!object) {
    return fail(std::string(object.error() == JsonError::duplicate_member
                                ? "the key set says something twice"
                                : "the key set cannot be read as JSON"));
  }
  const auto* listed = object->find("keys");
  if (listed == nullptr || !listed->is(Kind::list))
    return fail(std::string("the key set has no list \"keys\""));
  if (listed->items.size() > keys_max)
    return fail(fmt::format("the key set has more than {} keys", keys_max));
  JsonWebKeys set;
  std::size_t number = 0;
  for (const auto& key: listed->items) {
    const auto place = fmt::format("key {} of the set", ++number);
    if (const auto wrong = add_key(key, place, allowed, set))
      return fail(fmt::format("{} {}", place, *wrong));
  }
  return set;
}

}  // namespace crosspoint::token
