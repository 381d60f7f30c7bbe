#include "wamp/uri.h"

#include <algorithm>

namespace crosspoint::wamp {
namespace {

bool is_white_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool may_stand(char c, UriCheck check) {
  if (check == UriCheck::loose) return c != '#' && !is_white_space(c) && c != '\0';
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

struct Shape {
  bool right_characters = true;
  bool empty_component = false;  // anywhere but at the end
  bool empty_last_component = true;
};

Shape shape_of(std::string_view uri, UriCheck check) {
  Shape shape;
  for (const char c: uri) {
    if (c == '.') {
      shape.empty_component |= shape.empty_last_component;
      shape.empty_last_component = true;
    } else {
      shape.right_characters &= may_stand(c, check);
      shape.empty_last_component = false;
    }
  }
  return shape;
}

bool fits(std::string_view uri, std::string_view pattern) {
  for (;;) {
    const std::size_t uri_dot = uri.find('.');
    const std::size_t pattern_dot = pattern.find('.');
    const std::string_view wanted = pattern.substr(0, pattern_dot);
    if (!wanted.empty() && wanted != uri.substr(0, uri_dot)) return false;
    const bool uri_ends = uri_dot == std::string_view::npos;
    const bool pattern_ends = pattern_dot == std::string_view::npos;
    if (uri_ends || pattern_ends) return uri_ends && pattern_ends;
    uri.remove_prefix(uri_dot + 1);
    pattern.remove_prefix(pattern_dot + 1);
  }
}

}  // namespace

bool is_uri(std::string_view uri, UriCheck check) { return is_pattern(uri, Match::exact, check); }

bool is_pattern(std::string_view uri, Match match, UriCheck check) {
  if (uri.size() > uri_bytes_max) return false;
  const Shape shape = shape_of(uri, check);
  if (!shape.right_characters) return false;
  switch (match) {
    case Match::exact: return !shape.empty_component && !shape.empty_last_component;
    case Match::prefix: return !shape.empty_component;
    case Match::wildcard: return component_count(uri) <= wildcard_components_max;
  }
  return false;
}

bool matches(std::string_view uri, std::string_view pattern, Match match) {
  switch (match) {
    case Match::exact: return uri == pattern;
    case Match::prefix: return uri.starts_with(pattern);
    case Match::wildcard: return fits(uri, pattern);
  }
  return false;
}

std::size_t component_count(std::string_view uri) {
  return 1 + static_cast<std::size_t>(std::ranges::count(uri, '.'));
}

bool is_reserved(std::string_view uri) { return uri.starts_with("wamp.") || uri.starts_with("crossbar."); }

}  // namespace crosspoint::wamp
