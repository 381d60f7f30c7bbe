#pragma once
// Connections that are on no topic: the stats service on /ws and the echo service on /echo.

#include <cstdint>
#include <memory>
#include <vector>

#include "net/loop.h"
#include "relay/client_report.h"
#include "websocket/io/socket.h"

namespace crosspoint::relay {

class Gateway;

class Visitor : public net::Disposable {
 public:
  // Says goodbye (1001); on_visitor_over follows.
  virtual void go_away() = 0;
  virtual void start(Bytes handshake, ByteVector early) = 0;
  std::uint32_t place = 0;  // the gateway's: where in its list
};

// Answers every message, whatever it says, with one text message per connected client (client_report.h). A
// question costs its visitor a few bytes and the relay a look at everybody; so questions that come faster
// than answer_interval_min are answered together, and a visitor that asks faster than it reads is answered
// once it has read (reliability row D5). Who asks more than questions_per_second_max is closed (1008, row
// D6).
class StatsSession final : public Visitor, private websocket::SocketEvents {
 public:
  // Clients of the old relay ask every few seconds, its conformance checks 200 times in one.
  static constexpr std::uint32_t questions_per_second_max = 1000;

  StatsSession(Gateway& gateway, std::unique_ptr<net::Stream> stream, Random& random);
  ~StatsSession() override;
  void start(Bytes handshake, ByteVector early) override { socket_.start(handshake, std::move(early)); }
  void go_away() override { socket_.close(websocket::CloseCode::going_away, "the relay is shutting down"); }

 private:
  void on_message(websocket::MessageType type, Bytes payload) override;
  void on_closed(const websocket::CloseReason& peer,
                 const std::optional<websocket::CloseReason>& own) override;
  void on_drained() override { answer_if_due(); }
  bool admit_question();
  void answer_if_due();
  void take_reports(std::vector<ClientReport> reports);

  Gateway& gateway_;
  websocket::Socket socket_;
  std::shared_ptr<StatsSession*>
      self_;  // reports come from other loops, maybe when nobody waits for them any more
  net::Timer timer_;
  MonotonicTime next_report_{};  // not earlier
  MonotonicTime counting_since_{};
  std::uint32_t questions_ = 0;  // in the second from then on
  bool asked_ = false;
  bool gathering_ = false;
};

// Sends every message back: text as text, binary as binary, of any size up to its limit. For conformance
// suites, and for comparing with others.
class EchoSession final : public Visitor, private websocket::SocketEvents {
 public:
  EchoSession(Gateway& gateway, std::unique_ptr<net::Stream> stream, const websocket::SocketLimits& limits,
              Random& random, const websocket::DeflateAgreement* deflate);
  void start(Bytes handshake, ByteVector early) override { socket_.start(handshake, std::move(early)); }
  void go_away() override { socket_.close(websocket::CloseCode::going_away, "the relay is shutting down"); }

 private:
  void on_message(websocket::MessageType type, Bytes payload) override;
  void on_closed(const websocket::CloseReason& peer,
                 const std::optional<websocket::CloseReason>& own) override;
  void on_drained() override { socket_.resume_reading(); }

  Gateway& gateway_;
  websocket::Socket socket_;
};

}  // namespace crosspoint::relay
