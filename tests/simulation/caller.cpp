#include "caller.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

#include "uris.h"
#include "wamp/error_uri.h"

namespace crosspoint::simulation {

namespace error_uri = wamp::error_uri;
using wamp::Feature;

void Caller::begin(const wamp::Call& message, bool marked) {
  ++seat_.course.totals.calls;
  owed_[wamp::number(message.request)] = {.procedure = message.procedure,
                                          .marked = marked,
                                          .receive_progress = message.receive_progress,
                                          .more = message.progress,
                                          .timeout = std::chrono::milliseconds(message.timeout_ms),
                                          .made = seat_.course.now(),
                                          .parts = 1};
  seat_.say(message);
}

void Caller::call_something() {
  auto& dice = seat_.course.dice;
  constexpr std::size_t open_max = 40;
  if (open() >= open_max) return;
  const auto request = seat_.next_request();
  wamp::Call message{.request = request, .procedure = dice.pick(procedures)};
  message.receive_progress = dice.chance(300);
  message.progress = seat_.nature.features.has(Feature::call_progressive_invocations) && dice.chance(150);
  message.timeout_ms = dice.chance(300) ? dice.between(1, 60) : 0;
  message.disclose_me = dice.chance(100);
  message.payload = seat_.marked(wamp::number(request), 0);
  begin(message, true);
}

void Caller::call_router(std::string_view procedure, const ByteVector& args) {
  begin({.request = seat_.next_request(), .procedure = procedure, .payload = {seat_.nature.format, args, {}}},
        false);
}

void Caller::send_more_arguments() {
  auto& dice = seat_.course.dice;
  const auto place = std::ranges::find_if(owed_, [](const auto& entry) { return entry.second.more; });
  if (place == owed_.end()) return;
  auto& [request, owed] = *place;
  owed.more = dice.chance(600);
  ++seat_.course.totals.more_arguments;
  seat_.say(wamp::Call{.request = wamp::RequestId{request},
                       .procedure = owed.procedure,
                       .progress = owed.more,
                       .payload = seat_.marked(request, owed.parts++)});
}

void Caller::finish() {
  for (auto& [request, owed]: owed_) {
    if (!owed.more) continue;
    owed.more = false;
    seat_.say(wamp::Call{.request = wamp::RequestId{request},
                         .procedure = owed.procedure,
                         .payload = seat_.marked(request, owed.parts++)});
  }
}

// Now and then a call that is over already.
void Caller::cancel_something() {
  auto& dice = seat_.course.dice;
  if (owed_.empty()) return;
  auto place = std::next(owed_.begin(), static_cast<std::ptrdiff_t>(dice.below(owed_.size())));
  wamp::Cancel message{.request = wamp::RequestId{place->first}};
  if (dice.chance(50) && place->first > 1) {
    message.request = wamp::RequestId{place->first - 1};
  }
  if (dice.chance(900)) message.mode = static_cast<wamp::CancelMode>(dice.below(3));
  if (message.mode != wamp::CancelMode::kill) {
    const auto canceled = owed_.find(wamp::number(message.request));
    if (canceled != owed_.end()) canceled->second.canceled = true;
  }
  ++seat_.course.totals.cancels;
  seat_.say(message);
}

void Caller::take(const wamp::CallResult& result) {
  const auto request = wamp::number(result.request);
  const auto place = owed_.find(request);
  if (place == owed_.end())
    return seat_.finding(fmt::format("RESULT for call {}, which is over or was never made", request));
  auto& owed = place->second;
  if (result.progress && !owed.receive_progress)
    seat_.finding(fmt::format("progressive RESULT for call {}, which asked for none", request));
  if (owed.marked) {
    const auto mark = read_mark(result.payload);
    if (mark != Mark{seat_.tag, request, owed.results})
      seat_.finding(fmt::format("RESULT {} of call {} to {} is another's, or damaged", owed.results, request,
                                owed.procedure));
  }
  if (result.progress) {
    ++owed.results;
    ++seat_.course.totals.progressive_results;
    return;
  }
  ++seat_.course.totals.results;
  owed_.erase(place);
}

void Caller::take(const wamp::ErrorOut& error) {
  const auto request = wamp::number(error.request);
  const auto place = owed_.find(request);
  if (place == owed_.end())
    return seat_.finding(
        fmt::format("ERROR {} for call {}, which is over or was never made", error.error, request));
  check_error(error, place->second);
  ++seat_.course.totals.errors;
  owed_.erase(place);
}

void Caller::check_error(const wamp::ErrorOut& error, const Owed& owed) {
  auto& totals = seat_.course.totals;
  if (error.error == error_uri::timeout) {
    ++totals.timed_out;
    if (owed.timeout == Duration::zero() || seat_.course.now() - owed.made < owed.timeout)
      seat_.finding(fmt::format("call {} to {} timed out before its time", wamp::number(error.request),
                                owed.procedure));
  }
  if (error.error == error_uri::canceled) ++totals.canceled;
  if (error.error == error_uri::authorization_failed) {
    ++totals.authorization_failed;
    if (!seat_.nature.is_student()) seat_.finding("authorization failed, of whom nobody is asked about");
  }
  if (error.error == error_uri::not_authorized &&
      !(seat_.nature.is_student() && owed.procedure.contains(closed_component)))
    seat_.finding(fmt::format("not authorized to call {}", owed.procedure));
}

void Caller::check_cancels() {
  for (const auto& [request, owed]: owed_) {
    if (owed.canceled)
      seat_.finding(fmt::format("call {} to {} was canceled, and goes on", request, owed.procedure));
  }
}

std::string Caller::first_open() const {
  if (owed_.empty()) return "none";
  const auto& [request, owed] = *owed_.begin();
  return fmt::format("{} to {}{}", request, owed.procedure, owed.canceled ? ", canceled" : "");
}

void Caller::session_over() {
  seat_.course.totals.abandoned += owed_.size();
  owed_.clear();
}

}  // namespace crosspoint::simulation
