#pragma once
// The answer that a long-poll request is owed: found on the router's loop, written on the loop of the
// connection that the request came over. Destroyed without an answer, it answers 500.

#include <functional>
#include <memory>

#include "http/io/server.h"

namespace crosspoint::wamp {

class LongPollReply {
 public:
  // On the connection's loop. `fields` go into the answer.
  LongPollReply(http::Responder responder, http::Fields fields);
  ~LongPollReply();
  LongPollReply(LongPollReply&&) noexcept = default;
  LongPollReply& operator=(LongPollReply&&) = delete;

  // Once. `undelivered` is called on the connection's loop, later, if the connection is gone.
  void answer(http::Response response, std::move_only_function<void()> undelivered = nullptr);

 private:
  struct Owed {
    http::Responder responder;
    http::Fields fields;
    net::Loop& loop;
  };
  std::unique_ptr<Owed> owed_;  // null: answered, or moved from
};

}  // namespace crosspoint::wamp
