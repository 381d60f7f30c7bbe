#include "testing/tls_network.h"

#include <utility>

#include "base/assert.h"
#include "testing/listeners_above.h"

namespace crosspoint::testing {
namespace {

template <class Error>
std::unique_ptr<net::TlsContext> made(Result<std::unique_ptr<net::TlsContext>, Error> result) {
  CROSSPOINT_ASSERT(result.has_value());
  return std::move(*result);
}

// Puts TLS on what a listener below accepts.
class TlsListener final : public net::Listener, private net::Acceptor {
 public:
  TlsListener(const net::TlsContext& context, const net::Network::ListenPoint& point)
      : context_(context), point_(point) {}

  net::Network::ListenPoint point() { return {point_.loop, this}; }
  void set(std::unique_ptr<net::Listener> below) { below_ = std::move(below); }
  net::Endpoint endpoint() const override { return below_->endpoint(); }

 private:
  void on_accept(std::unique_ptr<net::Stream> stream, const net::Address& peer) override {
    point_.acceptor->on_accept(context_.accept(*point_.loop, std::move(stream)), peer);
  }

  const net::TlsContext& context_;
  net::Network::ListenPoint point_;
  std::unique_ptr<net::Listener> below_;
};

}  // namespace

TlsNetwork::TlsNetwork(net::Network& below, const net::TlsIdentity& identity,
                       std::string_view authorities_pem)
    : below_(below),
      server_(made(net::TlsContext::server(identity))),
      client_(made(net::TlsContext::client(authorities_pem))) {}

Result<std::vector<std::unique_ptr<net::Listener>>, net::NetworkError> TlsNetwork::listen(
    const net::Endpoint& endpoint, const net::StreamOptions& options, std::span<const ListenPoint> points) {
  return listen_above<TlsListener>(below_, endpoint, options, points, [&](const ListenPoint& point) {
    return std::make_unique<TlsListener>(*server_, point);
  });
}

std::unique_ptr<net::Connecting> TlsNetwork::connect(net::Loop& loop, const net::Endpoint& endpoint,
                                                     const net::StreamOptions& options, Duration limit,
                                                     Connected done) {
  return below_.connect(loop, endpoint, options, limit,
                        [this, &loop, name = endpoint.host, done = std::move(done)](auto result) mutable {
                          if (!result) return done(fail(std::move(result.error())));
                          done(client_->connect(loop, std::move(*result), name));
                        });
}

}  // namespace crosspoint::testing
