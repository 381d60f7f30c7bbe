#include "cli/loop_threads.h"

#include <algorithm>

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
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < loops_.size(); ++i) {
    threads.emplace_back([&loop = *loops_[i]] { loop.run(); });
  }
  first().run();
}

void LoopThreads::stop() {
  for (auto& loop: loops_) loop->stop();
}

}  // namespace crosspoint::cli
