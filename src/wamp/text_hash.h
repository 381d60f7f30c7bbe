#pragma once
// Lets a map of texts be asked with a view, without making a text of it first.

#include <functional>
#include <string_view>

namespace crosspoint::wamp {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

}  // namespace crosspoint::wamp
