#pragma once
// Puts TLS on what a listener accepts, before whoever is behind it sees it: so the handshake is part of the
// time and of the places that he allows a connection that has said nothing yet.
//
// One for each loop and listener. Its certificates may be replaced at any time: who is connected, or in the
// middle of the handshake, keeps those that he was shown.

#include <memory>

#include "net/network.h"
#include "net/tls.h"

namespace crosspoint::net {

class TlsAcceptor final : public Acceptor {
 public:
  // `loop` and `behind` outlive it; so does `share`, in which hands are shaken where there is one, what was
  // accepted.
  TlsAcceptor(Loop& loop, std::shared_ptr<const TlsContext> context, Acceptor& behind,
              WorkShare* share = nullptr)
      : loop_(loop), context_(std::move(context)), behind_(behind), share_(share) {}

  // On the loop's thread, or before it runs.
  void use(std::shared_ptr<const TlsContext> context) { context_ = std::move(context); }

  void on_accept(std::unique_ptr<Stream> stream, const Address& peer) override {
    behind_.on_accept(context_->accept(loop_, std::move(stream), share_), peer);
  }

 private:
  Loop& loop_;
  std::shared_ptr<const TlsContext> context_;
  Acceptor& behind_;
  WorkShare* share_;
};

}  // namespace crosspoint::net
