#pragma once
// Who asked for a change: for the log, and for whoever is told of it. Words for people; nothing is decided by
// them, and no token, code or secret is among them.

#include <string>
#include <string_view>

namespace crosspoint::access {

struct Actor {
  std::string who;   // "a token of lab.example", "peter (role operator, session 4711)"
  std::string from;  // the address it came from, as far as that is known
};

// "by peter (role operator, session 4711), from 192.0.2.7": what others chose of it is cut where it is long.
std::string in_words(const Actor& actor);
// The beginning of what somebody else chose, for a line of the log.
std::string_view beginning_of(std::string_view text);

}  // namespace crosspoint::access
