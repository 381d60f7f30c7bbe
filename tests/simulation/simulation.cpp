#include "simulation.h"

#include <fmt/core.h>

#include <algorithm>

namespace crosspoint::simulation {
namespace {

constexpr std::uint64_t calls_between_counts = 500;
// Should it come to a standstill, since everybody waits for answers: five to ten times what so many calls
// take.
constexpr std::uint64_t steps_between_counts = 30'000;

}  // namespace

Simulation::Simulation(std::uint64_t seed) : course_(seed), population_(course_.dice.between(4, 20)) {}

Simulation::~Simulation() {
  clients_.clear();
  course_.world.run_until_idle();
}

void Simulation::run(std::uint64_t calls) {
  count_later();
  while (course_.totals.calls < calls && good()) {
    step();
    if (course_.totals.calls < settle_at_ && steps_ < settle_at_step_) continue;
    settle();
    count_later();
  }
  if (good()) settle();
}

void Simulation::count_later() {
  settle_at_ = course_.totals.calls + calls_between_counts;
  settle_at_step_ = steps_ + steps_between_counts;
}

void Simulation::populate() {
  while (clients_.size() < population_) {
    clients_.push_back(std::make_unique<Client>(course_));
    course_.world.run_until_idle();
  }
}

void Simulation::tidy() {
  std::erase_if(clients_, [](const auto& client) { return client->over(); });
}

void Simulation::step() {
  constexpr std::uint64_t steps_between_arrivals = 16;
  if (steps_++ % steps_between_arrivals == 0 || clients_.empty()) {
    tidy();
    populate();
  }
  auto& dice = course_.dice;
  auto& client = *dice.pick(clients_);
  const auto what = dice.below(1000);
  if (what < 600) {
    client.say_something(clients_);
  } else if (what < 960) {
    course_.world.advance(dice.up_to(800us));
  } else if (what < 998) {
    disturb(client);
  } else {
    client.end(some_end());
  }
}

// What is under way between this client and the router overtakes, or is overtaken by, what is under way
// between others.
void Simulation::disturb(Client& client) {
  using Way = testing::Link::Way;
  auto& dice = course_.dice;
  auto* link = client.link();
  if (link == nullptr) return;
  const auto way = dice.chance(500) ? Way::to_listener : Way::to_connector;
  if (dice.chance(300)) {
    ++course_.totals.stalls;
    link->stall(way);
    if (dice.chance(500)) client.narrow_line();
  } else if (dice.chance(700)) {
    link->resume(way);
  } else {
    client.jitter();
  }
}

End Simulation::some_end() {
  constexpr End ends[] = {End::goodbye, End::goodbye, End::cut,   End::cut,
                          End::silence, End::crash,   End::abort, End::violation};
  return course_.dice.pick(ends);
}

// What everybody has begun becomes whole, and arrives.
void Simulation::pass_until_quiet(Duration at_most) {
  const auto end = course_.now() + at_most;
  for (bool quiet = false; !quiet && course_.now() < end; quiet = all_quiet()) {
    for (Duration by = 1ms; !all_quiet() && course_.now() < end; by = std::min<Duration>(by * 2, 8ms)) {
      for (auto& client: clients_) client->finish();
      course_.world.advance(by);
      tidy();
    }
    course_.world.advance(50ms);  // what nobody waits for: events, interrupts, publications without an answer
    tidy();
  }
}

bool Simulation::all_quiet() {
  auto& house = course_.house;
  return house.router().router().own_calls().under_way() == 0 &&
         house.node().connections() == clients_.size() &&
         std::ranges::all_of(clients_, [](const auto& client) { return client->quiet(); });
}

void Simulation::settle() {
  constexpr Duration time_max = 60s;  // longer than every limit of the router's for who has begun to go
  for (const auto& link: course_.world.network().links()) {  // those of clients that have gone, too
    link->resume(testing::Link::Way::to_listener);
    link->resume(testing::Link::Way::to_connector);
  }
  for (auto& client: clients_) client->restore_line();
  course_.world.advance(500ms);
  tidy();
  for (auto& client: clients_) client->check_cancels();
  pass_until_quiet(time_max);
  for (auto& client: clients_) {
    if (!client->quiet()) course_.findings.add("still open: " + client->what_is_open());
  }
  if (!good()) return;
  ++course_.totals.settled;
  course_.rerouted.clear();
  for (auto& client: clients_) client->settle();
  const auto missing = course_.ledger.settle();
  check_house();
  count_what_the_router_counts();
  course_.missing_events += missing;
  if (course_.missing_events > course_.totals.events_dropped)
    course_.findings.add(fmt::format("{} events did not arrive, and {} were dropped for slow subscribers",
                                     course_.missing_events, course_.totals.events_dropped));
  if (course_.unexplained > course_.totals.too_slow) course_.findings.add(course_.first_unexplained);
}

void Simulation::expect(std::string_view what, std::uint64_t is, std::uint64_t owed) {
  if (is != owed) course_.findings.add(fmt::format("the router has {} {}, not {}", is, what, owed));
}

// When nothing is under way: what the clients know of, and nothing besides.
void Simulation::check_house() {
  auto& house = course_.house;
  expect("connections", house.node().connections(), clients_.size());
  expect("sessions", house.router().router().counters().sessions, clients_.size());
  expect("calls of its own", house.router().router().own_calls().under_way(), 0);
  auto* realm = house.realm();
  if (realm == nullptr) return;
  expect("sessions in the realm", realm->inhabitants().size(), clients_.size());
  expect("open calls", realm->dealer().open_calls(), 0);
  expect("bytes of arguments kept", realm->dealer().kept_bytes(), 0);
  expect("calls whose time it watches", realm->dealer().next_due().has_value(), 0);
}

void Simulation::count_what_the_router_counts() {
  auto& totals = course_.totals;
  totals.too_slow = course_.house.node().counters().closed_too_slow;
  totals.events_dropped = course_.house.node().counters().events_dropped;
  auto* realm = course_.house.realm();
  if (realm == nullptr) return;
  totals.rerouted = realm->dealer().counters().rerouted;
  totals.queued = realm->dealer().counters().queued;
}

void Simulation::finish() {
  if (!good()) return;
  for (auto& client: clients_) client->end(some_end());
  // Who returned on the same connection leaves as well.
  constexpr Duration time_max = 60s;
  const auto end = course_.now() + time_max;
  while (!clients_.empty() && course_.now() < end) {
    course_.world.advance(100ms);
    tidy();
    for (auto& client: clients_) client->end(End::crash);
  }
  for (auto& client: clients_) course_.findings.add("still there: " + client->what_is_open());
  course_.world.advance(5s);  // what the router still waits for of connections that have gone
  if (good()) check_empty_house();
}

void Simulation::check_empty_house() {
  (void)course_.ledger.settle();
  check_house();
  count_what_the_router_counts();
  if (auto* realm = course_.house.realm()) {
    const auto& subscriptions = realm->broker().subscriptions();
    // One member of the dealer may be the router itself, which has asked the authorizer.
    const bool asked = course_.house.router().router().own_calls().counters().calls > 0;
    expect("members of the dealer", realm->dealer().members() - asked, 0);
    expect("registrations", realm->dealer().registrations().size(), 0);
    expect("subscriptions", subscriptions.size(), 0);
    expect("subscribers", subscriptions.members(), 0);
  }
  for (std::size_t loop = 0; loop < 3; ++loop) {
    if (course_.world.loop(loop).timers().next_due())
      course_.findings.add(fmt::format("a timer is left on loop {}", loop));
  }
  if (!course_.world.network().links().empty()) course_.findings.add("a stream is left");
  const auto& totals = course_.totals;
  if (totals.results + totals.errors + totals.abandoned != totals.calls)
    course_.findings.add(fmt::format("{} calls, {} of them ended", totals.calls,
                                     totals.results + totals.errors + totals.abandoned));
}

}  // namespace crosspoint::simulation
