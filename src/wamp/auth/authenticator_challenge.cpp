// Challenges, for those who are known and for those who only look so.
#include <algorithm>
#include <array>

#include "base/base64.h"
#include "crypto/hmac.h"
#include "wamp/auth/authenticator.h"
#include "wamp/error_uri.h"

namespace crosspoint::wamp::auth {

namespace {

const std::string usual_salt = "AAAAAAAAAAAAAAAAAAAAAA==";  // of 16 bytes

ScramDialect scram_dialect(Method method) {
  return method == Method::scram ? ScramDialect::autobahn : ScramDialect::specification;
}

}  // namespace

Step Authenticator::challenge_wampcra(WampCraCredential credential) {
  const auto provider = to_string(standing_.provider);
  auto text =
      wampcra_challenge({standing_.authid, standing_.role, provider, session_}, random_name(), now_.wall);
  auto extra = wampcra_extra(credential, text);
  return challenged(CraWait{std::move(credential), std::move(text)}, std::move(extra));
}

Step Authenticator::challenge_scram(ScramDialect dialect, ScramCredential credential) {
  std::array<std::byte, scram_nonce_bytes> ours;
  tools_.random.fill(ours);
  auto exchange =
      ScramExchange::begin(dialect, std::move(credential), standing_.authid, extra_, facts_, ours);
  if (!exchange) return refuse(error_uri::authentication_failed, std::move(exchange.error()));
  auto extra = exchange->challenge();
  return challenged(std::move(*exchange), std::move(extra));
}

Step Authenticator::challenge_cryptosign(const CryptosignKey& key) {
  CryptosignKey random;
  tools_.random.fill(random);
  auto exchange = CryptosignExchange::begin(key, extra_, facts_, tools_.router_key, random);
  if (!exchange) return refuse(error_uri::authentication_failed, std::move(exchange.error()));
  auto extra = exchange->challenge();
  return challenged(std::move(*exchange), std::move(extra));
}

Step Authenticator::challenge_dynamic(const DynamicAnswer& answer) {
  const auto note = [&](const auto& credential) {
    tools_.dynamic_models.note(dynamic_->procedure, standing_.method,
                               DynamicModel::of(standing_.role, credential));
  };
  switch (standing_.method) {
    case Method::wampcra:
      if (!answer.wampcra) break;
      note(*answer.wampcra);
      return challenge_wampcra(*answer.wampcra);
    case Method::scram:
    case Method::wamp_scram:
      if (!answer.scram) break;
      note(*answer.scram);
      return challenge_scram(scram_dialect(standing_.method), *answer.scram);
    default:
      // The procedure must have named the very key: it was asked who this is, not whether to trust it.
      if (answer.pubkey && answer.pubkey == parse_cryptosign_key(extra_.pubkey)) {
        return challenge_cryptosign(*answer.pubkey);
      }
  }
  return challenge_refused("the authenticator did not say what this method needs, or named another key");
}

// Up to AUTHENTICATE as if the procedure had known it.
Step Authenticator::challenge_refused(std::string_view why) {
  fake_ = true;
  fake_because_ = why;
  dynamic_extra_.clear();
  if (standing_.method == Method::cryptosign)
    return challenge_cryptosign(*parse_cryptosign_key(extra_.pubkey));
  const DynamicModel* model = tools_.dynamic_models.model_for(dynamic_->procedure, standing_.method,
                                                              standing_.authid, tools_.disguise_key);
  const DynamicModel first = standing_.method == Method::wampcra
                                 ? DynamicModel::of(realm_->some_role(), WampCraCredential{})
                                 : DynamicModel::of(realm_->some_role(), ScramCredential{.salt = usual_salt});
  if (model == nullptr) model = &first;
  standing_.role = model->role;
  if (standing_.method == Method::wampcra) return challenge_wampcra(disguised(model->wampcra()));
  return challenge_scram(scram_dialect(standing_.method), disguised(model->scram()));
}

// Bytes that nobody can foresee, and always the same for one name in one realm.
ByteVector Authenticator::disguise(std::string_view purpose, std::size_t bytes) const {
  ByteVector out;
  for (char block = '0'; out.size() < bytes; ++block) {
    ByteVector message = to_vector(as_bytes(purpose));
    for (const std::string_view part: {std::string_view(&block, 1), std::string_view(standing_.realm),
                                       std::string_view(standing_.authid)}) {
      message.push_back(std::byte{0});
      append(message, part);
    }
    append(out, Bytes(crypto::hmac_sha256(tools_.disguise_key, message)));
  }
  out.resize(bytes);
  return out;
}

// The model's costs and its kind of salt, with a salt and a key of the name's own.
WampCraCredential Authenticator::disguised(WampCraCredential credential) const {
  const std::size_t length = credential.salt.size();
  if (length != 0) {
    credential.salt = encode_base64(Base64::url, disguise("wampcra salt", length)).substr(0, length);
  }
  credential.key = crypto::SecretText(as_text(disguise("wampcra key", 32)));
  return credential;
}

ScramCredential Authenticator::disguised(ScramCredential credential) const {
  const auto salt = decode_base64(Base64::standard, credential.salt);
  const std::size_t bytes = salt ? salt->size() : 16;
  credential.salt = encode_base64(Base64::standard, disguise("scram salt", bytes));
  std::ranges::copy(disguise("scram stored key", 32), credential.keys.stored.begin());
  std::ranges::copy(disguise("scram server key", 32), credential.keys.server.begin());
  return credential;
}

}  // namespace crosspoint::wamp::auth
