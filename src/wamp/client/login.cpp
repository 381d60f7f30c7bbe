#include "wamp/client/login.h"

#include <fmt/core.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "base/base64.h"
#include "base/hex.h"
#include "crypto/constant_time.h"
#include "crypto/hmac.h"
#include "crypto/pbkdf2.h"
#include "data/value.h"
#include "data/writer.h"

namespace crosspoint::wamp::client {
namespace {

constexpr std::size_t cryptosign_bytes = 32;  // of a challenge, and of a key's seed

using proof::ScramDialect;

std::optional<ScramDialect> find_dialect(std::string_view method) {
  if (method == "wamp-scram") return ScramDialect::specification;
  if (method == "scram") return ScramDialect::autobahn;
  return std::nullopt;
}

// Autobahn's SCRAM has no channel binding.
std::vector<std::string> own_methods(const Login& login) {
  if (login.key) return {"cryptosign"};
  if (login.password && login.channel_binding.empty()) return {"wamp-scram", "scram"};
  if (login.password) return {"wamp-scram"};
  if (login.secret) return {"wampcra"};
  if (login.ticket) return {"ticket"};
  if (login.certificate) return {"tls"};
  return login.others.empty() ? std::vector<std::string>{"anonymous"} : std::vector<std::string>{};
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

Result<LoginExchange::Answer, std::string> wampcra(const crypto::SecretText& secret,
                                                   const data::Value& extra) {
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
  return LoginExchange::Answer{in_base64(crypto::hmac_sha256(key.bytes(), as_bytes(challenge)))};
}

ByteVector text_map(data::Format format,
                    std::initializer_list<std::pair<std::string_view, std::string_view>> texts) {
  ByteVector out;
  data::Writer writer(format, out);
  writer.begin_map(texts.size());
  for (const auto& [key, text]: texts) {
    writer.key(key);
    writer.string(text);
  }
  writer.end_map();
  return out;
}

// Nothing: what the challenge asks for is none, or is too much work.
std::optional<proof::ScramCosts> scram_costs(const data::Value& extra, ScramDialect dialect) {
  const auto kdf = proof::find_kdf(text_of(extra, "kdf"), dialect);
  if (!kdf) return std::nullopt;
  const bool argon2 = *kdf == proof::ScramKdf::argon2id;
  const auto iterations =
      number_of(extra, "iterations", 0, argon2 ? argon2_passes_max : wampcra_iterations_max);
  const auto memory = argon2 ? number_of(extra, "memory", 0, argon2_memory_kib_max) : std::optional(0u);
  if (!iterations || !memory || std::uint64_t{*iterations} * *memory > argon2_work_kib_max)
    return std::nullopt;
  return proof::ScramCosts{text_of(extra, "salt"), *kdf, *iterations, *memory};
}

// Whether the router's nonce goes on where ours ends.
bool continues(std::string_view nonce, std::string_view ours, ScramDialect dialect) {
  if (dialect == ScramDialect::specification) return nonce.starts_with(ours) && nonce.size() > ours.size();
  const auto both = decode_base64(Base64::standard, nonce), mine = decode_base64(Base64::standard, ours);
  return both && mine && both->size() > mine->size() &&
         std::ranges::equal(*mine, Bytes(*both).first(mine->size()));
}

}  // namespace

std::vector<std::string> methods_of(const Login& login) {
  auto methods = login.others;
  for (auto& method: own_methods(login)) methods.push_back(std::move(method));
  return methods;
}

LoginExchange::LoginExchange(const Login& login, const Channel& channel)
    : login_(login), bindings_(channel.bindings), nonce_(encode_base64(Base64::standard, channel.nonce)) {}

std::string LoginExchange::trouble() const {
  if (login_.channel_binding.empty() || (!login_.key && !login_.password)) return {};
  if (!proof::find_binding(login_.channel_binding, bindings_).empty()) return {};
  return fmt::format("this connection has no {} that a proof could be bound to", login_.channel_binding);
}

ByteVector LoginExchange::hello_extra(data::Format format) const {
  if (!login_.key && !login_.password)
    return login_.extra ? data::write_value(format, *login_.extra) : ByteVector();
  const auto own = login_.key ? encode_hex(login_.key->public_key().ed25519_bytes()) : nonce_;
  const std::string_view key = login_.key ? "pubkey" : "nonce";
  if (login_.channel_binding.empty()) return text_map(format, {{key, own}});
  return text_map(format, {{key, own}, {"channel_binding", login_.channel_binding}});
}

bool LoginExchange::is_others(std::string_view method) const {
  return std::ranges::find(login_.others, method) != login_.others.end();
}

Result<LoginExchange::Answer, std::string> LoginExchange::answer(std::string_view method, data::Format format,
                                                                 Bytes extra) {
  const auto own = own_methods(login_);
  if (std::ranges::find(own, method) == own.end()) {
    return fail(
        fmt::format("the router asks for the method {:?}, which was not offered", method.substr(0, 64)));
  }
  const auto said = data::read_value(format, extra, {.depth_max = 8, .bytes_max = 64 * 1024});
  if (!said) return fail(std::string("the router's challenge cannot be read"));
  if (login_.key) return cryptosign(*said);
  if (const auto dialect = find_dialect(method)) return scram(*dialect, format, *said);
  if (login_.secret) return wampcra(*login_.secret, *said);
  if (login_.ticket) return Answer{*login_.ticket};
  return fail(std::string("the router challenges a client that has nothing to show"));
}

Result<LoginExchange::Answer, std::string> LoginExchange::cryptosign(const data::Value& extra) const {
  const auto challenge = decode_hex(text_of(extra, "challenge"));
  if (!challenge || challenge->size() != cryptosign_bytes)
    return fail(std::string("the router's challenge is not 64 hexadecimal digits"));
  if (text_of(extra, "channel_binding") != login_.channel_binding)
    return fail(std::string("the router binds to another channel than was asked for"));
  const auto channel = proof::channel_id(login_.channel_binding, bindings_);
  if (!channel) return fail(std::string("this connection has nothing to bind to"));
  proof::SignedBytes message;
  std::ranges::copy(*challenge, message.begin());
  message = proof::bound(message, *channel);
  auto signature = login_.key->sign(message);
  append(signature, Bytes(message));
  return Answer{crypto::SecretText(encode_hex(signature))};
}

Result<LoginExchange::Answer, std::string> LoginExchange::scram(ScramDialect dialect, data::Format format,
                                                                const data::Value& extra) {
  const auto nonce = text_of(extra, "nonce");
  if (!continues(nonce, nonce_, dialect))
    return fail(std::string("the router's nonce is not one that begins with ours"));
  const auto costs = scram_costs(extra, dialect);
  if (!costs)
    return fail(std::string("the router's challenge wants more work than is done, or what nobody knows"));
  const auto secret = proof::scram_secret(login_.password->view(), *costs, dialect);
  if (!secret) return fail(std::string("the router's salt is none"));
  const bool autobahn = dialect == ScramDialect::autobahn;
  const auto binding = proof::find_binding(login_.channel_binding, bindings_);
  const auto channel = autobahn ? std::string() : proof::gs2_channel(login_.channel_binding, binding);
  const auto proofs = proof::scram_prove(
      *secret,
      proof::scram_auth_message({login_.authid, nonce_, nonce, costs->salt, costs->iterations, channel}));
  expected_ = encode_base64(Base64::standard, proofs.server);
  expected_key_ = autobahn ? "scram_server_signature" : "verifier";
  Answer answer{in_base64(proofs.client)};
  if (autobahn) return answer;
  const auto bytes = encode_base64(Base64::standard, binding);
  answer.extra =
      login_.channel_binding.empty()
          ? text_map(format, {{"nonce", nonce}})
          : text_map(format,
                     {{"nonce", nonce}, {"channel_binding", login_.channel_binding}, {"cbind_data", bytes}});
  return answer;
}

// A router that does not know what the password was made into might be anybody: SCRAM is both ways.
Result<void, std::string> LoginExchange::check_welcome(std::string_view authmethod,
                                                       const data::Value* authextra) const {
  const bool due = login_.password && !is_others(authmethod);
  if (!due) return {};
  const auto said = authextra == nullptr ? std::string() : text_of(*authextra, expected_key_);
  if (!expected_.empty() && crypto::equal_in_constant_time(as_bytes(said), as_bytes(expected_))) return {};
  return fail(std::string("the router did not prove that it knows the password"));
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
