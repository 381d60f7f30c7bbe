#pragma once
// The relay as one object: a gateway and an HTTP server on each loop, all listening on one endpoint.
//
//   node.listen(endpoint)       before the loops run; with certificates, TLS
//   node.show(certificates)     on the first loop: from then on; nobody is dropped
//   node.verify_with(keys)      the same for tokens
//   node.stop(done)             on the first loop: no new connections, goodbye to everybody, then done

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "http/io/server.h"
#include "net/network.h"
#include "net/tls_acceptor.h"
#include "net/work_share.h"
#include "relay/io/access_settings.h"
#include "relay/io/gateway.h"
#include "relay/io/settings.h"
#include "relay/io/stats_desk.h"

namespace crosspoint::relay {

class AccessService;

struct NodeSettings {
  RelaySettings relay;
  http::ServerLimits http;
  net::StreamOptions streams;
  // How long browsers are told to come over TLS only, where the access service is reached over TLS (RFC 6797,
  // row J9). Zero: they are not told.
  Duration only_tls{};
  net::WorkShare::Limits crypto;  // of each loop, for handshakes and for what strangers have verified
};

// Has the access service a port of its own? The topics' port serves what pages need either way.
enum class AccessPort { own, shared };

class Node {
 public:
  // Everything referred to outlives the node. `rows` come before the relay's own routes (pages, for example);
  // they are copied for each loop, so their handlers must be callable from every loop, and so must be that of
  // `foreign`, another protocol on the same port.
  Node(std::span<net::Loop* const> loops, net::Network& network, const Clock& clock, NodeSettings settings,
       std::vector<http::Route> rows, http::ForeignProtocol foreign = {});
  ~Node();

  // Where it listens then, with the real port. Without `tls`: in plain text.
  Result<net::Endpoint, net::NetworkError> listen(const net::Endpoint& endpoint,
                                                  std::shared_ptr<const net::TlsContext> tls = nullptr);
  // Takes the place of the certificates of every listener that has some, for connections accepted from now
  // on; those that are there keep what they were shown.
  void show(std::shared_ptr<const net::TlsContext> tls);

  // Mounts the access service beside token topics (RelaySettings::token_topics). Before the loops run and
  // before listen(). The error is a sentence about the deny list.
  Result<void, std::string> open_access(AccessSettings settings, AccessPort port = AccessPort::own);
  // Takes the place of the access service's keys, on every loop from now on: tokens that only the older ones
  // know are refused, who is connected stays until its token ends.
  void verify_with(std::shared_ptr<const token::Verifier> verifier);
  // What somebody else has to tell where it is reported who is connected (stats_desk.h). Before the loops run
  // and after open_access(); without access service there are no such reports.
  void add_to_reports(ReportPart part);
  // The access service on a port of its own.
  Result<net::Endpoint, net::NetworkError> listen_for_access(
      const net::Endpoint& endpoint, std::shared_ptr<const net::TlsContext> tls = nullptr);

  // To be called on the first loop's thread. `done` is called there, at the latest after `limit` and what a
  // close takes.
  void stop(Duration limit, std::function<void()> done);

  std::span<const std::unique_ptr<Gateway>> gateways() const { return gateways_; }
  // Null: no access service is open.
  access::DenyKeeper* deny_keeper() const;
  Gateway& gateway(std::size_t loop_index) { return *gateways_[loop_index]; }
  const http::ServerCounters& http_counters(std::size_t loop_index) const;
  // For other listeners of one of its loops.
  net::WorkShare& crypto_share(const net::Loop& loop) const;

 private:
  Result<net::Endpoint, net::NetworkError> listen_with(
      const net::Endpoint& endpoint, std::shared_ptr<const net::TlsContext> tls,
      const std::vector<std::unique_ptr<http::Server>>& servers);

  const NodeSettings settings_;
  std::vector<net::Loop*> loops_;
  net::Network& network_;
  std::vector<std::unique_ptr<net::WorkShare>> crypto_;  // by loop, as what follows
  std::vector<std::unique_ptr<Gateway>> gateways_;
  std::vector<std::unique_ptr<http::Routes>> routes_;
  std::vector<std::unique_ptr<http::Server>> servers_;
  std::unique_ptr<AccessService> access_;
  std::vector<std::vector<std::unique_ptr<net::TlsAcceptor>>> tls_acceptors_;  // by loop
  std::vector<std::vector<std::unique_ptr<net::Listener>>> listeners_;         // by loop
};

}  // namespace crosspoint::relay
