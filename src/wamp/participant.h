#pragma once
// A session that has joined a realm, as broker, dealer and meta API see it: who it is, what it can do, how to
// reach it. Owned by the realm; it exists from WELCOME until the session has left and nothing refers to it
// any more.

#include <string>
#include <utility>

#include "wamp/features.h"
#include "wamp/ids.h"
#include "wamp/outgoing.h"
#include "wamp/peer.h"

namespace crosspoint::wamp {

struct Identity {
  std::string authid, authrole, authmethod, authprovider;
};

class Participant {
 public:
  Participant(SessionId id, Identity identity, Features features, Peer& peer)
      : id_(id), identity_(std::move(identity)), features_(features), peer_(peer) {}
  Participant(const Participant&) = delete;
  Participant& operator=(const Participant&) = delete;

  SessionId id() const { return id_; }
  const Identity& identity() const { return identity_; }
  const Features& features() const { return features_; }
  Peer& peer() const { return peer_; }
  Disclosed disclosed() const { return {id_, identity_.authid, identity_.authrole}; }

 private:
  const SessionId id_;
  const Identity identity_;
  const Features features_;
  Peer& peer_;
};

}  // namespace crosspoint::wamp
