#pragma once
// A whole network inside the test: names, ports, listeners and links, with faults at the test's word. It
// behaves as the machine's own does where the contract in net/network.h and net/stream.h speaks, which one
// suite of tests, run on both, holds it to (network_contract_test.cpp).
//
// Names that are known: numbers, "localhost", whatever somebody listens on, and what add_host() adds.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/network.h"
#include "testing/link.h"

namespace crosspoint::testing {

// What becomes of attempts to connect to an endpoint.
enum class Fate {
  as_usual,  // connected if somebody listens, else refused
  refused,
  no_answer,  // nothing happens until the limit is over
  unreachable,
  unknown_host,
};

class MemoryNetwork final : public net::Network {
 public:
  using Wrap = std::function<std::unique_ptr<net::Stream>(std::unique_ptr<net::Stream>)>;

  explicit MemoryNetwork(const Clock& clock);
  ~MemoryNetwork() override;

  Result<std::vector<std::unique_ptr<net::Listener>>, net::NetworkError> listen(
      const net::Endpoint& endpoint, const net::StreamOptions& options,
      std::span<const ListenPoint> points) override;
  std::unique_ptr<net::Connecting> connect(net::Loop& loop, const net::Endpoint& endpoint,
                                           const net::StreamOptions& options, Duration limit,
                                           Connected done) override;

  // For links made from now on.
  void set_link_settings(const LinkSettings& settings);
  void add_host(std::string name);
  void set_fate(const net::Endpoint& endpoint, Fate fate);
  // Where connections made from now on come from; their ports still count up. Default: 127.0.0.1.
  void connect_from(const net::Address& address);
  // Puts every stream made from now on, of either side, into another (FaultyStream).
  void wrap_streams(Wrap wrap);

  // The links that still have a stream at one end, oldest first.
  std::vector<std::shared_ptr<Link>> links() const;
  // The youngest of them; there is one.
  std::shared_ptr<Link> newest_link() const;

 private:
  friend class MemoryConnecting;
  friend class MemoryListener;
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace crosspoint::testing
