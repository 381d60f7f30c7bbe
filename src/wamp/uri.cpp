#include "wamp/uri.h"

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

}  // namespace

bool is_uri(std::string_view uri, UriCheck check) { return is_pattern(uri, Match::exact, check); }

bool is_pattern(std::string_view uri, Match match, UriCheck check) {
  if (uri.size() > uri_bytes_max) return false;
  const Shape shape = shape_of(uri, check);
  if (!shape.right_characters) return false;
  switch (match) {
    case Match::exact: return !shape.empty_component && !shape.empty_last_component;
    case Match::prefix: return !shape.empty_component;
    case Match::wildcard: return true;
  }
  return false;
}

bool is_reserved(std::string_view uri) { return uri.starts_with("wamp.") || uri.starts_with("crossbar."); }

}  // namespace crosspoint::wamp
