#include "wamp/resident.h"

#include <utility>

#include "base/assert.h"
#include "wamp/error_uri.h"
#include "wamp/realm.h"

namespace crosspoint::wamp {
namespace {

Features features_of_a_resident() {
  Features features;
  features.add(Role::callee);
  return features;
}

}  // namespace

Resident::Resident(ResidentTerms terms, ResidentHandler& handler)
    : terms_(std::move(terms)), handler_(handler) {}

Resident::~Resident() { CROSSPOINT_ASSERT(realm_ == nullptr); }

// The realm may have been there before it was this resident's: whoever registered below its prefix has lost
// that.
void Resident::move_in(Realm& realm, SessionId id, std::function<void()> touched, const Moment& now) {
  CROSSPOINT_ASSERT(realm_ == nullptr);
  realm_ = &realm;
  touched_ = std::move(touched);
  realm.reserve(terms_.prefix, now);
  participant_.emplace(id, Identity{"router", "internal", "internal", "internal"}, features_of_a_resident(),
                       static_cast<Peer&>(*this));
  IdSequence<RequestId> requests;
  for (const auto& procedure: terms_.procedures) {
    realm.dealer().register_procedure(*participant_,
                                      {.request = requests.next(),
                                       .procedure = procedure,
                                       .force_reregister = true,
                                       .disclose_caller = true},
                                      now.monotonic, now.wall);
  }
}

void Resident::move_out() {
  if (realm_ == nullptr) return;
  Realm& realm = *std::exchange(realm_, nullptr);
  realm.dealer().leave(*participant_, MonotonicTime{});
  realm.unreserve(terms_.prefix);
  participant_.reset();
  arrivals_.clear();
  open_.clear();
}

Sent Resident::send(const Outgoing& message) {
  if (const auto* invocation = std::get_if<Invocation>(&message)) return take(*invocation);
  return Sent::sent;
}

// From inside of the dealer: it is kept until settle().
Sent Resident::take(const Invocation& invocation) {
  if (invocation.payload.bytes() > terms_.arguments_bytes_max) return Sent::too_large;
  Arrival arrival;
  arrival.invocation = invocation.request;
  arrival.procedure = realm_->dealer().registrations().find(invocation.registration)->procedure();
  if (invocation.caller) {
    arrival.caller = {invocation.caller->session,
                      std::string(invocation.caller->authid),
                      std::string(invocation.caller->authrole),
                      {}};
    if (const auto* inhabitant = realm_->find(invocation.caller->session))
      arrival.caller.address = inhabitant->transport_peer;
  }
  arrival.payload = KeptPayload(invocation.payload);
  arrival.passed_through = static_cast<bool>(invocation.pass_through);
  arrivals_.push_back(std::move(arrival));
  settle_soon_();
  return Sent::sent;
}

void Resident::settle(const Moment& now) {
  for (auto& arrival: std::exchange(arrivals_, {})) {
    const ResidentCallId id{++calls_};
    open_.emplace(id, arrival.invocation);
    PassThrough pass_through;
    if (arrival.passed_through) pass_through.dialect = PassThrough::Dialect::enc;
    auto arguments = MetaArguments::read(arrival.payload.view(), pass_through);
    if (!arguments) {
      refuse(id, arguments.error().error, arguments.error().text, now);
      continue;
    }
    handler_.on_call({id, std::move(arrival.procedure), std::move(arrival.caller), std::move(*arguments)});
  }
}

std::optional<RequestId> Resident::take_open(ResidentCallId call) {
  const auto found = open_.find(call);
  if (found == open_.end()) return std::nullopt;
  const RequestId invocation = found->second;
  open_.erase(found);
  return invocation;
}

// What nobody waits for any more the dealer drops.
void Resident::answer(ResidentCallId call, const Payload& payload, const Moment& now) {
  const auto invocation = take_open(call);
  if (!invocation) return;
  const auto taken =
      realm_->dealer().yield(*participant_, {.request = *invocation, .payload = payload}, now.monotonic);
  CROSSPOINT_ASSERT(taken);
  touched_();
  settle_soon_();
}

void Resident::refuse(ResidentCallId call, std::string_view error, std::string_view text, const Moment& now) {
  const auto invocation = take_open(call);
  if (!invocation) return;
  const auto args = data::write_value(data::Format::cbor, data::Value(data::Value::Array{text}));
  const auto taken = realm_->dealer().error(
      *participant_, {.request = *invocation, .error = error, .payload = {data::Format::cbor, args, {}}},
      now.monotonic);
  CROSSPOINT_ASSERT(taken);
  touched_();
  settle_soon_();
}

bool Resident::is_heard(std::string_view topic) const {
  if (realm_ == nullptr) return false;
  bool heard = false;
  realm_->broker().subscriptions().match(topic, [&](const Subscription& subscription) {
    heard = heard || subscription.stays() || !subscription.subscribers().empty();
  });
  return heard;
}

void Resident::publish(std::string_view topic, const Payload& payload, const Moment& now) {
  if (realm_ != nullptr) realm_->announce(topic, payload, now);
}

}  // namespace crosspoint::wamp
