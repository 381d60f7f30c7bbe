// wamp.subscription.get_events (wamp-router §7.6)
#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "data/transcode.h"
#include "wamp/error_uri.h"
#include "wamp/event_details.h"
#include "wamp/meta_api.h"
#include "wamp/utc_text.h"

namespace crosspoint::wamp {
namespace {

using data::Value;

// Reads keyword arguments, and remembers the first that is wrong.
class Keywords {
 public:
  explicit Keywords(const Value& kwargs) : kwargs_(kwargs) {}

  std::optional<WallTime> time(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    const auto time = value->string() == nullptr ? std::nullopt : parse_utc_text(*value->string());
    if (!time) refuse(fmt::format("{} must be a time as RFC 3339 writes it", name));
    return time;
  }
  std::optional<PublicationId> publication(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (value->natural() != nullptr && is_id(*value->natural())) return PublicationId{*value->natural()};
    refuse(fmt::format("{} must be the id of a publication", name));
    return std::nullopt;
  }
  std::optional<std::uint64_t> limit(const Value* value) {
    if (value == nullptr || value->is_null()) return std::nullopt;
    if (value->natural() != nullptr && *value->natural() > 0) return *value->natural();
    refuse("limit must be a number above 0");
    return std::nullopt;
  }
  std::optional<std::string_view> text(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (value->string() != nullptr) return *value->string();
    refuse(fmt::format("{} must be a string", name));
    return std::nullopt;
  }
  bool flag(std::string_view name, bool otherwise) {
    const auto* value = find(name);
    if (value == nullptr) return otherwise;
    if (value->boolean() != nullptr) return *value->boolean();
    refuse(fmt::format("{} must be true or false", name));
    return otherwise;
  }
  const Value* find(std::string_view name) const {
    const auto* value = kwargs_.find(name);
    return value == nullptr || value->is_null() ? nullptr : value;
  }
  const std::string& wrong() const { return wrong_; }

 private:
  void refuse(std::string sentence) {
    if (wrong_.empty()) wrong_ = std::move(sentence);
  }
  const Value& kwargs_;
  std::string wrong_;
};

Result<HistoryFilter, MetaError> filter_of(const MetaArguments& arguments) {
  Keywords keywords(arguments.kwargs());
  HistoryFilter filter;
  // Crossbar.io's older form: [subscription, limit], the newest first.
  const bool older_form = arguments.args().size() > 1;
  filter.limit = keywords.limit(older_form ? &arguments.args()[1] : keywords.find("limit"));
  filter.reverse = keywords.flag("reverse", older_form);
  filter.from_time = keywords.time("from_time");
  filter.after_time = keywords.time("after_time");
  filter.before_time = keywords.time("before_time");
  filter.until_time = keywords.time("until_time");
  filter.topic = keywords.text("topic");
  filter.from_publication = keywords.publication("from_publication");
  filter.after_publication = keywords.publication("after_publication");
  filter.before_publication = keywords.publication("before_publication");
  filter.until_publication = keywords.publication("until_publication");
  if (!keywords.wrong().empty()) return bad_argument(keywords.wrong());
  return filter;
}

Value details_of(const KeptEvent& event) {
  Value::Map details{{"topic", event.topic}};
  if (event.publisher) {
    details.emplace_back("publisher", number(event.publisher->session));
    details.emplace_back("publisher_authid", event.publisher->authid);
    details.emplace_back("publisher_authrole", event.publisher->authrole);
  }
  add_pass_through(details, event.pass_through.view());
  return details;
}

// A payload was checked when it came; what has no tree (a key that is no text) is left out. JSON's binaries
// are texts to who reads the tree of it; so it goes by CBOR, where they are what they mean.
void add_payload(Value::Map& entry, std::string_view name, data::Format format, Bytes bytes) {
  if (bytes.empty()) return;
  if (format == data::Format::json) {
    const auto plain = data::transcode(format, bytes, data::Format::cbor);
    if (plain) return add_payload(entry, name, data::Format::cbor, *plain);
  }
  if (auto value = data::read_value(format, bytes)) entry.emplace_back(name, std::move(*value));
}

Value entry_of(const KeptEvent& event, SubscriptionId subscription) {
  Value::Map entry{{"timestamp", utc_text(event.time)},
                   {"subscription", number(subscription)},
                   {"publication", number(event.publication)},
                   {"details", details_of(event)}};
  const auto payload = event.payload.view();
  add_payload(entry, "args", payload.format, payload.args);
  add_payload(entry, "kwargs", payload.format, payload.kwargs);
  return entry;
}

MetaResult get_events(const MetaCall& call) {
  const auto id = call.arguments.id(0, "subscription");
  if (!id) return fail(id.error());
  auto* subscription = call.realm.broker().subscriptions().find(SubscriptionId{*id});
  if (subscription == nullptr) {
    return fail(MetaError{error_uri::no_such_subscription, "there is no such subscription"});
  }
  const auto& reader = call.caller.participant;
  if (!call.realm.judge(reader, Action::subscribe, subscription->uri(), subscription->match()).allowed) {
    return fail(
        MetaError{error_uri::not_authorized, "who may not subscribe may not read what was said either"});
  }
  if (subscription->history() == nullptr) {
    return fail(MetaError{error_uri::history_unavailable, "the events of this subscription are not kept"});
  }
  const auto filter = filter_of(call.arguments);
  if (!filter) return fail(filter.error());
  Value::Array events;
  for (const auto& event:
       subscription->history()->select(*filter, history_reader(reader), call.realm.now().wall)) {
    events.push_back(entry_of(*event, subscription->id()));
  }
  return Value(std::move(events));
}

}  // namespace

void add_history_procedures(MetaProcedures& procedures) {
  procedures.emplace("wamp.subscription.get_events", get_events);
}

}  // namespace crosspoint::wamp
