#include "web/content_coding.h"

#include <optional>

namespace crosspoint::web {
namespace {

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// "q=0", "q=0.", "q=0.000": not acceptable. Any other weight, a malformed one too, leaves the coding allowed.
bool has_zero_weight(std::string_view parameters) {
  while (!parameters.empty()) {
    const auto semicolon = parameters.find(';');
    const std::string_view parameter = trim(parameters.substr(0, semicolon));
    parameters.remove_prefix(semicolon == std::string_view::npos ? parameters.size() : semicolon + 1);
    if (parameter.size() < 3 || !http::equal_ignoring_case(parameter.substr(0, 2), "q=")) continue;
    return parameter[2] == '0' && parameter.find_first_not_of("0.", 2) == std::string_view::npos;
  }
  return false;
}

}  // namespace

bool accepts_coding(const http::Fields& fields, std::string_view coding) {
  std::optional<bool> named;
  bool any = false;
  for (const std::string_view element: fields.elements("Accept-Encoding")) {
    const auto semicolon = element.find(';');
    const std::string_view name = trim(element.substr(0, semicolon));
    const bool allowed =
        semicolon == std::string_view::npos || !has_zero_weight(element.substr(semicolon + 1));
    if (http::equal_ignoring_case(name, coding)) named = allowed;
    if (name == "*") any = allowed;
  }
  return named.value_or(any);
}

bool names_tag(const http::Fields& fields, std::string_view tag) {
  for (std::string_view element: fields.elements("If-None-Match")) {
    if (element == "*") return true;
    if (element.starts_with("W/")) element.remove_prefix(2);
    if (element == tag) return true;
  }
  return false;
}

}  // namespace crosspoint::web
