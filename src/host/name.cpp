#include "host/name.h"

#include <algorithm>

namespace crosspoint::host {
namespace {

bool may_be_in_a_name(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '/';
}

}  // namespace

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= name_bytes_max && std::ranges::all_of(text, may_be_in_a_name);
}

bool names_a_stream(std::string_view name) { return name.starts_with("stream/"); }

std::string_view without_leading_slash(std::string_view name) {
  if (name.starts_with('/')) name.remove_prefix(1);
  return name;
}

}  // namespace crosspoint::host
