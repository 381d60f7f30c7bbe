#include "seat.h"

#include <fmt/core.h>

namespace crosspoint::simulation {
namespace {

using wamp::Feature;

// All that a client of today announces, or less.
wamp::Features some_features(Dice& dice) {
  const bool all = dice.chance(600);
  wamp::Features features;
  for (const auto role:
       {wamp::Role::publisher, wamp::Role::subscriber, wamp::Role::caller, wamp::Role::callee})
    features.add(role);
  for (int number = 0; number <= static_cast<int>(Feature::subscriber_payload_passthru); ++number) {
    if (all || dice.chance(600)) features.add(static_cast<Feature>(number));
  }
  return features;
}

}  // namespace

Nature some_nature(Course& course) {
  auto& dice = course.dice;
  constexpr data::Format spoken[] = {data::Format::json, data::Format::msgpack, data::Format::cbor,
                                     data::Format::ubjson};
  constexpr std::string_view roles[] = {"guest", "guest", "student", "operator"};
  Nature nature;
  nature.format = dice.pick(spoken);
  const bool websocket = dice.chance(500);
  nature.address = dice.pick(websocket ? course.house.websockets() : course.house.rawsockets());
  nature.features = some_features(dice);
  nature.role = dice.pick(roles);
  if (!websocket && dice.chance(200)) nature.message_bytes_max = 2048;
  nature.deaf = dice.chance(60);
  return nature;
}

void Seat::finding(std::string_view what) {
  course.findings.add(fmt::format("client {} ({}, {}, {}), session {}: {}", tag, nature.role,
                                  data::to_string(nature.format), nature.address, wamp::number(session),
                                  what));
}

wamp::Payload Seat::marked(const Mark& mark) {
  spelt_ = spell(nature.format, mark);
  return {nature.format, spelt_, {}};
}

wamp::Payload Seat::marked(std::uint64_t what, std::uint64_t part) { return marked(Mark{tag, what, part}); }

}  // namespace crosspoint::simulation
