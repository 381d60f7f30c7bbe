#include "token/test_tokens.h"

#include "base/base64.h"
#include "crypto/hmac.h"
#include "crypto/signature.h"
#include "crypto/test_keys.h"

namespace crosspoint::token::test_tokens {
namespace {

using namespace crypto::test_keys;

std::string_view private_pem_of(Keys keys) {
  switch (keys) {
    case Keys::rsa: return rsa_private_pem;
    case Keys::p256: return p256_private_pem;
    case Keys::ed25519: return ed25519_private_pem;
    case Keys::secret:
    case Keys::key_set: break;
  }
  return {};
}

std::string with_member(std::string_view object, std::string_view member) {
  return std::string(object.substr(0, object.size() - 1)) + "," + std::string(member) + "}";
}

}  // namespace

std::string_view to_string(Keys keys) {
  constexpr std::string_view names[] = {"secret", "rsa", "p256", "ed25519", "key_set"};
  return names[static_cast<std::size_t>(keys)];
}

KeySet key_set_of(Keys keys) {
  switch (keys) {
    case Keys::secret: return *KeySet::from_secret(secret);
    case Keys::rsa: return *KeySet::from_public_pem(rsa_public_pem);
    case Keys::p256: return *KeySet::from_public_pem(p256_public_pem);
    case Keys::ed25519: return *KeySet::from_public_pem(ed25519_public_pem);
    case Keys::key_set: break;
  }
  return *KeySet::from_jwks(crypto::test_keys::key_set);
}

Policy policy() { return {.audience = std::string(audience)}; }

std::string encoded(std::string_view text) { return encode_base64(Base64::url, as_bytes(text)); }

std::string genuine(Keys keys, std::string_view header, std::string_view claims) {
  const auto text = encoded(header) + "." + encoded(claims);
  const auto pem = private_pem_of(keys);
  const auto signature = pem.empty() ? to_vector(crypto::hmac_sha256(as_bytes(secret), as_bytes(text)))
                                     : crypto::PrivateKey::from_pem(pem)->sign(as_bytes(text));
  return text + "." + encoded(as_text(signature));
}

std::string header_for(Keys keys) {
  constexpr std::string_view headers[] = {R"({"alg":"HS256"})", R"({"alg":"RS256"})", R"({"alg":"ES256"})",
                                          R"({"alg":"EdDSA"})", R"({"alg":"HS256","kid":"k1"})"};
  return std::string(headers[static_cast<std::size_t>(keys)]);
}

std::string good_claims() {
  return R"({"topic":"t","scopes":["read"],"aud":")" + std::string(audience) + R"(","exp":4102444800})";
}

std::vector<Row> good_tokens() {
  std::vector<Row> rows;
  for (const Keys keys: all_keys) {
    const auto add = [&](std::string name, std::string_view header, std::string_view claims) {
      rows.push_back({std::string(to_string(keys)) + ": " + name, keys, genuine(keys, header, claims)});
    };
    const auto header = header_for(keys);
    const auto claims = good_claims();
    add("plain", header, claims);
    for (const auto member: {R"("typ":"JWT")", R"("typ":"jwt")", R"("x5t":"AAAA")", R"("cty":"JWT")"}) {
      add(std::string("header ") + member, with_member(header, member), claims);
    }
    for (const auto member:
         {R"("nbf":1)", R"("nbf":1.5)", R"("iat":1700000000)", R"("nbf":"1700000000")", R"("sub":"a")",
          R"("jti":"1")", R"("unknown":{"a":[{"b":[{"c":1}]}]})", R"("topics":"t")"}) {
      add(std::string("claim ") + member, header, with_member(claims, member));
    }
    add("exp with a fraction", header, R"({"aud":"https://lab.example/access","exp":4102444800.75})");
    add("exp in quotes", header, R"({"aud":"https://lab.example/access","exp":"4102444800"})");
    add("exp as 4e9", header, R"({"aud":"https://lab.example/access","exp":4.1e9})");
    add("aud as a list", header, R"({"aud":["https://lab.example/access"],"exp":4102444800})");
    add("aud among others", header, R"({"aud":["x","https://lab.example/access"],"exp":4102444800})");
    add("with space between", header,
        " {\n\t\"aud\" : \"https://lab.example/access\" , \"exp\" : 4102444800 } ");
    add("escapes", header, R"({"a\u0075d":"https:\/\/lab.example\/access","exp":4102444800})");
  }
  const auto named = [&](const char* key_id, Keys signer) {
    const auto header = with_member(header_for(signer), std::string(R"("kid":")") + key_id + "\"");
    rows.push_back(
        {std::string("key_set: kid ") + key_id, Keys::key_set, genuine(signer, header, good_claims())});
  };
  named("r1", Keys::rsa);
  named("e1", Keys::p256);
  named("o1", Keys::ed25519);
  for (const Keys signer: {Keys::secret, Keys::rsa, Keys::p256, Keys::ed25519}) {
    rows.push_back({"key_set: no kid, " + std::string(to_string(signer)), Keys::key_set,
                    genuine(signer, header_for(signer), good_claims())});
  }
  rows.push_back({"secret: a kid where no key has a name", Keys::secret,
                  genuine(Keys::secret, R"({"alg":"HS256","kid":"k1"})", good_claims())});
  return rows;
}

}  // namespace crosspoint::token::test_tokens
