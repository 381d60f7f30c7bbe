#include "callee.h"

#include <fmt/core.h>

#include <algorithm>

#include "data/value.h"
#include "wamp/error_uri.h"
#include "wamp/uri.h"

namespace crosspoint::simulation {

namespace error_uri = wamp::error_uri;
using data::Value;
using wamp::Feature;
using wamp::RequestId;

bool Callee::holds(const Offer& offer) const {
  const auto same = [&](const auto& entry) { return entry.second == &offer; };
  return std::ranges::any_of(registrations_, same) || std::ranges::any_of(registering_, same);
}

void Callee::register_something() {
  auto& dice = seat_.course.dice;
  register_as(seat_.nature.is_operator() && dice.chance(400) ? authorizer : dice.pick(offers));
}

void Callee::register_as(const Offer& offer) {
  auto& dice = seat_.course.dice;
  if (holds(offer)) return;
  wamp::Register message{.request = seat_.next_request(),
                         .procedure = offer.procedure,
                         .match = offer.match,
                         .invoke = offer.invoke,
                         .concurrency = dice.below(4),
                         .force_reregister = dice.chance(50),
                         .disclose_caller = dice.chance(200),
                         .forward_timeout = dice.chance(200)};
  if (&offer == &authorizer) message.concurrency = 0;
  seat_.course.totals.forced += message.force_reregister;
  registering_[wamp::number(message.request)] = &offer;
  seat_.say(message);
}

void Callee::unregister_something() {
  if (registrations_.empty()) return;
  auto place = registrations_.begin();
  std::advance(place, static_cast<std::ptrdiff_t>(seat_.course.dice.below(registrations_.size())));
  const auto request = seat_.next_request();
  unregistering_[wamp::number(request)] = place->first;
  seat_.say(wamp::Unregister{request, wamp::RegistrationId{place->first}});
}

void Callee::take(const wamp::Registered& registered) {
  const auto place = registering_.find(wamp::number(registered.request));
  if (place == registering_.end()) return seat_.finding("REGISTERED for what was not asked");
  ++seat_.course.totals.registered;
  registrations_[wamp::number(registered.registration)] = place->second;
  registering_.erase(place);
}

void Callee::take(const wamp::Unregistered& unregistered) {
  const auto place = unregistering_.find(wamp::number(unregistered.request));
  if (place == unregistering_.end()) return seat_.finding("UNREGISTERED for what was not asked");
  registrations_.erase(place->second);
  unregistering_.erase(place);
}

void Callee::take(const wamp::RegistrationRevoked& revoked) {
  if (!seat_.nature.features.has(Feature::callee_registration_revocation))
    seat_.finding("told of a revocation, which it had not announced");
  ++seat_.course.totals.revoked;
  if (registrations_.erase(wamp::number(revoked.registration)) == 0)
    seat_.finding(
        fmt::format("registration {} revoked, which it has not", wamp::number(revoked.registration)));
}

void Callee::take(const wamp::ErrorOut& error) {
  const auto request = wamp::number(error.request);
  if (error.type == wamp::Code::unregister) {
    const auto place = unregistering_.find(request);
    if (place == unregistering_.end()) return seat_.finding("ERROR for an UNREGISTER that it did not say");
    registrations_.erase(place->second);  // it was revoked meanwhile, perhaps without a word
    unregistering_.erase(place);
    return;
  }
  const auto place = registering_.find(request);
  if (place == registering_.end()) return seat_.finding("ERROR for a REGISTER that it did not say");
  if (error.error == error_uri::authorization_failed) ++seat_.course.totals.authorization_failed;
  if (error.error == error_uri::not_authorized &&
      !(seat_.nature.is_student() && place->second->procedure.contains(closed_component)))
    seat_.finding(fmt::format("not authorized to register {}", place->second->procedure));
  registering_.erase(place);
}

Callee::Work* Callee::find_work(std::uint64_t invocation) {
  const auto place = std::ranges::find(work_, invocation, &Work::invocation);
  return place == work_.end() ? nullptr : &*place;
}

void Callee::take(const wamp::Invocation& invocation) {
  const auto id = wamp::number(invocation.request);
  if (id > last_) return take_new(invocation);
  if (auto* work = find_work(id)) return take_more(invocation, *work);
  const auto mark = read_mark(invocation.payload);  // for what it has answered before its end
  if (!mark || mark->part == 0) seat_.finding(fmt::format("INVOCATION {} once more", id));
}

void Callee::take_new(const wamp::Invocation& invocation) {
  const auto id = wamp::number(invocation.request);
  if (id != last_ + 1) seat_.finding(fmt::format("INVOCATION {} after {}: a gap", id, last_));
  last_ = id;
  ++seat_.course.totals.invocations;
  const auto place = registrations_.find(wamp::number(invocation.registration));
  if (place == registrations_.end())
    return seat_.finding(fmt::format("INVOCATION {} for registration {}, which it has not", id,
                                     wamp::number(invocation.registration)));
  if (place->second == &authorizer) return take_question(invocation);
  check_place(invocation, *place->second);
  const auto mark = read_mark(invocation.payload);
  if (!mark || mark->part != 0) return seat_.finding(fmt::format("INVOCATION {} with damaged arguments", id));
  check_order(invocation, *mark);
  work_.push_back({.invocation = id,
                   .receive_progress = invocation.receive_progress,
                   .more = invocation.progress,
                   .mark = *mark});
}

void Callee::check_place(const wamp::Invocation& invocation, const Offer& offer) {
  if (invocation.procedure.empty() ? offer.match == wamp::Match::exact
                                   : wamp::matches(invocation.procedure, offer.procedure, offer.match))
    return;
  seat_.finding(fmt::format("INVOCATION of <{}> for {}", invocation.procedure, offer.procedure));
}

// Calls of one caller come in the order in which it made them, unless they went to somebody else first.
void Callee::check_order(const wamp::Invocation& invocation, const Mark& mark) {
  if (seat_.course.may_be_rerouted(mark.who)) return;
  auto& last = order_[{wamp::number(invocation.registration), mark.who}];
  if (mark.what <= last)
    seat_.finding(fmt::format("call {} of client {} comes after its call {}", mark.what, mark.who, last));
  last = mark.what;
}

void Callee::take_more(const wamp::Invocation& invocation, Work& work) {
  ++work.mark.part;
  if (!work.more) seat_.finding(fmt::format("INVOCATION {}: arguments after the last", work.invocation));
  if (read_mark(invocation.payload) != work.mark)
    seat_.finding(
        fmt::format("INVOCATION {}: arguments {} are others, or damaged", work.invocation, work.mark.part));
  work.more = invocation.progress;
}

// (session, uri, action, options)
void Callee::take_question(const wamp::Invocation& invocation) {
  const auto read = data::read_value(invocation.payload.format, invocation.payload.args);
  const auto* args = read ? read->array() : nullptr;
  const auto* uri = args != nullptr && args->size() > 1 ? (*args)[1].string() : nullptr;
  if (uri == nullptr) return seat_.finding("the authorizer was asked what cannot be read");
  auto& totals = seat_.course.totals;
  auto& dice = seat_.course.dice;
  ++totals.asked;
  if (dice.chance(40)) {
    ++totals.never_answered;
    return;
  }
  Work work{.invocation = wamp::number(invocation.request), .question = *uri};
  if (dice.chance(500)) return judge(work);
  work_.push_back(std::move(work));
}

void Callee::judge(const Work& work) {
  auto& dice = seat_.course.dice;
  if (dice.chance(15)) return fail(work, error_uri::runtime_error);
  const bool allow = !work.question.contains(closed_component);
  Value verdict = allow;
  if (dice.chance(500)) verdict = Value::Map{{"allow", allow}, {"cache", dice.chance(500)}};
  if (dice.chance(15)) verdict = "perhaps";
  ++seat_.course.totals.verdicts;
  const auto args = data::write_value(seat_.nature.format, Value::Array{std::move(verdict)});
  seat_.say(wamp::Yield{.request = RequestId{work.invocation}, .payload = {seat_.nature.format, args, {}}});
}

void Callee::fail(const Work& work, std::string_view error) {
  auto mark = work.mark;
  mark.part = 0;
  seat_.say(wamp::InvocationError{
      .request = RequestId{work.invocation}, .error = error, .payload = seat_.marked(mark)});
}

void Callee::take(const wamp::Interrupt& interrupt) {
  const auto id = wamp::number(interrupt.request);
  if (id > last_) seat_.finding(fmt::format("INTERRUPT of invocation {}, which it never had", id));
  if (!seat_.nature.features.has(Feature::callee_canceling))
    seat_.finding("INTERRUPT, and it had not announced call_canceling");
  ++seat_.course.totals.interrupts;
  const auto* found = find_work(id);
  auto& dice = seat_.course.dice;
  if (found == nullptr || dice.chance(300)) return;  // it goes on
  const auto work = *found;
  std::erase_if(work_, [&](const Work& other) { return other.invocation == id; });
  // Nobody waits for an answer, but for mode kill.
  const bool forgets = interrupt.mode != wamp::CancelMode::kill && dice.chance(500);
  if (!forgets) fail(work, error_uri::canceled);
}

void Callee::answer_something() {
  auto& dice = seat_.course.dice;
  if (work_.empty()) return;
  const auto place = work_.begin() + static_cast<std::ptrdiff_t>(dice.below(work_.size()));
  if (place->question.empty()) {
    if (place->more && dice.chance(800)) return;
    // Who was not asked for progressive results says some all the same, now and then: they go nowhere.
    if (dice.chance(place->receive_progress ? 400 : 20)) {
      auto mark = place->mark;
      mark.part = place->results;
      place->results += place->receive_progress;
      return seat_.say(wamp::Yield{
          .request = RequestId{place->invocation}, .progress = true, .payload = seat_.marked(mark)});
    }
  }
  const auto work = std::move(*place);
  work_.erase(place);
  answer(work);
}

void Callee::answer(const Work& work) {
  auto& dice = seat_.course.dice;
  if (!work.question.empty()) return judge(work);
  if (dice.chance(120)) return fail(work, dice.chance(600) ? "sim.error" : error_uri::unavailable);
  auto mark = work.mark;
  mark.part = work.results;
  seat_.say(wamp::Yield{.request = RequestId{work.invocation}, .payload = seat_.marked(mark)});
}

void Callee::finish() {
  for (const auto& work: std::exchange(work_, {})) answer(work);
}

std::string Callee::what_is_open() const {
  return fmt::format("{} to answer, {} to be registered, {} to be unregistered", work_.size(),
                     registering_.size(), unregistering_.size());
}

void Callee::settle() {
  order_.clear();
  auto* realm = seat_.course.house.realm();
  std::size_t known = 0;
  for (const auto match: {wamp::Match::exact, wamp::Match::prefix, wamp::Match::wildcard}) {
    for (const auto id: realm->dealer().registrations().list(match)) {
      for (const auto* callee: realm->dealer().registrations().find(id)->callees()) {
        if (callee->member.participant.id() != seat_.session) continue;
        ++known;
        if (!registrations_.contains(wamp::number(id)))
          seat_.finding(
              fmt::format("the router has it at registration {}, and it is not there", wamp::number(id)));
      }
    }
  }
  const bool told = seat_.nature.features.has(Feature::callee_registration_revocation);
  if (told && known != registrations_.size())
    seat_.finding(
        fmt::format("it has {} registrations, and the router {} of it", registrations_.size(), known));
}

}  // namespace crosspoint::simulation
