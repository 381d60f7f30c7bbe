#include "access/code_store.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace crosspoint::access {
namespace {

// A booking and a topic may have the same name.
std::string holder_of(const Grant& grant) {
  return grant.booking.empty() ? "topic " + grant.topic : "booking " + grant.booking;
}

}  // namespace

std::size_t CodeStore::DigestHash::operator()(const Digest& digest) const {
  std::size_t hash;
  std::memcpy(&hash, digest.data(), sizeof hash);  // any part of a digest is as good as another
  return hash;
}

Result<void, CodeStore::Full> CodeStore::add(std::string_view code, Grant grant, MonotonicTime now) {
  expire(now);
  if (places_.size() >= limits_.codes_max) return fail(Full::store);
  const auto most = grant.booking.empty() ? limits_.per_topic_without_booking_max : limits_.per_booking_max;
  const auto holder = holder_of(grant);
  const auto held = held_.find(holder);
  if (held != held_.end() && held->second.size() >= most) return fail(Full::booking);

  const Digest digest = crypto::sha256(as_bytes(code));
  waiting_.push_back({digest, std::move(grant), now + limits_.time_to_live});
  const Place place = std::prev(waiting_.end());
  places_.emplace(digest, place);
  held_[holder].push_back(place);
  return {};
}

std::optional<Grant> CodeStore::redeem(std::string_view code, MonotonicTime now) {
  expire(now);
  const auto found = places_.find(crypto::sha256(as_bytes(code)));
  if (found == places_.end()) return std::nullopt;
  return take(found->second).grant;
}

CodeStore::Waiting CodeStore::take(Place place) {
  const auto held = held_.find(holder_of(place->grant));
  std::erase(held->second, place);
  if (held->second.empty()) held_.erase(held);
  places_.erase(place->digest);
  Waiting taken = std::move(*place);
  waiting_.erase(place);
  return taken;
}

std::size_t CodeStore::forget_booking(std::string_view booking) {
  const auto held = held_.find("booking " + std::string(booking));
  if (held == held_.end()) return 0;
  const auto places = std::move(held->second);
  held_.erase(held);
  for (const Place place: places) {
    places_.erase(place->digest);
    waiting_.erase(place);
  }
  return places.size();
}

void CodeStore::expire(MonotonicTime now) {
  while (!waiting_.empty() && waiting_.front().dies <= now) take(waiting_.begin());
}

}  // namespace crosspoint::access
