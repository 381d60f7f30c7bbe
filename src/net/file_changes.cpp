#include "net/file_changes.h"

namespace crosspoint::net {

bool FileChanges::settled() {
  auto now = states();
  const bool settled = now != seen_ && now == last_look_;
  last_look_ = std::move(now);
  return settled;
}

std::vector<FileState> FileChanges::states() const {
  std::vector<FileState> states;
  for (const auto& path: paths_) states.push_back(files_.state(path));
  return states;
}

}  // namespace crosspoint::net
