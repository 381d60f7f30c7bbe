#pragma once
// Files that a test has made up: what they hold, when they changed, and what goes wrong with them is at its
// word. It behaves as the machine's where base/files.h speaks, which one suite of tests, run on both, holds
// it to (net/files_contract_test.cpp).
//
//   world.files().put("lab.pem", identity.certificates_pem);   // as certbot does: a new file, the old name
//   world.advance(1min);                                       // and whoever watches it has seen it
//
// Paths are compared as they are written: there are no folders but those of put_folder().

#include <map>
#include <string>
#include <string_view>

#include "base/files.h"
#include "base/time.h"

namespace crosspoint::testing {

class MemoryFiles final : public Files {
 public:
  // Files change at the clock's time; it outlives them.
  explicit MemoryFiles(const Clock& clock) : clock_(clock) {}

  // Another file takes the name of the one that is there, if there is one. `mode` as for chmod.
  void put(const std::string& path, std::string text, unsigned mode = 0600);
  // The same file holds something else: as an editor does, or what is only half written yet. It is there.
  void write_into(const std::string& path, std::string text);
  void change_mode(const std::string& path, unsigned mode);
  // What its times say: two changes within one tick of a file system's clock have the same.
  void set_time(const std::string& path, WallTime time);
  void remove(const std::string& path);
  void put_folder(const std::string& path);

  // Reading it fails from now on, until it is put anew: "Input/output error".
  void break_file(const std::string& path, std::string reason);

  // Empty if there is none.
  std::string text(const std::string& path) const;
  unsigned mode(const std::string& path) const;
  // How often it was asked for, well or not.
  unsigned readings(const std::string& path) const;

  Result<std::string, FileError> read(const std::string& path, const FileTerms& terms) const override;
  FileState state(const std::string& path) const override;
  Result<void, FileError> create(const std::string& path, std::string_view text) override;

 private:
  struct File {
    std::string text;
    unsigned mode = 0;
    bool folder = false;
    std::string broken;  // why it cannot be read
    std::int64_t number = 0;
    WallTime written{}, changed{};
  };
  File& at(const std::string& path);
  void insert(const std::string& path, File file);

  const Clock& clock_;
  std::map<std::string, File> files_;
  mutable std::map<std::string, unsigned> readings_;
  std::int64_t last_number_ = 0;
};

}  // namespace crosspoint::testing
