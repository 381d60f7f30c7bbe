#include "wamp/client/login.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/base64.h"
#include "base/hex.h"
#include "crypto/hmac.h"
#include "crypto/pbkdf2.h"
#include "data/value.h"
#include "data/writer.h"

namespace crosspoint::wamp::client {
namespace {

constexpr std::size_t cryptosign_bytes = 32;  // of a challenge, and of a key's seed

std::string_view method_of(const Login& login) {
  return login.key ? "cryptosign" : login.secret ? "wampcra" : login.ticket ? "ticket" : "anonymous";
}

std::string text_of(const data::Value& extra, std::string_view key) {
  const auto* value = extra.find(key);
  const auto* text = value == nullptr ? nullptr : value->string();
  return text == nullptr ? std::string() : *text;
}

// Nothing: it is there, and no number from 1 to `most`.
std::optional<std::uint32_t> number_of(const data::Value& extra, std::string_view key, std::uint32_t initial,
                                       std::uint32_t most) {
  const auto* value = extra.find(key);
  if (value == nullptr || value->is_null()) return initial;
  const auto* number = value->natural();
  if (number == nullptr || *number == 0 || *number > most) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

crypto::SecretText in_base64(Bytes bytes) {
  auto text = encode_base64(Base64::standard, bytes);
  crypto::SecretText kept(text);
  crypto::wipe(std::as_writable_bytes(std::span(text)));
  return kept;
}

Result<crypto::SecretText, std::string> wampcra(const crypto::SecretText& secret, const data::Value& extra) {
  const auto challenge = text_of(extra, "challenge");
  if (challenge.empty()) return fail(std::string("the router's challenge is empty"));
  const auto salt = text_of(extra, "salt");
  auto key = secret;
  if (!salt.empty()) {
    const auto iterations = number_of(extra, "iterations", 1000, wampcra_iterations_max);
    const auto key_bytes = number_of(extra, "keylen", 32, wampcra_key_bytes_max);
    if (!iterations || !key_bytes) {
      return fail(fmt::format(
          "the router's salted challenge wants iterations or a key that are beyond {} and {} bytes",
          wampcra_iterations_max, wampcra_key_bytes_max));
    }
    auto derived = crypto::pbkdf2_sha256(secret.bytes(), as_bytes(salt), *iterations, *key_bytes);
    key = in_base64(derived);
    crypto::wipe(derived);
  }
  return in_base64(crypto::hmac_sha256(key.bytes(), as_bytes(challenge)));
}

Result<crypto::SecretText, std::string> cryptosign(const crypto::PrivateKey& key, const data::Value& extra) {
  const auto challenge = decode_hex(text_of(extra, "challenge"));
  if (!challenge || challenge->size() != cryptosign_bytes)
    return fail(std::string("the router's challenge is not 64 hexadecimal digits"));
  if (!text_of(extra, "channel_binding").empty())
    return fail(std::string("the router binds to the channel, which was not asked for"));
  auto signature = key.sign(*challenge);
  append(signature, Bytes(*challenge));
  return crypto::SecretText(encode_hex(signature));
}

}  // namespace

std::vector<std::string> methods_of(const Login& login) { return {std::string(method_of(login))}; }

ByteVector hello_extra(const Login& login, data::Format format) {
  ByteVector out;
  if (!login.key) return out;
  data::Writer writer(format, out);
  writer.begin_map(1);
  writer.key("pubkey");
  writer.string(encode_hex(login.key->public_key().ed25519_bytes()));
  writer.end_map();
  return out;
}

Result<crypto::SecretText, std::string> answer_challenge(const Login& login, std::string_view method,
                                                         data::Format format, Bytes extra) {
  if (method != method_of(login)) {
    return fail(
        fmt::format("the router asks for the method {:?}, which was not offered", method.substr(0, 64)));
  }
  const auto said = data::read_value(format, extra, {.depth_max = 8, .bytes_max = 64 * 1024});
  if (!said) return fail(std::string("the router's challenge cannot be read"));
  if (login.key) return cryptosign(*login.key, *said);
  if (login.secret) return wampcra(*login.secret, *said);
  if (login.ticket) return *login.ticket;
  return fail(std::string("the router challenges a client that has nothing to show"));
}

Result<crypto::PrivateKey, std::string> read_login_key(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  if (auto seed = decode_hex(text); seed && seed->size() == cryptosign_bytes) {
    auto key = crypto::PrivateKey::from_ed25519_seed(*seed);
    crypto::wipe(*seed);
    if (key) return std::move(*key);
    return fail(std::string(crypto::describe(key.error())));
  }
  auto key = crypto::PrivateKey::from_pem(text);
  if (!key) return fail(std::string(crypto::describe(key.error())));
  if (key->type() != crypto::KeyType::ed25519) return fail(std::string("holds no Ed25519 key"));
  return std::move(*key);
}

}  // namespace crosspoint::wamp::client
