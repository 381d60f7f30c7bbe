#pragma once
// What a peer announced that it can do: the roles and feature names of HELLO and WELCOME. A feature is used
// when both sides announced it; where the specification's field is kinder, the place that uses it says so.

#include <cstdint>

namespace crosspoint::wamp {

enum class Role : std::uint8_t { publisher, subscriber, caller, callee };

// Of a client, by the role that announces it.
enum class Feature : std::uint8_t {
  // caller
  call_progressive_results,      // progressive_call_results
  call_progressive_invocations,  // progressive_call_invocations
  call_canceling,
  call_timeout,
  call_reroute,
  call_payload_passthru,
  // callee
  callee_progressive_results,
  callee_progressive_invocations,
  callee_canceling,
  callee_timeout,
  callee_reroute,
  callee_registration_revocation,
  callee_payload_passthru,
  // publisher
  publisher_payload_passthru,
  // subscriber
  subscriber_revocation,             // subscription_revocation
  subscriber_acknowledged_delivery,  // x_acknowledged_event_delivery
  subscriber_payload_passthru,
};

class Features {
 public:
  void add(Role role) { roles_ |= bit(role); }
  void add(Feature feature) { features_ |= bit(feature); }
  bool has(Role role) const { return (roles_ & bit(role)) != 0; }
  bool has(Feature feature) const { return (features_ & bit(feature)) != 0; }
  bool any_role() const { return roles_ != 0; }

 private:
  template <typename Enum>
  static constexpr std::uint32_t bit(Enum value) {
    return std::uint32_t{1} << static_cast<unsigned>(value);
  }
  std::uint32_t roles_ = 0;
  std::uint32_t features_ = 0;
};

}  // namespace crosspoint::wamp
