#include "config/value.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/assert.h"
#include "config/nearest_name.h"
#include "config/units.h"

namespace crosspoint::config {
namespace {

char lower_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower_letter);
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

std::optional<bool> parse_boolean(std::string_view text) {
  const std::string word = lowered(trimmed(text));
  if (has_word("1 t true y yes on", word)) return true;
  if (has_word("0 f false n no off", word)) return false;
  return std::nullopt;
}

// "", ": at least 1, at most 8, or 0 (no limit)"
std::string bounds_of(const Option& option) {
  std::string out;
  const auto add = [&out](std::string_view word, std::string_view text) {
    if (!out.empty()) out += ", ";
    out += fmt::format("{} {}", word, text);
  };
  if (!option.least.empty()) add("at least", option.least);
  if (!option.most.empty()) add("at most", option.most);
  if (!option.zero.empty()) add(out.empty() ? "0 means" : "or 0 for", option.zero);
  return out;
}

using Reason = std::string;

template <class Number, class Parse>
Result<Value, Reason> within_bounds(const Option& option, Number number, std::string_view text, Parse parse) {
  const auto bound = [&](std::string_view written) {
    const auto parsed = parse(written);
    CROSSPOINT_ASSERT(parsed.has_value());
    return *parsed;
  };
  const bool is_zero_with_meaning = number == Number{} && !option.zero.empty();
  const bool too_small = !option.least.empty() && number < bound(option.least);
  const bool too_large = !option.most.empty() && number > bound(option.most);
  if (!is_zero_with_meaning && (too_small || too_large)) {
    return fail(
        fmt::format("{} is too {}: {}", in_quotes(text), too_small ? "small" : "large", bounds_of(option)));
  }
  return Value(number);
}

Reason explain(UnitsError error, const Option& option, std::string_view text, std::string_view kind,
               std::string_view examples) {
  switch (error) {
    case UnitsError::malformed: return fmt::format("{} is not {}; write {}", in_quotes(text), kind, examples);
    case UnitsError::no_unit: return fmt::format("{} has no unit; write {}", in_quotes(text), examples);
    case UnitsError::negative: return fmt::format("{} is negative; write {}", in_quotes(text), examples);
    case UnitsError::not_whole:
      return fmt::format("{} is finer than can be counted; write {}", in_quotes(text), examples);
    case UnitsError::too_large: break;
  }
  const std::string bounds = bounds_of(option);
  return fmt::format("{} is too large{}{}", in_quotes(text), bounds.empty() ? "" : ": ", bounds);
}

Result<Value, Reason> read_integer(const Option& option, std::string_view text) {
  const auto number = parse_integer(text);
  if (!number) return fail(explain(number.error(), option, text, "a whole number", "digits only"));
  return within_bounds(option, *number, text, parse_integer);
}

Result<Value, Reason> read_bytes(const Option& option, std::string_view text) {
  const auto number = parse_byte_size(text);
  if (!number)
    return fail(
        explain(number.error(), option, text, "a size", "a number and a unit: 64 KiB, 4 MiB, 1 GB, 1316 B"));
  return within_bounds(option, *number, text, parse_byte_size);
}

Result<Value, Reason> read_duration(const Option& option, std::string_view text) {
  const auto number = parse_duration(text);
  if (!number)
    return fail(
        explain(number.error(), option, text, "a duration", "a number and a unit: 500ms, 5s, 2m, 1h"));
  return within_bounds(option, *number, text, parse_duration);
}

Result<Value, Reason> read_choice(const Option& option, std::string_view text) {
  const auto word = find_choice(option, text);
  if (!word.empty()) return Value(std::string(word));
  const auto words = choice_words(option);
  std::string list;
  for (const auto& known: words) list += (list.empty() ? "" : ", ") + known;
  return fail(fmt::format("{} is not one of {}{}", in_quotes(text), list, hint(text, words)));
}

Result<Value, Reason> read_endpoint(std::string_view text) {
  const auto parts = split_endpoint(trimmed(text));
  if (!parts) {
    return fail(
        fmt::format("{} is not an address to listen on: {}; write 127.0.0.1:8080, [::1]:8080, :8080 or "
                    "unix:/path/of/socket",
                    in_quotes(text), parts.error()));
  }
  return Value(std::string(trimmed(text)));
}

Result<Value, Reason> read_list(const std::vector<std::string>& written) {
  for (const auto& text: written) {
    if (has_control_character(text))
      return fail(fmt::format("{} holds a control character", in_quotes(text)));
  }
  return Value(written);
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> out;
  for_each_word(text, ',', [&](std::string_view word) {
    if (const auto item = trimmed(word); !item.empty()) out.emplace_back(item);
  });
  return out;
}

// A file has types of its own, and a value of the wrong one is a mistake worth telling. Empty: it is the
// right one.
Reason wrong_kind(const Option& option, const Written& written) {
  using Kind = Written::Kind;
  const std::string shown = is_secret(option) ? "the value" : in_quotes(written.text);
  switch (option.type) {
    case ValueType::integer:
      if (written.kind == Kind::integer) return {};
      if (written.kind == Kind::text && parse_integer(written.text)) {
        return fmt::format("{} is text; write the number without quotes", shown);
      }
      break;
    case ValueType::bytes:
    case ValueType::duration:
      if (written.kind == Kind::integer || written.kind == Kind::text) return {};
      break;
    case ValueType::boolean:
      if (written.kind == Kind::boolean) return {};
      if (written.kind == Kind::text && parse_boolean(written.text)) {
        return fmt::format("{} is text; write true or false without quotes", shown);
      }
      break;
    case ValueType::list:
      if (written.kind == Kind::list || written.kind == Kind::text) return {};
      break;
    case ValueType::text:
    case ValueType::secret:
    case ValueType::choice:
    case ValueType::endpoint:
      if (written.kind == Kind::text) return {};
      break;
  }
  switch (written.kind) {
    case Kind::text: return fmt::format("{} is text; wanted is {}", shown, describe_values(option));
    case Kind::integer: return fmt::format("a number stands here; wanted is {}", describe_values(option));
    case Kind::boolean:
      return fmt::format("true or false stands here; wanted is {}", describe_values(option));
    case Kind::list: return fmt::format("a list stands here; wanted is {}", describe_values(option));
    case Kind::other:
      return fmt::format("{} stands here; wanted is {}", written.text, describe_values(option));
  }
  return {};
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port <= 65535;
}

}  // namespace

Result<Value, std::string> read_text(const Option& option, std::string_view text) {
  switch (option.type) {
    case ValueType::text:
      if (has_control_character(text))
        return fail(fmt::format("{} holds a control character", in_quotes(text)));
      return Value(std::string(text));
    case ValueType::secret:
      if (text.find('\0') != std::string_view::npos) return fail(std::string("the value holds a zero byte"));
      return Value(std::string(text));
    case ValueType::integer: return read_integer(option, text);
    case ValueType::bytes: return read_bytes(option, text);
    case ValueType::duration: return read_duration(option, text);
    case ValueType::boolean:
      if (const auto value = parse_boolean(text)) return Value(*value);
      return fail(fmt::format("{} is neither true nor false", in_quotes(text)));
    case ValueType::choice: return read_choice(option, text);
    case ValueType::list: return read_list(split_list(text));
    case ValueType::endpoint: return read_endpoint(text);
  }
  return fail(std::string("cannot be read"));
}

Result<Value, std::string> read_value(const Option& option, const Written& written) {
  if (written.in_file) {
    if (auto reason = wrong_kind(option, written); !reason.empty()) return fail(std::move(reason));
  }
  if (written.kind == Written::Kind::list) return read_list(written.list);
  return read_text(option, written.text);
}

std::string print_value(const Option& option, const Value& value) {
  switch (option.type) {
    case ValueType::secret: return std::get<std::string>(value).empty() ? "" : "***";
    case ValueType::text:
    case ValueType::choice:
    case ValueType::endpoint: return std::get<std::string>(value);
    case ValueType::integer: return std::to_string(std::get<std::int64_t>(value));
    case ValueType::bytes: return print_byte_size(std::get<std::uint64_t>(value));
    case ValueType::duration: return print_duration(std::get<Duration>(value));
    case ValueType::boolean: return std::get<bool>(value) ? "true" : "false";
    case ValueType::list: break;
  }
  std::string out;
  for (const auto& item: std::get<std::vector<std::string>>(value)) out += (out.empty() ? "" : ",") + item;
  return out;
}

std::string describe_values(const Option& option) {
  const auto with_bounds = [&option](std::string_view kind) {
    const std::string bounds = bounds_of(option);
    return fmt::format("{}{}{}", kind, bounds.empty() ? "" : ", ", bounds);
  };
  switch (option.type) {
    case ValueType::text: return "text";
    case ValueType::secret: return "text, never shown";
    case ValueType::integer: return with_bounds("a whole number");
    case ValueType::bytes: return with_bounds("a size");
    case ValueType::duration: return with_bounds("a duration");
    case ValueType::boolean: return "true or false";
    case ValueType::list: return "a list of texts";
    case ValueType::endpoint: return "an address and a port, or unix:/path";
    case ValueType::choice: break;
  }
  std::string list;
  const auto words = choice_words(option);
  for (std::size_t i = 0; i < words.size(); ++i) {
    list += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  }
  return list;
}

std::string_view find_choice(const Option& option, std::string_view text) {
  const std::string wanted = lowered(trimmed(text));
  std::string_view found;
  for_each_word(option.choices, ' ', [&](std::string_view spellings) {
    for_each_word(spellings, '=', [&](std::string_view spelling) {
      if (spelling == wanted) found = spellings.substr(0, spellings.find('='));
    });
  });
  return found;
}

std::vector<std::string> choice_words(const Option& option) {
  std::vector<std::string> out;
  for_each_word(option.choices, ' ', [&](std::string_view spellings) {
    out.emplace_back(spellings.substr(0, spellings.find('=')));
  });
  return out;
}

std::string printable(std::string_view text) {
  constexpr std::size_t bytes_max = 80;
  std::size_t cut = std::min(text.size(), bytes_max);
  while (cut < text.size() && cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80)
    --cut;  // whole UTF-8
  std::string out;
  for (const char c: text.substr(0, cut)) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7f ? '?' : c;
  }
  return cut < text.size() ? out + "…" : out;
}

std::string in_quotes(std::string_view text) { return fmt::format("\"{}\"", printable(text)); }

Result<EndpointParts, std::string> split_endpoint(std::string_view text) {
  if (has_control_character(text) || text.find(' ') != std::string_view::npos)
    return fail(std::string("it holds a space"));
  if (text.starts_with("unix:")) {
    if (text.size() == 5) return fail(std::string("no path after unix:"));
    if (text.size() - 5 > 107) return fail(std::string("the path is longer than 107 bytes"));  // sun_path
    return EndpointParts{std::string(text), {}};
  }
  if (text.find("//") != std::string_view::npos) return fail(std::string("it is a URL"));
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || text.ends_with(']')) return fail(std::string("it has no port"));
  const auto host = text.substr(0, colon);
  const auto port = text.substr(colon + 1);
  if (!is_port(port)) return fail(std::string("the port is not a number up to 65535"));
  const bool bracketed = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
  if (host.find(':') != std::string_view::npos && !bracketed) {
    return fail(std::string("an IPv6 address goes in brackets"));
  }
  return EndpointParts{std::string(host), std::string(port)};
}

}  // namespace crosspoint::config
