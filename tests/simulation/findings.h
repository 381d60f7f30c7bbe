#pragma once
// What a course of events has shown: how often each thing came up, and what should not have happened.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace crosspoint::simulation {

// How often. report() gives each its name; a run of many seeds in which one of them stays 0 has not tried
// what it is there to try.
struct Totals {
  std::uint64_t calls = 0, results = 0, errors = 0, abandoned = 0;  // each call ends in one of these
  std::uint64_t progressive_results = 0, more_arguments = 0;
  std::uint64_t invocations = 0, interrupts = 0;
  std::uint64_t cancels = 0, canceled = 0, timed_out = 0, rerouted = 0, queued = 0;
  std::uint64_t registered = 0, revoked = 0, forced = 0;
  std::uint64_t publications = 0, acknowledged = 0, refused = 0, events = 0, events_dropped = 0;
  std::uint64_t asked = 0, verdicts = 0, never_answered = 0, authorization_failed = 0;
  std::uint64_t sessions = 0, goodbyes = 0, returns = 0, cuts = 0, silences = 0, crashes = 0, aborts = 0,
                violations = 0, killed = 0, too_slow = 0;
  std::uint64_t stalls = 0, settled = 0;

  std::vector<std::pair<const char*, std::uint64_t>> report() const;
  void add(const Totals& other);
};

class Findings {
 public:
  // Past the first few they are only counted.
  void add(std::string sentence) {
    constexpr std::size_t kept_max = 10;
    if (sentences_.size() < kept_max) sentences_.push_back(std::move(sentence));
    ++count_;
  }
  bool any() const { return count_ > 0; }
  std::uint64_t count() const { return count_; }
  const std::vector<std::string>& sentences() const { return sentences_; }

  // What clients heard, in its order: two courses that differ differ here.
  void note_heard(Bytes message) {
    for (const std::byte byte: message) heard_ = (heard_ ^ std::to_integer<std::uint64_t>(byte)) * prime;
  }
  std::uint64_t heard() const { return heard_; }

 private:
  static constexpr std::uint64_t prime = 0x100000001b3;  // FNV-1a
  std::vector<std::string> sentences_;
  std::uint64_t count_ = 0;
  std::uint64_t heard_ = 0xcbf29ce484222325;
};

}  // namespace crosspoint::simulation
