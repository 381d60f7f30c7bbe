#include "access/actor.h"

#include <fmt/core.h>

namespace crosspoint::access {

std::string_view beginning_of(std::string_view text) {
  constexpr std::size_t shown_max = 200;
  return text.substr(0, shown_max);
}

std::string in_words(const Actor& actor) {
  return fmt::format("by {}, from {}", actor.who.empty() ? "this program" : beginning_of(actor.who),
                     actor.from.empty() ? "inside" : beginning_of(actor.from));
}

}  // namespace crosspoint::access
