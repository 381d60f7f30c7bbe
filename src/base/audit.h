#pragma once
// Lines of the log that say who changed what: put a client out, ended a session, took somebody's procedure
// over. They are there for who asks later, so they are no matter of level: they are written at every
// `log.level` but off, with the word "audit" in the place of one. And where other lines are dropped because
// the sink does not take them (log.h), these wait, a bounded number of them, and are written before the next
// line that it does take, or when the program ends.
//
//   log::audit("relay", "client {} is put out, {}", id, in_words(actor));
//
// The rules of log.h hold here too. Callable from every thread.

#include <fmt/core.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace crosspoint::log {

// Lines that wait for the sink. Past it they are dropped, and counted as all that are (lines_dropped()).
inline constexpr std::size_t audit_lines_waiting_max = 1000;

// The beginning of what somebody else chose, so that it cannot be taken for the words around it: in quotes,
// its own quotes and backslashes behind a backslash.
std::string quoted(std::string_view text);

void write_audit(std::string_view room, std::string_view message);

template <class... Arguments>
void audit(std::string_view room, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  write_audit(room, std::string_view(fmt::format(format, std::forward<Arguments>(arguments)...)));
}

}  // namespace crosspoint::log
