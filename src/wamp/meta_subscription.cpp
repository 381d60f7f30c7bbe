// wamp.subscription.*
#include <fmt/core.h>

#include <algorithm>

#include "wamp/audit.h"
#include "wamp/error_uri.h"
#include "wamp/meta_api.h"
#include "wamp/meta_events.h"

namespace crosspoint::wamp {
namespace {

using data::Value;

Value ids_of(const std::vector<SubscriptionId>& ids) {
  Value::Array list;
  for (const auto id: ids) list.emplace_back(number(id));
  return list;
}

MetaResult list_subscriptions(const MetaCall& call) {
  const auto& subscriptions = call.realm.broker().subscriptions();
  return Value(Value::Map{{"exact", ids_of(subscriptions.list(Match::exact))},
                          {"prefix", ids_of(subscriptions.list(Match::prefix))},
                          {"wildcard", ids_of(subscriptions.list(Match::wildcard))}});
}

MetaResult lookup_subscription(const MetaCall& call) {
  const auto topic = call.arguments.text(0, "topic");
  if (!topic) return fail(topic.error());
  const auto match = call.arguments.match();
  if (!match) return fail(match.error());
  const auto* subscription = call.realm.broker().subscriptions().find(*topic, *match);
  return subscription == nullptr ? Value() : Value(number(subscription->id()));
}

MetaResult match_subscription(const MetaCall& call) {
  const auto topic = call.arguments.text(0, "topic");
  if (!topic) return fail(topic.error());
  const auto ids = call.realm.broker().subscriptions().matching(*topic);
  return ids.empty() ? Value() : ids_of(ids);
}

MetaError no_such_subscription() {
  return {error_uri::no_such_subscription, "there is no such subscription"};
}

Result<Subscription*, MetaError> subscription_of(const MetaCall& call) {
  const auto id = call.arguments.id(0, "subscription");
  if (!id) return fail(id.error());
  auto* subscription = call.realm.broker().subscriptions().find(SubscriptionId{*id});
  if (subscription == nullptr) return fail(no_such_subscription());
  return subscription;
}

MetaResult get_subscription(const MetaCall& call) {
  const auto subscription = subscription_of(call);
  if (!subscription) return fail(subscription.error());
  return meta_details(**subscription);
}

MetaResult list_subscribers(const MetaCall& call) {
  const auto subscription = subscription_of(call);
  if (!subscription) return fail(subscription.error());
  auto sessions = (*subscription)->sessions();
  std::sort(sessions.begin(), sessions.end());
  Value::Array list;
  for (const auto session: sessions) list.emplace_back(number(session));
  return Value(std::move(list));
}

MetaResult count_subscribers(const MetaCall& call) {
  const auto subscription = subscription_of(call);
  if (!subscription) return fail(subscription.error());
  return Value((*subscription)->subscribers().size());
}

MetaResult remove_subscriber(const MetaCall& call) {
  const auto subscription = call.arguments.id(0, "subscription");
  if (!subscription) return fail(subscription.error());
  const auto session = call.arguments.id(1, "session");
  if (!session) return fail(session.error());
  const auto reason = call.arguments.reason(2, call.realm.limits().uri_check);
  if (!reason) return fail(reason.error());
  const auto* there = call.realm.broker().subscriptions().find(SubscriptionId{*subscription});
  const auto topic = there == nullptr ? std::string() : there->uri();  // it may go with its subscriber
  const auto removed =
      call.realm.broker().remove_subscriber(SubscriptionId{*subscription}, SessionId{*session}, *reason);
  if (removed) {
    write_down(call.realm, call.caller,
               fmt::format("session {} is not subscribed to {} any more", *session, beginning_of(topic)),
               beginning_of(*reason));
    return Value();
  }
  if (removed.error() == Broker::RemoveError::no_such_subscription) return fail(no_such_subscription());
  return bad_argument("this session is no subscriber of that subscription");
}

}  // namespace

void add_subscription_procedures(MetaProcedures& procedures) {
  procedures.emplace("wamp.subscription.list", list_subscriptions);
  procedures.emplace("wamp.subscription.lookup", lookup_subscription);
  procedures.emplace("wamp.subscription.match", match_subscription);
  procedures.emplace("wamp.subscription.get", get_subscription);
  procedures.emplace("wamp.subscription.list_subscribers", list_subscribers);
  procedures.emplace("wamp.subscription.count_subscribers", count_subscribers);
  procedures.emplace("wamp.subscription.remove_subscriber", remove_subscriber);
}

}  // namespace crosspoint::wamp
