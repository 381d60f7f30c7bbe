#include "net/file_changes.h"

#include <sys/stat.h>

namespace crosspoint::net {

bool FileChanges::settled() {
  auto now = state();
  const bool settled = now != seen_ && now == last_look_;
  last_look_ = std::move(now);
  return settled;
}

std::vector<FileChanges::FileState> FileChanges::state() const {
  std::vector<FileState> states;
  for (const auto& path: paths_) {
    struct stat found{};
    if (::stat(path.c_str(), &found) != 0) found = {};
    states.push_back({static_cast<std::int64_t>(found.st_dev), static_cast<std::int64_t>(found.st_ino),
                      found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec, found.st_ctim.tv_sec,
                      found.st_ctim.tv_nsec});
  }
  return states;
}

}  // namespace crosspoint::net
