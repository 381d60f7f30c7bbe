#include "net/poller.h"

#include <sys/epoll.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <ctime>
#include <limits>

#include "base/assert.h"

namespace crosspoint::net {
namespace {

std::uint32_t events_of(Poller::Interest interest) {
  switch (interest) {
    case Poller::Interest::reading: return EPOLLIN | EPOLLRDHUP | EPOLLET;
    case Poller::Interest::reading_and_writing: return EPOLLIN | EPOLLRDHUP | EPOLLOUT | EPOLLET;
    case Poller::Interest::writing: return EPOLLOUT | EPOLLET;
    case Poller::Interest::accepting: return EPOLLIN;
    case Poller::Interest::accepting_shared: return EPOLLIN | EPOLLEXCLUSIVE;
  }
  return 0;
}

// epoll_pwait2 waits to the nanosecond; kernels before 5.11 and some sandboxes lack it, there it is the next
// millisecond.
int wait_for_events(int epoll, epoll_event* events, int count, std::optional<Duration> limit) {
  static std::atomic<bool> precise = true;  // what the first loop finds out holds for all
  if (!limit) return ::epoll_wait(epoll, events, count, -1);
  if (*limit <= Duration::zero()) return ::epoll_wait(epoll, events, count, 0);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(*limit);
  if (precise.load(std::memory_order_relaxed)) {
    const timespec timeout{.tv_sec = seconds.count(), .tv_nsec = (*limit - seconds).count()};
    const int ready = ::epoll_pwait2(epoll, events, count, &timeout, nullptr);
    if (ready >= 0 || (errno != ENOSYS && errno != EPERM)) return ready;
    precise = false;
  }
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(*limit).count();
  return ::epoll_wait(epoll, events, count,
                      static_cast<int>(std::min<std::int64_t>(milliseconds, INT32_MAX)));
}

}  // namespace

Poller::Poller()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)), ready_(std::make_unique<epoll_event[]>(ready_at_once_max)) {
  CROSSPOINT_ASSERT(epoll_);
}

Poller::~Poller() = default;

int Poller::control(int operation, int descriptor, Watcher& watcher, Interest interest) {
  epoll_event event{};
  event.events = events_of(interest);
  event.data.ptr = &watcher;
  return ::epoll_ctl(epoll_.get(), operation, descriptor, &event);
}

bool Poller::watch(int descriptor, Watcher& watcher, Interest interest) {
  return control(EPOLL_CTL_ADD, descriptor, watcher, interest) == 0;
}

void Poller::change(int descriptor, Watcher& watcher, Interest interest) {
  control(EPOLL_CTL_MOD, descriptor, watcher, interest);
}

void Poller::forget(int descriptor, Watcher& watcher) {
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, descriptor, nullptr);
  for (int i = 0; i < ready_count_; ++i) {
    if (ready_[static_cast<std::size_t>(i)].data.ptr == &watcher)
      ready_[static_cast<std::size_t>(i)].data.ptr = nullptr;
  }
  std::replace(again_now_.begin(), again_now_.end(), &watcher, static_cast<Watcher*>(nullptr));
  std::erase(again_, &watcher);
}

void Poller::wait(std::optional<Duration> limit) {
  const int ready = wait_for_events(epoll_.get(), ready_.get(), ready_at_once_max, limit);
  ready_count_ = std::max(0, ready);  // interrupted by a signal: nothing is ready
}

void Poller::dispatch() {
  again_now_.swap(again_);
  for (std::size_t i = 0; i < again_now_.size(); ++i) {
    if (again_now_[i] != nullptr) again_now_[i]->on_ready({.readable = true});
  }
  again_now_.clear();

  for (int i = 0; i < ready_count_; ++i) {
    const epoll_event event = ready_[static_cast<std::size_t>(i)];
    if (event.data.ptr == nullptr) continue;
    static_cast<Watcher*>(event.data.ptr)
        ->on_ready({.readable = (event.events & EPOLLIN) != 0,
                    .writable = (event.events & EPOLLOUT) != 0,
                    .ended = (event.events & (EPOLLRDHUP | EPOLLHUP)) != 0,
                    .failed = (event.events & EPOLLERR) != 0});
  }
  ready_count_ = 0;
}

}  // namespace crosspoint::net
