#include "cli/loop_threads.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "base/log.h"
#include "net/stall_watch.h"

namespace crosspoint::cli {

LoopThreads::LoopThreads(std::size_t count) {
  if (count == 0) count = std::max(1u, std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < count; ++i) {
    loops_.push_back(std::make_unique<net::SystemLoop>(clock_));
    pointers_.push_back(loops_.back().get());
  }
}

LoopThreads::~LoopThreads() = default;

void LoopThreads::run() {
  const std::jthread watching([this](const std::stop_token& stopped) { watch(stopped); });
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < loops_.size(); ++i) {
    threads.emplace_back([&loop = *loops_[i]] { loop.run(); });
  }
  first().run();
}

void LoopThreads::watch(const std::stop_token& stopped) const {
  net::StallWatch watch(loops_.size());
  std::mutex mutex;
  std::condition_variable_any pause;
  std::unique_lock lock(mutex);
  std::vector<std::optional<MonotonicTime>> turning(loops_.size());
  while (!stopped.stop_requested()) {
    pause.wait_for(lock, stopped, net::StallWatch::look_every, [] { return false; });
    std::ranges::transform(loops_, turning.begin(), [](const auto& loop) { return loop->turning_since(); });
    for (const auto& notice: watch.look(turning, clock_.monotonic())) {
      log::warning(
          "net", "loop {} {} {} ms", notice.loop,
          notice.goes_on ? "goes on; it stood still for" : "stands still, and nobody on it is served, for",
          std::chrono::floor<std::chrono::milliseconds>(notice.stood).count());
    }
  }
}

void LoopThreads::stop() {
  for (auto& loop: loops_) loop->stop();
}

}  // namespace crosspoint::cli
