#include "wamp/auth/read_dynamic.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/base64.h"
#include "base/hex.h"
#include "data/value.h"
#include "wamp/auth/authenticator.h"

namespace crosspoint::wamp::auth {
namespace {

using data::Value;

// Trees are some forty times as large as the bytes.
constexpr data::Limits result_limits{.depth_max = 8, .bytes_max = 64 * 1024};

Result<Value, std::string> read_result(const Payload& payload) {
  const bool positional = !payload.args.empty();
  const Bytes bytes = positional ? payload.args : payload.kwargs;
  if (bytes.empty()) return Value();
  auto value = data::read_value(payload.format, bytes, result_limits);
  if (!value) return fail(fmt::format("its result cannot be read: {}", data::to_string(value.error())));
  if (!positional) return std::move(*value);
  if (value->array() == nullptr) return fail(std::string("its result is no list"));
  if (!value->array()->empty()) return Value(value->array()->front());
  return read_result({payload.format, {}, payload.kwargs});
}

// The members of the map that a procedure returned. What is wrong with the first that is, is kept.
class Members {
 public:
  explicit Members(const Value& map) : map_(map) {}

  const Value* find(std::string_view key) const {
    const Value* value = map_.find(key);
    if (value == nullptr && key.find('-') != std::string_view::npos) {
      std::string other(key);
      std::ranges::replace(other, '-', '_');
      value = map_.find(other);
    }
    return value == nullptr || value->is_null() ? nullptr : value;
  }
  bool has(std::string_view key) const { return find(key) != nullptr; }

  std::string text(std::string_view key) {
    const Value* value = find(key);
    if (value == nullptr) return {};
    if (value->string() != nullptr && value->string()->size() <= text_bytes_max) return *value->string();
    refuse(fmt::format("{} must be a text of at most {} bytes", key, text_bytes_max));
    return {};
  }
  std::uint32_t count(std::string_view key, std::uint32_t initial, std::uint32_t most) {
    const Value* value = find(key);
    if (value == nullptr) return initial;
    if (value->natural() != nullptr && *value->natural() >= 1 && *value->natural() <= most) {
      return static_cast<std::uint32_t>(*value->natural());
    }
    refuse(fmt::format("{} must be a number from 1 to {}", key, most));
    return initial;
  }
  bool flag(std::string_view key) {
    const Value* value = find(key);
    if (value == nullptr) return false;
    if (value->boolean() != nullptr) return *value->boolean();
    refuse(fmt::format("{} must be true or false", key));
    return false;
  }

  void refuse(std::string sentence) {
    if (problem_.empty()) problem_ = std::move(sentence);
  }
  const std::string& problem() const { return problem_; }

 private:
  static constexpr std::size_t text_bytes_max = 4096;
  const Value& map_;
  std::string problem_;
};

std::optional<WampCraCredential> wampcra_of(Members& members) {
  const std::string secret = members.text("secret"), key = members.text("key"), salt = members.text("salt");
  if (secret.empty() && key.empty()) return std::nullopt;
  const bool derives = key.empty() && !salt.empty();
  const auto iterations = members.count("iterations", wampcra_iterations_default,
                                        derives ? dynamic_secret_iterations_max : 1'000'000);
  const auto key_bytes = members.count("keylen", wampcra_key_bytes_default, 64);
  if (key.empty()) {
    if (!members.problem().empty()) return std::nullopt;
    return wampcra_from_secret(secret, salt, iterations, key_bytes);
  }
  if (!secret.empty()) members.refuse("secret stands beside key");
  if (salt.empty()) members.refuse("key needs salt: what it was derived with");
  const auto raw = decode_base64(Base64::standard, key);
  if (!raw || raw->size() != key_bytes) members.refuse("key is not base64 of keylen bytes");
  return WampCraCredential{crypto::SecretText(key), salt, iterations, key_bytes};
}

void read_scram_key_of(Members& members, std::string_view name, crypto::Sha256Digest& out) {
  const std::string text = members.text(name);
  auto bytes = decode_hex(text);
  if (!bytes || bytes->size() != out.size()) {
    const auto decoded = decode_base64(Base64::standard, text);
    bytes = decoded ? std::optional(*decoded) : std::nullopt;
  }
  if (!bytes || bytes->size() != out.size()) {
    return members.refuse(fmt::format("{} is neither hex nor base64 of 32 bytes", name));
  }
  std::ranges::copy(*bytes, out.begin());
}

std::optional<ScramCredential> scram_of(Members& members) {
  if (!members.has("stored-key") && !members.has("server-key")) return std::nullopt;
  ScramCredential credential;
  const auto salt = read_scram_salt(members.text("salt"));
  const std::string kdf = members.text("kdf");
  if (!kdf.empty() && kdf != "pbkdf2" && kdf != "argon2id13" && kdf != "argon2id-13") {
    members.refuse("kdf must be pbkdf2, argon2id13 or argon2id-13");
  }
  credential.kdf = kdf.empty() || kdf == "pbkdf2" ? ScramKdf::pbkdf2 : ScramKdf::argon2id;
  credential.iterations = members.count("iterations", credential.iterations, 10'000'000);
  if (credential.kdf == ScramKdf::argon2id) {
    credential.memory_kib = members.count("memory", 0, 1'048'576);
    if (credential.memory_kib == 0) members.refuse("memory is missing; argon2id needs it, in KiB");
  }
  credential.salt = salt.value_or(std::string());
  if (credential.salt.empty()) members.refuse("salt is neither base64 nor hex of 16 bytes");
  read_scram_key_of(members, "stored-key", credential.keys.stored);
  read_scram_key_of(members, "server-key", credential.keys.server);
  return credential;
}

std::optional<Field> field_of(const std::string& key, const Value& value) {
  if (value.is_null()) return Field{key, nullptr};
  if (const auto* flag = value.boolean()) return Field{key, *flag};
  if (const auto* integer = value.integer()) return Field{key, *integer};
  if (const auto* natural = value.natural(); natural != nullptr && *natural <= id_max) {
    return Field{key, static_cast<std::int64_t>(*natural)};
  }
  if (const auto* text = value.string()) return Field{key, *text};
  return std::nullopt;
}

Fields extra_of(Members& members) {
  Fields fields;
  const Value* extra = members.find("extra");
  if (extra == nullptr) return fields;
  if (extra->map() == nullptr || extra->map()->size() > dynamic_extra_fields_max) {
    members.refuse(fmt::format("extra must be a map of at most {} values", dynamic_extra_fields_max));
    return fields;
  }
  for (const auto& [key, value]: *extra->map()) {
    if (auto field = field_of(key, value)) {
      fields.push_back(std::move(*field));
    } else {
      members.refuse("extra may hold texts, integers, true, false and null");
    }
  }
  return fields;
}

}  // namespace

Result<DynamicAnswer, std::string> read_dynamic_answer(const Payload& result) {
  const auto value = read_result(result);
  if (!value) return fail(value.error());
  if (value->string() != nullptr && !value->string()->empty()) return DynamicAnswer{.role = *value->string()};
  if (value->map() == nullptr) return fail(std::string("its result is neither a role nor a map"));
  Members members(*value);
  DynamicAnswer answer{.role = members.text("role"),
                       .realm = members.text("realm"),
                       .authid = members.text("authid"),
                       .wampcra = wampcra_of(members),
                       .scram = scram_of(members),
                       .extra = extra_of(members)};
  if (answer.role.empty()) members.refuse("it names no role");
  if (!answer.realm.empty() && !is_uri(answer.realm, UriCheck::loose)) members.refuse("realm is no URI");
  if (answer.authid.size() > authid_bytes_max) members.refuse("authid is longer than 256 bytes");
  if (const std::string key = members.text("pubkey"); !key.empty()) {
    answer.pubkey = parse_cryptosign_key(key);
    if (!answer.pubkey) members.refuse("pubkey is not 64 hexadecimal digits");
  }
  if (!members.problem().empty()) return fail(members.problem());
  return answer;
}

Result<DynamicVerdict, std::string> read_dynamic_verdict(const Payload& result) {
  const auto value = read_result(result);
  if (!value) return fail(value.error());
  if (value->boolean() != nullptr) return DynamicVerdict{.allow = *value->boolean()};
  if (value->map() == nullptr) return fail(std::string("its result is neither true nor false nor a map"));
  Members members(*value);
  if (!members.has("allow")) return fail(std::string("it does not say allow"));
  const DynamicVerdict verdict{
      .allow = members.flag("allow"), .disclose = members.flag("disclose"), .cache = members.flag("cache")};
  if (!members.problem().empty()) return fail(members.problem());
  return verdict;
}

}  // namespace crosspoint::wamp::auth
