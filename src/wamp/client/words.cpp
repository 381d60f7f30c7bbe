#include "wamp/client/words.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/utf8.h"
#include "data/transcode.h"
#include "data/value.h"

namespace crosspoint::wamp::client {
namespace {

bool is_json(std::string_view text) { return data::check(data::Format::json, as_bytes(text)).has_value(); }

std::string value_of(std::string_view word) { return is_json(word) ? std::string(word) : json_text(word); }

// Each byte that belongs to no character as U+FFFD.
std::string in_utf8(std::string_view text) {
  if (is_utf8(as_bytes(text))) return std::string(text);
  std::string out;
  while (!text.empty()) {
    std::size_t length = std::min<std::size_t>(4, text.size());
    while (length > 0 && !is_utf8(as_bytes(text.substr(0, length)))) --length;
    out += length > 0 ? text.substr(0, length) : std::string_view("\xef\xbf\xbd");
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  return out;
}

}  // namespace

bool is_keyword(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return !name.empty() && is_letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return is_letter(c) || is_digit(c); });
}

std::string json_text(std::string_view text) {
  const auto bytes = data::write_value(data::Format::json, in_utf8(text));
  return std::string(as_text(bytes));
}

Result<Arguments, std::string> read_arguments(std::span<const std::string> words, std::string_view kwargs) {
  std::string list;
  data::Value::Map named;
  if (!kwargs.empty()) {
    const auto given = data::read_value(data::Format::json, as_bytes(kwargs));
    if (!given || given->map() == nullptr)
      return fail(std::string("--kwargs must be a JSON object, as in '{\"unit\":\"mm\"}'"));
    named = *given->map();
  }
  for (const auto& word: words) {
    const auto equals = word.find('=');
    if (equals == word.npos || !is_keyword(std::string_view(word).substr(0, equals))) {
      list += (list.empty() ? "" : ",") + value_of(word);
      continue;
    }
    const auto name = word.substr(0, equals);
    if (std::ranges::any_of(named, [&](const auto& entry) { return entry.first == name; }))
      return fail(fmt::format("{} is given twice", name));
    const auto value = data::read_value(data::Format::json, as_bytes(value_of(word.substr(equals + 1))));
    if (!value) return fail(fmt::format("{}: {}", name, data::to_string(value.error())));
    named.emplace_back(name, *value);
  }
  Arguments arguments;
  if (!list.empty()) arguments.args = "[" + list + "]";
  if (!named.empty()) {
    const auto bytes = data::write_value(data::Format::json, std::move(named));
    arguments.kwargs = as_text(bytes);
  }
  return arguments;
}

}  // namespace crosspoint::wamp::client
