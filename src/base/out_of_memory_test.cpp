#include "base/out_of_memory.h"

#include <gtest/gtest.h>

#include <new>

namespace crosspoint {
namespace {

// The sanitizers have an allocator of their own, which asks the handler only in part; so what it does is
// tested here, and that it is asked by tests/interop, with the program as it is shipped.
TEST(OutOfMemory, D4_EndsTheProcessWithALineAndAStatus) {
  const auto before = std::get_new_handler();
  end_when_out_of_memory();
  const auto handler = std::set_new_handler(before);

  EXPECT_EXIT(handler(), ::testing::ExitedWithCode(out_of_memory_exit_status),
              "^crosspoint: out of memory\n$");
}

}  // namespace
}  // namespace crosspoint
