#pragma once
// What was found out about URIs lately, of which nothing else is kept: a bounded number of places, in which a
// URI that is asked about takes the place of another. Nothing is ever looked for: each URI has one place, by
// its keyed hash, so strangers cannot choose whom they put out.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace crosspoint::wamp {

template <typename T>
class UriMemory {
 public:
  static constexpr std::size_t places_max = 4096;
  static constexpr std::size_t uri_bytes_max = 128;  // longer ones are not remembered

  // Null: nothing is remembered of this URI. Good until something else is remembered.
  T* find(std::string_view uri, std::size_t hash) {
    if (places_.empty()) return nullptr;
    Place& place = place_of(hash);
    return place.uri == uri ? &place.value : nullptr;
  }

  void remember(std::string_view uri, std::size_t hash, const T& value) {
    if (uri.empty() || uri.size() > uri_bytes_max) return;
    if (places_.empty()) places_.resize(places_min);
    if (!place_of(hash).uri.empty() && place_of(hash).uri != uri) make_room();
    Place& place = place_of(hash);
    place.uri = uri;
    place.value = value;
  }

  std::size_t places() const { return places_.size(); }

 private:
  static constexpr std::size_t places_min = 64;  // a power of two, as all later numbers are
  struct Place {
    std::string uri;
    T value{};
  };

  Place& place_of(std::size_t hash) { return places_[hash & (places_.size() - 1)]; }

  // Somebody is put out. When that has happened as often as there are places, there are too few; what they
  // hold is found out again.
  void make_room() {
    if (++put_out_ < places_.size() || places_.size() >= places_max) return;
    const std::size_t more = places_.size() * 4;
    places_.clear();
    places_.resize(std::min(more, places_max));
    put_out_ = 0;
  }

  std::vector<Place> places_;
  std::size_t put_out_ = 0;
};

}  // namespace crosspoint::wamp
