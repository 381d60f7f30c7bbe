#include "client/inbox.h"

#include <algorithm>
#include <utility>

namespace crosspoint::client {
namespace {

bool is_message(const Inbox::Item& item) { return std::holds_alternative<Inbox::Message>(item); }

}  // namespace

std::size_t Inbox::push(Message message) {
  std::size_t lost = 0;
  if (overflow_ == Client::Overflow::drop_oldest && message.payload.size() <= bounds_.bytes_max) {
    for (; !has_room_for(message.payload.size()) && messages_ > 0; ++lost) drop_oldest_message();
  }
  if (!has_room_for(message.payload.size())) return lost + 1;
  ++messages_;
  bytes_ += message.payload.size();
  items_.emplace_back(std::move(message));
  return lost;
}

void Inbox::push(Client::Status status) {
  if (!items_.empty() && !is_message(items_.back())) items_.pop_back();
  items_.emplace_back(std::move(status));
}

std::optional<Inbox::Item> Inbox::pop() {
  if (items_.empty()) return std::nullopt;
  auto item = std::move(items_.front());
  items_.pop_front();
  if (const auto* message = std::get_if<Message>(&item)) {
    --messages_;
    bytes_ -= message->payload.size();
  }
  return item;
}

// It is the first item, or the second behind a state.
void Inbox::drop_oldest_message() {
  const auto oldest = std::ranges::find_if(items_, is_message);
  --messages_;
  bytes_ -= std::get<Message>(*oldest).payload.size();
  const auto next = items_.erase(oldest);
  const bool states_meet = next != items_.begin() && next != items_.end() && !is_message(*next);
  if (states_meet) items_.pop_front();
}

}  // namespace crosspoint::client
