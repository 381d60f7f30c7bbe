#include "wamp/client/inbox.h"

#include <algorithm>
#include <utility>

namespace crosspoint::wamp::client {

std::size_t Inbox::push(Item item) {
  std::size_t lost = 0;
  if (item.kind == Kind::state && !items_.empty() && items_.back().kind == Kind::state) items_.pop_back();
  if (item.kind == Kind::event) {
    item.bytes += overhead_bytes;
    for (; !has_room_for(item.bytes); ++lost) drop_oldest_event();
    ++events_;
    bytes_ += item.bytes;
  }
  items_.push_back(std::move(item));
  return lost;
}

void Inbox::note_gone(const Item& item) {
  if (item.kind != Kind::event) return;
  --events_;
  bytes_ -= item.bytes;
}

void Inbox::drop_oldest_event() {
  const auto oldest = std::ranges::find_if(items_, [](const Item& item) { return item.kind == Kind::event; });
  note_gone(*oldest);
  items_.erase(oldest);
}

std::optional<Inbox::Item> Inbox::pop() {
  if (items_.empty()) return std::nullopt;
  auto item = std::move(items_.front());
  items_.pop_front();
  note_gone(item);
  return item;
}

void Inbox::keep_answers() {
  for (const auto& item: items_) note_gone(item);
  std::erase_if(items_, [](const Item& item) { return item.kind != Kind::answer; });
}

}  // namespace crosspoint::wamp::client
