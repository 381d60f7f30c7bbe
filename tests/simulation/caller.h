#pragma once
// A client's calls: what it asked for, what it is owed, and whether the answers are those.

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "seat.h"
#include "wamp/outgoing.h"

namespace crosspoint::simulation {

class Caller {
 public:
  explicit Caller(Seat& seat) : seat_(seat) {}

  void call_something();
  void send_more_arguments();
  void cancel_something();
  // A procedure of the router's own; its answer is not looked into.
  void call_router(std::string_view procedure, const ByteVector& args);

  void take(const wamp::CallResult& result);
  void take(const wamp::ErrorOut& error);

  // No more arguments: everything that has begun becomes whole.
  void finish();
  bool quiet() const { return owed_.empty(); }
  std::size_t open() const { return owed_.size(); }
  // Time has passed, in which nobody answered anything: what was canceled has ended all the same.
  void check_cancels();
  // The first that is not answered, for whoever has to tell of it.
  std::string first_open() const;
  void session_over();

 private:
  struct Owed {
    std::string_view procedure;
    bool marked = true;  // its answers are
    bool receive_progress = false;
    bool more = false;      // arguments follow
    bool canceled = false;  // and the callee is not waited for
    Duration timeout{};
    MonotonicTime made{};
    std::uint64_t parts = 0, results = 0;
  };
  void begin(const wamp::Call& message, bool marked);
  void check_error(const wamp::ErrorOut& error, const Owed& owed);

  Seat& seat_;
  std::map<std::uint64_t, Owed> owed_;  // by request
};

}  // namespace crosspoint::simulation
