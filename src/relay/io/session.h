#pragma once
// One client of a topic: its WebSocket, its place in the topic's audience, what it may do, and what it did.
//
// Lives on the loop of the topic (or of a copy of it). Owned by that loop's Gateway, which it tells when it
// is over.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "access/grant.h"
#include "base/pool.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/sha.h"
#include "fanout/audience.h"
#include "net/loop.h"
#include "relay/client_report.h"
#include "relay/hub.h"
#include "relay/io/ticket.h"
#include "relay/loop_report.h"
#include "relay/shared_text.h"
#include "relay/topic_copy.h"
#include "relay/topic_path.h"
#include "relay/topic_report.h"
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
//
// A token that came with the handshake (arrival.h) is not answered: what its client gets is the topic's and
// nothing else, and where the token is no good, or ends, the connection is closed (1008) with the reason. A
// client that showed none has its first message taken for one, as that relay had it.
struct TokenCheck {
  std::string secret;
  std::string audience_prefix;
};

class SessionOwner {
 public:
  // The client leaves its topic; what is reported of it is still there. Told once, and by sessions that are
  // destroyed while they are on it not at all.
  virtual void on_session_leaving(const Session& session) = 0;
  // The connection is over; the session may be disposed of.
  virtual void on_session_over(Session& session) = 0;
  // A client that may write to topic `stats` said something there, which was handed out like any message.
  virtual void on_stats_message(Bytes payload) = 0;

 protected:
  ~SessionOwner() = default;
};

// What a client of a token topic came with.
struct TicketOrder {
  access::Grant grant;
  crypto::Sha256Digest code{};       // of the code that was redeemed
  BookingIndex* bookings = nullptr;  // outlives the session
};

struct SessionOrder {
  TopicPath path;
  ClientIdentity identity;
  Seat seat;
  std::optional<LateJoin> late_join;
  fanout::PublisherId id = 0;
  bool receives = true;
  const TokenCheck* token_check = nullptr;  // null: everybody is welcome
  std::string shown_token = {};             // with the handshake
  std::optional<TicketOrder> ticket;        // token topics
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
  // The client's right to be here has ended: it gets nothing more, what waits for it included, but the reason
  // (1008).
  void end_stay(std::string_view reason);
  // Null for clients of open topics, and once the stay was ended.
  Ticket* ticket() const;
  ClientReport report(MonotonicTime now) const;
  void add_to(LoopReport& report) const;
  void add_to(TopicReport& report) const;
  const std::string& topic_name() const;
  fanout::PublisherId id() const { return id_; }
  bool has_left() const { return has_left_; }  // it only says goodbye

  std::uint32_t place = 0;  // the owner's: where in its list

 private:
  struct Papers;  // what those clients have that need a token, of one kind or the other
  struct Unauthorised;

  void on_message(websocket::MessageType type, Bytes payload) override;
  void on_closed(const websocket::CloseReason& peer,
                 const std::optional<websocket::CloseReason>& own) override;
  void on_delivered() override { socket_.wake(); }
  void on_overflow() override;

  void publish(websocket::MessageType type, Bytes payload);
  void present_token(Bytes payload);
  void judge_shown_token(std::string_view token);
  Result<WallTime, std::string> check(std::string_view token) const;
  void when_token_ends(WallTime end, std::function<void()> what);
  void take_place(std::optional<LateJoin> late_join, bool receives);
  void leave_topic();

  const fanout::PublisherId id_;
  const Part part_;
  bool has_left_ = false;
  SessionOwner& owner_;
  const Seat seat_;
  const ClientIdentity identity_;
  std::unique_ptr<Papers> papers_;
  const MonotonicTime connected_;
  std::unique_ptr<Traffic> sent_;  // once something was
  websocket::Socket socket_;
  std::optional<fanout::Member> member_;  // after the outbox it writes to
};

}  // namespace crosspoint::relay
