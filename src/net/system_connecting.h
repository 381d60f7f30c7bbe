#pragma once
// A connection being made: resolve, then try each address in turn. Private to net/*.cpp.

#include <memory>
#include <optional>
#include <vector>

#include "net/network.h"
#include "net/poller.h"
#include "net/resolver.h"
#include "net/socket_address.h"
#include "net/system_loop.h"

namespace crosspoint::net {

class SystemConnecting final : public Connecting, private Watcher {
 public:
  SystemConnecting(SystemLoop& loop, Resolver& resolver, const Endpoint& endpoint,
                   const StreamOptions& options, Duration limit, Network::Connected done);
  ~SystemConnecting() override;

 private:
  using Outcome = Result<std::unique_ptr<Stream>, NetworkError>;
  void begin_to_resolve(Resolver& resolver);
  void on_resolved(Resolved resolved);
  void on_ready(Readiness ready) override;
  // Attempts with the addresses from next_ on, until one is under way or none is left.
  void attempt();
  bool begin(const SocketAddress& address);
  void end_attempt();
  void succeed();
  void fail_with(NetworkError::Cause cause, std::string_view detail = {});
  void finish_later(Outcome outcome);

  SystemLoop& loop_;
  Endpoint endpoint_;
  StreamOptions options_;
  MonotonicTime deadline_;
  Network::Connected done_;
  std::unique_ptr<Resolver::Question> question_;
  std::vector<SocketAddress> addresses_;
  std::size_t next_ = 0;
  int last_error_ = 0;
  Descriptor socket_;
  Timer limit_;
  // What is posted holds this weakly, and finds out that nobody waits any more.
  std::shared_ptr<SystemConnecting*> self_;
};

}  // namespace crosspoint::net
