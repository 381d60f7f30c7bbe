#pragma once
// A client broke the protocol: it is told with ABORT wamp.error.protocol_violation, and its connection ends.

#include <string>

namespace crosspoint::wamp {

struct Violation {
  std::string sentence;  // what was wrong and what would have been right; goes into ABORT's Details.message
};

}  // namespace crosspoint::wamp
