#pragma once
// The files that the program is configured with: certificates and keys, tokens, secrets, the configuration
// itself. Injected, as the clock and the network are, so that a test replaces a certificate by a line.
//
//   auto text = files.read("lab.pem", {});
//   if (!text) return fail(fmt::format("lab.pem cannot be read: {}", text.error().reason));
//
// net/system_files.h are the machine's; testing/memory_files.h are in memory; one suite of tests, run on
// both, holds them to what stands here (net/files_contract_test.cpp).
//
// What does not come through here, and why: databases, since SQLite has its own interface to the system and
// what it promises after a crash is about real disks (store); the log, which must speak before and after
// everything else (base/log.h); what `crosspoint file` records, which is an output like the log; Unix
// sockets, which are the network's (net/network.h).

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crosspoint {

struct FileError {
  enum class Cause {
    absent,
    unreadable,         // or, when creating, not writable: permissions, a broken or full disk
    not_regular,        // a folder, a pipe, a device
    too_large,          // for its reader's bound
    open_to_everybody,  // and was to be private
    there_already,
  } cause;
  std::string reason;  // to go on with after "… cannot be read: "; holds nothing of the file
};
// What every implementation says alike.
FileError not_regular_file();
FileError too_large_file(std::size_t bytes_max);
FileError file_open_to_everybody();
FileError file_there_already();  // where a new one was to be created

// Whether others than the file's owner and its group may read or write it.
enum class FilePrivacy : unsigned char { any, closed_to_others };

struct FileTerms {
  std::size_t bytes_max = 1024 * 1024;
  FilePrivacy privacy = FilePrivacy::any;
};

// Which file, and which state of it: to be compared with another of the same path, and nothing else. All
// zeros when there is none.
using FileState = std::array<std::int64_t, 7>;

// Callable from every loop's thread. Nothing here waits for anybody but a disk.
class Files {
 public:
  virtual ~Files() = default;

  // The whole of a regular file, if it is within the terms. A pipe is refused, not waited for: a loop may be
  // reading, and what is read once cannot be read again (docs/decisions/0026).
  virtual Result<std::string, FileError> read(const std::string& path, const FileTerms& terms) const = 0;

  // Differs from what it was when the file was replaced or written to. Of a link: what it leads to.
  virtual FileState state(const std::string& path) const = 0;

  // A new file for its owner alone (mode 0600). The whole text, or no file; one that is there stays as it is,
  // which is an error.
  virtual Result<void, FileError> create(const std::string& path, std::string_view text) = 0;
};

}  // namespace crosspoint
