#pragma once
// What the operator reads. One line an event: a level, the room that speaks, a sentence, `key=value` details.
//
// Rules that hold for every caller:
//   - log once, where the decision is made;
//   - no payload, token, code, key or password ever gets in, not at debug level either;
//   - whatever a stranger can cause many times a second goes through a LogLimit (reliability row D8).
//
// Writing never waits: when the sink (a full pipe, a stalled terminal) does not take a line at once, the line
// is counted, and the count is the first thing written when the sink takes lines again.
// Callable from every thread.

#include <fmt/core.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/time.h"

namespace crosspoint::log {

enum class Level { trace, debug, info, warning, error, off };
enum class Format { text, json };

// "warn", "WARNING", "panic", "fatal" and the like are understood, as older programs wrote them.
std::optional<Level> parse_level(std::string_view text);
std::string_view to_string(Level level);

struct Settings {
  Level level = Level::info;
  Format format = Format::text;
  std::string file;  // empty: standard error
};
// Called by main before threads start. Returns a sentence when the file cannot be opened.
std::optional<std::string> configure(const Settings& settings);

bool enabled(Level level);
void write(Level level, std::string_view room, std::string_view message);
// Lines the sink did not take so far.
std::uint64_t lines_dropped();

template <class... Arguments>
void write(Level level, std::string_view room, fmt::format_string<Arguments...> format,
           Arguments&&... arguments) {
  if (enabled(level))
    write(level, room, std::string_view(fmt::format(format, std::forward<Arguments>(arguments)...)));
}
template <class... A>
void debug(std::string_view room, fmt::format_string<A...> f, A&&... a) {
  write(Level::debug, room, f, std::forward<A>(a)...);
}
template <class... A>
void info(std::string_view room, fmt::format_string<A...> f, A&&... a) {
  write(Level::info, room, f, std::forward<A>(a)...);
}
template <class... A>
void warning(std::string_view room, fmt::format_string<A...> f, A&&... a) {
  write(Level::warning, room, f, std::forward<A>(a)...);
}
template <class... A>
void error(std::string_view room, fmt::format_string<A...> f, A&&... a) {
  write(Level::error, room, f, std::forward<A>(a)...);
}

// Lets `burst` events through in each `period`, and counts the rest:
//   if (auto skipped = limit_.admit(now)) log::warning("relay", "… ({} more like it)", *skipped);
// One loop's: not locked.
class LogLimit {
 public:
  explicit LogLimit(std::uint32_t burst = 5, Duration period = 10s) : burst_(burst), period_(period) {}
  // Nothing: say nothing. A number: speak, and say that so many were left out before.
  std::optional<std::uint64_t> admit(MonotonicTime now);

 private:
  std::uint32_t burst_;
  Duration period_;
  MonotonicTime period_began_{};
  std::uint32_t spoken_ = 0;
  std::uint64_t skipped_ = 0;
};

}  // namespace crosspoint::log
