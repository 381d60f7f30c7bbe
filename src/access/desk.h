#pragma once
// Where it is decided who may come in, for the topics of one loop: exchanges verified tokens for codes, codes
// for grants, and knows which bookings are denied.
//
// The deny list is kept by every loop and changed on all of them in the same order (io/deny_keeper.h); a
// code lives with the topic it is for, and so do the connections. Issuing, redeeming and denying therefore
// happen one after the other on one thread: there is no moment between a check and what follows from it
// (reliability row C14).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "access/booking_list.h"
#include "access/code_store.h"
#include "access/grant.h"
#include "base/random.h"
#include "base/result.h"
#include "token/claims.h"

namespace crosspoint::access {

enum class IssueRefusal {
  missing_claims,    // topic, prefix, scopes, aud, exp, iat or nbf
  other_topic,       // the token is for another one
  other_connection,  // the token's prefix is none that this relay serves
  no_booking,        // and one is required
  denied,            // the booking was cancelled
  no_direction,      // neither read nor write among the scopes
  too_many_codes,    // of this booking are waiting to be used
  full,              // so are too many of all
};

enum class RedeemRefusal {
  unknown_code,  // never issued, used, too old, or gone with its booking
  other_topic,   // and spent all the same
  denied,
  expired,  // the token has, since
};

class Desk {
 public:
  struct Settings {
    CodeStore::Limits codes;
    bool allow_no_booking = false;
    std::size_t bookings_max = 1'000'000;  // on each list
  };
  // `random` outlives the desk and is unpredictable.
  Desk(const Settings& settings, Random& random);

  // `claims` come from a token that was verified, for this relay. The answer is a new code for `topic`.
  Result<std::string, IssueRefusal> issue(const token::Claims& claims, std::string_view topic,
                                          MonotonicTime now);
  Result<Grant, RedeemRefusal> redeem(std::string_view code, std::string_view topic, WallTime wall,
                                      MonotonicTime now);
  // A code was shown at another topic's door: it is worth nothing any more.
  void spend(std::string_view code, MonotonicTime now) { codes_.redeem(code, now); }

  // May what a grant allows still be done? To be asked where a connection begins its life, when the grant has
  // travelled.
  bool denies(const Grant& grant) const { return denied_.contains(grant.booking); }

  // False when the list is full. Deny also forgets the booking's codes; closing its connections is the
  // caller's.
  bool deny(std::string_view booking, WallTime until);
  bool allow(std::string_view booking, WallTime until);
  void prune(WallTime now);

  std::vector<std::string> denied() const { return denied_.ids(); }
  // Bookings of which somebody was given a code here, or that were allowed: for information only.
  std::vector<std::string> allowed() const { return allowed_.ids(); }
  std::size_t codes_waiting() const { return codes_.waiting(); }

 private:
  const Settings settings_;
  Random& random_;
  CodeStore codes_;
  BookingList denied_;
  BookingList allowed_;
};

// What a token's claims allow on `topic`, whoever asks: what issuing a code and extending a connection have
// in common.
Result<Grant, IssueRefusal> grant_of(const token::Claims& claims, std::string_view topic,
                                     bool allow_no_booking);

}  // namespace crosspoint::access
