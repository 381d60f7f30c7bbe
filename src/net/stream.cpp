#include "net/stream.h"

namespace crosspoint::net {

std::string_view to_string(StreamError error) {
  switch (error) {
    case StreamError::reset: return "the connection was reset";
    case StreamError::timed_out: return "the peer stopped answering";
    case StreamError::closed: return "the connection is closed";
    case StreamError::tls: return "TLS failed";
    case StreamError::other: break;
  }
  return "the connection failed";
}

}  // namespace crosspoint::net
