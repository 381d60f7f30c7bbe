// The texts of SCRAM from strangers, in both dialects: a nonce that is taken begins ours, and no proof opens
// that the check value does not.
#include <cstdint>

#include "base/base64.h"
#include "require.h"
#include "wamp/auth/scram.h"

using namespace crosspoint;

namespace {

constexpr std::string_view salt = "W22ZaJ0SNY7soEsUEjb6gQ==";

wamp::auth::ScramCredential credential() {
  static const auto keys =
      *wamp::auth::scram_keys("pencil", {.salt = std::string(salt)}, wamp::auth::ScramDialect::specification);
  return {.salt = std::string(salt), .keys = keys};
}

std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

}  // namespace

// A byte for the dialect; then lines: name, nonce, binding, its data, signature, what is said back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto dialect =
      data[0] % 2 == 0 ? wamp::auth::ScramDialect::specification : wamp::auth::ScramDialect::autobahn;
  const std::string name(take_line(text));
  wamp::auth::HelloExtra hello;
  hello.nonce = take_line(text);
  hello.channel_binding = take_line(text);
  wamp::auth::AuthenticateExtra extra;
  extra.cbind_data = take_line(text);
  extra.channel_binding = hello.channel_binding;
  const std::string signature(take_line(text));
  const std::array<std::byte, wamp::auth::scram_nonce_bytes> ours{};

  const auto exchange = wamp::auth::ScramExchange::begin(dialect, credential(), name, hello,
                                                         {.tls_unique = ByteVector(12)}, ours);
  if (!exchange) {
    REQUIRE(!exchange.error().empty());
    return 0;
  }
  REQUIRE(hello.nonce.size() <= wamp::auth::scram_nonce_text_max);
  const std::string nonce = *wamp::auth::find_text(exchange->challenge(), "nonce");
  if (dialect == wamp::auth::ScramDialect::specification) {
    REQUIRE(nonce.starts_with(hello.nonce) && nonce.size() > hello.nonce.size());
  } else {
    REQUIRE(decode_base64(Base64::standard, nonce).has_value());
  }
  extra.nonce = text.empty() ? nonce : std::string(text);
  const auto verified = exchange->verify(signature, extra);
  if (verified) {
    // Nobody finds a proof by chance: it must be one that the keys give for these very texts.
    REQUIRE(extra.nonce == nonce);
    REQUIRE(decode_base64(Base64::standard, signature)->size() == 32);
    REQUIRE(name == "user");
  }
  return 0;
}
