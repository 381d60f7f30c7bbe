#pragma once
// A client that was not let in, for the log and the numbers: who it said it is, and why not. The one place
// where that is written down; what a client showed as proof is not in it.

#include <string>
#include <string_view>

namespace crosspoint::wamp {

// What a HELLO asked for. A stranger's words: of each its beginning (audit.h).
struct LoginAttempt {
  std::string realm, authid;
  std::string method;  // those that it listed; when one was chosen, that one
};

struct RefusedLogin {
  const LoginAttempt& attempt;
  std::string_view peer;   // an address
  std::string_view error;  // that of ABORT
  std::string_view why;    // may say what ABORT must not
};

// "realm "lab", "peter" by "wampcra", from 192.0.2.7:5022: wamp.error.… (no such principal)"; what a stranger
// chose is quoted and escaped.
std::string in_words(const RefusedLogin& refused);

}  // namespace crosspoint::wamp
