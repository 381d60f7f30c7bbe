#pragma once
// An EVENT on its way to many subscribers. The first peer of a kind of wire (a format and a framing) spells
// it and keeps the frame here; the others of that kind share those bytes through their outboxes, as viewers
// of a topic share a video frame.
//
// Lives on the stack of one publication: for each subscription that matches, and once more for receivers that
// get other Details.

#include <array>
#include <cstdint>
#include <utility>

#include "base/segment.h"
#include "wamp/outgoing.h"
#include "wamp/peer.h"

namespace crosspoint::wamp {

// Numbers the kinds of wire that this program knows; transports agree among themselves (io/wire.h).
using WireKind = std::uint8_t;
inline constexpr std::size_t wire_kinds_max = 32;

class SharedEvent {
 public:
  explicit SharedEvent(const Event& event) : event_(event) {}
  SharedEvent(const SharedEvent&) = delete;
  SharedEvent& operator=(const SharedEvent&) = delete;

  const Event& event() const { return event_; }

  struct Spelt {
    Sent outcome = Sent::sent;  // not_spellable: nobody of this kind can be told; there is no frame then
    Span frame;
    std::size_t message_bytes = 0;  // without the framing
  };
  // Null: nobody of this kind has asked yet.
  const Spelt* find(WireKind kind) const { return known(kind) ? &spelt_[kind] : nullptr; }
  const Spelt& keep(WireKind kind, Spelt spelt) {
    spelt_[kind] = std::move(spelt);
    known_ |= std::uint32_t{1} << kind;
    return spelt_[kind];
  }

 private:
  bool known(WireKind kind) const { return (known_ >> kind & 1) != 0; }

  const Event& event_;
  std::uint32_t known_ = 0;
  std::array<Spelt, wire_kinds_max> spelt_;
};

}  // namespace crosspoint::wamp
