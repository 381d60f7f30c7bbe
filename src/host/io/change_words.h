#pragma once
// A change of the agent's rules, for the line that it leaves in the log, whoever asked for it.

#include <string>
#include <string_view>

namespace crosspoint::host {

// `answer` is what REST answers to the change: a rule without its token, or a name. Of a destination the
// address is shown without the code that may be part of it. What callers chose of it is cut where it is long.
std::string change_in_words(std::string_view answer);

}  // namespace crosspoint::host
