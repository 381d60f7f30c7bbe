#include "store/writer.h"

#include <utility>

namespace crosspoint::store {

Writer::Writer(Batch batch) : batch_(std::move(batch)), thread_([this] { run(); }) {}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Writer::give(Work work) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(work));
  }
  wake_.notify_one();
}

void Writer::run() {
  std::vector<Work> batch;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return ending_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      batch.swap(waiting_);
    }
    if (batch_.begin) batch_.begin();
    for (auto& work: batch) work();
    if (batch_.end) batch_.end();
    batch.clear();
  }
}

}  // namespace crosspoint::store
