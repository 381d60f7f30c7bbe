#pragma once
// The keys of PassThrough in Options and Details, and what they mean for the payload that follows: the same
// whoever sends the message. Private to those who read messages.

#include <algorithm>
#include <array>
#include <string_view>

#include "wamp/elements.h"
#include "wamp/payload.h"

namespace crosspoint::wamp {

inline constexpr std::array<std::string_view, 7> pass_through_keys = {
    "ppt_scheme", "ppt_serializer", "ppt_cipher", "ppt_keyid", "enc_algo", "enc_serializer", "enc_key"};

// A table of keys for Elements::map: a message's own, and then those of PassThrough.
template <std::size_t N>
constexpr auto with_pass_through(const std::array<std::string_view, N>& own) {
  std::array<std::string_view, N + pass_through_keys.size()> keys;
  std::copy(own.begin(), own.end(), keys.begin());
  std::copy(pass_through_keys.begin(), pass_through_keys.end(), keys.begin() + N);
  return keys;
}

// `key` is a place in pass_through_keys.
void take_pass_through(Elements& in, std::size_t key, PassThrough& taken);

// Args, Kwargs and the end of the message. What is passed through is one binary, and nothing beside it.
Payload read_payload(Elements& in, const PassThrough& pass_through);

}  // namespace crosspoint::wamp
