#pragma once
// Who asked for a change: for the log, and for whoever is told of it. Words for people; nothing is decided by
// them, and no token, code or secret is among them.

#include <string>

namespace crosspoint::access {

struct Actor {
  std::string
      who;  // in words, what others chose of it as log::quoted(): "peter" (role "operator", session 4711)
  std::string from;  // the address it came from, as far as that is known
};

// by "peter" (role "operator", session 4711), from 192.0.2.7
std::string in_words(const Actor& actor);

}  // namespace crosspoint::access
