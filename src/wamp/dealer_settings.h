#pragma once
// How much the sessions of a realm may have a dealer remember, and how often each of these limits was met.

#include <cstdint>

#include "base/time.h"

namespace crosspoint::wamp {

struct DealerSettings {
  // A session's stay at one procedure counts as one. Past either, REGISTER gets `wamp.error.unavailable`.
  std::size_t registrations_per_session_max = 10'000;
  std::size_t registrations_max = 200'000;

  // Calls that wait for their answer. Past either, CALL gets `wamp.error.unavailable`.
  std::size_t calls_per_caller_max = 4096;
  std::size_t calls_per_callee_max = 16'384;

  // Calls that may wait for a callee of one registration, while each of them has as many as its `concurrency`
  // allows. 0: none waits; past it, CALL gets `crossbar.error.max_concurrency_reached`.
  std::size_t queued_calls_max = 0;
  // How long one may wait so, if its own timeout does not end it before: then it is answered as past the
  // bound.
  Duration queued_calls_age_max = 5min;
  // What calls may keep of their arguments, to be sent later or once more. Past either, a call that would
  // have to wait gets `wamp.error.unavailable`, and one that might have been re-routed will not be.
  std::size_t kept_bytes_per_caller_max = 16 * 1024 * 1024;
  std::size_t kept_bytes_max = 256 * 1024 * 1024;

  // What may still come in for calls that are over, remembered for each session: of a callee, invocations
  // that nobody waits for any more; of a caller, calls that ended before their last arguments. Past it the
  // oldest are forgotten (late_messages.h says what follows).
  std::size_t late_messages_max = 1024;

  bool operator==(const DealerSettings&) const = default;
};

struct DealerCounters {
  std::uint64_t calls = 0;    // CALLs that began a call
  std::uint64_t results = 0;  // final ones
  std::uint64_t progressive_results = 0;
  std::uint64_t callee_errors = 0;  // answers that were a callee's ERROR
  std::uint64_t no_such_procedure = 0;
  std::uint64_t canceled = 0;  // by CANCEL, or because the callee left
  std::uint64_t timed_out = 0;
  std::uint64_t callers_left = 0;   // calls that nobody waited for any more
  std::uint64_t rerouted = 0;       // once for each further callee
  std::uint64_t queued = 0;         // calls that waited for a callee
  std::uint64_t late_messages = 0;  // that came for calls which were over, and were dropped
  // Refused at a limit.
  std::uint64_t registrations_refused = 0;
  std::uint64_t calls_refused_for_caller = 0;       // calls_per_caller_max
  std::uint64_t calls_refused_for_callee = 0;       // calls_per_callee_max
  std::uint64_t calls_refused_for_concurrency = 0;  // queued_calls_max
  std::uint64_t calls_refused_for_age = 0;          // queued_calls_age_max
  std::uint64_t calls_refused_for_memory = 0;       // kept_bytes_…

  void add(const DealerCounters& other);
};

}  // namespace crosspoint::wamp
