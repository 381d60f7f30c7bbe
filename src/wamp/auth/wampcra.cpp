#include "wamp/auth/wampcra.h"

#include <fmt/core.h>

#include "base/base64.h"
#include "crypto/hmac.h"
#include "crypto/password_hash.h"

namespace crosspoint::wamp::auth {
namespace {

// A JSON string with its quotes. What is not UTF-8 has been refused where the message was read.
std::string quoted_json(std::string_view text) {
  std::string out = "\"";
  for (const char c: text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace

WampCraCredential wampcra_from_secret(std::string_view secret, std::string salt, std::uint32_t iterations,
                                      std::uint32_t key_bytes) {
  if (salt.empty()) return {crypto::SecretText(secret), {}, iterations, key_bytes};
  auto derived = crypto::pbkdf2_sha256(as_bytes(secret), as_bytes(salt), iterations, key_bytes);
  auto text = encode_base64(Base64::standard, derived);
  WampCraCredential credential{crypto::SecretText(text), std::move(salt), iterations, key_bytes};
  crypto::wipe(derived);
  crypto::wipe(std::as_writable_bytes(std::span(text)));
  return credential;
}

std::string utc_milliseconds(WallTime time) {
  using namespace std::chrono;
  const auto whole_days = floor<days>(time);
  const year_month_day date(whole_days);
  const hh_mm_ss clock(floor<milliseconds>(time - whole_days));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

std::string wampcra_challenge(const WampCraSubject& subject, std::string_view nonce, WallTime now) {
  return fmt::format(
      R"({{"authid":{},"authrole":{},"authmethod":"wampcra","authprovider":{},"nonce":{},"timestamp":"{}","session":{}}})",
      quoted_json(subject.authid), quoted_json(subject.authrole), quoted_json(subject.authprovider),
      quoted_json(nonce), utc_milliseconds(now), number(subject.session));
}

Fields wampcra_extra(const WampCraCredential& credential, const std::string& challenge) {
  Fields extra{{"challenge", challenge}};
  if (credential.salt.empty()) return extra;
  extra.push_back({"salt", credential.salt});
  extra.push_back({"iterations", std::int64_t{credential.iterations}});
  extra.push_back({"keylen", std::int64_t{credential.key_bytes}});
  return extra;
}

std::string wampcra_signature(const WampCraCredential& credential, std::string_view challenge) {
  return encode_base64(Base64::standard, crypto::hmac_sha256(credential.key.bytes(), as_bytes(challenge)));
}

}  // namespace crosspoint::wamp::auth
