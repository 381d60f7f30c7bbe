#include "token/algorithm.h"

#include <fmt/core.h>

#include <array>

namespace crosspoint::token {
namespace {

constexpr std::array<std::string_view, algorithm_count> names{"HS256", "HS384", "HS512",
                                                              "RS256", "ES256", "EdDSA"};

}  // namespace

std::string_view name_of(Algorithm algorithm) { return names[static_cast<std::size_t>(algorithm)]; }

std::optional<Algorithm> find_algorithm(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<Algorithm>(i);
  }
  return std::nullopt;
}

Result<Algorithms, std::string> parse_algorithms(std::string_view words) {
  Algorithms found;
  while (true) {
    const auto begin = words.find_first_not_of(" ,");
    if (begin == words.npos) break;
    words.remove_prefix(begin);
    const auto word = words.substr(0, words.find_first_of(" ,"));
    words.remove_prefix(word.size());
    const auto algorithm = find_algorithm(word);
    if (!algorithm) {
      return fail(fmt::format("\"{}\" is no signature algorithm known here; write some of {}",
                              word.substr(0, 40), to_string(all_algorithms)));
    }
    found.insert(*algorithm);
  }
  if (found.empty())
    return fail(fmt::format("no signature algorithm; write some of {}", to_string(all_algorithms)));
  return found;
}

std::string to_string(Algorithms algorithms) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!algorithms.contains(static_cast<Algorithm>(i))) continue;
    if (!text.empty()) text += ' ';
    text += names[i];
  }
  return text;
}

}  // namespace crosspoint::token
