#include "bench/io/wamp_load.h"

#include <fmt/core.h>

#include <optional>
#include <vector>

#include "bench/deliveries.h"
#include "bench/io/course.h"
#include "bench/io/wamp_member.h"
#include "bench/open_calls.h"
#include "bench/probe.h"
#include "bench/text_probe.h"
#include "bench/wamp_args.h"
#include "wamp/read_message.h"
#include "wamp/read_reply.h"
#include "wamp/write_message.h"
#include "wamp/write_request.h"

namespace crosspoint::bench {
namespace {

constexpr std::size_t joining_at_once = 64;
constexpr std::size_t bare_number_bytes = 4;  // decimal digits before each message: which caller it is of

wamp::client::TransportSettings transport_settings(const LoadSettings& load) {
  wamp::client::TransportSettings settings;
  settings.place = load.router;
  settings.format = load.serializer;
  settings.tls = load.tls;
  settings.write_time_max = 60s;
  return settings;
}

std::string_view to_string(WampMember::Role role) {
  switch (role) {
    case WampMember::Role::callee: return "callee";
    case WampMember::Role::caller: return "caller";
    case WampMember::Role::subscriber: return "subscriber";
    case WampMember::Role::publisher: break;
  }
  return "publisher";
}

}  // namespace

struct WampLoad::State final : private net::TurnEndHook, private CourseEvents, private WampMemberEvents {
  State(net::Loop& loop, net::Network& network, const Clock& clock, Random& random, LoadSettings wanted,
        LoadDone done)
      : loop_(loop),
        network_(network),
        clock_(clock),
        random_(random),
        settings_(std::move(wanted)),
        done_(std::move(done)),
        receivers_(settings_.mode == Mode::publish ? settings_.subscribers : 1),
        senders_(settings_.mode == Mode::publish ? 1 : settings_.callers),
        receipts_(settings_.mode == Mode::publish ? receivers_ : senders_),
        calls_(senders_),
        publications_(settings_.mode == Mode::publish ? 2 * settings_.window : 0) {
    connect_more();
  }

  // Connecting: the receivers first, so that nothing is sent to nobody.

  void connect_more() {
    while (members_.size() < receivers_ + senders_ && members_.size() - ready_ < joining_at_once) {
      if (members_.size() >= receivers_ && ready_ < receivers_) return;
      connect();
    }
  }

  void connect() {
    using Role = WampMember::Role;
    const std::size_t number = members_.size();
    const bool receives = number < receivers_;
    const Role role = settings_.mode == Mode::publish ? (receives ? Role::subscriber : Role::publisher)
                                                      : (receives ? Role::callee : Role::caller);
    WampMemberEvents& events = *this;
    members_.push_back(std::make_unique<WampMember>(loop_, network_, random_, settings_, transport_, role,
                                                    receives ? number : number - receivers_, events));
  }

  void on_ready(WampMember&) override {
    report_.connections = ++ready_;
    if (ready_ < receivers_ + senders_) return connect_more();
    schedule_.begin(clock_.monotonic());
    course_.begin();
    loop_.at_turn_end(*this);
  }

  void on_lost(WampMember& member, std::string sentence) override {
    ++report_.closed;
    finish(fmt::format("{} {}: {}", to_string(member.role()), member.index() + 1, sentence));
  }

  WampMember& sender(std::size_t index) { return *members_[receivers_ + index]; }

  // Sending.

  void on_turn_end() override { send_what_is_due(); }

  void send_what_is_due() {
    if (!course_.sending()) return;
    const auto now = clock_.monotonic();
    while (schedule_.is_due(now)) {
      const auto free = free_sender();
      if (!free) return;  // what arrives makes room
      settings_.mode == Mode::publish ? publish(schedule_.take(now)) : call(*free, schedule_.take(now));
      ++report_.published;
    }
    rate_timer_.start_at(schedule_.next());
  }

  // The next one round, of those that may have one more under way.
  std::optional<std::size_t> free_sender() {
    if (settings_.mode == Mode::publish)
      return deliveries_.under_way() < settings_.window ? std::optional(std::size_t{0}) : std::nullopt;
    for (std::size_t tried = 0; tried < senders_; ++tried) {
      next_sender_ = next_sender_ + 1 < senders_ ? next_sender_ + 1 : 0;
      if (calls_[next_sender_].open() < settings_.window) return next_sender_;
    }
    return std::nullopt;
  }

  wamp::Payload probe_payload(const Probe& probe) {
    encode_text_probe(probe, settings_.message_bytes, text_);
    return write_args(settings_.serializer, text_, args_);
  }

  void publish(MonotonicTime due) {
    const auto sequence = deliveries_.send(receivers_);
    wamp::Publish message{.request = wamp::RequestId{sequence + 1}, .topic = WampMember::uri};
    message.payload = probe_payload({.sequence = sequence, .due = due, .source = 0});
    sender(0).send(message);
  }

  void call(std::size_t caller, MonotonicTime due) {
    const auto request = calls_[caller].begin();
    wamp::Call message{.request = wamp::RequestId{request}, .procedure = WampMember::uri};
    message.payload = probe_payload({.sequence = request - 1, .due = due, .source = caller});
    if (settings_.mode == Mode::call) return sender(caller).send(message);
    bare_.clear();
    append(bare_, fmt::format("{:0{}}", caller, bare_number_bytes));
    wamp::write_request(settings_.serializer, message, bare_);
    sender(caller).send_bare(bare_);
  }

  std::uint64_t under_way() const override {
    if (settings_.mode == Mode::publish) return deliveries_.under_way();
    std::uint64_t open = 0;
    for (const auto& calls: calls_) open += calls.open();
    return open;
  }

  // Receiving.

  Verdict verdict_of(const wamp::Payload& payload) {
    const auto text = read_args(payload, room_);
    return text ? read_text_probe(*text, settings_.verify_bodies) : Verdict{};
  }

  void on_message(WampMember& member, const wamp::Outgoing& message, std::size_t bytes) override {
    if (const auto* invocation = std::get_if<wamp::Invocation>(&message))
      return take_invocation(member, *invocation);
    if (const auto* result = std::get_if<wamp::CallResult>(&message))
      return take_result(member, *result, bytes);
    if (const auto* event = std::get_if<wamp::Event>(&message)) return take_event(member, *event, bytes);
    if (const auto* error = std::get_if<wamp::ErrorOut>(&message)) return take_error(member, *error);
    on_lost(member, "the router said what this load does not ask for");
  }

  void take_invocation(WampMember& callee, const wamp::Invocation& invocation) {
    if (callee.role() != WampMember::Role::callee || number(invocation.registration) != callee.granted())
      ++report_.mistaken;
    note_call(invocation.payload);
    callee.send(
        wamp::Yield{.request = invocation.request, .pass_through = {}, .payload = invocation.payload});
  }

  // At the callee: the calls of each caller come in order.
  void note_call(const wamp::Payload& payload) {
    const auto verdict = verdict_of(payload);
    receipts_[verdict.intact && verdict.probe.source < senders_ ? verdict.probe.source : 0].take(verdict);
  }

  void take_result(WampMember& caller, const wamp::CallResult& result, std::size_t bytes) {
    if (caller.role() != WampMember::Role::caller || !calls_[caller.index()].end(number(result.request))) {
      ++report_.mistaken;
      return;
    }
    const auto verdict = verdict_of(result.payload);
    if (!verdict.intact || verdict.probe.source != caller.index() ||
        verdict.probe.sequence + 1 != number(result.request)) {
      ++report_.corrupt;
    }
    ++report_.received;
    report_.wire_bytes = bytes;
    note_answer(verdict.probe.due);
  }

  void note_answer(MonotonicTime due) {
    course_.note_arrival(clock_.monotonic(), due);
    course_.note_completion();
    loop_.at_turn_end(*this);  // what this turn completed makes room for as many, sent together
  }

  void take_error(WampMember& caller, const wamp::ErrorOut& error) {
    if (report_.refused++ == 0) first_refusal_ = error.error;
    if (caller.role() != WampMember::Role::caller || !calls_[caller.index()].end(number(error.request))) {
      ++report_.mistaken;
      return;
    }
    course_.note_completion();
    loop_.at_turn_end(*this);
  }

  void take_event(WampMember& subscriber, const wamp::Event& event, std::size_t bytes) {
    if (subscriber.role() != WampMember::Role::subscriber) {
      ++report_.mistaken;
      return;
    }
    const auto verdict = verdict_of(event.payload);
    receipts_[subscriber.index()].take(verdict);
    ++report_.received;
    report_.wire_bytes = bytes;
    if (!verdict.intact) return;
    if (number(event.subscription) != subscriber.granted() ||
        !same_publication(verdict.probe.sequence, number(event.publication))) {
      ++report_.mistaken;
    }
    course_.note_arrival(clock_.monotonic(), verdict.probe.due);
    if (!deliveries_.arrive(verdict.probe.sequence)) return;
    course_.note_completion();
    loop_.at_turn_end(*this);
  }

  // The first receiver's publication is what all others must have been told.
  bool same_publication(std::uint64_t sequence, std::uint64_t publication) {
    auto& seen = publications_[static_cast<std::size_t>(sequence % publications_.size())];
    if (seen.sequence != sequence || seen.publication == 0) seen = {sequence, publication};
    return seen.publication == publication;
  }

  // Without sessions: the callee gets the CALL itself, and says the RESULT.
  void on_bare_message(WampMember& member, Bytes message) override {
    if (message.size() < bare_number_bytes) return on_lost(member, "a message without a number");
    const Bytes wamp_message = message.subspan(bare_number_bytes);
    if (member.role() == WampMember::Role::callee) return answer_bare(member, message);
    wamp::ReplyReader reader(settings_.serializer, wamp_message);
    const auto read = reader.read();
    const auto* result = read ? std::get_if<wamp::CallResult>(&*read) : nullptr;
    if (result == nullptr) return on_lost(member, "an answer that is no RESULT");
    take_result(member, *result, wamp_message.size());
  }

  void answer_bare(WampMember& callee, Bytes message) {
    wamp::MessageReader reader(settings_.serializer, message.subspan(bare_number_bytes));
    const auto read = reader.read();
    const auto* call = read ? std::get_if<wamp::Call>(&*read) : nullptr;
    if (call == nullptr) return on_lost(callee, "a message that is no CALL");
    note_call(call->payload);
    bare_.clear();
    append(bare_, message.first(bare_number_bytes));
    wamp::write_message(
        settings_.serializer,
        wamp::CallResult{.request = call->request, .pass_through = {}, .payload = call->payload}, bare_);
    callee.send_bare(bare_);
  }

  // The end.

  void on_course_over(std::string failure) override {
    if (!failure.empty()) report_.lost += settings_.mode == Mode::publish ? missing_events() : under_way();
    finish(std::move(failure));
  }

  std::uint64_t missing_events() const {
    std::uint64_t missing = 0;
    for (const auto& receipt: receipts_) missing += report_.published - receipt.next();
    return missing;
  }

  void finish(std::string failure) {
    if (std::exchange(finished_, true)) return;
    course_.stop();
    if (failure.empty() && report_.refused > 0) failure = "the router answered " + first_refusal_;
    report_.failure = std::move(failure);
    for (const auto& receipt: receipts_) {
      report_.lost += receipt.lost();
      report_.corrupt += receipt.corrupt();
      report_.out_of_order += receipt.out_of_order();
    }
    loop_.post([this] { done_(std::move(report_)); });
  }

  struct Seen {
    std::uint64_t sequence = 0, publication = 0;
  };

  net::Loop& loop_;
  net::Network& network_;
  const Clock& clock_;
  Random& random_;
  const LoadSettings settings_;
  const wamp::client::TransportSettings transport_ = transport_settings(settings_);
  LoadDone done_;

  const std::size_t receivers_, senders_;
  std::vector<std::unique_ptr<WampMember>> members_;  // the receivers first
  std::size_t ready_ = 0;

  LoadReport report_;
  std::vector<Receipt> receipts_;  // publish: of each subscriber; call: the callee's, of each caller
  std::vector<OpenCalls> calls_;   // of each caller
  Deliveries deliveries_;
  std::vector<Seen> publications_;  // of the latest events
  std::size_t next_sender_ = 0;
  std::string first_refusal_;
  bool finished_ = false;

  std::string text_, room_;
  ByteVector args_, bare_;
  Schedule schedule_{settings_.rate};
  Course course_{loop_, clock_, settings_, report_, *this};
  net::Timer rate_timer_{loop_, [this] { send_what_is_due(); }};
};

WampLoad::WampLoad(net::Loop& loop, net::Network& network, const Clock& clock, Random& random,
                   LoadSettings settings, LoadDone done)
    : state_(std::make_unique<State>(loop, network, clock, random, std::move(settings), std::move(done))) {}

WampLoad::~WampLoad() = default;

}  // namespace crosspoint::bench
