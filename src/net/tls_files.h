#pragma once
// A server's certificates and keys as files: read, judged in sentences that name them, and read again when
// they have changed.
//
//   auto read = read_certificates(disk, files, settings);     // at start
//   TlsWatch watch(loop, disk, files, settings, *read, [](auto context) { … });   // then
//   watch.read_again();                                       // SIGHUP
//
// What has been replaced by something unusable, or by something that has expired already, is not taken: the
// certificates in use stay, and the log says why (rows J4, J8).

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "net/file_changes.h"
#include "net/loop.h"
#include "net/tls.h"

namespace crosspoint::net {

struct TlsFilePair {
  std::string certificate;  // PEM: the server's own, then the chain
  std::string key;          // PEM; may be the same file
};

// What is wrong with a pair, that names the files: of servers, and of clients who show a certificate.
std::string to_sentence(const TlsIdentityError& error, const TlsFilePair& files);

struct TlsCertificates {
  struct Shown {
    std::string file;
    TlsCertificateFacts facts;
  };
  std::shared_ptr<const TlsContext> context;
  std::vector<Shown> shown;  // one for each pair
};

// The error is a whole sentence. Not empty.
Result<TlsCertificates, std::string> read_certificates(const Files& disk, std::span<const TlsFilePair> files,
                                                       const TlsServerSettings& settings);

// What is to be said of a certificate now: nothing, or that it is not valid yet, ends within 14 days, or has
// expired; or that it has no name that clients could compare.
struct TlsNotice {
  enum class Grave { no, yes } grave;  // clients refuse it already
  std::string sentence;
};
std::vector<TlsNotice> notices(const TlsCertificates& certificates, WallTime now);

// Looks at the files from time to time, on the loop: two states a pair. A change is taken when it has not
// changed further until the next look, so that a pair is not read half written. Says each notice once a day.
class TlsWatch {
 public:
  using Use = std::function<void(std::shared_ptr<const TlsContext>)>;
  // `use` is called in a turn of the loop with what is to be shown from then on. `loop` and `disk` outlive
  // the watch.
  TlsWatch(Loop& loop, const Files& disk, std::vector<TlsFilePair> files, TlsServerSettings settings,
           TlsCertificates certificates, Use use);

  static constexpr Duration look_every = 20s;
  static constexpr Duration notice_every = 24h;

  // At once, changed or not. False: the certificates stay as they were, and why was logged.
  bool read_again();
  // Other settings, for what is read from now on; and reads.
  bool read_again_with(TlsServerSettings settings);

 private:
  void look();
  void say_notices();

  Loop& loop_;
  const Files& disk_;
  const std::vector<TlsFilePair> files_;
  TlsServerSettings settings_;
  TlsCertificates certificates_;
  Use use_;
  FileChanges changes_;
  std::vector<std::string> said_;
  WallTime said_at_{};
  Timer timer_;
};

}  // namespace crosspoint::net
