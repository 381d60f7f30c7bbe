#include "wamp/auth/stored_password.h"

#include <charconv>
#include <optional>
#include <vector>

#include "base/base64.h"
#include "crypto/constant_time.h"
#include "crypto/password_hash.h"

namespace crosspoint::wamp::auth {
namespace {

constexpr std::string_view unknown_form =
    "is no stored password; write $argon2id$v=19$m=65536,t=2,p=1$SALT$HASH (argon2 -id -e) or "
    "$pbkdf2-sha256$i=600000$SALT$HASH";

std::vector<std::string_view> parts_between(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == text.npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::optional<std::uint32_t> number_after(std::string_view text, std::string_view name) {
  if (!text.starts_with(name)) return std::nullopt;
  text.remove_prefix(name.size());
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Base64 whose padding may be left out, as PHC strings do.
std::optional<ByteVector> from_base64(std::string_view text) {
  std::string padded(text);
  while (padded.size() % 4 != 0 && padded.size() < text.size() + 3) padded += '=';
  auto bytes = decode_base64(Base64::standard, padded);
  if (!bytes || bytes->empty()) return std::nullopt;
  return std::move(*bytes);
}

std::optional<std::string> wrong_argon2_costs(std::string_view costs) {
  const auto parts = parts_between(costs, ',');
  if (parts.size() != 3) return std::string(unknown_form);
  const auto memory = number_after(parts[0], "m=");
  const auto time = number_after(parts[1], "t=");
  const auto lanes = number_after(parts[2], "p=");
  if (!memory || !time || !lanes || *memory < 8 || *time < 1) return std::string(unknown_form);
  if (*lanes != 1) return "has more than one lane; write p=1";
  if (*memory > argon2_memory_kib_max) return "takes more than 1 GiB to check; write a smaller m=";
  if (*time > argon2_time_cost_max) return "takes more than 64 passes to check; write a smaller t=";
  return std::nullopt;
}

}  // namespace

StoredPassword StoredPassword::from_clear(std::string_view password) {
  StoredPassword stored;
  stored.digest_ = crypto::sha256(as_bytes(password));
  return stored;
}

Result<StoredPassword, std::string> StoredPassword::parse(std::string_view encoded) {
  const auto parts = parts_between(encoded, '$');
  StoredPassword stored;
  if (parts.size() == 6 && parts[0].empty() && parts[1] == "argon2id" && parts[2] == "v=19") {
    if (auto wrong = wrong_argon2_costs(parts[3])) return fail(std::move(*wrong));
    const auto salt = from_base64(parts[4]);
    const auto hash = from_base64(parts[5]);
    if (!salt || !hash || salt->size() < 8 || hash->size() < 16) return fail(std::string(unknown_form));
    stored.kind_ = Kind::argon2id;
    stored.encoded_ = encoded;
    return stored;
  }
  if (parts.size() == 5 && parts[0].empty() && parts[1] == "pbkdf2-sha256") {
    const auto iterations = number_after(parts[2], "i=");
    auto salt = from_base64(parts[3]);
    auto hash = from_base64(parts[4]);
    if (!iterations || !salt || !hash || hash->size() < 16 || hash->size() > 64) {
      return fail(std::string(unknown_form));
    }
    if (*iterations < 1000) return fail(std::string("has fewer than 1000 iterations; write 600000"));
    if (*iterations > pbkdf2_iterations_max) return fail(std::string("has more than 10000000 iterations"));
    stored.kind_ = Kind::pbkdf2;
    stored.iterations_ = *iterations;
    stored.salt_ = std::move(*salt);
    stored.hash_ = std::move(*hash);
    return stored;
  }
  return fail(std::string(unknown_form));
}

bool StoredPassword::matches(Bytes password) const {
  switch (kind_) {
    case Kind::digest: return crypto::equal_in_constant_time(digest_, crypto::sha256(password));
    case Kind::argon2id: return crypto::argon2id_matches(encoded_, password);
    case Kind::pbkdf2: {
      const auto hash = crypto::pbkdf2_sha256(password, salt_, iterations_, hash_.size());
      return crypto::equal_in_constant_time(hash, hash_);
    }
  }
  return false;
}

crypto::Sha256Digest StoredPassword::fingerprint() const {
  ByteVector all;
  append(all, Bytes(digest_));
  append(all, encoded_);
  append(all, std::to_string(iterations_));
  append(all, salt_);
  append(all, hash_);
  return crypto::sha256(all);
}

}  // namespace crosspoint::wamp::auth
