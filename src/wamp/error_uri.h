#pragma once
// The error and reason URIs that this router uses. Each is said in one way only; who has which name where
// peers differ is in the comments.

#include <string_view>

namespace crosspoint::wamp::error_uri {

inline constexpr std::string_view invalid_uri = "wamp.error.invalid_uri";
inline constexpr std::string_view no_such_procedure = "wamp.error.no_such_procedure";
inline constexpr std::string_view procedure_already_exists = "wamp.error.procedure_already_exists";
// Autobahn's and Crossbar.io's; the specification says procedure_already_exists.
inline constexpr std::string_view other_invocation_policy =
    "wamp.error.procedure_exists_with_different_invocation_policy";
inline constexpr std::string_view no_such_registration = "wamp.error.no_such_registration";
inline constexpr std::string_view no_such_subscription = "wamp.error.no_such_subscription";
inline constexpr std::string_view no_such_session = "wamp.error.no_such_session";
inline constexpr std::string_view invalid_argument = "wamp.error.invalid_argument";
inline constexpr std::string_view canceled = "wamp.error.canceled";
// What Autobahn's callees say when their code failed.
inline constexpr std::string_view runtime_error = "wamp.error.runtime_error";
inline constexpr std::string_view timeout = "wamp.error.timeout";
inline constexpr std::string_view unavailable = "wamp.error.unavailable";
inline constexpr std::string_view no_available_callee = "wamp.error.no_available_callee";
inline constexpr std::string_view payload_size_exceeded = "wamp.error.payload_size_exceeded";
inline constexpr std::string_view feature_not_supported = "wamp.error.feature_not_supported";
inline constexpr std::string_view protocol_violation = "wamp.error.protocol_violation";
inline constexpr std::string_view not_authorized = "wamp.error.not_authorized";
inline constexpr std::string_view authorization_failed = "wamp.error.authorization_failed";
inline constexpr std::string_view authentication_failed = "wamp.error.authentication_failed";
inline constexpr std::string_view no_auth_method =
    "wamp.error.no_auth_method";  // the draft: no_matching_auth_method
inline constexpr std::string_view no_such_realm = "wamp.error.no_such_realm";
inline constexpr std::string_view no_such_role = "wamp.error.no_such_role";
inline constexpr std::string_view no_such_principal = "wamp.error.no_such_principal";
inline constexpr std::string_view disclose_me_disallowed = "wamp.error.option_disallowed.disclose_me";
// `retain`, in a realm that retains nothing.
inline constexpr std::string_view option_not_allowed = "wamp.error.option_not_allowed";
inline constexpr std::string_view max_concurrency_reached = "crossbar.error.max_concurrency_reached";
// Crossbar.io's reason in UNREGISTERED when another callee took the registration over.
inline constexpr std::string_view unregistered = "wamp.error.unregistered";
inline constexpr std::string_view history_unavailable = "wamp.error.history_unavailable";

inline constexpr std::string_view close_normal = "wamp.close.normal";
inline constexpr std::string_view close_realm = "wamp.close.close_realm";
inline constexpr std::string_view close_logout = "wamp.close.logout";
inline constexpr std::string_view close_killed = "wamp.close.killed";
inline constexpr std::string_view close_system_shutdown = "wamp.close.system_shutdown";
// Ours: no name for it is in the specification, or in other routers.
inline constexpr std::string_view close_too_slow = "crosspoint.close.too_slow";
inline constexpr std::string_view close_goodbye_and_out = "wamp.close.goodbye_and_out";

}  // namespace crosspoint::wamp::error_uri
