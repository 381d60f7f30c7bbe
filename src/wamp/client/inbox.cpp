#include "wamp/client/inbox.h"

#include <algorithm>
#include <utility>

namespace crosspoint::wamp::client {

std::size_t Inbox::push(Item item) {
  std::size_t lost = 0;
  item.bytes += overhead_bytes;
  switch (item.kind) {
    case Kind::event:
      for (; !has_room_for_event(item.bytes); ++lost) drop_oldest_event();
      ++events_;
      event_bytes_ += item.bytes;
      break;
    case Kind::state:
      if (!items_.empty() && items_.back().kind == Kind::state) items_.pop_back();
      break;
    case Kind::call:
    case Kind::answer: call_bytes_ += item.bytes; break;
    case Kind::bulletin: break;
  }
  items_.push_back(std::move(item));
  return lost;
}

void Inbox::note_gone(const Item& item) {
  if (item.kind == Kind::call || item.kind == Kind::answer) call_bytes_ -= item.bytes;
  if (item.kind != Kind::event) return;
  --events_;
  event_bytes_ -= item.bytes;
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
  std::erase_if(items_, [this](const Item& item) {
    if (item.kind == Kind::answer) return false;
    note_gone(item);
    return true;
  });
}

}  // namespace crosspoint::wamp::client
