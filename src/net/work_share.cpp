#include "net/work_share.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace crosspoint::net {

WorkShare::Work::~Work() {
  if (share_ != nullptr) share_->waiting_.erase(place_);
}

WorkShare::WorkShare(Loop& loop, const Clock& clock, Limits limits)
    : loop_(loop),
      clock_(clock),
      percent_(limits.percent),
      stretch_(limits.burst * 100 / limits.percent),
      timer_(loop, [this] { run_waiting(); }) {
  CROSSPOINT_ASSERT(percent_ >= 1 && percent_ <= 100 && limits.burst > Duration::zero());
}

WorkShare::~WorkShare() {
  for (Work* work: waiting_) work->share_ = nullptr;
}

void WorkShare::run(Work& work) {
  CROSSPOINT_ASSERT(!work.waits());
  if (performing_) return work.on_share();
  if (waiting_.empty() && has_room()) return perform(work);
  work.share_ = this;
  work.place_ = waiting_.insert(waiting_.end(), &work);
  if (!timer_.running()) timer_.start_at(spent_until_ - stretch_);
}

void WorkShare::perform(Work& work) {
  const auto began = clock_.monotonic();
  performing_ = true;
  work.on_share();
  performing_ = false;
  const auto cost = clock_.monotonic() - began;
  spent_until_ = std::max(spent_until_, loop_.now()) + cost * 100 / percent_;
}

void WorkShare::run_waiting() {
  while (!waiting_.empty() && has_room()) {
    Work& work = *waiting_.front();
    waiting_.pop_front();
    work.share_ = nullptr;
    perform(work);
  }
  if (!waiting_.empty()) timer_.start_at(spent_until_ - stretch_);
}

}  // namespace crosspoint::net
