#pragma once
// How the router tells of its sessions, subscriptions and registrations (wamp-router §10): the topics, and
// what is said of each.

#include <string>
#include <string_view>

#include "data/value.h"
#include "wamp/registration.h"
#include "wamp/subscription.h"

namespace crosspoint::wamp {

struct Inhabitant;

namespace meta_topic {
inline constexpr std::string_view session_on_join = "wamp.session.on_join";
inline constexpr std::string_view session_on_leave = "wamp.session.on_leave";
inline constexpr std::string_view subscription_on_create = "wamp.subscription.on_create";
inline constexpr std::string_view subscription_on_subscribe = "wamp.subscription.on_subscribe";
inline constexpr std::string_view subscription_on_unsubscribe = "wamp.subscription.on_unsubscribe";
inline constexpr std::string_view subscription_on_delete = "wamp.subscription.on_delete";
inline constexpr std::string_view registration_on_create = "wamp.registration.on_create";
inline constexpr std::string_view registration_on_register = "wamp.registration.on_register";
inline constexpr std::string_view registration_on_unregister = "wamp.registration.on_unregister";
inline constexpr std::string_view registration_on_delete = "wamp.registration.on_delete";
}  // namespace meta_topic

data::Value meta_details(const Inhabitant& inhabitant);
data::Value meta_details(const Subscription& subscription);
data::Value meta_details(const Registration& registration);
}  // namespace crosspoint::wamp
