#include "wamp/incoming.h"

#include <array>

namespace crosspoint::wamp {

Code code_of(const Incoming& message) {
  constexpr std::array codes = {Code::hello,   Code::abort,     Code::authenticate, Code::goodbye,
                                Code::publish, Code::subscribe, Code::unsubscribe,  Code::event_received,
                                Code::call,    Code::cancel,    Code::register_,    Code::unregister,
                                Code::yield,   Code::error};
  static_assert(codes.size() == std::variant_size_v<Incoming>);
  return codes[message.index()];
}

}  // namespace crosspoint::wamp
