#pragma once
// Texts that many have in common, kept once: the viewers of a lecture have three browsers between them. Pure,
// and for one thread: each loop has a pool of its own.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/text_hash.h"

namespace crosspoint::relay {

class TextPool;

// A text of a pool, in 8 bytes. The empty one is in no pool.
class SharedText {
 public:
  SharedText() = default;
  SharedText(SharedText&& other) noexcept : entry_(std::exchange(other.entry_, nullptr)) {}
  SharedText& operator=(SharedText other) noexcept {
    std::swap(entry_, other.entry_);
    return *this;
  }
  ~SharedText();

  std::string_view text() const;

 private:
  friend class TextPool;
  struct Entry {
    TextPool& pool;
    std::string_view text;  // the key it is found by
    std::size_t sharers = 0;
  };
  explicit SharedText(Entry& entry) : entry_(&entry) { ++entry.sharers; }
  Entry* entry_ = nullptr;
};

// Keeps each text while somebody shares it. The pool outlives them all.
class TextPool {
 public:
  TextPool() = default;
  ~TextPool();
  TextPool(const TextPool&) = delete;
  TextPool& operator=(const TextPool&) = delete;

  SharedText share(std::string_view text);
  std::size_t size() const { return entries_.size(); }  // different texts

 private:
  friend class SharedText;
  void forget(std::string_view text) { entries_.erase(entries_.find(text)); }

  ByText<SharedText::Entry> entries_;
};

}  // namespace crosspoint::relay
