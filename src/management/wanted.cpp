#include "management/wanted.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "access/request.h"
#include "base/counted.h"

namespace crosspoint::management {
namespace {

using wamp::bad_argument;
using wamp::MetaArguments;
using wamp::MetaError;
using Read = Result<Wanted, MetaError>;

struct Procedure {
  std::string_view name;
  std::array<std::string_view, 3> arguments;  // their names, in order; empty: no more
  bool of_bookings;
  Read (*read)(const MetaArguments& arguments, WallTime now);
};

Result<std::string, MetaError> name(const MetaArguments& arguments, std::size_t place,
                                    std::string_view word) {
  auto text = arguments.text(place, word);
  if (!text) return text;
  if (text->empty()) return bad_argument(fmt::format("argument {} ({}) must not be empty", place, word));
  if (text->size() > name_bytes_max) {
    return bad_argument(fmt::format("argument {} ({}) is longer than {} bytes", place, word, name_bytes_max));
  }
  return text;
}

Result<std::size_t, MetaError> limit(const MetaArguments& arguments, std::size_t place) {
  const auto* value = arguments.find(place, "limit");
  if (value == nullptr || value->is_null()) return page_default;
  if (value->natural() == nullptr || *value->natural() < 1 || *value->natural() > page_max) {
    return bad_argument(
        fmt::format("argument {} (limit) must be a whole number from 1 to {}", place, page_max));
  }
  return static_cast<std::size_t>(*value->natural());
}

Result<NamesPage, MetaError> names_page(const MetaArguments& arguments) {
  auto after = arguments.optional_text(0, "after");
  if (!after) return fail(std::move(after.error()));
  const auto most = limit(arguments, 1);
  if (!most) return fail(most.error());
  return NamesPage{std::move(*after), *most};
}

// Seconds since 1970, as POST /bids/deny takes them.
Result<WallTime, MetaError> end_of_booking(const MetaArguments& arguments, std::size_t place, WallTime now) {
  const auto* value = arguments.find(place, "until");
  if (value == nullptr || value->natural() == nullptr) {
    return bad_argument(
        fmt::format("argument {} (until) must be the booking's end, in whole seconds since 1970", place));
  }
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const auto end = access::booking_end(static_cast<std::int64_t>(std::min(*value->natural(), most)));
  if (access::is_over(end, now)) {
    return bad_argument(fmt::format("argument {} (until) of {} is in the past", place, *value->natural()));
  }
  return end;
}

Read list_topics(const MetaArguments& arguments, WallTime) {
  auto page = names_page(arguments);
  if (!page) return fail(std::move(page.error()));
  return ListTopics{std::move(*page)};
}

Read get_topic(const MetaArguments& arguments, WallTime) {
  auto topic = name(arguments, 0, "topic");
  if (!topic) return fail(std::move(topic.error()));
  return GetTopic{std::move(*topic)};
}

Read list_clients(const MetaArguments& arguments, WallTime) {
  auto topic = arguments.optional_text(0, "topic");
  if (!topic) return fail(std::move(topic.error()));
  std::uint64_t after = 0;
  if (const auto* value = arguments.find(1, "after"); value != nullptr && !value->is_null()) {
    if (value->natural() == nullptr) return bad_argument("argument 1 (after) must be the id of a client");
    after = *value->natural();
  }
  const auto most = limit(arguments, 2);
  if (!most) return fail(most.error());
  return ListClients{std::move(*topic), after, *most};
}

Read get_client(const MetaArguments& arguments, WallTime) {
  const auto client = arguments.id(0, "client");
  if (!client) return fail(client.error());
  return GetClient{*client};
}

Read kill_client(const MetaArguments& arguments, WallTime) {
  const auto client = arguments.id(0, "client");
  if (!client) return fail(client.error());
  auto reason = arguments.optional_text(1, "reason");
  if (!reason) return fail(std::move(reason.error()));
  if (reason->size() > reason_bytes_max) {
    return bad_argument(fmt::format("argument 1 (reason) is longer than {} bytes", reason_bytes_max));
  }
  return KillClient{*client, std::move(*reason)};
}

template <bool deny>
Read change_booking(const MetaArguments& arguments, WallTime now) {
  auto booking = name(arguments, 0, "booking");
  if (!booking) return fail(std::move(booking.error()));
  const auto until = end_of_booking(arguments, 1, now);
  if (!until) return fail(until.error());
  return ChangeBooking{deny, std::move(*booking), *until};
}

template <bool denied>
Read list_bookings(const MetaArguments& arguments, WallTime) {
  auto page = names_page(arguments);
  if (!page) return fail(std::move(page.error()));
  return ListBookings{denied, std::move(*page)};
}

Read get_stats(const MetaArguments&, WallTime) { return GetStats{}; }

constexpr Procedure table[] = {
    {"relay.topic.list", {"after", "limit"}, false, list_topics},
    {"relay.topic.get", {"topic"}, false, get_topic},
    {"relay.client.list", {"topic", "after", "limit"}, false, list_clients},
    {"relay.client.get", {"client"}, false, get_client},
    {"relay.client.kill", {"client", "reason"}, false, kill_client},
    {"relay.booking.deny", {"booking", "until"}, true, change_booking<true>},
    {"relay.booking.allow", {"booking", "until"}, true, change_booking<false>},
    {"relay.booking.list_denied", {"after", "limit"}, true, list_bookings<true>},
    {"relay.booking.list_allowed", {"after", "limit"}, true, list_bookings<false>},
    {"relay.stats.get", {}, false, get_stats},
};

// A misspelt name would otherwise be an argument that is quietly not there.
Result<void, MetaError> check_names(const Procedure& procedure, const MetaArguments& arguments) {
  const auto known = std::ranges::find(procedure.arguments, "") - procedure.arguments.begin();
  if (arguments.args().size() > static_cast<std::size_t>(known)) {
    return bad_argument(fmt::format("{} takes {} at most", procedure.name,
                                    counted(static_cast<std::size_t>(known), "argument")));
  }
  if (arguments.kwargs().map() == nullptr) return {};
  for (const auto& [key, value]: *arguments.kwargs().map()) {
    const auto place = std::ranges::find(procedure.arguments, key) - procedure.arguments.begin();
    if (key.empty() || place >= known)
      return bad_argument(fmt::format("{} has no argument of the name \"{}\"", procedure.name, key));
    if (static_cast<std::size_t>(place) < arguments.args().size())
      return bad_argument(fmt::format("argument {} ({}) is there twice", place, key));
  }
  return {};
}

}  // namespace

std::vector<std::string> procedures(Bookings bookings) {
  std::vector<std::string> names;
  for (const auto& procedure: table) {
    if (bookings == Bookings::some || !procedure.of_bookings) names.emplace_back(procedure.name);
  }
  return names;
}

Read read_wanted(std::string_view procedure, const MetaArguments& arguments, WallTime now) {
  const auto* row = std::ranges::find(table, procedure, &Procedure::name);
  if (row == std::end(table)) return bad_argument("there is no such procedure");
  if (auto checked = check_names(*row, arguments); !checked) return fail(std::move(checked.error()));
  return row->read(arguments, now);
}

std::span<const std::string> page_of(std::span<const std::string> names, const NamesPage& page) {
  const auto begin = page.after.empty() ? names.begin() : std::ranges::upper_bound(names, page.after);
  const auto rest = names.subspan(static_cast<std::size_t>(begin - names.begin()));
  return rest.first(std::min(rest.size(), page.limit));
}

}  // namespace crosspoint::management
