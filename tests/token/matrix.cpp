// The matrix of src/token/test_tokens.h for other programs, and our verifier for their tokens.
//
//   token_matrix          one JSON object a line: name, keys, token in base64, whether we accept it
//   token_matrix keys     one JSON object: the keys as texts
//   token_matrix verify   reads lines "KEYS BASE64", and answers each with "accepted" or the reason

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "crypto/test_keys.h"
#include "net/system_clock.h"
#include "token/test_tokens.h"

namespace {

using namespace crosspoint;
using namespace crosspoint::token::test_tokens;

std::string answer(Keys keys, std::string_view text, WallTime at) {
  const token::Verifier verifier(key_set_of(keys), policy());
  const auto claims = verifier.verify(text, at);
  return claims ? "accepted" : std::string(to_sentence(claims.error()));
}

void print(const Row& row, std::string_view attack) {
  const nlohmann::json line{{"name", row.name},
                            {"keys", to_string(row.keys)},
                            {"attack", attack},
                            {"token", encode_base64(Base64::standard, as_bytes(row.token))},
                            {"ours", answer(row.keys, row.token, now)}};
  std::puts(line.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace).c_str());
}

void print_keys() {
  using namespace crypto::test_keys;
  const nlohmann::json keys{{"secret", secret},
                            {"rsa", rsa_public_pem},
                            {"p256", p256_public_pem},
                            {"ed25519", ed25519_public_pem},
                            {"key_set", crypto::test_keys::key_set},
                            {"rsa_private", rsa_private_pem},
                            {"p256_private", p256_private_pem},
                            {"ed25519_private", ed25519_private_pem},
                            {"audience", audience}};
  std::puts(keys.dump().c_str());
}

int verify_lines() {
  const auto at = net::SystemClock().wall();
  std::string name;
  std::string encoded_token;
  while (std::cin >> name >> encoded_token) {
    const auto bytes = decode_base64(Base64::standard, encoded_token);
    const auto* keys = std::ranges::find_if(all_keys, [&](Keys known) { return to_string(known) == name; });
    if (!bytes || keys == std::end(all_keys)) return 2;
    std::puts(answer(*keys, as_text(*bytes), at).c_str());
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  if (mode == "verify") return verify_lines();
  if (mode == "keys") {
    print_keys();
    return 0;
  }
  for (const auto& row: good_tokens()) print(row, "");
  for (const auto& row: hostile_tokens()) print(row, to_sentence(row.expected));
  return 0;
}
