#pragma once
// What the parts of a client have in common: who it is, how it says something, and the course of events that
// it is part of.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "dice.h"
#include "findings.h"
#include "house.h"
#include "ledger.h"
#include "wamp/incoming.h"

namespace crosspoint::simulation {

// Of one course: the world, the router in it, chance, and the books that are kept. One for all clients.
struct Course {
  explicit Course(std::uint64_t seed) : dice(seed), house(world, dice, seed + 1) {}
  Course(const Course&) = delete;
  Course& operator=(const Course&) = delete;

  Dice dice;
  Findings findings;
  Totals totals;
  Ledger ledger{findings};
  testing::MemoryWorld world;
  House house;
  std::uint64_t tags = 0;
  std::unordered_set<std::uint64_t> rerouted;  // tags of those whose calls may go from callee to callee

  std::uint64_t missing_events = 0;
  // Connections that the router ended without a word, for no reason that the client knows of: as many as it
  // says it closed because they did not read, and no more.
  std::uint64_t unexplained = 0;
  std::string first_unexplained;
  void note_unexplained(std::string sentence) {
    if (unexplained++ == 0) first_unexplained = "ended for no reason: " + std::move(sentence);
  }

  bool may_be_rerouted(std::uint64_t tag) const { return rerouted.contains(tag); }
  MonotonicTime now() { return world.clock().monotonic(); }
};

// How a client is, from its birth on.
struct Nature {
  data::Format format = data::Format::json;
  std::string address;  // where it connects to
  wamp::Features features;
  std::string_view role = "guest";
  std::size_t message_bytes_max = std::size_t{16} << 20;  // that it takes
  bool deaf = false;                                      // answers nothing before everything is counted

  bool is_student() const { return role == "student"; }
  bool is_operator() const { return role == "operator"; }
  bool takes_long() const { return message_bytes_max > 64 * 1024; }
};
Nature some_nature(Course& course);

// One session of a client. A client that says GOODBYE and then HELLO has another one.
struct Seat {
  Seat(Course& its_course, const Nature& its_nature)
      : course(its_course), nature(its_nature), tag(++its_course.tags) {
    note_rerouting();
  }
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;

  // To the router, in order. Views need to live until it returns.
  virtual void say(const wamp::Incoming& message) = 0;
  wamp::RequestId next_request() { return wamp::RequestId{++requests}; }
  void note_rerouting() {
    if (nature.features.has(wamp::Feature::call_reroute)) course.rerouted.insert(tag);
  }
  // Something that should not be.
  void finding(std::string_view what);
  // The payload of a message of this client's; good until the next.
  wamp::Payload marked(std::uint64_t what, std::uint64_t part);
  wamp::Payload marked(const Mark& mark);

  Course& course;
  const Nature& nature;
  const std::uint64_t tag;
  wamp::SessionId session{};
  std::uint64_t requests = 0;

 protected:
  ~Seat() = default;

 private:
  ByteVector spelt_;
};

}  // namespace crosspoint::simulation
