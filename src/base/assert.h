#pragma once
// For our own mistakes only: a condition that no peer, user or kernel can make false. It stays on in
// release builds, prints where and what, and ends the process. One condition each.

namespace crosspoint {

[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace crosspoint

#define CROSSPOINT_ASSERT(condition) \
  (static_cast<bool>(condition) ? void(0) : ::crosspoint::assertion_failed(#condition, __FILE__, __LINE__))
