#pragma once
// A publication that outlives its PUBLISH: retained for who subscribes later, or part of a history. Made
// once, shared by all that keep it, never changed.

#include <memory>
#include <optional>
#include <string>

#include "base/time.h"
#include "wamp/ids.h"
#include "wamp/incoming.h"
#include "wamp/outgoing.h"
#include "wamp/participant.h"
#include "wamp/payload.h"

namespace crosspoint::wamp {

class KeptPassThrough {
 public:
  KeptPassThrough() = default;
  explicit KeptPassThrough(const PassThrough& keys)
      : dialect_(keys.dialect),
        scheme_(keys.scheme),
        serializer_(keys.serializer),
        cipher_(keys.cipher),
        keyid_(keys.keyid) {}
  PassThrough view() const { return {dialect_, scheme_, serializer_, cipher_, keyid_}; }
  std::size_t bytes() const { return scheme_.size() + serializer_.size() + cipher_.size() + keyid_.size(); }

 private:
  PassThrough::Dialect dialect_ = PassThrough::Dialect::none;
  std::string scheme_, serializer_, cipher_, keyid_;
};

struct KeptPublisher {
  SessionId session{};
  std::string authid, authrole;
  Disclosed view() const { return {session, authid, authrole}; }
};

// What lists of a PUBLISH take up, their vectors included.
std::size_t bytes_of(const ReceiverLists& lists);

struct KeptEvent {
  PublicationId publication{};
  WallTime time;
  std::string topic;
  std::optional<ReceiverLists> lists;
  std::optional<KeptPublisher> publisher;  // when it is disclosed
  KeptPassThrough pass_through;
  KeptPayload payload;

  // By all six lists.
  bool admits(const Participant& who) const;
  std::size_t bytes() const;
};

using SharedKeptEvent = std::shared_ptr<const KeptEvent>;

// `publisher`: null when it is not disclosed.
SharedKeptEvent keep_event(const Publish& message, PublicationId publication, const Participant* publisher,
                           WallTime now);

}  // namespace crosspoint::wamp
