#include "wamp/auth/cookie_book.h"

namespace crosspoint::wamp::auth {

void CookieBook::bind(std::string_view cookie, Standing standing, MonotonicTime now) {
  if (cookie.empty() || cookies_max_ == 0 || standing.provider == Provider::anonymous) return;
  forget(cookie);
  if (cookies_.size() == cookies_max_) {
    erase(cookies_.begin());
    ++evicted_;
  }
  cookies_.push_back({std::string(cookie), std::move(standing), now + age_max_});
  const auto added = std::prev(cookies_.end());
  by_id_.emplace(added->id, added);
}

const Standing* CookieBook::find(std::string_view cookie, std::string_view realm, MonotonicTime now) {
  const auto found = by_id_.find(cookie);
  if (found == by_id_.end()) return nullptr;
  if (now >= found->second->until) {
    erase(found->second);
    return nullptr;
  }
  return found->second->standing.realm == realm ? &found->second->standing : nullptr;
}

void CookieBook::forget(std::string_view cookie) {
  if (const auto found = by_id_.find(cookie); found != by_id_.end()) erase(found->second);
}

void CookieBook::erase(Cookies::iterator cookie) {
  by_id_.erase(cookie->id);
  cookies_.erase(cookie);
}

}  // namespace crosspoint::wamp::auth
