#pragma once
// The agent beside the experiment, as one object: listens for uploads (/ts/NAME), local programs (/ws/NAME)
// and rules (/api/…), and sends feeds and streams to relays. Replaces vw.
//
//   Host host(loop, network, files, random, settings);
//   if (auto listening = host.start(); !listening) …      // the port is taken
//   …
//   host.stop([&] { loop.stop(); });                      // close frames first, then the callback, within 5
//   s
//
// One loop's. Nothing here listens anywhere but where `settings.listen` says: the interface has no
// authentication, so its default is loopback.

#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/log.h"
#include "host/io/agent.h"
#include "host/io/commands.h"
#include "host/io/ingest.h"
#include "host/io/local_client.h"
#include "http/io/server.h"
#include "net/network.h"

namespace crosspoint::host {

struct HostSettings {
  net::Endpoint listen{net::Endpoint::Kind::tcp, "127.0.0.1", 8888, {}};
  net::StreamOptions stream;
  http::ServerLimits http;
  AgentSettings agent;
  IngestSettings ingest;
  LocalClientSettings local;
  std::size_t local_clients_max = 1024;
  Duration goodbye_max = 3s;  // for all close frames together, when stopping
};

class Host {
 public:
  // Everything referred to outlives the host. `files`: where the tokens of rules are.
  Host(net::Loop& loop, net::Network& network, const Files& files, Random& random, HostSettings settings);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  Result<void, net::NetworkError> start();
  // Where it really listens; after start().
  net::Endpoint endpoint() const;

  // Listens no more, says goodbye to destinations (1000) and local programs (1001). `stopped` is called once,
  // in a later turn: when all are gone, or when goodbye_max is over. The host may be destroyed from then on,
  // but not inside the call.
  void stop(std::move_only_function<void()> stopped);

  // Rules may also be set from inside, before or after start().
  Agent& agent() { return agent_; }
  Commands& commands() { return commands_; }
  StatusReport status() const;
  const http::ServerCounters& http_counters() const { return server_.counters(); }

 private:
  http::Routes make_routes();
  std::variant<std::unique_ptr<http::BodySink>, http::Response> begin_upload(const http::Request& request);
  void accept_local_client(http::Request&& request, http::Takeover&& takeover);
  void look_whether_gone();

  net::Loop& loop_;
  net::Network& network_;
  Random& random_;
  HostSettings settings_;
  Agent agent_;
  Commands commands_;
  Uploads uploads_;
  std::unordered_map<const LocalClient*, std::unique_ptr<LocalClient>> clients_;
  http::Routes routes_;
  http::Server server_;
  std::vector<std::unique_ptr<net::Listener>> listeners_;
  bool stopping_ = false;
  MonotonicTime goodbye_until_{};
  net::Timer goodbye_timer_;
  std::move_only_function<void()> stopped_;
};

}  // namespace crosspoint::host
