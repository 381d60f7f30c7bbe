#pragma once
// One course of events, from one seed: the router and its clients, what they say, and everything that goes
// wrong with them. In the order of the seed, on the network in memory and a clock moved by hand, in one
// thread: the same seed and the same number of calls is the same course, on every machine.
//
//   Simulation course(seed);
//   course.run(1000);           until 1000 calls were made
//   course.finish();            everybody leaves, and nothing may be left of anybody
//   course.findings()           what should not have been; none
//
// Now and then everybody stops beginning anything, what has begun becomes whole, and everything is counted:
// each call has had its one answer, each event is where it has to be and nowhere else, and the router holds
// what the clients know of and nothing besides. README.md has the list.

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "client.h"
#include "seat.h"

namespace crosspoint::simulation {

class Simulation {
 public:
  explicit Simulation(std::uint64_t seed);
  ~Simulation();

  // Until so many calls were made in all, or something was found.
  void run(std::uint64_t calls);
  // Everybody leaves, one way or another. Afterwards run() may bring others.
  void finish();

  const Findings& findings() const { return course_.findings; }
  const Totals& totals() const { return course_.totals; }
  Duration passed() const { return course_.world.clock().monotonic() - begun_; }

 private:
  bool good() const { return !course_.findings.any(); }
  void step();
  void populate();
  void disturb(Client& client);
  End some_end();
  void settle();
  void count_later();
  void pass_until_quiet(Duration at_most);
  bool all_quiet();
  void tidy();
  void expect(std::string_view what, std::uint64_t is, std::uint64_t owed);
  void check_house();
  void check_empty_house();
  void count_what_the_router_counts();

  Course course_;
  const std::size_t population_;
  Client::Company clients_;
  const MonotonicTime begun_ = course_.world.clock().monotonic();
  std::uint64_t settle_at_ = 0;  // calls
  std::uint64_t steps_ = 0, settle_at_step_ = 0;
};

}  // namespace crosspoint::simulation
