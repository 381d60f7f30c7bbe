#pragma once
// SIGINT, SIGTERM, SIGHUP as callbacks on a loop. SIGPIPE is ignored for the whole process from the moment
// the first Signals is made.

#include <functional>
#include <memory>

#include "net/system_loop.h"

namespace crosspoint::net {

enum class Signal { interrupt, terminate, hangup };

class Signals {
 public:
  Signals(SystemLoop& loop, std::move_only_function<void(Signal)> on_signal);
  ~Signals();

 private:
  struct Backend;
  std::unique_ptr<Backend> backend_;
};

}  // namespace crosspoint::net
