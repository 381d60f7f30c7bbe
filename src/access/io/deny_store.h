#pragma once
// Where the deny list is kept for the next process. Bookings that were cancelled stay cancelled through a
// restart and through kill -9 (reliability row C15).

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace crosspoint::access {

struct DeniedBooking {
  std::string booking;
  WallTime until{};
  bool operator==(const DeniedBooking&) const = default;
};

class DenyStore {
 public:
  // Called once, on any thread, when the change can no longer be lost; or with a sentence, when it could not
  // be written.
  using Done = std::move_only_function<void(std::optional<std::string> trouble)>;

  virtual ~DenyStore() = default;
  // All entries. Before anything else is asked for; waits for the disk.
  virtual Result<std::vector<DeniedBooking>, std::string> load() = 0;
  // Changes happen in the order in which they were asked for, and nobody waits for them.
  virtual void put(DeniedBooking denied, Done done) = 0;
  virtual void erase(std::string booking, Done done) = 0;
  virtual void prune(WallTime now) = 0;
};

// In a SQLite file. The error is a sentence that names the file.
Result<std::unique_ptr<DenyStore>, std::string> open_deny_store(const std::string& path);
// Nowhere: for relays that are told to forget.
std::unique_ptr<DenyStore> make_forgetful_deny_store();

}  // namespace crosspoint::access
