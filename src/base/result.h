#pragma once
// What a function returns when a peer, a user or the network may make it fail: the value, or one cause.
// A cause is a value of a small enum (or a struct that holds one) owned by the module that found it.

#include <expected>
#include <utility>

namespace crosspoint {

template <class Value, class Error>
using Result = std::expected<Value, Error>;

// return fail(FrameError::reserved_bits);
template <class Error>
constexpr std::unexpected<std::decay_t<Error>> fail(Error&& error) {
  return std::unexpected<std::decay_t<Error>>(std::forward<Error>(error));
}

}  // namespace crosspoint
