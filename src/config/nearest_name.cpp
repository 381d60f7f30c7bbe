#include "config/nearest_name.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace crosspoint::config {
namespace {

constexpr std::size_t letters_max = 64;  // a longer name is nobody's slip of the finger

std::string folded(std::string_view name) {
  std::string out(name);
  for (char& c: out) {
    if (c == '_') c = '-';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::size_t same_letters(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

// "--" of flags, "crosspoint-" of variables: what all names begin with says nothing about which one is meant.
std::size_t common_beginning(const std::string& wanted, std::span<const std::string> known) {
  std::size_t count = wanted.size();
  for (const std::string& candidate: known) count = std::min(count, same_letters(wanted, folded(candidate)));
  return count;
}

// "serve." of two keys that have it.
std::size_t same_section(std::string_view a, std::string_view b) {
  const std::size_t dot = a.substr(0, same_letters(a, b)).rfind('.');
  return dot == std::string_view::npos ? 0 : dot + 1;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string nearest_name(std::string_view name, std::span<const std::string> known) {
  if (name.size() > letters_max || known.empty()) return {};
  const std::string wanted = folded(name);
  const std::size_t beginning = common_beginning(wanted, known);
  std::string best;
  std::size_t best_distance = letters_max;
  for (const std::string& candidate: known) {
    const std::string there = folded(candidate);
    const std::size_t same = std::max(beginning, same_section(wanted, there));
    const std::size_t own_letters = wanted.size() - same;
    const std::size_t distance = edit_distance(wanted, there);
    if (distance > std::clamp<std::size_t>(own_letters / 3, 1, 4) || distance > own_letters) continue;
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string hint(std::string_view name, std::span<const std::string> known) {
  const std::string nearest = nearest_name(name, known);
  return nearest.empty() ? std::string() : fmt::format("; did you mean {}?", nearest);
}

}  // namespace crosspoint::config
