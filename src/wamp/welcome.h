#pragma once
// WELCOME.Details: who the client is here, and what this router can do. The features are announced
// truthfully: what stands here is tested.

#include <string_view>

#include "base/bytes.h"
#include "data/format.h"
#include "wamp/extra.h"
#include "wamp/participant.h"

namespace crosspoint::wamp {

ByteVector welcome_details(data::Format format, std::string_view realm, const Identity& identity,
                           const Extra& authextra);

}  // namespace crosspoint::wamp
