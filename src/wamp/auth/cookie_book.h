#pragma once
// Browsers that have shown who they are: the id in a cookie stands for what its session was, until it says
// goodbye with wamp.close.logout, or for long enough. Who makes the ids, so that nobody guesses one, is the
// transport. In memory: after a restart everybody shows who they are again.

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/time.h"
#include "wamp/auth/standing.h"

namespace crosspoint::wamp::auth {

class CookieBook {
 public:
  CookieBook(std::size_t cookies_max, Duration age_max) : cookies_max_(cookies_max), age_max_(age_max) {}

  // Anonymous sessions have nothing that a cookie could stand for. One that stands for somebody else, or for
  // another realm, is forgotten and not bound anew: who has planted it in a browser would share it. At the
  // limit the oldest goes.
  void bind(std::string_view cookie, Standing standing, MonotonicTime now);
  // Null: nothing, or of another realm, or too old.
  const Standing* find(std::string_view cookie, std::string_view realm, MonotonicTime now);
  void forget(std::string_view cookie);
  bool knows(std::string_view cookie, MonotonicTime now);

  // From now on; what is over goes, the oldest first.
  void change_limits(std::size_t cookies_max, Duration age_max);
  Duration age_max() const { return age_max_; }

  std::size_t size() const { return by_id_.size(); }
  std::uint64_t evicted() const { return evicted_; }

 private:
  struct Cookie {
    std::string id;
    Standing standing;
    MonotonicTime until;
  };
  using Cookies = std::list<Cookie>;  // oldest first

  void erase(Cookies::iterator cookie);
  Cookies::iterator find_current(std::string_view cookie, MonotonicTime now);

  std::size_t cookies_max_;
  Duration age_max_;
  Cookies cookies_;
  std::unordered_map<std::string_view, Cookies::iterator> by_id_;  // views of the cookies' own ids
  std::uint64_t evicted_ = 0;
};

}  // namespace crosspoint::wamp::auth
