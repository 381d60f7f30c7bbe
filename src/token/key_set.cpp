#include "token/key_set.h"

#include <fmt/core.h>

#include <algorithm>

#include "token/json_web_key.h"

namespace crosspoint::token {
namespace {

std::string_view without_space(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first == text.npos ? std::string_view() : text.substr(first);
}

bool named(const VerificationKey& key) { return key.key_id.has_value(); }

}  // namespace

Result<KeySet, std::string> KeySet::from_secret(std::string_view secret, Algorithms allowed,
                                                std::size_t bytes_min) {
  const auto algorithms = allowed & hmac_algorithms;
  if (algorithms.empty()) {
    return fail(fmt::format("a shared secret verifies {} only, and none of them is allowed",
                            to_string(hmac_algorithms)));
  }
  if (secret.size() < bytes_min) return fail(fmt::format("the secret is shorter than {} bytes", bytes_min));
  if (without_space(secret).starts_with("-----BEGIN ")) {
    return fail(std::string("the secret is a PEM key; give it as a key file"));
  }
  KeySet set;
  set.keys_.push_back({.algorithms = algorithms, .material = Secret{to_vector(as_bytes(secret))}});
  if (secret.size() < secret_bytes_advised) {
    set.warnings_.push_back(fmt::format("the secret has {} bytes; {} random ones cannot be guessed",
                                        secret.size(), secret_bytes_advised));
  }
  return set;
}

Result<KeySet, std::string> KeySet::from_public_pem(std::string_view pem, Algorithms allowed) {
  auto key = crypto::PublicKey::from_pem(pem);
  if (!key) return fail(fmt::format("the key {}", crypto::describe(key.error())));
  const auto algorithm = algorithm_of(key->type());
  if (!allowed.contains(algorithm)) {
    return fail(fmt::format("the key is for {}, which is not allowed (only {})", name_of(algorithm),
                            to_string(allowed)));
  }
  KeySet set;
  set.keys_.push_back({.algorithms = {algorithm}, .material = std::move(*key)});
  return set;
}

Result<KeySet, std::string> KeySet::from_jwks(std::string_view json, Algorithms allowed) {
  if (json.size() > key_file_bytes_max) {
    return fail(fmt::format("the key set is longer than {} KiB", key_file_bytes_max / 1024));
  }
  auto read = read_json_web_keys(json, allowed);
  if (!read) return fail(std::move(read.error()));
  if (read->keys.empty()) {
    return fail(fmt::format("the key set holds no key that verifies {}{}{}", to_string(allowed),
                            read->left_out.empty() ? "" : ": ",
                            read->left_out.empty() ? "" : read->left_out.front()));
  }
  KeySet set;
  set.keys_ = std::move(read->keys);
  set.warnings_ = std::move(read->left_out);
  return set;
}

Result<KeySet, std::string> KeySet::from_file_text(std::string_view text, Algorithms allowed) {
  return without_space(text).starts_with('{') ? from_jwks(text, allowed) : from_public_pem(text, allowed);
}

std::optional<Refusal> KeySet::refuses(std::string_view algorithm, const std::optional<std::string>& key_id,
                                       Bytes signed_text, Bytes signature) const {
  const auto wanted = find_algorithm(algorithm);
  if (!wanted || !algorithms().contains(*wanted)) return Refusal::unsupported_algorithm;
  const bool select = key_id && std::ranges::any_of(keys_, named);
  bool tried = false;
  for (const auto& key: keys_) {
    if (!key.algorithms.contains(*wanted) || (select && key.key_id != key_id)) continue;
    if (key.verifies(*wanted, signed_text, signature)) return std::nullopt;
    tried = true;
  }
  return tried ? Refusal::bad_signature : Refusal::unknown_key;
}

Algorithms KeySet::algorithms() const {
  Algorithms all;
  for (const auto& key: keys_) all = all | key.algorithms;
  return all;
}

}  // namespace crosspoint::token
