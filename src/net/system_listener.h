#pragma once
// A listening socket on one loop. Private to net/*.cpp.
//
// Out of descriptors (EMFILE, ENFILE; row D2) it uses the one it keeps in reserve to take and close a bounded
// number of those who wait, so that they learn it at once, and then stops listening to the kernel for a step
// of time. Nothing spins, and when descriptors are free again the next step goes on as if nothing had been.

#include <memory>

#include "base/log.h"
#include "net/descriptor.h"
#include "net/listening_sockets.h"
#include "net/network.h"
#include "net/poller.h"
#include "net/system_loop.h"

namespace crosspoint::net {

class SystemListener final : public Listener, private Watcher {
 public:
  SystemListener(SystemLoop& loop, Acceptor& acceptor, Descriptor socket, const Endpoint& endpoint,
                 std::shared_ptr<SocketFile> file);
  ~SystemListener() override;

  Endpoint endpoint() const override { return endpoint_; }
  std::uint64_t times_out_of_descriptors() const override { return times_out_of_descriptors_; }

 private:
  enum class Accepted { one, again, none, out_of_descriptors };
  void on_ready(Readiness ready) override;
  void accept_some(const bool& gone);
  Accepted accept_one();
  void on_out_of_descriptors(int error_number);
  void turn_some_away();
  void listen_again();

  SystemLoop& loop_;
  Acceptor& acceptor_;
  Descriptor socket_;
  Descriptor reserve_;
  Endpoint endpoint_;
  std::shared_ptr<SocketFile> file_;
  Timer pause_;
  std::uint64_t times_out_of_descriptors_ = 0;
  std::uint64_t turned_away_ = 0;
  log::LogLimit log_limit_{1, 10s};
  bool* gone_ = nullptr;  // while accepting: to be set by the destructor
};

}  // namespace crosspoint::net
