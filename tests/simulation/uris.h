#pragma once
// The procedures and topics of the simulation, and the patterns among them. Views of constants: books keep
// them without a copy.

#include <string_view>

#include "wamp/options.h"

namespace crosspoint::simulation {

inline constexpr std::string_view procedures[] = {"sim.p.one",  "sim.p.two",  "sim.p.closed.three",
                                                  "sim.q.four", "sim.q.five", "sim.q.x.six",
                                                  "sim.r.six",  "sim.nobody"};

// What is registered. Two clients that register the same do it in the same way: only one of them would be let
// in otherwise, which is tried elsewhere.
struct Offer {
  std::string_view procedure;
  wamp::Match match;
  wamp::Invoke invoke;
};
inline constexpr Offer offers[] = {
    {"sim.p.one", wamp::Match::exact, wamp::Invoke::single},
    {"sim.p.two", wamp::Match::exact, wamp::Invoke::roundrobin},
    {"sim.p.closed.three", wamp::Match::exact, wamp::Invoke::roundrobin},
    {"sim.q.four", wamp::Match::exact, wamp::Invoke::random},
    {"sim.q.five", wamp::Match::exact, wamp::Invoke::first},
    {"sim.r.six", wamp::Match::exact, wamp::Invoke::last},
    {"sim.q.", wamp::Match::prefix, wamp::Invoke::roundrobin},
    {"sim..six", wamp::Match::wildcard, wamp::Invoke::random},
};

inline constexpr std::string_view topics[] = {"sim.t.a", "sim.t.b", "sim.t.closed.c", "sim.u.a.x",
                                              "sim.u.b.x"};

struct Interest {
  std::string_view topic;
  wamp::Match match;
};
inline constexpr Interest interests[] = {
    {"sim.t.a", wamp::Match::exact},        {"sim.t.b", wamp::Match::exact},
    {"sim.t.closed.c", wamp::Match::exact}, {"sim.u.a.x", wamp::Match::exact},
    {"sim.t.", wamp::Match::prefix},        {"sim.", wamp::Match::prefix},
    {"sim.u..x", wamp::Match::wildcard},
};

}  // namespace crosspoint::simulation
