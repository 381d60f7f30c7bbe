#pragma once
// The file with the keys that verify tokens, read again when it has been replaced. What cannot be used is not
// taken: the keys in use stay, and the log says why, in a sentence that holds nothing of a key (row J4).
//
//   KeyWatch watch(loop, files, file, policy, read, [](auto verifier) { … });
//   watch.read_again();   // SIGHUP
//
// Tokens that only the older keys know are refused from then on. Who is connected stays until its token ends,
// and a code that was handed out is good for as long as it would have been.

#include <functional>
#include <memory>
#include <string>

#include "base/files.h"
#include "base/result.h"
#include "net/file_changes.h"
#include "net/loop.h"
#include "token/verifier.h"

namespace crosspoint::access {

class KeyWatch {
 public:
  // The whole file, judged. The error is a sentence that names it.
  using Read = std::function<Result<token::KeySet, std::string>()>;
  // Called in a turn of the loop with what verifies from then on.
  using Use = std::function<void(std::shared_ptr<const token::Verifier>)>;

  // The file, one of `files`, was read just before. `loop` and `files` outlive the watch; what its keys
  // verify is held to `policy`.
  KeyWatch(net::Loop& loop, const Files& files, std::string file, token::Policy policy, Read read, Use use);

  static constexpr Duration look_every = 20s;

  // At once, changed or not. False: the keys stay as they were, and why was logged.
  bool read_again();

 private:
  void look();

  const std::string file_;
  const token::Policy policy_;
  const Read read_;
  const Use use_;
  net::FileChanges changes_;
  net::Timer timer_;
};

}  // namespace crosspoint::access
