#pragma once
// All that `crosspoint serve` consists of, put together from its settings on whatever loops, network, clock
// and files it is given: serve_command.cpp gives it the machine's, a test those in memory
// (tests/journeys/served_node_test.cpp).
//
//   auto node = ServedNode::open({loops, network, clock, files}, configuration, read_again);
//   …                                     // the loops run
//   (*node)->read_again();                // SIGHUP
//   (*node)->stop([&] { loops.stop(); });
//
// Not in memory are what outlasts the program, in SQLite files: access.state-file ("none" does without) and
// the histories of [wamp].

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "access/io/key_watch.h"
#include "base/files.h"
#include "base/result.h"
#include "base/time.h"
#include "cli/access_parts.h"
#include "cli/commands.h"
#include "cli/rawsocket_listener.h"
#include "cli/tls_settings.h"
#include "cli/wamp_parts.h"
#include "management/io/node_management.h"
#include "net/loop.h"
#include "net/network.h"
#include "relay/io/node.h"

namespace crosspoint::cli {

// Where a node stands. All of it outlives the node.
struct Surroundings {
  std::span<net::Loop* const> loops;
  net::Network& network;
  const Clock& clock;
  const Files& files;
};

class ServedNode {
 public:
  // Listening, and before the loops run. The error is a sentence that names the setting. `read_again` is what
  // read_again() reads.
  static Result<std::unique_ptr<ServedNode>, std::string> open(const Surroundings& surroundings,
                                                               Configuration configuration,
                                                               ReadAgain read_again);
  // The loops do not run any more. Writes what is still to be written.
  ~ServedNode();
  ServedNode(const ServedNode&) = delete;
  ServedNode& operator=(const ServedNode&) = delete;

  // Where it listens, with the real ports; for the last two, when they have one of their own.
  const net::Endpoint& topics_at() const { return topics_; }
  const std::optional<net::Endpoint>& access_at() const { return access_at_; }
  std::optional<net::Endpoint> rawsocket_at() const;
  bool speaks_tls() const { return tls_.has_value(); }
  bool speaks_wamp() const { return wamp_ != nullptr; }
  bool has_open_topics() const { return open_topics_; }

  // The configuration, certificates and keys, at once. What is wrong changes nothing, and is logged. On the
  // first loop, as stop().
  void read_again();
  // No new connections, goodbye to everybody; then calls `stopped`, once, at the latest after about three
  // seconds.
  void stop(const std::function<void()>& stopped);

 private:
  ServedNode(const Surroundings& surroundings, Configuration configuration, ReadAgain read_again);

  Result<void, std::string> read_parts();
  Result<void, std::string> assemble();
  Result<void, std::string> listen();
  void watch();
  std::shared_ptr<const net::TlsContext> certificates() const;
  std::optional<bool> change_wamp(const Configuration& configuration);
  void change_secret(const config::Settings& settings);
  void verify_with(std::shared_ptr<const token::Verifier> verifier);

  net::Loop& first_loop() const { return *surroundings_.loops.front(); }

  const Surroundings surroundings_;
  const Configuration configuration_;
  const ReadAgain read_again_;
  config::Settings in_use_;  // for comparison: a secret may change more than once
  bool open_topics_ = false;
  net::Endpoint topics_;
  std::optional<net::Endpoint> access_at_;

  // Each refers to some of those before it.
  std::optional<AccessParts> access_;
  std::optional<TlsSettings> tls_;
  std::unique_ptr<WampParts> wamp_;
  std::unique_ptr<relay::Node> node_;
  std::optional<management::NodeManagement> management_;
  std::unique_ptr<RawSocketListener> rawsocket_;
  std::optional<net::TlsWatch> certificate_watch_;
  std::optional<access::KeyWatch> key_watch_;
};

}  // namespace crosspoint::cli
