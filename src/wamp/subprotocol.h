#pragma once
// The names that say how messages are spelt, and whether several of them come in one: in a WebSocket
// handshake, and when a long-poll transport is opened (wamp-router §5).

#include <array>
#include <optional>
#include <string_view>

#include "data/format.h"

namespace crosspoint::wamp {

struct Subprotocol {
  data::Format format = data::Format::json;
  bool batched = false;  // batch.h

  bool operator==(const Subprotocol&) const = default;
};

inline constexpr std::array<std::string_view, 8> subprotocols = {
    "wamp.2.json",         "wamp.2.msgpack",         "wamp.2.cbor",         "wamp.2.ubjson",
    "wamp.2.json.batched", "wamp.2.msgpack.batched", "wamp.2.cbor.batched", "wamp.2.ubjson.batched"};

// Who offers one of these comes for WAMP, and must be told so where it is not to be had under that name
// (other formats, version 1). `*`: whatever follows.
inline constexpr std::array<std::string_view, 2> names_of_wamp = {"wamp", "wamp.*"};

// `ubjson_as` is what this node takes "wamp.2.ubjson" for. Nothing: none of ours.
std::optional<Subprotocol> find_subprotocol(std::string_view name, data::Format ubjson_as);

}  // namespace crosspoint::wamp
