#pragma once
// The terminal while something is drawn on it: another screen, no cursor, keys without Enter. Whatever way
// the command ends, the destructor puts everything back.

#include <functional>
#include <memory>
#include <string_view>

#include "client/stats_view.h"
#include "net/system_loop.h"

namespace crosspoint::cli {

// Is standard output a terminal?
bool is_terminal();

class Terminal {
 public:
  // Standard output is a terminal. `on_key` is called on the loop for each byte typed, where standard input
  // is a terminal too. `loop` outlives it.
  Terminal(net::SystemLoop& loop, std::function<void(char)> on_key);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  client::ViewSize size() const;
  void write(std::string_view bytes);

 private:
  class Keyboard;
  std::unique_ptr<Keyboard> keyboard_;
};

}  // namespace crosspoint::cli
