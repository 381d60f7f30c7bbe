// Testaments: what the router is told anew in each session, that it may tell others afterwards.
#include <utility>

#include "wamp/client/io/public_client.h"

namespace crosspoint {

WampClient::Pending<WampClient::Done> WampClient::Implementation::add_testament(
    std::string_view topic, const List& args, const Map& kwargs, const TestamentOptions& options) {
  auto [pending, promise] = make_pending<Done>();
  const Map how = {
      {"retain", options.retain}, {"exclude_me", options.exclude_me}, {"disclose_me", options.disclose_me}};
  order([word = std::move(promise),
         payload = wamp::client::spell(format_, List{topic, args, kwargs}, {{"publish_options", how}})](
            Implementation& client) mutable {
    const auto number = ++client.last_testament_;
    auto& kept = client.testaments_[number];
    kept = {std::move(payload), std::move(word)};
    if (client.link_.agent().joined()) client.say_testament(number, kept);
  });
  return pending;
}

void WampClient::Implementation::say_testament(std::uint64_t number, Testament& testament) {
  const auto made = link_.agent().call({"wamp.session.add_testament", testament.payload.view()}, link_.now());
  if (made) {
    testament_calls_.emplace(*made, number);
    return;
  }
  testament.promise.keep(wamp::client::to_error(wamp::client::failure_of(made.error())));
}

// One that the router does not want is not brought again.
bool WampClient::Implementation::take_testament_result(
    wamp::client::CallId call, const crosspoint::Result<wamp::Payload, wamp::client::Failure>& result) {
  if (auto flush = flush_calls_.extract(call); !flush.empty()) {
    if (result) {
      flush.mapped().keep(Done{});
    } else {
      flush.mapped().keep(wamp::client::to_error(result.error()));
    }
    return true;
  }
  const auto said = testament_calls_.extract(call);
  if (said.empty()) return false;
  const auto found = testaments_.find(said.mapped());
  if (found == testaments_.end()) return true;
  if (result) {
    found->second.promise.keep(Done{});
  } else if (result.error().uri != wamp::client::own_error::connection_lost) {
    found->second.promise.keep(wamp::client::to_error(result.error()));
    testaments_.erase(found);
  }
  return true;
}

WampClient::Pending<WampClient::Done> WampClient::Implementation::flush_testaments() {
  auto [pending, promise] = make_pending<Done>();
  order([word = std::move(promise)](Implementation& client) mutable {
    client.testaments_.clear();
    if (!client.link_.agent().joined()) return word.keep(Done{});
    const auto made = client.link_.agent().call({"wamp.session.flush_testaments", {}}, client.link_.now());
    if (!made) return word.keep(wamp::client::to_error(wamp::client::failure_of(made.error())));
    client.flush_calls_.emplace(*made, std::move(word));
  });
  return pending;
}

WampClient::Pending<WampClient::Done> WampClient::add_testament(std::string_view topic, List args, Map kwargs,
                                                                TestamentOptions options) {
  return implementation_->add_testament(topic, args, kwargs, options);
}
WampClient::Pending<WampClient::Done> WampClient::flush_testaments() {
  return implementation_->flush_testaments();
}

}  // namespace crosspoint
