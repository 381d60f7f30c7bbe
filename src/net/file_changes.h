#pragma once
// Have files been replaced since they were last read? Two looks at their state tell, so that nothing is read
// half written; no descriptor is needed, and links that are switched (certbot) and mounted secrets are seen
// as well (docs/decisions/0009).
//
//   FileChanges changes(files, {"lab.pem", "lab.key"});   // read just before
//   if (changes.settled()) { changes.taken(); read(); }   // from time to time

#include <string>
#include <utility>
#include <vector>

#include "base/files.h"

namespace crosspoint::net {

class FileChanges {
 public:
  // What is at the paths now counts as read. `files` outlives it.
  FileChanges(const Files& files, std::vector<std::string> paths)
      : files_(files), paths_(std::move(paths)), seen_(states()), last_look_(seen_) {}

  // One look: they differ from what was read, and not from what the look before this one saw.
  bool settled();
  // They are being read now, well or not.
  void taken() { seen_ = states(); }

 private:
  std::vector<FileState> states() const;

  const Files& files_;
  std::vector<std::string> paths_;
  std::vector<FileState> seen_;
  std::vector<FileState> last_look_;
};

}  // namespace crosspoint::net
