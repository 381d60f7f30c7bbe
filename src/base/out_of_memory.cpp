#include "base/out_of_memory.h"

#include <unistd.h>

#include <new>
#include <string_view>

namespace crosspoint {

void out_of_memory() {
  // Neither the log nor stdio, which might want memory.
  constexpr std::string_view line = "crosspoint: out of memory\n";
  static_cast<void>(!::write(STDERR_FILENO, line.data(), line.size()));
  ::_exit(out_of_memory_exit_status);
}

void end_when_out_of_memory() { std::set_new_handler(out_of_memory); }

}  // namespace crosspoint
