#include "wamp/auth/cookie_book.h"

namespace crosspoint::wamp::auth {
namespace {

bool is_same_person(const Standing& a, const Standing& b) {
  return a.realm == b.realm && a.authid == b.authid && a.role == b.role;
}

}  // namespace

void CookieBook::bind(std::string_view cookie, Standing standing, MonotonicTime now) {
  if (cookie.empty() || cookies_max_ == 0 || standing.provider == Provider::anonymous) return;
  if (const auto before = find_current(cookie, now); before != cookies_.end()) {
    const bool same = is_same_person(before->standing, standing);
    erase(before);
    if (!same) return;
  }
  if (cookies_.size() == cookies_max_) {
    erase(cookies_.begin());
    ++evicted_;
  }
  cookies_.push_back({std::string(cookie), std::move(standing), now + age_max_});
  const auto added = std::prev(cookies_.end());
  by_id_.emplace(added->id, added);
}

const Standing* CookieBook::find(std::string_view cookie, std::string_view realm, MonotonicTime now) {
  const auto found = find_current(cookie, now);
  return found != cookies_.end() && found->standing.realm == realm ? &found->standing : nullptr;
}

bool CookieBook::knows(std::string_view cookie, MonotonicTime now) {
  return find_current(cookie, now) != cookies_.end();
}

CookieBook::Cookies::iterator CookieBook::find_current(std::string_view cookie, MonotonicTime now) {
  const auto found = by_id_.find(cookie);
  if (found == by_id_.end()) return cookies_.end();
  if (now < found->second->until) return found->second;
  erase(found->second);
  return cookies_.end();
}

void CookieBook::change_limits(std::size_t cookies_max, Duration age_max) {
  cookies_max_ = cookies_max;
  age_max_ = age_max;
  while (cookies_.size() > cookies_max_) {
    erase(cookies_.begin());
    ++evicted_;
  }
}

void CookieBook::forget(std::string_view cookie) {
  if (const auto found = by_id_.find(cookie); found != by_id_.end()) erase(found->second);
}

void CookieBook::erase(Cookies::iterator cookie) {
  by_id_.erase(cookie->id);
  cookies_.erase(cookie);
}

}  // namespace crosspoint::wamp::auth
