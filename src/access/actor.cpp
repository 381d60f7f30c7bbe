#include "access/actor.h"

#include <fmt/core.h>

namespace crosspoint::access {

std::string in_words(const Actor& actor) {
  constexpr std::size_t shown_max = 200;
  return fmt::format("by {}, from {}", actor.who.empty() ? "this program" : actor.who,
                     actor.from.empty() ? "inside" : std::string_view(actor.from).substr(0, shown_max));
}

}  // namespace crosspoint::access
