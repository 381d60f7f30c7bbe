#pragma once
// What all connections of one Server share. Only server.cpp and server_connection.cpp look in here.

#include <list>
#include <memory>
#include <string>

#include "base/log.h"
#include "http/io/server.h"
#include "http/io/waiting_room.h"
#include "net/loop.h"

namespace crosspoint::http {

class ServerConnection;

class ServerState final : public TakeoverReturn {
 public:
  using Connections = std::list<std::unique_ptr<ServerConnection>>;

  ServerState(net::Loop& on_loop, const Routes& with_routes, const ServerLimits& with_limits);
  ~ServerState();

  void open(std::unique_ptr<net::Stream> stream, const net::Address& peer);
  void take_back(std::unique_ptr<net::Stream> stream, Response response) override;
  // Takes the connection off the list and has it destroyed at the end of the turn.
  void retire(Connections::iterator place);
  void stop();

  // "Sun, 06 Nov 1994 08:49:37 GMT", made once a second (RFC 9110 section 5.6.7).
  const std::string& date();

  net::Loop& loop;
  const Routes& routes;
  const ServerLimits limits;
  ServerCounters counters;
  WaitingRoom waiting;
  bool stopping = false;
  // A handler's answer that could not be written is our mistake, but a stranger may be able to provoke it
  // often.
  log::LogLimit unwritable_answers;
  std::weak_ptr<TakeoverReturn> self;

 private:
  Connections::iterator add(std::unique_ptr<net::Stream> stream, const net::Address& peer);

  Connections connections_;
  std::string date_;
  std::chrono::sys_seconds date_second_{std::chrono::seconds(-1)};
};

}  // namespace crosspoint::http
