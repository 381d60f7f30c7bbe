#include "relay/shared_text.h"

#include "base/assert.h"

namespace crosspoint::relay {

SharedText::~SharedText() {
  if (entry_ != nullptr && --entry_->sharers == 0) entry_->pool.forget(entry_->text);
}

std::string_view SharedText::text() const { return entry_ == nullptr ? std::string_view{} : entry_->text; }

TextPool::~TextPool() { CROSSPOINT_ASSERT(entries_.empty()); }

SharedText TextPool::share(std::string_view text) {
  if (text.empty()) return {};
  auto found = entries_.find(text);
  if (found == entries_.end()) {
    found = entries_.emplace(std::string(text), SharedText::Entry{*this, {}}).first;
    found->second.text = found->first;
  }
  return SharedText(found->second);
}

}  // namespace crosspoint::relay
