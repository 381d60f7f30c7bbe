#pragma once
// A call of the operating system, again as often as a signal interrupts it (EINTR, signal(7)).
//
//   const auto got = uninterrupted([&] { return ::read(descriptor, buffer, size); });

#include <sys/types.h>

#include <cerrno>

namespace crosspoint::net {

template <class Call>
ssize_t uninterrupted(Call call) {
  ssize_t done = call();
  while (done < 0 && errno == EINTR) done = call();
  return done;
}

}  // namespace crosspoint::net
