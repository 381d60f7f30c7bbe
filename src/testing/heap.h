#pragma once
// How much of the heap is in use, by everybody in this process: for tests of what must not grow.

#include <cstddef>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#include <sanitizer/allocator_interface.h>
#define CROSSPOINT_SANITIZER_HEAP
#endif
#endif
#ifndef CROSSPOINT_SANITIZER_HEAP
#include <malloc.h>
#endif

namespace crosspoint::testing {

inline std::size_t heap_bytes() {
#ifdef CROSSPOINT_SANITIZER_HEAP
  return __sanitizer_get_current_allocated_bytes();  // a sanitizer's heap is its own
#else
  const auto info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
#endif
}

}  // namespace crosspoint::testing
