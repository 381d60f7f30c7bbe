#pragma once
// Have files been replaced since they were last read? Two looks at what `stat` says of them tell, so that
// nothing is read half written; no descriptor is needed, and links that are switched (certbot) and mounted
// secrets are seen as well (docs/decisions/0009).
//
//   FileChanges changes({"lab.pem", "lab.key"});   // read just before
//   if (changes.settled()) { changes.taken(); read(); }   // from time to time

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace crosspoint::net {

class FileChanges {
 public:
  // What the files are now counts as read.
  explicit FileChanges(std::vector<std::string> paths)
      : paths_(std::move(paths)), seen_(state()), last_look_(seen_) {}

  // One look: they differ from what was read, and not from what the look before this one saw.
  bool settled();
  // They are being read now, well or not.
  void taken() { seen_ = state(); }

 private:
  // Which file, and which state of it: device, inode, size, times of change. Zeros when there is none.
  using FileState = std::array<std::int64_t, 7>;
  std::vector<FileState> state() const;

  std::vector<std::string> paths_;
  std::vector<FileState> seen_;
  std::vector<FileState> last_look_;
};

}  // namespace crosspoint::net
