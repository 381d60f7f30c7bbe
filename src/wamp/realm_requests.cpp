#include "wamp/realm_requests.h"

#include <fmt/core.h>

#include "base/counted.h"
#include "wamp/audit.h"
#include "wamp/error_uri.h"
#include "wamp/meta_api.h"

namespace crosspoint::wamp {
namespace {

// Why a request is not let through: an ERROR.
struct Refused {
  std::string_view error;
  std::string text;
};

class Taking {
 public:
  using Outcome = Result<Taken, Violation>;

  Taking(Realm& realm, Inhabitant& from) : realm_(realm), from_(from), who_(from.participant) {}

  Outcome operator()(const Publish& message) {
    if (auto broken = check(message.request); !broken) return broken;
    if (message.pass_through && !who_.features().has(Feature::publisher_payload_passthru))
      return unannounced();
    const auto permit = may(Action::publish, message.topic, Match::exact);
    if (waits(permit)) return Taken::later;
    if (!permit) {
      if (message.acknowledge) answer(Code::publish, message.request, permit.error());
      return {};
    }
    if (message.disclose_me && !realm_.limits().disclose_me) {
      if (message.acknowledge) answer(Code::publish, message.request, disclosure_disallowed());
      return {};
    }
    realm_.broker().publish(&who_, message,
                            realm_.publish_terms(message.topic, permit->disclose || message.disclose_me),
                            realm_.now().wall);
    return {};
  }

  Outcome operator()(const Subscribe& message) {
    if (auto broken = check(message.request); !broken) return broken;
    const auto permit = may(Action::subscribe, message.topic, message.match);
    if (waits(permit)) return Taken::later;
    if (permit) {
      realm_.broker().subscribe(who_, message, realm_.now().wall);
    } else {
      answer(Code::subscribe, message.request, permit.error());
    }
    return {};
  }

  Outcome operator()(const Unsubscribe& message) {
    if (auto broken = check(message.request); !broken) return broken;
    realm_.broker().unsubscribe(who_, message);
    return {};
  }

  Outcome operator()(const EventReceived& message) {
    realm_.broker().event_received(who_, message);
    return {};
  }

  Outcome operator()(const Call& message) {
    CallTerms terms;
    if (realm_.limits().strict_request_ids) {
      switch (from_.requests.take(message.request)) {
        case RequestSequence::Verdict::next: break;
        case RequestSequence::Verdict::repeated: terms.repeated = true; break;
        case RequestSequence::Verdict::gap: return out_of_sequence();
      }
      if (terms.repeated && !who_.features().has(Feature::call_progressive_invocations))
        return out_of_sequence();
    }
    if (message.pass_through && !who_.features().has(Feature::call_payload_passthru)) return unannounced();
    const auto permit = may(Action::call, message.procedure, Match::exact);
    if (waits(permit)) return Taken::later;
    const bool disallowed = message.disclose_me && !realm_.limits().disclose_me;
    if (!permit || disallowed) {
      const auto refused = permit ? disclosure_disallowed() : permit.error();
      realm_.dealer().refuse(who_, message, refused.error, refused.text, realm_.now().monotonic);
      return {};
    }
    if (is_reserved(message.procedure) && is_meta(message.procedure)) return call_router(message, terms);
    terms.disclose = permit->disclose || message.disclose_me;
    terms.reserved = !realm_.reserved_prefix(message.procedure).empty();
    // Nobody is kept unknown to the router itself.
    terms.callee_may_ask = terms.reserved || realm_.limits().disclose_me;
    return done(realm_.dealer().call(who_, message, terms, realm_.now().monotonic));
  }

  Outcome operator()(const Cancel& message) {
    realm_.dealer().cancel(who_, message, realm_.now().monotonic);
    return {};
  }

  Outcome operator()(const Register& message) {
    if (auto broken = check(message.request); !broken) return broken;
    const auto permit = may(Action::register_, message.procedure, message.match);
    if (waits(permit)) return Taken::later;
    if (permit && message.vendor_invoke) {
      answer(Code::register_, message.request,
             Refused{error_uri::option_not_allowed, "this router knows no such policy (Options.invoke)"});
    } else if (permit) {
      const auto put_out =
          realm_.dealer().register_procedure(who_, message, realm_.now().monotonic, realm_.now().wall);
      if (put_out > 0) {
        write_down_some(realm_, from_,
                        fmt::format("{} is taken over from {}", beginning_of(message.procedure),
                                    counted(put_out, "callee")));
      }
    } else {
      answer(Code::register_, message.request, permit.error());
    }
    return {};
  }

  Outcome operator()(const Unregister& message) {
    if (auto broken = check(message.request); !broken) return broken;
    realm_.dealer().unregister(who_, message, realm_.now().monotonic);
    return {};
  }

  Outcome operator()(const Yield& message) {
    return done(realm_.dealer().yield(who_, message, realm_.now().monotonic));
  }
  // A client that is told an error by no URI may take that for a violation of ours.
  Outcome operator()(const InvocationError& message) {
    auto said = message;
    if (!is_uri(said.error, realm_.limits().uri_check)) said.error = error_uri::invalid_uri;
    return done(realm_.dealer().error(who_, said, realm_.now().monotonic));
  }

  // The session sees to these itself.
  Outcome operator()(const Hello&) { return {}; }
  Outcome operator()(const Abort&) { return {}; }
  Outcome operator()(const Authenticate&) { return {}; }
  Outcome operator()(const Goodbye&) { return {}; }

 private:
  static Outcome done(Result<void, Violation> by_the_dealer) {
    if (!by_the_dealer) return fail(std::move(by_the_dealer.error()));
    return {};
  }
  Outcome check(RequestId request) {
    if (!realm_.limits().strict_request_ids) return {};
    return from_.requests.take(request) == RequestSequence::Verdict::next ? Outcome{} : out_of_sequence();
  }
  static Outcome out_of_sequence() {
    return fail(Violation{"request ids are 1, 2, 3, … without a gap (strict_request_ids)"});
  }
  // One of the router's own procedures.
  Outcome call_router(const Call& message, const CallTerms& terms) {
    const auto begins = realm_.dealer().begins(who_, message, terms);
    if (!begins) return fail(begins.error());
    if (!*begins) return {};
    if (message.progress) {
      realm_.dealer().refuse(who_, message, error_uri::feature_not_supported,
                             "the router's own procedures take their arguments at once",
                             realm_.now().monotonic);
    } else {
      call_meta(realm_, from_, message);
    }
    return {};
  }
  static Outcome unannounced() {
    return fail(Violation{
        "a payload is passed through by who announced payload_passthru_mode (or payload_transparency)"});
  }
  static Refused disclosure_disallowed() {
    return {error_uri::disclose_me_disallowed, "this realm does not let clients disclose themselves"};
  }

  // A judgement that is favourable, or `later`.
  Result<Judgement, Refused> may(Action action, std::string_view uri, Match match) {
    auto& refused = realm_.refused();
    if (!is_pattern(uri, match, realm_.limits().uri_check)) {
      ++refused.of(refused.invalid_uri, action);
      return fail(Refused{error_uri::invalid_uri,
                          fmt::format("not a URI for {} ({})", to_string(action), to_string(match))});
    }
    const bool provides = action == Action::publish || action == Action::register_;
    if (const auto own = realm_.reserved_prefix(uri); provides && !own.empty()) {
      ++refused.of(refused.invalid_uri, action);
      return fail(
          Refused{error_uri::invalid_uri, fmt::format("URIs that begin with {} are the router's own", own)});
    }
    const auto judged = realm_.judge(who_, action, uri, match, &from_.control);
    if (judged.allowed || judged.kind == Judgement::Kind::later) return judged;
    ++refused.of(refused.not_authorized, action);
    if (judged.kind == Judgement::Kind::failed) {
      return fail(Refused{
          error_uri::authorization_failed,
          fmt::format("whether this session may {} {} could not be found out", to_string(action), uri)});
    }
    return fail(Refused{error_uri::not_authorized,
                        fmt::format("session {} (role {}) is not authorized to {} {}", number(who_.id()),
                                    who_.identity().authrole, to_string(action), uri)});
  }

  static bool waits(const Result<Judgement, Refused>& permit) {
    return permit && permit->kind == Judgement::Kind::later;
  }

  void answer(Code type, RequestId request, const Refused& refused) {
    who_.peer().send(ErrorOut{type, request, refused.error, refused.text, {}, {}});
  }

  Realm& realm_;
  Inhabitant& from_;
  Participant& who_;
};

}  // namespace

std::string_view to_string(Action action) {
  switch (action) {
    case Action::call: return "call";
    case Action::register_: return "register";
    case Action::publish: return "publish";
    case Action::subscribe: return "subscribe";
  }
  return "";
}

Result<Taken, Violation> take_request(Realm& realm, Inhabitant& from, const Incoming& message) {
  const auto requests = from.requests;
  auto taken = std::visit(Taking(realm, from), message);
  if (taken && *taken == Taken::later) from.requests = requests;  // it comes once more
  return taken;
}

}  // namespace crosspoint::wamp
