#pragma once
// The sentences in which a failed listen or connect is told: the same words whichever Network failed, each
// naming the endpoint and, where there is one, a way out. Pure.

#include <string_view>

#include "net/network.h"

namespace crosspoint::net {

// `detail` is what the system says, used for the causes `other` and, when its resolver could not tell,
// `unknown_host`.
NetworkError cannot_listen(const Endpoint& endpoint, NetworkError::Cause cause, std::string_view detail = {});
NetworkError cannot_connect(const Endpoint& endpoint, NetworkError::Cause cause,
                            std::string_view detail = {});

}  // namespace crosspoint::net
