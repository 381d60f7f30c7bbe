// What the procedures of authenticators and authorizers say: read, or refused with a sentence; a role, an
// allowance and a secret come out of nothing else than what was said. And the maps that clients bring to
// their opening, as the bytes that spell them: in every format the same.
#include <cstdint>
#include <iterator>

#include "data/transcode.h"
#include "require.h"
#include "wamp/auth/authenticator.h"
#include "wamp/auth/read_dynamic.h"
#include "wamp/auth/read_extra.h"

using namespace crosspoint;

namespace {

using Texts = std::vector<std::string>;

// What is known of the two maps; nothing: it was refused.
std::optional<Texts> texts_of(const wamp::Payload& payload) {
  const auto hello = wamp::auth::read_hello_extra(payload);
  const auto answer = wamp::auth::read_authenticate_extra(payload);
  if (!hello) REQUIRE(!hello.error().empty());
  if (!answer) REQUIRE(!answer.error().empty());
  if (!hello || !answer) return std::nullopt;
  return Texts{hello->pubkey, hello->channel_binding,  hello->challenge,  hello->nonce,
               answer->nonce, answer->channel_binding, answer->cbind_data};
}

void look_into_extra(data::Format format, Bytes bytes) {
  const auto texts = texts_of({format, {}, bytes});
  if (!texts) return;
  for (const auto& text: *texts) REQUIRE(text.size() <= wamp::auth::extra_text_bytes_max);
  REQUIRE((*texts)[1] == (*texts)[5] && (*texts)[3] == (*texts)[4]);
  if (bytes.empty()) return;
  const auto other = format == data::Format::cbor ? data::Format::msgpack : data::Format::cbor;
  const auto transcoded = data::transcode(format, bytes, other);
  if (!transcoded) return;
  const auto again = texts_of({other, {}, *transcoded});
  // JSON alone has texts that are binaries elsewhere, and binaries are no texts.
  if (format != data::Format::json) REQUIRE(again && *again == *texts);
}

}  // namespace

// The format, whether it is positional, the bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto format = data::formats[data[0] % std::size(data::formats)];
  const Bytes bytes = as_bytes({reinterpret_cast<const char*>(data) + 2, size - 2});
  const bool positional = data[1] % 2 == 0;
  const wamp::Payload payload{format, positional ? bytes : Bytes(), positional ? Bytes() : bytes};
  if (const auto answer = wamp::auth::read_dynamic_answer(payload)) {
    REQUIRE(!answer->role.empty());
    REQUIRE(answer->authid.size() <= wamp::auth::authid_bytes_max);
    REQUIRE(answer->extra.size() <= wamp::auth::dynamic_extra_fields_max);
    REQUIRE(!answer->wampcra || !answer->wampcra->key.empty());
  } else {
    REQUIRE(!answer.error().empty());
  }
  const auto verdict = wamp::auth::read_dynamic_verdict(payload);
  REQUIRE(verdict || !verdict.error().empty());
  look_into_extra(format, bytes);
  return 0;
}
