#pragma once
// Opening what an endpoint names, so that nobody else has it. Private to net/*.cpp.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "net/descriptor.h"
#include "net/network.h"

namespace crosspoint::net {

// A Unix socket's file: removed with its last listener, unless somebody else has put another in its place.
class SocketFile {
 public:
  explicit SocketFile(std::string path);
  ~SocketFile();
  SocketFile(const SocketFile&) = delete;
  SocketFile& operator=(const SocketFile&) = delete;

 private:
  std::string path_;
  std::uint64_t device_ = 0;
  std::uint64_t inode_ = 0;
};

struct ListeningSockets {
  std::vector<Descriptor> sockets;   // one for each loop; of a Unix endpoint all are the same socket
  Endpoint endpoint;                 // with the real port
  std::shared_ptr<SocketFile> file;  // Unix endpoints only
};

// All or none. A name is resolved here and now; of several addresses the first IPv4 one is taken. An empty
// host is every address, IPv6 and IPv4.
Result<ListeningSockets, NetworkError> open_listening_sockets(const Endpoint& endpoint,
                                                              const StreamOptions& options,
                                                              std::size_t count);

}  // namespace crosspoint::net
