#include "wamp/io/workshop.h"

#include <optional>
#include <utility>

namespace crosspoint::wamp {

Workshop::Workshop(net::Loop& loop, std::size_t jobs_max)
    : loop_(loop), jobs_max_(jobs_max), thread_([this] { work(); }) {}

Workshop::~Workshop() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    orders_.clear();
  }
  changed_.notify_one();
  thread_.join();
}

bool Workshop::run(std::function<bool()> job, std::function<void(bool)> done) {
  {
    const std::lock_guard lock(mutex_);
    if (orders_.size() >= jobs_max_) return false;
    orders_.push_back({std::move(job), std::move(done)});
  }
  changed_.notify_one();
  return true;
}

void Workshop::work() {
  while (true) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ending_ || !orders_.empty(); });
    if (ending_) return;
    auto order = std::move(orders_.front());
    orders_.pop_front();
    lock.unlock();
    const bool result = order.job();
    loop_.post([done = std::move(order.done), result] { done(result); });
  }
}

}  // namespace crosspoint::wamp
