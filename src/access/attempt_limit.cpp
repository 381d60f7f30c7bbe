#include "access/attempt_limit.h"

namespace crosspoint::access {

bool AttemptLimit::allows_failure(std::string_view address, MonotonicTime now) {
  if (settings_.failures_max == 0) return true;
  auto found = windows_.find(address);
  if (found == windows_.end()) {
    if (windows_.size() >= settings_.addresses_max) make_room(now);
    found = windows_.emplace(std::string(address), Window{now, 0}).first;
  } else if (now - found->second.began >= settings_.window) {
    found->second = {now, 0};
  }
  auto& failures = found->second.failures;
  if (failures >= settings_.failures_max) return false;
  ++failures;
  return true;
}

// Windows that are over go. So many addresses at once that none is over are a flood: starting to count anew
// costs them less memory than us.
void AttemptLimit::make_room(MonotonicTime now) {
  std::erase_if(windows_, [&](const auto& entry) { return now - entry.second.began >= settings_.window; });
  if (windows_.size() >= settings_.addresses_max) windows_.clear();
}

}  // namespace crosspoint::access
