#pragma once
// Codes that were issued and not used yet. A code works once, dies at its time to live to the instant, and
// goes when its booking is cancelled. Kept under a hash (SHA-256), so that how long a search takes says
// nothing about codes that exist (reliability row C7).
//
// Lives on one loop. Bounded: so many codes in all, so many of one booking (row C12).

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "access/grant.h"
#include "base/result.h"
#include "base/text_hash.h"
#include "base/time.h"
#include "crypto/sha.h"

namespace crosspoint::access {

class CodeStore {
 public:
  struct Limits {
    Duration time_to_live = 30s;
    std::size_t codes_max = 100'000;
    std::size_t per_booking_max = 32;  // waiting at once
    // Of tokens without a booking: those of one topic share a bound, and many people share such tokens.
    std::size_t per_topic_without_booking_max = 1024;
  };
  enum class Full { booking, store };

  explicit CodeStore(const Limits& limits) : limits_(limits) {}

  // `code` is new (code.h). Refused when the booking, or the store, has as many waiting as it may have.
  Result<void, Full> add(std::string_view code, Grant grant, MonotonicTime now);
  // What the code was issued for; it is spent by asking. Nothing: never issued, used, too old, cancelled.
  std::optional<Grant> redeem(std::string_view code, MonotonicTime now);
  // Returns how many codes that was.
  std::size_t forget_booking(std::string_view booking);
  // Forgets what is too old. Costs nothing when nothing is.
  void expire(MonotonicTime now);

  std::size_t waiting() const { return places_.size(); }

 private:
  using Digest = crypto::Sha256Digest;
  struct DigestHash {
    std::size_t operator()(const Digest& digest) const;
  };
  struct Waiting {
    Digest digest;
    Grant grant;
    MonotonicTime dies;
  };
  using Place = std::list<Waiting>::iterator;
  Waiting take(Place place);

  const Limits limits_;
  std::list<Waiting> waiting_;  // the oldest first: all live equally long
  std::unordered_map<Digest, Place, DigestHash> places_;
  // By booking, or by topic for tokens without one.
  ByText<std::vector<Place>> held_;
};

}  // namespace crosspoint::access
