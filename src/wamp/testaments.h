#pragma once
// What a session wants published when it is gone (wamp-router 7.10). Held by the session's place in the
// realm, which publishes it in the dead session's name and asks about permissions then.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "wamp/incoming.h"
#include "wamp/kept_event.h"

namespace crosspoint::wamp {

// When a testament is published. Sessions of this router do not outlive their transport, so both come with
// the end of the session: first those for when it is detached, then those for when it is destroyed.
enum class TestamentScope : std::uint8_t { detached, destroyed };

// "detached", "destroyed"; the default is destroyed.
std::optional<TestamentScope> find_testament_scope(std::string_view name);
std::string_view to_string(TestamentScope scope);

struct TestamentSettings {
  std::size_t testaments_per_session_max = 100;
  std::size_t testament_bytes_per_session_max = 1024 * 1024;

  bool operator==(const TestamentSettings&) const = default;
};

// Of all sessions of a realm together: how often each limit was met.
struct TestamentCounters {
  std::uint64_t too_many = 0;
  std::uint64_t too_large = 0;
};

// A PUBLISH that waits. It asks for no acknowledgement: nobody is left to get one.
class Testament {
 public:
  explicit Testament(const Publish& message);
  // Good as long as the testament.
  Publish view() const;
  std::size_t bytes() const;

 private:
  std::string topic_;
  bool exclude_me_, retain_, disclose_me_, acknowledged_delivery_;
  std::optional<ReceiverLists> lists_;
  KeptPassThrough pass_through_;
  KeptPayload payload_;
};

class Testaments {
 public:
  // Both outlive it.
  Testaments(const TestamentSettings& settings, TestamentCounters& counters)
      : settings_(settings), counters_(counters) {}

  enum class Refusal : std::uint8_t { too_many, too_large };  // …_per_session_max
  Result<void, Refusal> add(TestamentScope scope, const Publish& message);
  // Forgets those of a scope. How many there were.
  std::size_t flush(TestamentScope scope);
  // All, as they are to be published: by scope, and within it as they were added. None is left.
  std::vector<Testament> take();

  std::size_t size() const { return detached_.size() + destroyed_.size(); }
  std::size_t bytes() const { return bytes_; }

 private:
  std::vector<Testament>& of(TestamentScope scope) {
    return scope == TestamentScope::detached ? detached_ : destroyed_;
  }

  const TestamentSettings& settings_;
  TestamentCounters& counters_;
  std::vector<Testament> detached_, destroyed_;
  std::size_t bytes_ = 0;
};

}  // namespace crosspoint::wamp
