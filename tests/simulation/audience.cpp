#include "audience.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "wamp/error_uri.h"

namespace crosspoint::simulation {

namespace error_uri = wamp::error_uri;

void Audience::publish_something(const std::vector<wamp::SessionId>& others) {
  auto& course = seat_.course;
  auto& dice = course.dice;
  const auto request = seat_.next_request();
  wamp::Publish message{.request = request,
                        .topic = dice.pick(topics),
                        .acknowledge = dice.chance(600),
                        .exclude_me = dice.chance(600),
                        .disclose_me = dice.chance(100)};
  Publication publication{.publisher = seat_.tag,
                          .session = seat_.session,
                          .topic = message.topic,
                          .exclude_me = message.exclude_me,
                          .certain = !seat_.nature.is_student()};
  const auto some_sessions = [&] {
    std::vector<wamp::SessionId> chosen;
    for (const auto session: others) {
      if (dice.chance(400)) chosen.push_back(session);
    }
    return chosen;
  };
  if (dice.chance(80)) publication.exclude = some_sessions();
  if (dice.chance(80)) publication.eligible = some_sessions();
  if (publication.exclude || publication.eligible)
    message.lists = wamp::ReceiverLists{.exclude = publication.exclude, .eligible = publication.eligible};
  const auto number = course.ledger.publish(std::move(publication));
  ++course.totals.publications;
  if (message.acknowledge) publishing_[wamp::number(request)] = {number, message.topic};
  message.payload = seat_.marked(number, 0);
  seat_.say(message);
}

void Audience::subscribe_to_something() {
  auto& dice = seat_.course.dice;
  const auto& interest = dice.pick(interests);
  const auto same = [&](const std::pair<const std::uint64_t, Stay*>& entry) {
    return entry.second->topic == interest.topic && entry.second->match == interest.match;
  };
  if (std::ranges::any_of(stays_, same) || std::ranges::any_of(subscribing_, same)) return;
  const auto request = seat_.next_request();
  subscribing_[wamp::number(request)] =
      &seat_.course.ledger.subscribe({.subscriber = seat_.tag,
                                      .session = seat_.session,
                                      .topic = interest.topic,
                                      .match = interest.match,
                                      .takes_long = seat_.nature.takes_long()});
  seat_.say(wamp::Subscribe{.request = request, .topic = interest.topic, .match = interest.match});
}

void Audience::unsubscribe_from_something() {
  if (stays_.empty()) return;
  auto place = stays_.begin();
  std::advance(place, static_cast<std::ptrdiff_t>(seat_.course.dice.below(stays_.size())));
  if (place->second->leaving != 0) return;
  const auto request = seat_.next_request();
  unsubscribing_[wamp::number(request)] = place->second;
  seat_.course.ledger.leaving(*place->second);
  seat_.say(wamp::Unsubscribe{request, wamp::SubscriptionId{place->first}});
}

void Audience::take(const wamp::Published& published) {
  const auto place = publishing_.find(wamp::number(published.request));
  if (place == publishing_.end())
    return seat_.finding("PUBLISHED for what was answered, or needed no answer");
  ++seat_.course.totals.acknowledged;
  seat_.course.ledger.carried_out(place->second.first);
  publishing_.erase(place);
}

void Audience::take(const wamp::Subscribed& subscribed) {
  const auto place = subscribing_.find(wamp::number(subscribed.request));
  if (place == subscribing_.end()) return seat_.finding("SUBSCRIBED for what was not asked");
  seat_.course.ledger.begun(*place->second, subscribed.subscription);
  stays_[wamp::number(subscribed.subscription)] = place->second;
  subscribing_.erase(place);
}

void Audience::take(const wamp::Unsubscribed& unsubscribed) {
  const auto place = unsubscribing_.find(wamp::number(unsubscribed.request));
  if (place == unsubscribing_.end()) return seat_.finding("UNSUBSCRIBED for what was not asked");
  seat_.course.ledger.over(*place->second);
  stays_.erase(wamp::number(place->second->id));
  unsubscribing_.erase(place);
}

void Audience::take(const wamp::Event& event) {
  const auto place = stays_.find(wamp::number(event.subscription));
  if (place == stays_.end())
    return seat_.finding(
        fmt::format("EVENT of subscription {}, which it has not", wamp::number(event.subscription)));
  const auto mark = read_mark(event.payload);
  if (!mark) return seat_.finding("EVENT with damaged arguments");
  ++seat_.course.totals.events;
  seat_.course.ledger.heard(*place->second, event.topic, *mark);
}

void Audience::take(const wamp::ErrorOut& error) {
  const auto request = wamp::number(error.request);
  if (error.type == wamp::Code::publish) {
    const auto place = publishing_.find(request);
    if (place == publishing_.end()) return seat_.finding("ERROR for what was answered, or needed no answer");
    check_refusal(error, place->second.second);
    ++seat_.course.totals.refused;
    seat_.course.ledger.refused(place->second.first);
    publishing_.erase(place);
    return;
  }
  const auto place = subscribing_.find(request);
  if (place == subscribing_.end())
    return seat_.finding("ERROR for no SUBSCRIBE; nothing is unsubscribed twice");
  check_refusal(error, place->second->topic);
  seat_.course.ledger.over(*place->second);
  subscribing_.erase(place);
}

// The only reasons there are.
void Audience::check_refusal(const wamp::ErrorOut& error, std::string_view uri) {
  const bool student = seat_.nature.is_student();
  if (student && error.error == error_uri::authorization_failed) {
    ++seat_.course.totals.authorization_failed;
  } else if (!student || error.error != error_uri::not_authorized || !uri.contains(closed_component)) {
    seat_.finding(fmt::format("{} about {}", error.error, uri));
  }
}

void Audience::settle() {
  const auto& subscriptions = seat_.course.house.realm()->broker().subscriptions();
  std::size_t known = 0;
  for (const auto match: {wamp::Match::exact, wamp::Match::prefix, wamp::Match::wildcard}) {
    for (const auto id: subscriptions.list(match)) {
      const auto sessions = subscriptions.find(id)->sessions();
      if (std::ranges::find(sessions, seat_.session) == sessions.end()) continue;
      ++known;
      if (!stays_.contains(wamp::number(id)))
        seat_.finding(
            fmt::format("the router has it at subscription {}, and it is not there", wamp::number(id)));
    }
  }
  if (known != stays_.size())
    seat_.finding(fmt::format("it has {} subscriptions, and the router {} of it", stays_.size(), known));
}

void Audience::session_over() {
  auto& ledger = seat_.course.ledger;
  ledger.publisher_over(seat_.tag);
  for (const auto& list: {std::exchange(subscribing_, {}), std::exchange(stays_, {})}) {
    for (const auto& [id, stay]: list) ledger.session_over(*stay);
  }
  publishing_.clear();
  unsubscribing_.clear();
}

}  // namespace crosspoint::simulation
