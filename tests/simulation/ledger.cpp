#include "ledger.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "wamp/uri.h"

namespace crosspoint::simulation {
namespace {

bool is_in(const std::vector<wamp::SessionId>& list, wamp::SessionId session) {
  return std::ranges::find(list, session) != list.end();
}

}  // namespace

std::uint64_t Ledger::publish(Publication publication) {
  publication.said = ++tick_;
  publications_.push_back(std::move(publication));
  return first_ + publications_.size() - 1;
}

Publication* Ledger::find(std::uint64_t number) {
  const bool known = number >= first_ && number - first_ < publications_.size();
  return known ? &publications_[number - first_] : nullptr;
}

void Ledger::answer(std::uint64_t number, Publication::Outcome outcome) {
  auto& publication = *find(number);
  publication.answered = ++tick_;
  publication.outcome = outcome;
}

void Ledger::publisher_over(std::uint64_t publisher) {
  for (auto& publication: publications_) {
    if (publication.publisher == publisher && publication.outcome == Publication::Outcome::open)
      publication.outcome = Publication::Outcome::unknown;
  }
}

Stay& Ledger::subscribe(Stay stay) {
  stay.asked = ++tick_;
  return *stays_.emplace_back(std::make_unique<Stay>(std::move(stay)));
}

void Ledger::begun(Stay& stay, wamp::SubscriptionId id) {
  stay.begun = ++tick_;
  stay.id = id;
}

bool Ledger::is_for(const Publication& publication, const Stay& stay) {
  return wamp::matches(publication.topic, stay.topic, stay.match) &&
         !(publication.exclude_me && publication.session == stay.session) &&
         !(publication.exclude && is_in(*publication.exclude, stay.session)) &&
         !(publication.eligible && !is_in(*publication.eligible, stay.session));
}

void Ledger::heard(Stay& stay, std::string_view topic, const Mark& mark) {
  ++tick_;
  const auto wrong = [&](std::string_view what) {
    findings_.add(fmt::format("client {} at {}: event {} of publisher {} on {}: {}", stay.subscriber,
                              stay.topic, mark.what, mark.who, topic, what));
  };
  const auto* publication = find(mark.what);
  if (publication == nullptr) return wrong("everybody had it long ago, or it was never published");
  if (publication->publisher != mark.who) return wrong("another published it");
  if (!topic.empty() && topic != publication->topic) return wrong("it was published on another topic");
  if (topic.empty() && stay.match != wamp::Match::exact) return wrong("it does not say on which topic");
  if (!is_for(*publication, stay)) return wrong("it is not for this subscriber");
  if (publication->outcome == Publication::Outcome::refused) return wrong("it was refused");
  if (publication->answered != 0 && publication->answered < stay.asked)
    return wrong("it was over before the subscription began");
  auto& last = stay.last[mark.who];
  if (mark.what <= last) return wrong("it comes twice, or out of order");
  last = mark.what;
  stay.had.push_back(mark.what);
}

bool Ledger::must_have(const Publication& publication, std::uint64_t number, const Stay& stay) const {
  const bool certain = publication.outcome == Publication::Outcome::carried_out ||
                       (publication.outcome == Publication::Outcome::open && publication.certain);
  if (!certain || stay.session_over || stay.begun == 0 || publication.said < stay.begun) return false;
  const Tick done = publication.answered != 0 ? publication.answered : tick_;
  if (stay.leaving != 0 && stay.leaving <= done) return false;
  if (!stay.takes_long && is_long({publication.publisher, number, 0})) return false;
  return is_for(publication, stay);
}

std::uint64_t Ledger::settle() {
  std::uint64_t missing = 0;
  for (auto& stay: stays_) {
    std::ranges::sort(stay->had);
    for (std::uint64_t number = first_; number < first_ + publications_.size(); ++number) {
      const auto& publication = *find(number);
      const bool had = std::ranges::binary_search(stay->had, number);
      if (had && publication.outcome == Publication::Outcome::refused) {
        findings_.add(fmt::format("client {} had event {}, which was refused", stay->subscriber, number));
      }
      missing += !had && must_have(publication, number, *stay);
    }
    stay->had.clear();
    stay->last.clear();  // older ones are found nowhere any more
  }
  first_ += publications_.size();
  publications_.clear();
  std::erase_if(stays_, [](const auto& stay) { return stay->over != 0; });
  return missing;
}

}  // namespace crosspoint::simulation
