#include "token/strict_json.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

namespace crosspoint::token {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// How many bytes the code point has that `text` begins with; 0 when those are not UTF-8 (RFC 3629 section 4).
std::size_t code_point_bytes(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t bytes = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (first < 0xc2 || first > 0xf4 || text.size() < bytes) return 0;
  // No overlong forms, no surrogates, nothing above U+10FFFF.
  const unsigned least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const unsigned most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (byte(1) < least || byte(1) > most) return 0;
  for (std::size_t i = 2; i < bytes; ++i) {
    if ((byte(i) & 0xc0u) != 0x80u) return 0;
  }
  return bytes;
}

void append_utf8(char32_t code_point, std::string& out) {
  const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (code_point < 0x80) return put(code_point);
  if (code_point < 0x800) {
    put(0xc0 | code_point >> 6);
  } else {
    if (code_point < 0x10000) {
      put(0xe0 | code_point >> 12);
    } else {
      put(0xf0 | code_point >> 18);
      put(0x80 | (code_point >> 12 & 0x3f));
    }
    put(0x80 | (code_point >> 6 & 0x3f));
  }
  put(0x80 | (code_point & 0x3f));
}

// Goes over the text once and builds the tree as it goes; stops at the first thing that is refused. Each
// function takes what it reads off the front of the text, and says whether that was good.
class Reader {
 public:
  Reader(std::string_view text, JsonLimits limits) : left_(text), limits_(limits) {}

  Result<JsonValue, JsonError> read() {
    JsonValue root;
    skip_space();
    if (!left_.starts_with('{')) return fail(JsonError::malformed);
    if (!take_value(root, 0)) return fail(error_);
    skip_space();
    if (!left_.empty()) return fail(JsonError::malformed);
    return root;
  }

 private:
  bool refuse(JsonError error) {
    error_ = error;
    return false;
  }
  bool malformed() { return refuse(JsonError::malformed); }

  void skip_space() {
    while (!left_.empty() && (left_[0] == ' ' || left_[0] == '\t' || left_[0] == '\n' || left_[0] == '\r')) {
      left_.remove_prefix(1);
    }
  }
  bool skip(char wanted) {
    if (!left_.starts_with(wanted)) return false;
    left_.remove_prefix(1);
    return true;
  }

  // `depth` is the number of lists and objects around it.
  bool take_value(JsonValue& value, std::size_t depth) {
    if (left_.empty()) return malformed();
    const char first = left_[0];
    const bool nests = first == '{' || first == '[';
    if (nests && depth == limits_.depth_max) return refuse(JsonError::too_deep);
    if (!count_value()) return false;
    switch (first) {
      case '{': return take_members(value, depth + 1);
      case '[': return take_items(value, depth + 1);
      case '"': value.kind = JsonValue::Kind::text; return take_text(value.text);
      case 't': value.boolean = true; [[fallthrough]];
      case 'f': value.kind = JsonValue::Kind::boolean; return take_word(value.boolean ? "true" : "false");
      case 'n': return take_word("null");
      default: return take_number(value);
    }
  }
  bool count_value() { return ++values_ <= limits_.values_max || refuse(JsonError::too_many_values); }

  bool take_members(JsonValue& object, std::size_t depth) {
    object.kind = JsonValue::Kind::object;
    left_.remove_prefix(1);
    skip_space();
    if (skip('}')) return true;
    do {
      skip_space();
      JsonMember member;
      if (!left_.starts_with('"') || !take_text(member.name)) return malformed();
      if (object.find(member.name) != nullptr) return refuse(JsonError::duplicate_member);
      skip_space();
      if (!skip(':')) return malformed();
      skip_space();
      object.members.push_back(std::move(member));
      if (!take_value(object.members.back().value, depth)) return false;
      skip_space();
    } while (skip(','));
    return skip('}') || malformed();
  }

  bool take_items(JsonValue& list, std::size_t depth) {
    list.kind = JsonValue::Kind::list;
    left_.remove_prefix(1);
    skip_space();
    if (skip(']')) return true;
    do {
      skip_space();
      if (!take_value(list.items.emplace_back(), depth)) return false;
      skip_space();
    } while (skip(','));
    return skip(']') || malformed();
  }

  bool take_word(std::string_view word) {
    if (!left_.starts_with(word)) return malformed();
    left_.remove_prefix(word.size());
    return true;
  }

  bool take_text(std::string& text) {
    left_.remove_prefix(1);
    while (!left_.empty()) {
      const auto plain = plain_bytes();
      text.append(left_.substr(0, plain));
      left_.remove_prefix(plain);
      if (skip('"')) return true;
      if (!left_.starts_with('\\')) return malformed();
      if (!take_escape(text)) return malformed();
    }
    return malformed();
  }
  // As many as stand for themselves: up to a quotation mark, an escape, or what may not be in a text.
  std::size_t plain_bytes() const {
    std::size_t at = 0;
    while (at < left_.size() && left_[at] != '"' && left_[at] != '\\') {
      if (static_cast<unsigned char>(left_[at]) < 0x20) break;
      const auto bytes = code_point_bytes(left_.substr(at));
      if (bytes == 0) break;
      at += bytes;
    }
    return at;
  }

  bool take_escape(std::string& text) {
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view stand_for = "\"\\/\b\f\n\r\t";
    if (left_.size() < 2) return false;
    if (left_[1] == 'u') return take_code_point(text);
    const auto which = letters.find(left_[1]);
    if (which == letters.npos) return false;
    text += stand_for[which];
    left_.remove_prefix(2);
    return true;
  }
  // \u00e4, or two of them for what is beyond U+FFFF (RFC 8259 section 7). Half a pair stands for nothing.
  bool take_code_point(std::string& text) {
    const auto is_half = [](char32_t unit, char32_t first) { return unit >= first && unit < first + 0x400; };
    auto code_point = take_unit();
    if (!code_point || is_half(*code_point, 0xdc00)) return false;
    if (is_half(*code_point, 0xd800)) {
      const auto low = take_unit();
      if (!low || !is_half(*low, 0xdc00)) return false;
      code_point = 0x10000 + ((*code_point - 0xd800) << 10) + (*low - 0xdc00);
    }
    append_utf8(*code_point, text);
    return true;
  }
  std::optional<char32_t> take_unit() {
    constexpr std::size_t digits = 4;
    if (!left_.starts_with("\\u") || left_.size() < 2 + digits) return std::nullopt;
    std::uint16_t unit = 0;
    const char* const begin = left_.data() + 2;
    const auto [stopped, error] = std::from_chars(begin, begin + digits, unit, 16);
    if (error != std::errc{} || stopped != begin + digits) return std::nullopt;
    left_.remove_prefix(2 + digits);
    return unit;
  }

  // RFC 8259 section 6. What the grammar allows, from_chars reads to the end.
  bool take_number(JsonValue& value) {
    const auto bytes = number_bytes();
    if (bytes == 0) return malformed();
    value.kind = JsonValue::Kind::number;
    const auto error = std::from_chars(left_.data(), left_.data() + bytes, value.number).ec;
    if (error != std::errc{} || !std::isfinite(value.number)) return malformed();
    left_.remove_prefix(bytes);
    return true;
  }
  std::size_t number_bytes() const {
    std::size_t at = left_.starts_with('-') ? 1 : 0;
    const auto digits = [&] {
      const auto before = at;
      while (at < left_.size() && is_digit(left_[at])) ++at;
      return at - before;
    };
    const bool leads_with_zero = left_.substr(at).starts_with('0');
    const auto whole = digits();
    if (whole == 0 || (leads_with_zero && whole > 1)) return 0;
    if (left_.substr(at).starts_with('.')) {
      ++at;
      if (digits() == 0) return 0;
    }
    if (at < left_.size() && (left_[at] == 'e' || left_[at] == 'E')) {
      ++at;
      if (at < left_.size() && (left_[at] == '+' || left_[at] == '-')) ++at;
      if (digits() == 0) return 0;
    }
    return at;
  }

  std::string_view left_;
  const JsonLimits limits_;
  JsonError error_ = JsonError::malformed;
  std::size_t values_ = 0;
};

}  // namespace

const JsonValue* JsonValue::find(std::string_view name) const {
  for (const auto& member: members) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

Result<JsonValue, JsonError> read_json_object(std::string_view text, JsonLimits limits) {
  return Reader(text, limits).read();
}

}  // namespace crosspoint::token
