#pragma once
// One client of a topic: its WebSocket, its place in the topic's audience, what it may do, and what it did.
//
// Lives on the loop of the topic (or of a copy of it). Owned by that loop's Gateway, which it tells when it
// is over.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/pool.h"
#include "base/time.h"
#include "fanout/audience.h"
#include "net/loop.h"
#include "relay/client_report.h"
#include "relay/hub.h"
#include "relay/shared_text.h"
#include "relay/topic_copy.h"
#include "relay/topic_path.h"
#include "websocket/io/socket.h"

namespace crosspoint::relay {

class Session;

// Who the client says it is and where it came from: for reports only, nothing is decided by it.
struct ClientIdentity {
  std::unique_ptr<const std::string> forwarded_for;  // X-Forwarded-For; null: it comes from the socket's peer
  SharedText user_agent;                             // of a pool of this loop
};

// A receiver's stay on a topic's copy. Being destroyed is leaving.
class CopySeat {
 public:
  virtual ~CopySeat() = default;
  virtual TopicCopy& copy() = 0;
};

using Seat = std::variant<Presence, std::unique_ptr<CopySeat>>;

// The old relay's token check, when it is switched on. Outlives the sessions.
struct TokenCheck {
  std::string secret;
  std::string audience_prefix;
};

class SessionOwner {
 public:
  // The connection is over; the session may be disposed of.
  virtual void on_session_over(Session& session) = 0;

 protected:
  ~SessionOwner() = default;
};

struct SessionOrder {
  TopicPath path;
  ClientIdentity identity;
  Seat seat;
  std::optional<LateJoin> late_join;
  fanout::PublisherId id = 0;
  bool receives = true;
  const TokenCheck* token_check = nullptr;  // null: everybody is welcome
};

class Session final : public net::Disposable,
                      public Pooled,
                      private websocket::SocketEvents,
                      private fanout::MemberEvents {
 public:
  Session(net::Loop& loop, std::unique_ptr<net::Stream> stream, const websocket::SocketLimits& limits,
          Random& random, SessionOrder order, SessionOwner& owner,
          const websocket::DeflateAgreement* deflate);
  ~Session() override;
  // The client is on the topic before it can know that it is: nothing said in between is lost.
  void start(Bytes handshake, ByteVector early);

  void close(websocket::CloseCode code, std::string_view reason) { socket_.close(code, reason); }
  void abort() { socket_.abort(); }
  ClientReport report(MonotonicTime now) const;

  std::uint32_t place = 0;  // the owner's: where in its list

 private:
  struct Unauthorised;  // what is needed only while, and because, tokens are asked for

  void on_message(websocket::MessageType type, Bytes payload) override;
  void on_closed(const websocket::CloseReason& peer,
                 const std::optional<websocket::CloseReason>& own) override;
  void on_delivered() override { socket_.wake(); }
  void on_overflow() override;

  void publish(websocket::MessageType type, Bytes payload);
  void present_token(Bytes payload);
  void take_place(std::optional<LateJoin> late_join, bool receives);
  const std::string& topic_name() const;

  const fanout::PublisherId id_;
  const Part part_;
  SessionOwner& owner_;
  const Seat seat_;
  const ClientIdentity identity_;
  std::unique_ptr<Unauthorised> tokens_;
  const MonotonicTime connected_;
  std::unique_ptr<Traffic> sent_;  // once something was
  websocket::Socket socket_;
  std::optional<fanout::Member> member_;  // after the outbox it writes to
};

}  // namespace crosspoint::relay
