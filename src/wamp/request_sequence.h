#pragma once
// The request ids of one client under `strict_request_ids`: 1, 2, 3, … over all kinds of requests, after 2^53
// from 1 again (wamp-router 2). Without that option ids are not compared with each other: the specification's
// own examples use any.
//
// A number that has been is a violation for all requests but one: a CALL of a caller that announced
// `progressive_call_invocations` may go on with an earlier call (CallTerms::repeated).

#include "wamp/ids.h"

namespace crosspoint::wamp {

class RequestSequence {
 public:
  RequestSequence() = default;
  explicit RequestSequence(std::uint64_t highest) : highest_(highest) {}

  enum class Verdict : unsigned char {
    next,
    repeated,  // up to the highest so far
    gap,       // a violation
  };

  Verdict take(RequestId request) {
    const std::uint64_t expected = highest_ == id_max ? 1 : highest_ + 1;
    const std::uint64_t given = number(request);
    if (given == expected) {
      highest_ = given;
      return Verdict::next;
    }
    return given <= highest_ ? Verdict::repeated : Verdict::gap;
  }

 private:
  std::uint64_t highest_ = 0;
};

}  // namespace crosspoint::wamp
