// The matrix of tokens that nobody may accept: each attack, where it makes sense against each kind of keys.
#include <algorithm>
#include <functional>

#include "base/base64.h"
#include "crypto/hmac.h"
#include "crypto/signature.h"
#include "crypto/test_keys.h"
#include "token/test_tokens.h"

namespace crosspoint::token::test_tokens {
namespace {

using namespace crypto::test_keys;
using Rows = std::vector<HostileRow>;

void add(Rows& rows, Keys keys, std::string name, std::string token, Refusal expected) {
  rows.push_back({{std::string(to_string(keys)) + ": " + std::move(name), keys, std::move(token)}, expected});
}

std::string hmac_token(std::string_view header, std::string_view key) {
  const auto text = encoded(header) + "." + encoded(good_claims());
  return text + "." + encoded(as_text(crypto::hmac_sha256(as_bytes(key), as_bytes(text))));
}
std::string unsigned_token(std::string_view header) {
  return encoded(header) + "." + encoded(good_claims()) + ".";
}

std::string_view public_text(Keys keys) {
  constexpr std::string_view texts[] = {secret, rsa_public_pem, p256_public_pem, ed25519_public_pem,
                                        crypto::test_keys::key_set};
  return texts[static_cast<std::size_t>(keys)];
}

std::string claims_with(std::string_view member) {  // instead of none of its members
  return R"({"aud":"https://lab.example/access","exp":4102444800,)" + std::string(member) + "}";
}
std::string header_with(Keys keys, std::string_view member) {
  auto header = header_for(keys);
  header.pop_back();
  return header + "," + std::string(member) + "}";
}

std::string nested(std::size_t depth, std::string_view open, std::string_view close) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open;
  text += "1";
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

// C1: what the header says about the algorithm is not what decides.
void add_algorithms(Rows& rows, Keys keys) {
  for (const std::string name:
       {"none",   "None",   "NONE",         "nOnE",    "none ", "",       "null",     "hs256", "Hs256",
        "HS256 ", " HS256", "HS256\\u0000", "HS",      "HS1",   "HS255",  "HS384",    "HS512", "RS256",
        "RS384",  "RS512",  "rs256",        "PS256",   "PS512", "ES256",  "ES256K",   "ES384", "ES512",
        "EdDSA",  "eddsa",  "EDDSA",        "Ed25519", "dir",   "A128KW", "RSA-OAEP", "HMAC",  "SHA256"}) {
    const auto header = R"({"alg":")" + name + R"("})";
    const auto known = find_algorithm(name);
    if (known && key_set_of(keys).algorithms().contains(*known)) continue;
    add(rows, keys, "alg " + name + ", unsigned", unsigned_token(header), Refusal::unsupported_algorithm);
    add(rows, keys, "alg " + name + ", HMAC of what is public", hmac_token(header, public_text(keys)),
        Refusal::unsupported_algorithm);
  }
  for (const std::string header: {R"({})", R"({"typ":"JWT"})", R"({"alg":null})", R"({"alg":true})",
                                  R"({"alg":256})", R"({"alg":["HS256"]})", R"({"alg":["none","HS256"]})",
                                  R"({"alg":{"HS256":1}})", R"({"ALG":"HS256"})", R"({"Alg":"HS256"})"}) {
    add(rows, keys, "header " + header, hmac_token(header, public_text(keys)),
        Refusal::unsupported_algorithm);
  }
}

// C1: the public key as the secret of an HMAC, in each form somebody may have it in.
void add_confusion(Rows& rows, Keys keys) {
  const std::string pem(public_text(keys));
  std::string joined = pem;
  std::erase(joined, '\n');
  const auto der = decode_base64(Base64::standard, joined.substr(26, joined.size() - 26 - 24));
  const std::string forms[] = {pem, pem.substr(0, pem.size() - 1), joined, std::string(as_text(*der)), ""};
  for (const auto& form: forms) {
    const auto name = "HMAC with the public key as secret, " + std::to_string(form.size()) + " bytes";
    add(rows, keys, name, hmac_token(R"({"alg":"HS256"})", form), Refusal::unsupported_algorithm);
    add(rows, keys, name + ", under its own name", hmac_token(header_for(keys), form),
        Refusal::bad_signature);
    if (form.empty()) continue;
    add(rows, Keys::key_set, name + " of " + std::string(to_string(keys)),
        hmac_token(R"({"alg":"HS256"})", form), Refusal::bad_signature);
  }
}

// C2: headers that change what is verified, or with what.
void add_headers(Rows& rows, Keys keys) {
  const auto row = [&](const std::string& member, Refusal expected) {
    add(rows, keys, "header " + member.substr(0, 60), genuine(keys, header_with(keys, member), good_claims()),
        expected);
  };
  for (const auto member:
       {R"("crit":["exp"],"exp":1)", R"("crit":["b64"],"b64":false)", R"("crit":["http://x"],"http://x":1)",
        R"("crit":[])", R"("crit":["alg"])", R"("crit":"exp")", R"("b64":false)"}) {
    row(member, Refusal::critical_header);
  }
  for (const auto member: {R"("jku":"https://evil.example/keys")", R"("jku":"file:///etc/passwd")",
                           R"("x5u":"http://169.254.169.254/")", R"("jwk":{"kty":"oct","k":"AAAA"})",
                           R"("x5c":["MIIB"])", R"("jwk":null)"}) {
    row(member, Refusal::brings_key);
  }
  for (const auto member: {R"("typ":"JWE")", R"("typ":"at+jwt")", R"("typ":"dpop+jwt")", R"("typ":"")",
                           R"("typ":"JWT ")", R"("typ":1)", R"("typ":["JWT"])", R"("typ":"JWT\u0000")"}) {
    row(member, Refusal::wrong_type);
  }
  if (keys == Keys::key_set) return;  // whose header has a kid
  for (const auto member: {R"("kid":1)", R"("kid":null)", R"("kid":["k1"])", R"("kid":{"a":1})"}) {
    row(member, Refusal::malformed);
  }
}

// C2: a kid is compared, and that is all.
void add_key_ids(Rows& rows) {
  for (const std::string key_id: {"../../../../dev/null", "/etc/passwd", "/dev/null", "file:///dev/null",
                                  "k1' OR '1'='1", "x' UNION SELECT 'AA';--", "k1; sleep 9", "$(id)", "`id`",
                                  "", "K1", "k1 ", "k1\\u0000", "k", "k11", "*", "%00", "\\u212a1"}) {
    const auto header = R"({"alg":"HS256","kid":")" + key_id + R"("})";
    add(rows, Keys::key_set, "kid " + key_id, hmac_token(header, secret), Refusal::unknown_key);
    add(rows, Keys::key_set, "kid " + key_id + ", empty secret", hmac_token(header, ""),
        Refusal::unknown_key);
    add(rows, Keys::secret, "kid " + key_id + ", empty secret", hmac_token(header, ""),
        Refusal::bad_signature);
  }
  for (const auto key_id: {"r1", "e1", "o1"}) {
    const auto header = std::string(R"({"alg":"HS256","kid":")") + key_id + R"("})";
    add(rows, Keys::key_set, std::string("HS256 with kid ") + key_id, hmac_token(header, secret),
        Refusal::unknown_key);
  }
  for (const Keys signer: {Keys::rsa, Keys::p256, Keys::ed25519}) {
    add(rows, Keys::key_set, "kid of the secret, signed by " + std::string(to_string(signer)),
        genuine(signer, header_with(signer, R"("kid":"k1")"), good_claims()), Refusal::unknown_key);
  }
}

// C3: a member twice, however it is spelt and however deep.
void add_duplicates(Rows& rows, Keys keys) {
  for (const auto member: {R"("alg":"none")", R"("a\u006cg":"none")", R"("kid":"k2","kid":"k1")",
                           R"("typ":"JWT","typ":"JWT")"}) {
    add(rows, keys, std::string("header twice ") + member,
        genuine(keys, header_with(keys, member), good_claims()), Refusal::duplicate_member);
  }
  for (const auto member: {R"("exp":1)", R"("exp":4102444800)", R"("e\u0078p":4102444801)", R"("aud":"x")",
                           R"("topic":"a","topic":"b")", R"("scopes":[],"scopes":["write"])",
                           R"("nbf":1,"nbf":2)", R"("iat":1,"iat":2)", R"("":1,"":1)", R"("u":{"a":1,"a":2})",
                           R"("u":[{"a":1,"a":2}])", R"("u":{"a":{"b":{"c":{"d":{"e":{"f":1,"f":2}}}}}})"}) {
    add(rows, keys, std::string("claim twice ") + member,
        genuine(keys, header_for(keys), claims_with(member)), Refusal::duplicate_member);
  }
}

// C3: nesting and size.
void add_sizes(Rows& rows, Keys keys) {
  const auto lists = [](std::size_t depth) { return "\"u\":" + nested(depth, "[", "]"); };
  const auto objects = [](std::size_t depth) { return "\"u\":" + nested(depth, R"({"a":)", "}"); };
  for (const std::size_t depth: {8u, 9u, 100u, 900u}) {
    const auto name = "nested " + std::to_string(depth) + " deep";
    add(rows, keys, name + ", claims", genuine(keys, header_for(keys), claims_with(lists(depth))),
        Refusal::malformed);
    add(rows, keys, name + ", header", genuine(keys, header_with(keys, lists(depth)), good_claims()),
        Refusal::malformed);
    if (depth > 500) continue;
    add(rows, keys, name + ", objects", genuine(keys, header_for(keys), claims_with(objects(depth))),
        Refusal::malformed);
  }
  add(rows, keys, "nested 10000 deep", genuine(keys, header_for(keys), claims_with(lists(10'000))),
      Refusal::too_long);
  add(rows, keys, "unclosed", genuine(keys, header_for(keys), std::string(3000, '[')), Refusal::malformed);
  std::string many = "\"u\":[0";
  for (int i = 0; i < 300; ++i) many += ",0";
  add(rows, keys, "300 values", genuine(keys, header_for(keys), claims_with(many + "]")), Refusal::malformed);
  add(rows, keys, "1 MiB",
      genuine(keys, header_for(keys), claims_with("\"u\":\"" + std::string(1 << 20, 'x') + "\"")),
      Refusal::too_long);
  add(rows, keys, "1 MiB without a dot", std::string(1 << 20, 'a'), Refusal::too_long);
  add(rows, keys, "1 MiB of dots", std::string(1 << 20, '.'), Refusal::too_long);
}

// C3: three parts, base64url, and nothing else.
void add_forms(Rows& rows, Keys keys) {
  const auto good = genuine(keys, header_for(keys), good_claims());
  const auto first = good.find('.');
  const auto second = good.rfind('.');
  const auto header = good.substr(0, first);
  const auto claims = good.substr(first + 1, second - first - 1);
  const auto signature = good.substr(second + 1);
  const auto row = [&](std::string name, std::string token, Refusal expected) {
    add(rows, keys, std::move(name), std::move(token), expected);
  };

  for (const auto& token:
       {std::string(), std::string("."), header, header + "." + claims, good + ".", "." + good, good + ".x",
        good + "..", header + "." + claims + "." + signature + "." + signature + "." + signature,
        good.substr(0, second) + "%2E" + signature}) {
    row("parts: " + token.substr(0, 8) + " " + std::to_string(std::ranges::count(token, '.')) + " dots of " +
            std::to_string(token.size()),
        token, Refusal::wrong_parts);
  }
  row("no header", "." + claims + "." + signature, Refusal::malformed);
  row("no claims", header + ".." + signature, Refusal::bad_signature);
  row("no signature", header + "." + claims + ".", Refusal::bad_signature);
  row("only dots", "..", Refusal::malformed);
  row("parts: claims first", claims + "." + header + "." + signature, Refusal::unsupported_algorithm);
  row("parts: signature second", header + "." + signature + "." + claims, Refusal::bad_signature);
  row("parts: signature first", signature + "." + header + "." + claims, Refusal::malformed);
  row("parts: header twice", header + "." + header + "." + signature, Refusal::bad_signature);
  const std::string junks[] = {
      " ", "\n", "\t", "\r\n", "=", "==", "+", "/", "*", "\"", "%", std::string(1, '\0'), "\xc3\xa4"};
  for (const auto& junk: junks) {
    const auto name = "junk " + to_hex(as_bytes(junk));
    row(name + " before", junk + good, Refusal::malformed);
    row(name + " behind the header", header + junk + "." + claims + "." + signature, Refusal::malformed);
    row(name + " behind the claims", header + "." + claims + junk + "." + signature, Refusal::bad_signature);
    row(name + " behind", good + junk, Refusal::malformed);
  }
  for (const auto scheme: {"Bearer ", "bearer ", "JWT ", "Basic "})
    row(scheme + std::string("in front"), scheme + good, Refusal::malformed);
  row("in quotes", "\"" + good + "\"", Refusal::malformed);
  row("JSON serialization",
      R"({"payload":")" + claims + R"(","protected":")" + header + R"(","signature":")" + signature + "\"}",
      Refusal::wrong_parts);
}

// C3: texts that are not one object of JSON.
void add_texts(Rows& rows, Keys keys) {
  const auto claims = good_claims();
  const auto header = header_for(keys);
  const auto utf16 = [](std::string_view text) {
    std::string wide;
    for (const char c: text) wide += {c, '\0'};
    return wide;
  };
  const auto spoil = [&](const std::string& text) {
    return std::vector<std::string>{"",
                                    " ",
                                    "null",
                                    "true",
                                    "1",
                                    "\"x\"",
                                    "[]",
                                    "[" + text + "]",
                                    text + text,
                                    text + "x",
                                    text + std::string(1, '\0'),
                                    text + std::string(1, '\0') + "{}",
                                    "\xef\xbb\xbf" + text,
                                    utf16(text),
                                    "//\n" + text,
                                    "/**/" + text,
                                    text.substr(0, text.size() - 1),
                                    text.substr(0, text.size() - 1) + ",}",
                                    text.substr(1),
                                    text.substr(0, text.size() - 1) + R"(,"u":NaN})",
                                    text.substr(0, text.size() - 1) + R"(,"u":Infinity})",
                                    text.substr(0, text.size() - 1) + R"(,"u":1e400})",
                                    text.substr(0, text.size() - 1) + R"(,"u":01})",
                                    text.substr(0, text.size() - 1) + R"(,"u":+1})",
                                    text.substr(0, text.size() - 1) + R"(,"u":.5})",
                                    text.substr(0, text.size() - 1) + R"(,u:1})",
                                    text.substr(0, text.size() - 1) + R"(,'u':1})",
                                    text.substr(0, text.size() - 1) + ",\"u\":\"\xff\"}",
                                    text.substr(0, text.size() - 1) + ",\"u\":\"\xc0\x80\"}",
                                    text.substr(0, text.size() - 1) + ",\"u\":\"\xed\xa0\x80\"}",
                                    text.substr(0, text.size() - 1) + R"(,"u":"\ud800"})",
                                    text.substr(0, text.size() - 1) + ",\"u\":\"\n\"}",
                                    text.substr(0, text.size() - 1) + R"(,"u":"\x"})"};
  };
  int number = 0;
  for (const auto& text: spoil(claims)) {
    add(rows, keys, "claims no object of JSON, " + std::to_string(++number), genuine(keys, header, text),
        Refusal::malformed);
  }
  number = 0;
  for (const auto& text: spoil(header)) {
    add(rows, keys, "header no object of JSON, " + std::to_string(++number), genuine(keys, text, claims),
        Refusal::malformed);
  }
}

// C3, C4: dates.
void add_dates(Rows& rows, Keys keys) {
  const auto token = [&](const std::string& members) {
    return genuine(keys, header_for(keys), R"({"aud":"https://lab.example/access",)" + members + "}");
  };
  for (const std::string name: {"exp", "nbf", "iat"}) {
    const std::string rest = name == "exp" ? "" : R"("exp":4102444800,)";
    for (const std::string value: {"-1",
                                   "-0.5",
                                   "-4102444800",
                                   "1e300",
                                   "9000000001",
                                   "9223372036854775807",
                                   "18446744073709551615",
                                   "18446744073709551616",
                                   R"("x")",
                                   R"("")",
                                   R"("1e400")",
                                   R"("1e9")",
                                   R"("-1")",
                                   R"("+1")",
                                   R"(" 1700000000")",
                                   R"("1700000000 ")",
                                   R"("0x7fffffff")",
                                   R"("NaN")",
                                   R"("Infinity")",
                                   R"("99999999999999999999999")",
                                   R"("9000000001")",
                                   R"("2099-01-01T00:00:00Z")",
                                   R"("4102444800.5")",
                                   "true",
                                   "false",
                                   "null",
                                   "[]",
                                   "[4102444800]",
                                   "{}",
                                   R"({"exp":4102444800})"}) {
      add(rows, keys, name + " " + value, token(rest + "\"" + name + "\":" + value), Refusal::bad_claims);
    }
  }
  for (const std::string value: {"0", "1", "0.5", "1700000000", "\"1700000000\"", "1e-300", "1.7e9"}) {
    add(rows, keys, "exp past " + value, token("\"exp\":" + value), Refusal::expired);
  }
  for (const std::string value: {"4102444799", "4102444799.9", "\"4102444799\"", "4.1e9", "9000000000"}) {
    add(rows, keys, "nbf future " + value, token(R"("exp":4102444800,"nbf":)" + value),
        Refusal::not_yet_valid);
    add(rows, keys, "iat future " + value, token(R"("exp":4102444800,"iat":)" + value),
        Refusal::issued_in_future);
  }
  add(rows, keys, "no exp", token(R"("iat":1)"), Refusal::no_expiry);
  add(rows, keys, "Exp", token(R"("Exp":4102444800)"), Refusal::no_expiry);
}

// C5, C6: the other claims.
void add_claims(Rows& rows, Keys keys) {
  const auto row = [&](const std::string& members, Refusal expected) {
    add(rows, keys, "claims " + members,
        genuine(keys, header_for(keys), R"({"exp":4102444800)" + members + "}"), expected);
  };
  row("", Refusal::wrong_audience);
  for (const auto value:
       {R"("")", R"("https://lab.example/access/")", R"("https://lab.example/acces")",
        R"("https://lab.example")", R"("HTTPS://LAB.EXAMPLE/ACCESS")", R"("https://lab.example/access ")",
        R"("http://lab.example/access")", R"("https://lab.example/access,x")",
        R"("https://lab.example/access\u0000")", R"("*")", "[]", R"(["x"])",
        R"(["https://lab.example/","access"])", R"(["https://lab.example/access/x"])", "null"}) {
    row(R"(,"aud":)" + std::string(value), Refusal::wrong_audience);
  }
  for (const auto value:
       {"1", "true", "{}", R"({"https://lab.example/access":1})", R"([["https://lab.example/access"]])",
        R"(["https://lab.example/access",1])", R"(["https://lab.example/access",null])"}) {
    row(R"(,"aud":)" + std::string(value), Refusal::bad_claims);
  }
  for (const auto member: {R"("scopes":"read")", R"("scopes":1)", R"("scopes":{"read":true})",
                           R"("scopes":[1])", R"("scopes":[["read"]])", R"("scopes":["read",null])",
                           R"("topic":1)", R"("topic":["t"])", R"("topic":{})", R"("prefix":true)",
                           R"("prefix":["session"])", R"("booking_id":7)", R"("booking_id":["b"])"}) {
    row(std::string(R"(,"aud":"https://lab.example/access",)") + member, Refusal::bad_claims);
  }
}

// What is not quite the signature.
void add_signatures(Rows& rows, Keys keys) {
  const auto good = genuine(keys, header_for(keys), good_claims());
  const auto text = good.substr(0, good.rfind('.') + 1);
  const auto bytes = *decode_base64(Base64::url, good.substr(text.size()));
  const auto row = [&](std::string name, Bytes signature) {
    add(rows, keys, "signature " + std::move(name), text + encoded(as_text(signature)),
        Refusal::bad_signature);
  };
  for (const std::size_t size: {1u, 16u, 30u})
    row("cut to " + std::to_string(size), Bytes(bytes).first(size));
  row("without its last byte", Bytes(bytes).first(bytes.size() - 1));
  row("without its first byte", Bytes(bytes).subspan(1));
  for (std::size_t i = 0; i < bytes.size(); i += bytes.size() / 16) {
    auto bent = bytes;
    bent[i] ^= static_cast<std::byte>(1 << i % 8);
    row("with a bit of byte " + std::to_string(i) + " turned", bent);
  }
  auto longer = bytes;
  longer.push_back(std::byte{0});
  row("and a zero", longer);
  longer.insert(longer.begin(), std::byte{0});
  row("between zeroes", longer);
  row("of zeroes", ByteVector(bytes.size()));
  row("of ones", ByteVector(bytes.size(), std::byte{0xff}));
  auto turned = bytes;
  std::ranges::rotate(turned, turned.begin() + static_cast<std::ptrdiff_t>(turned.size() / 2));
  row("with its halves exchanged", turned);
  row("in hexadecimal", as_bytes(to_hex(bytes)));
  row("of another token", *decode_base64(Base64::url, [&] {
        const auto other = genuine(keys, header_for(keys), claims_with(R"("u":1)"));
        return other.substr(other.rfind('.') + 1);
      }()));
}

// The right algorithm, and somebody else's key.
void add_other_keys(Rows& rows) {
  const std::pair<Keys, std::string_view> others[] = {{Keys::rsa, other_rsa_private_pem},
                                                      {Keys::p256, other_p256_private_pem},
                                                      {Keys::ed25519, other_ed25519_private_pem}};
  for (const auto& [keys, pem]: others) {
    const auto text = encoded(header_for(keys)) + "." + encoded(good_claims());
    const auto token = text + "." + encoded(as_text(crypto::PrivateKey::from_pem(pem)->sign(as_bytes(text))));
    add(rows, keys, "another key", token, Refusal::bad_signature);
    add(rows, Keys::key_set, "another " + std::string(to_string(keys)), token, Refusal::bad_signature);
  }
  for (const std::string_view other: {"", "s", "secret", "password", "null", "A secret of the laboratory"}) {
    add(rows, Keys::secret, "another secret: " + std::string(other), hmac_token(R"({"alg":"HS256"})", other),
        Refusal::bad_signature);
  }
  add(rows, Keys::key_set, "an empty secret", hmac_token(R"({"alg":"HS256"})", ""), Refusal::bad_signature);
  const auto text = encoded(R"({"alg":"HS256"})") + "." + encoded(good_claims());
  const auto key = as_bytes(secret);
  add(rows, Keys::secret, "the code of HS384",
      text + "." + encoded(as_text(crypto::hmac_sha384(key, as_bytes(text)))), Refusal::bad_signature);
  add(rows, Keys::secret, "the code of HS512",
      text + "." + encoded(as_text(crypto::hmac_sha512(key, as_bytes(text)))), Refusal::bad_signature);
}

}  // namespace

std::vector<HostileRow> hostile_tokens() {
  Rows rows;
  for (const Keys keys: all_keys) {
    add_algorithms(rows, keys);
    add_headers(rows, keys);
    add_duplicates(rows, keys);
    add_sizes(rows, keys);
    add_forms(rows, keys);
    add_texts(rows, keys);
    add_dates(rows, keys);
    add_claims(rows, keys);
    add_signatures(rows, keys);
  }
  for (const Keys keys: {Keys::rsa, Keys::p256, Keys::ed25519}) add_confusion(rows, keys);
  add_key_ids(rows);
  add_other_keys(rows);
  return rows;
}

}  // namespace crosspoint::token::test_tokens
