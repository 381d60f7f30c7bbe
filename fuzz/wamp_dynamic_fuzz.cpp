// What the procedures of authenticators and authorizers say: read, or refused with a sentence; a role, an
// allowance and a secret come out of nothing else than what was said.
#include <cstdint>
#include <iterator>

#include "require.h"
#include "wamp/auth/authenticator.h"
#include "wamp/auth/read_dynamic.h"

using namespace crosspoint;

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
  return 0;
}
