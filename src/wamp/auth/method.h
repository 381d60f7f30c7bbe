#pragma once
// The ways in which a session may say who it is: the words of HELLO.authmethods that this router knows.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace crosspoint::wamp::auth {

enum class Method : std::uint8_t {
  anonymous,
  ticket,
  wampcra,
  scram,       // Autobahn's and Crossbar.io's dialect
  wamp_scram,  // the specification's
  cryptosign,
  cookie,
  tls,  // the client's certificate
  jwt,  // a relay's token
};
inline constexpr int method_count = 9;

std::string_view to_string(Method method);  // "wamp-scram"
std::optional<Method> find_method(std::string_view name);

class Methods {
 public:
  constexpr Methods() = default;
  constexpr Methods(std::initializer_list<Method> members) {
    for (const Method member: members) add(member);
  }
  constexpr void add(Method method) { bits_ |= bit(method); }
  constexpr bool has(Method method) const { return (bits_ & bit(method)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  bool operator==(const Methods&) const = default;

 private:
  static constexpr std::uint16_t bit(Method method) {
    return static_cast<std::uint16_t>(1u << static_cast<unsigned>(method));
  }
  std::uint16_t bits_ = 0;
};

}  // namespace crosspoint::wamp::auth
