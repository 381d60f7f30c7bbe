#include "websocket/extensions.h"

#include <algorithm>

#include "http/characters.h"

namespace crosspoint::websocket {
namespace {

constexpr std::string_view field_name = "Sec-WebSocket-Extensions";
constexpr std::string_view deflate_name = "permessage-deflate";

// A forward-only reader of one field value. Each read_… takes white space before what it reads.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : left_(text) {}

  bool at_end() {
    skip_space();
    return left_.empty();
  }
  bool take(char c) {
    skip_space();
    if (!left_.starts_with(c)) return false;
    left_.remove_prefix(1);
    return true;
  }
  std::optional<std::string> take_token() {
    skip_space();
    const auto end = std::find_if_not(left_.begin(), left_.end(), http::is_token_char);
    const auto size = static_cast<std::size_t>(end - left_.begin());
    if (size == 0) return std::nullopt;
    std::string token(left_.substr(0, size));
    left_.remove_prefix(size);
    return token;
  }
  // A token, plain or as a quoted string: "the value after quoted-string unescaping MUST conform to the
  // token".
  std::optional<std::string> take_value() {
    if (!take('"')) return take_token();
    std::string value;
    while (!left_.empty() && left_.front() != '"') {
      if (left_.front() == '\\') left_.remove_prefix(1);
      if (left_.empty() || !http::is_token_char(left_.front())) return std::nullopt;
      value += left_.front();
      left_.remove_prefix(1);
    }
    if (left_.empty() || value.empty()) return std::nullopt;
    left_.remove_prefix(1);
    return value;
  }

 private:
  void skip_space() {
    while (left_.starts_with(' ') || left_.starts_with('\t')) left_.remove_prefix(1);
  }
  std::string_view left_;
};

std::optional<Extension> take_extension(Cursor& cursor) {
  auto name = cursor.take_token();
  if (!name) return std::nullopt;
  Extension extension{std::move(*name), {}};
  while (cursor.take(';')) {
    auto parameter_name = cursor.take_token();
    if (!parameter_name) return std::nullopt;
    ExtensionParameter parameter{std::move(*parameter_name), std::nullopt};
    if (cursor.take('=')) {
      parameter.value = cursor.take_value();
      if (!parameter.value) return std::nullopt;
    }
    extension.parameters.push_back(std::move(parameter));
  }
  return extension;
}

// False if the value does not follow the grammar.
bool append_extensions(std::string_view value, std::vector<Extension>& out) {
  Cursor cursor(value);
  while (!cursor.at_end()) {
    if (cursor.take(',')) continue;  // lists may have empty elements (RFC 9110 section 5.6.1.2)
    auto extension = take_extension(cursor);
    if (!extension) return false;
    out.push_back(std::move(*extension));
    if (!cursor.at_end() && !cursor.take(',')) return false;
  }
  return true;
}

// "8" to "15", nothing else: no sign, no leading zero.
std::optional<int> window_bits_of(const std::optional<std::string>& value) {
  if (!value) return std::nullopt;
  if (value->size() == 1 && (*value == "8" || *value == "9")) return value->front() - '0';
  if (value->size() == 2 && value->front() == '1' && (*value)[1] >= '0' && (*value)[1] <= '5') {
    return 10 + ((*value)[1] - '0');
  }
  return std::nullopt;
}

// The parameters of one permessage-deflate element, each at most once and with a value that it may have.
struct DeflateParameters {
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;
  std::optional<int> server_max_window_bits;
  std::optional<int> client_max_window_bits;
  bool client_max_window_bits_without_value = false;
};

std::optional<DeflateParameters> read_parameters(const Extension& extension) {
  DeflateParameters read;
  const auto take_flag = [](bool& flag, const ExtensionParameter& parameter) {
    if (flag || parameter.value) return false;
    return flag = true;
  };
  const auto take_bits = [](std::optional<int>& bits, const ExtensionParameter& parameter) {
    if (bits) return false;
    bits = window_bits_of(parameter.value);
    return bits.has_value();
  };
  for (const ExtensionParameter& parameter: extension.parameters) {
    bool good = false;
    if (parameter.name == "server_no_context_takeover") {
      good = take_flag(read.server_no_context_takeover, parameter);
    } else if (parameter.name == "client_no_context_takeover") {
      good = take_flag(read.client_no_context_takeover, parameter);
    } else if (parameter.name == "server_max_window_bits") {
      good = take_bits(read.server_max_window_bits, parameter);
    } else if (parameter.name == "client_max_window_bits" && parameter.value) {
      good = !read.client_max_window_bits_without_value && take_bits(read.client_max_window_bits, parameter);
    } else if (parameter.name == "client_max_window_bits") {
      good = !read.client_max_window_bits && take_flag(read.client_max_window_bits_without_value, parameter);
    }
    if (!good) return std::nullopt;
  }
  return read;
}

DeflateAgreement agreement(const DeflateParameters& parameters) {
  return {.server_no_context_takeover = parameters.server_no_context_takeover,
          .client_no_context_takeover = parameters.client_no_context_takeover,
          .server_max_window_bits = parameters.server_max_window_bits.value_or(15),
          .client_max_window_bits = parameters.client_max_window_bits.value_or(15)};
}

// All that was asked for is granted; a window that the offer names must be named in the answer, 15 as well
// (section 7.1.2.1).
std::string answer_to(const DeflateParameters& offered) {
  std::string value(deflate_name);
  if (offered.server_no_context_takeover) value += "; server_no_context_takeover";
  if (offered.client_no_context_takeover) value += "; client_no_context_takeover";
  if (offered.server_max_window_bits) {
    value += "; server_max_window_bits=" + std::to_string(*offered.server_max_window_bits);
  }
  if (offered.client_max_window_bits) {
    value += "; client_max_window_bits=" + std::to_string(*offered.client_max_window_bits);
  }
  return value;
}

}  // namespace

std::optional<std::vector<Extension>> parse_extensions(const http::Fields& fields) {
  std::vector<Extension> extensions;
  for (const http::Field field: fields) {
    if (!http::equal_ignoring_case(field.name, field_name)) continue;
    if (!append_extensions(field.value, extensions)) return std::nullopt;
  }
  return extensions;
}

std::optional<DeflateChoice> choose_deflate(const http::Fields& request) {
  const auto extensions = parse_extensions(request);
  if (!extensions) return std::nullopt;
  for (const Extension& extension: *extensions) {
    if (!http::equal_ignoring_case(extension.name, deflate_name)) continue;
    if (const auto offered = read_parameters(extension))
      return DeflateChoice{agreement(*offered), answer_to(*offered)};
  }
  return std::nullopt;
}

std::string deflate_offer() { return std::string(deflate_name) + "; client_max_window_bits"; }

std::optional<DeflateAgreement> read_deflate_answer(const Extension& answer) {
  if (!http::equal_ignoring_case(answer.name, deflate_name)) return std::nullopt;
  const auto read = read_parameters(answer);
  // Only an offer may leave the bits open.
  if (!read || read->client_max_window_bits_without_value) return std::nullopt;
  return agreement(*read);
}

}  // namespace crosspoint::websocket
