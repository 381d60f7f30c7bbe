#include "wamp/receiver_filter.h"

#include <algorithm>
#include <string>

namespace crosspoint::wamp {
namespace {

template <typename To, typename From>
std::optional<std::vector<To>> sorted(const std::optional<std::vector<From>>& list) {
  if (!list) return std::nullopt;
  std::vector<To> entries(list->begin(), list->end());
  std::ranges::sort(entries);
  return entries;
}

template <typename List, typename Value>
bool holds_sorted(const List& list, const Value& value) {
  return std::ranges::binary_search(*list, value);
}

}  // namespace

ReceiverFilter::ReceiverFilter(const ReceiverLists& lists)
    : exclude_(sorted<SessionId>(lists.exclude)),
      eligible_(sorted<SessionId>(lists.eligible)),
      exclude_authid_(sorted<std::string_view>(lists.exclude_authid)),
      exclude_authrole_(sorted<std::string_view>(lists.exclude_authrole)),
      eligible_authid_(sorted<std::string_view>(lists.eligible_authid)),
      eligible_authrole_(sorted<std::string_view>(lists.eligible_authrole)) {}

bool ReceiverFilter::admit(const Participant& who) const {
  const std::string_view authid = who.identity().authid;
  const std::string_view authrole = who.identity().authrole;
  if (exclude_ && holds_sorted(exclude_, who.id())) return false;
  if (exclude_authid_ && holds_sorted(exclude_authid_, authid)) return false;
  if (exclude_authrole_ && holds_sorted(exclude_authrole_, authrole)) return false;
  if (eligible_ && !holds_sorted(eligible_, who.id())) return false;
  if (eligible_authid_ && !holds_sorted(eligible_authid_, authid)) return false;
  if (eligible_authrole_ && !holds_sorted(eligible_authrole_, authrole)) return false;
  return true;
}

std::size_t entry_count(const ReceiverLists& lists) {
  const auto entries = [](const auto& list) { return list ? list->size() : 0; };
  return entries(lists.exclude) + entries(lists.eligible) + entries(lists.exclude_authid) +
         entries(lists.exclude_authrole) + entries(lists.eligible_authid) + entries(lists.eligible_authrole);
}

}  // namespace crosspoint::wamp
