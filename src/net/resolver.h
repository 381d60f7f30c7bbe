#pragma once
// The system's resolver off the loops: getaddrinfo blocks, for many seconds when a name server is dead.
// Private to net/*.cpp.

#include <functional>
#include <memory>
#include <string>

#include "net/loop.h"
#include "net/socket_address.h"

namespace crosspoint::net {

class Resolver {
 public:
  Resolver();
  ~Resolver();

  // One question. Destroying it forgets the question; the answer is then never told.
  class Question {
   public:
    ~Question();
    Question(const Question&) = delete;
    Question& operator=(const Question&) = delete;

   private:
    friend class Resolver;
    struct State;
    explicit Question(std::shared_ptr<State> state) : state_(std::move(state)) {}
    std::shared_ptr<State> state_;
  };
  // `done` is called in a later turn of `loop`, and may destroy the question. From any loop's thread.
  std::unique_ptr<Question> ask(Loop& loop, std::string host, std::uint16_t port,
                                std::move_only_function<void(Resolved)> done);

 private:
  struct Desk;
  bool begin_thread();
  std::shared_ptr<Desk> desk_;
};

}  // namespace crosspoint::net
