#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace crosspoint {

void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "crosspoint: impossible state: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

}  // namespace crosspoint
