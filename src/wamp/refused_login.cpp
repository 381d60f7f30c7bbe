#include "wamp/refused_login.h"

#include <fmt/core.h>

namespace crosspoint::wamp {

std::string in_words(const RefusedLogin& refused) {
  const LoginAttempt& attempt = refused.attempt;
  return fmt::format("realm {:?}, {:?} by {:?}, from {}: {} ({})", attempt.realm, attempt.authid,
                     attempt.method, refused.peer, refused.error, refused.why);
}

}  // namespace crosspoint::wamp
