#pragma once
// "did you mean …?"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace crosspoint::config {

// How many letters must be added, removed, changed or swapped with their neighbour to make one text of the
// other.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The known name that is most likely meant; empty when none is near: at most a third of the letters may be
// wrong, and at most four, not counting what all known names begin with, or the section before a dot. '_' and
// '-', small and capital letters count as the same. Of equally near ones the first.
std::string nearest_name(std::string_view name, std::span<const std::string> known);

// "; did you mean NAME?", or nothing.
std::string hint(std::string_view name, std::span<const std::string> known);

}  // namespace crosspoint::config
