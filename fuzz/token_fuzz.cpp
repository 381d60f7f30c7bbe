// Tokens from strangers, at each depth: the whole text as it comes; header and claims under a genuine
// signature, since no mutation would find one; key sets and PEM from a file. The first byte says which.
#include <algorithm>
#include <cstdint>

#include "base/base64.h"
#include "crypto/hmac.h"
#include "require.h"
#include "token/compact.h"
#include "token/inspection.h"
#include "token/signer.h"
#include "token/verifier.h"

using namespace crosspoint;

namespace {

constexpr std::string_view secret = "of the fuzzer, and of nobody else";
constexpr WallTime now{std::chrono::seconds{1'700'000'000}};

std::string encoded(std::string_view text) { return encode_base64(Base64::url, as_bytes(text)); }

std::string signed_by_hand(std::string_view header, std::string_view claims) {
  const auto text = encoded(header) + "." + encoded(claims);
  return text + "." + encoded(as_text(crypto::hmac_sha256(as_bytes(secret), as_bytes(text))));
}

const token::Verifier& verifier() {
  static const token::Verifier made(*token::KeySet::from_secret(secret),
                                    {.audience = "a", .lifetime_max = 1h});
  return made;
}

// Whatever is accepted has all that makes a token good, looked at another way.
void look_into_accepted(std::string_view text, const token::Claims& claims) {
  REQUIRE(text.size() <= token::token_bytes_max);
  REQUIRE(std::ranges::count(text, '.') == 2);
  const auto dot = text.rfind('.');
  const auto code = crypto::hmac_sha256(as_bytes(secret), as_bytes(text.substr(0, dot)));
  REQUIRE(text.substr(dot + 1) == encoded(as_text(code)));
  REQUIRE(token::read_header(text.substr(0, text.find('.')))->algorithm == "HS256");
  REQUIRE(claims.expires && *claims.expires > now && *claims.expires <= token::latest_date);
  REQUIRE(!claims.not_before || *claims.not_before <= now);
  REQUIRE(!claims.issued || *claims.issued <= now);
  REQUIRE(*claims.expires - claims.issued.value_or(now) <= 1h);
  REQUIRE(std::ranges::find(claims.audience, "a") != claims.audience.end());
  // What was understood, written anew, is understood the same.
  const auto again = token::read_claims(token::write_claims(claims));
  REQUIRE(again && *again == claims);
}

void show_to_verifier(std::string_view text) {
  const auto claims = verifier().verify(text, now);
  if (claims) look_into_accepted(text, *claims);
  const auto shown = token::inspect(text, now);
  REQUIRE(!claims || shown);
  if (shown) {
    for (const char c: *shown) REQUIRE(c == '\n' || (c >= 0x20 && c < 0x7f));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'c': show_to_verifier(signed_by_hand(R"({"alg":"HS256"})", text)); break;
    case 'h': show_to_verifier(signed_by_hand(text, R"({"aud":"a","exp":1700000001})")); break;
    case 'b': {
      const auto end = std::min(text.find('\n'), text.size());
      show_to_verifier(signed_by_hand(text.substr(0, end), text.substr(end)));
      break;
    }
    case 'k': {
      const auto keys = token::KeySet::from_file_text(text);
      if (keys) {
        REQUIRE(keys->size() > 0 && keys->size() <= token::keys_max);
        REQUIRE(!keys->algorithms().empty());
        REQUIRE(keys->refuses("none", std::nullopt, {}, {}) == token::Refusal::unsupported_algorithm);
      } else {
        REQUIRE(!keys.error().empty());
      }
      break;
    }
    default: show_to_verifier(text);
  }
  return 0;
}
