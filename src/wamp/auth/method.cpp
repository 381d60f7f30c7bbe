#include "wamp/auth/method.h"

namespace crosspoint::wamp::auth {

std::string_view to_string(Method method) {
  switch (method) {
    case Method::anonymous: return "anonymous";
    case Method::ticket: return "ticket";
    case Method::wampcra: return "wampcra";
    case Method::scram: return "scram";
    case Method::wamp_scram: return "wamp-scram";
    case Method::cryptosign: return "cryptosign";
    case Method::cookie: return "cookie";
    case Method::tls: return "tls";
    case Method::jwt: return "jwt";
  }
  return "";
}

std::optional<Method> find_method(std::string_view name) {
  for (int i = 0; i < method_count; ++i) {
    if (to_string(static_cast<Method>(i)) == name) return static_cast<Method>(i);
  }
  return std::nullopt;
}

}  // namespace crosspoint::wamp::auth
