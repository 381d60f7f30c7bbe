#pragma once
// How our sockets are set up. Private to net/*.cpp.

#include "net/network.h"

namespace crosspoint::net {

struct ResolveError;  // socket_address.h

// For a connection, or for a listening socket: what it accepts inherits them, which saves seven calls each.
void set_stream_options(int descriptor, const StreamOptions& options);

StreamError stream_error_of(int error_number);
NetworkError::Cause cause_of(int error_number);
NetworkError::Cause cause_of(const ResolveError& error);

}  // namespace crosspoint::net
