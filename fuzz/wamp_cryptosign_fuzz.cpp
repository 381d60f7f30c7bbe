// Keys, challenges and signatures of cryptosign from strangers: what opens is a signature by the key, of the
// challenge that was sent; what the router signs is the challenge that was asked for.
#include <algorithm>
#include <cstdint>

#include "base/hex.h"
#include "require.h"
#include "wamp/auth/cryptosign.h"

using namespace crosspoint;

namespace {

const crypto::PrivateKey& key() {
  static const auto made = *crypto::PrivateKey::from_ed25519_seed(ByteVector(32, std::byte{7}));
  return made;
}

void look_into_accepted(std::string_view signature, const wamp::auth::CryptosignKey& challenge) {
  const auto bytes = *decode_hex(signature);
  REQUIRE(bytes.size() == 96);
  REQUIRE(std::ranges::equal(Bytes(bytes).subspan(64), challenge));
  REQUIRE(key().public_key().verifies(challenge, Bytes(bytes).first(64)));
}

}  // namespace

// Lines: the client's challenge, the binding, the signature; "!" signs as the key's owner would.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto first = std::min(text.find('\n'), size);
  const auto second = std::min(text.find('\n', std::min(first + 1, size)), size);
  wamp::auth::HelloExtra hello;
  hello.challenge = text.substr(0, first);
  hello.channel_binding = text.substr(std::min(first + 1, second), second - std::min(first + 1, second));
  std::string signature(text.substr(std::min(second + 1, size)));
  wamp::auth::CryptosignKey client;
  std::ranges::copy(key().public_key().ed25519_bytes(), client.begin());
  wamp::auth::CryptosignKey challenge;
  challenge.fill(std::byte{0x55});

  const auto exchange = wamp::auth::CryptosignExchange::begin(client, hello, {}, &key(), challenge);
  if (!exchange) return 0;
  REQUIRE(hello.channel_binding.empty());
  if (const auto* proof = wamp::auth::find_text(exchange->challenge(), "signature")) {
    REQUIRE(std::ranges::equal(Bytes(*decode_hex(*proof)).subspan(64), *decode_hex(hello.challenge)));
  }
  const bool owner = signature == "!";
  if (owner) {
    ByteVector made = key().sign(challenge);
    append(made, Bytes(challenge));
    signature = encode_hex(made);
  }
  const bool verified = exchange->verify(signature);
  REQUIRE(!owner || verified);
  if (verified) look_into_accepted(signature, challenge);
  return 0;
}
