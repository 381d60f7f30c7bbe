#pragma once
// Listening and connecting, behind an interface: net/system_network.h is the machine's network,
// testing/memory_network.h one inside the test's process.

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "net/address.h"
#include "net/loop.h"
#include "net/stream.h"

namespace crosspoint::net {

struct NetworkError {
  enum class Cause {
    address_in_use,
    permission_denied,      // a port below 1024 without the right to it, a socket file that cannot be made
    address_not_available,  // not an address of this machine
    unknown_host,           // the name does not resolve
    refused,
    timed_out,
    unreachable,
    too_many_descriptors,
    other,
  };
  Cause cause = Cause::other;
  std::string
      sentence;  // for people: "cannot listen on 127.0.0.1:8080: the port is in use by another program"
};

struct StreamOptions {
  // How much the kernel may hold that is not sent yet (TCP_NOTSENT_LOWAT): beyond it our own bounds and
  // policies decide, not the kernel's queue.
  std::size_t unsent_bytes_max = 128 * 1024;
  // Sent but unacknowledged for so long: the link is dead (TCP_USER_TIMEOUT). Keep-alive probes find an idle
  // dead link within the same time. A peer that takes nothing for so long counts as dead as well.
  Duration dead_link_after = 15s;
};

class Acceptor {
 public:
  // A connection has come in. Not started yet: whoever takes it calls start().
  virtual void on_accept(std::unique_ptr<Stream> stream, const Address& peer) = 0;

 protected:
  ~Acceptor() = default;
};

// Destroying it stops listening. Accepted streams live on.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual Endpoint endpoint() const = 0;  // with the real port when 0 was asked for
  // How often accepting had to pause because descriptors ran out (EMFILE, ENFILE).
  virtual std::uint64_t times_out_of_descriptors() const { return 0; }
};

// A connection being made. Destroying it gives up; the callback is then never called.
class Connecting {
 public:
  virtual ~Connecting() = default;
};

class Network {
 public:
  virtual ~Network() = default;

  struct ListenPoint {
    Loop* loop;
    Acceptor* acceptor;  // outlives the listener
  };
  // One listener for each point, all on the same endpoint (SO_REUSEPORT when there are several); all or none.
  // A second process that asks for the same endpoint is refused all the same. Called before the loops run, or
  // on a loop's own thread for a single point.
  virtual Result<std::vector<std::unique_ptr<Listener>>, NetworkError> listen(
      const Endpoint& endpoint, const StreamOptions& options, std::span<const ListenPoint> points) = 0;

  using Connected = std::move_only_function<void(Result<std::unique_ptr<Stream>, NetworkError>)>;
  // Resolves, then tries each address in turn, `limit` for everything together. `done` is called once, in a
  // later turn of `loop`; it may destroy the Connecting.
  virtual std::unique_ptr<Connecting> connect(Loop& loop, const Endpoint& endpoint,
                                              const StreamOptions& options, Duration limit,
                                              Connected done) = 0;
};

}  // namespace crosspoint::net
