#include "wamp/options.h"

#include <array>
#include <utility>

namespace crosspoint::wamp {
namespace {

template <typename Enum, std::size_t N>
using Names = std::array<std::pair<Enum, std::string_view>, N>;

constexpr Names<Match, 3> match_names{
    {{Match::exact, "exact"}, {Match::prefix, "prefix"}, {Match::wildcard, "wildcard"}}};
constexpr Names<Invoke, 5> invoke_names{{{Invoke::single, "single"},
                                         {Invoke::roundrobin, "roundrobin"},
                                         {Invoke::random, "random"},
                                         {Invoke::first, "first"},
                                         {Invoke::last, "last"}}};
constexpr Names<CancelMode, 3> mode_names{
    {{CancelMode::skip, "skip"}, {CancelMode::kill, "kill"}, {CancelMode::killnowait, "killnowait"}}};

template <typename Enum, std::size_t N>
std::string_view name_of(Enum value, const Names<Enum, N>& names) {
  for (const auto& [known, name]: names) {
    if (known == value) return name;
  }
  return {};
}

template <typename Enum, std::size_t N>
std::optional<Enum> value_of(std::string_view text, const Names<Enum, N>& names) {
  for (const auto& [value, name]: names) {
    if (name == text) return value;
  }
  return std::nullopt;
}

template <typename List, typename Value>
bool holds(const List& list, const Value& value) {
  return std::find(list->begin(), list->end(), value) != list->end();
}

}  // namespace

std::string_view to_string(Match match) { return name_of(match, match_names); }
std::string_view to_string(Invoke invoke) { return name_of(invoke, invoke_names); }
std::string_view to_string(CancelMode mode) { return name_of(mode, mode_names); }
std::optional<Match> find_match(std::string_view name) { return value_of(name, match_names); }
std::optional<Invoke> find_invoke(std::string_view name) { return value_of(name, invoke_names); }
std::optional<CancelMode> find_cancel_mode(std::string_view name) { return value_of(name, mode_names); }

bool ReceiverLists::admit(SessionId session, std::string_view authid, std::string_view authrole) const {
  if (exclude && holds(exclude, session)) return false;
  if (exclude_authid && holds(exclude_authid, authid)) return false;
  if (exclude_authrole && holds(exclude_authrole, authrole)) return false;
  if (eligible && !holds(eligible, session)) return false;
  if (eligible_authid && !holds(eligible_authid, authid)) return false;
  if (eligible_authrole && !holds(eligible_authrole, authrole)) return false;
  return true;
}

}  // namespace crosspoint::wamp
