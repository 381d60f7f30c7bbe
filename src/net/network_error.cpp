#include "net/network_error.h"

#include <fmt/core.h>

namespace crosspoint::net {
namespace {

using Cause = NetworkError::Cause;

constexpr std::string_view no_descriptors =
    "this process holds as many files and connections as it may; raise the limit on open files (ulimit -n)";

bool is_unix(const Endpoint& endpoint) { return endpoint.kind == Endpoint::Kind::unix_socket; }

// With a detail the resolver could not tell whether the name exists.
std::string unknown_name(const Endpoint& endpoint, std::string_view detail) {
  if (detail.empty()) {
    return fmt::format("the name {} is not known; check its spelling and this machine's name servers",
                       endpoint.host);
  }
  return fmt::format(
      "the name {} could not be looked up ({}); check this machine's network connection and name servers",
      endpoint.host, detail);
}

std::string why_not_listening(const Endpoint& endpoint, Cause cause, std::string_view detail) {
  switch (cause) {
    case Cause::address_in_use:
      return is_unix(endpoint)
                 ? "another program answers there; stop it, or choose another path"
                 : "the port is in use by another program; stop that one, or choose another port";
    case Cause::permission_denied:
      if (is_unix(endpoint)) return "the socket file cannot be made; check who may write in its directory";
      return "not permitted; ports below 1024 need a right of their own (CAP_NET_BIND_SERVICE), higher ones "
             "do not";
    case Cause::address_not_available:
      return "this machine has no such address; use one of its own, 127.0.0.1, or none for all of them";
    case Cause::unknown_host: return unknown_name(endpoint, detail);
    case Cause::too_many_descriptors: return std::string(no_descriptors);
    case Cause::refused:
    case Cause::timed_out:
    case Cause::unreachable:
    case Cause::other: break;
  }
  return std::string(detail.empty() ? "the system gives no reason" : detail);
}

std::string why_not_connected(const Endpoint& endpoint, Cause cause, std::string_view detail) {
  switch (cause) {
    case Cause::permission_denied:
      return is_unix(endpoint) ? "not permitted; check who may write to the socket file"
                               : "the system does not permit it";
    case Cause::address_not_available: return "this machine has no address left to connect from";
    case Cause::unknown_host: return unknown_name(endpoint, detail);
    case Cause::refused:
      return is_unix(endpoint) ? "nobody listens there; is the other program running?"
                               : "nobody listens there; is the other program running, and on this port?";
    case Cause::timed_out:
      return "no answer in time; is the machine up, and does a firewall let this port through?";
    case Cause::unreachable:
      return "there is no way to it from here; check this machine's network connection";
    case Cause::too_many_descriptors: return std::string(no_descriptors);
    case Cause::address_in_use:
    case Cause::other: break;
  }
  return std::string(detail.empty() ? "the system gives no reason" : detail);
}

}  // namespace

NetworkError cannot_listen(const Endpoint& endpoint, Cause cause, std::string_view detail) {
  return {cause, fmt::format("cannot listen on {}: {}", to_string(endpoint),
                             why_not_listening(endpoint, cause, detail))};
}

NetworkError cannot_connect(const Endpoint& endpoint, Cause cause, std::string_view detail) {
  return {cause, fmt::format("cannot connect to {}: {}", to_string(endpoint),
                             why_not_connected(endpoint, cause, detail))};
}

}  // namespace crosspoint::net
