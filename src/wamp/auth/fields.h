#pragma once
// Extra of CHALLENGE, Details.authextra of WELCOME and the details that a dynamic authenticator is called
// with: a few keys with plain values, in the order in which they are written. The message writer spells them
// in the format of the peer.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace crosspoint::wamp::auth {

struct Field {
  std::string key;
  std::variant<std::nullptr_t, bool, std::int64_t, std::string> value;
  bool operator==(const Field&) const = default;
};
using Fields = std::vector<Field>;

// Null: there is none, or it is no text.
inline const std::string* find_text(const Fields& fields, std::string_view key) {
  for (const Field& field: fields) {
    if (field.key == key) return std::get_if<std::string>(&field.value);
  }
  return nullptr;
}

}  // namespace crosspoint::wamp::auth
