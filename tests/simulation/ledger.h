#pragma once
// Who must have got which event, kept by somebody who sees every client's end of the conversation and nothing
// of the router. Each thing that a client says or hears has a place in one order; so of a publication and a
// stay at a subscription it is known that one was over before the other began, or not.
//
//   must have it     SUBSCRIBED was heard before PUBLISH was said, and PUBLISHED before UNSUBSCRIBE was said
//   must not         UNSUBSCRIBED was heard before PUBLISH was said, or SUBSCRIBE said after PUBLISHED was
//                    heard; the publication was refused, or is not for this session
//   either           everything in between, and whatever a session that ends may or may not have had
//
// And nobody has one twice, or two of one publisher in another order than they were published.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "findings.h"
#include "mark.h"
#include "wamp/ids.h"
#include "wamp/options.h"

namespace crosspoint::simulation {

using Tick = std::uint64_t;  // 0: not yet

struct Publication {
  std::uint64_t publisher = 0;  // its tag
  wamp::SessionId session{};
  std::string_view topic = {};  // of a constant
  bool exclude_me = true;
  bool certain = true;  // nobody can refuse it: without an answer it has been carried out all the same
  std::optional<std::vector<wamp::SessionId>> exclude = {}, eligible = {};

  Tick said = 0, answered = 0;
  enum class Outcome : std::uint8_t { open, carried_out, refused, unknown } outcome = Outcome::open;
};

// One session at one subscription.
struct Stay {
  std::uint64_t subscriber = 0;  // its tag
  wamp::SessionId session{};
  std::string_view topic = {};  // of a constant
  wamp::Match match = wamp::Match::exact;
  bool takes_long = true;  // its line takes long messages

  Tick asked = 0, begun = 0, leaving = 0, over = 0;
  bool session_over = false;
  wamp::SubscriptionId id{};
  std::vector<std::uint64_t> had = {};                         // numbers of publications
  std::unordered_map<std::uint64_t, std::uint64_t> last = {};  // by publisher: the highest of those
};

class Ledger {
 public:
  explicit Ledger(Findings& findings) : findings_(findings) {}

  // PUBLISH is about to be said; its number, which goes with it as a mark's `what`.
  std::uint64_t publish(Publication publication);
  void carried_out(std::uint64_t number) { answer(number, Publication::Outcome::carried_out); }
  void refused(std::uint64_t number) { answer(number, Publication::Outcome::refused); }
  // The publisher's session is over: what was not answered may have been carried out or not.
  void publisher_over(std::uint64_t publisher);

  Stay& subscribe(Stay stay);
  void begun(Stay& stay, wamp::SubscriptionId id);
  void leaving(Stay& stay) { stay.leaving = ++tick_; }
  void over(Stay& stay) { stay.over = ++tick_; }
  void session_over(Stay& stay) {
    stay.over = ++tick_;
    stay.session_over = true;
  }

  void heard(Stay& stay, std::string_view topic, const Mark& mark);

  // Everything that was said has arrived: who lacks what it must have? Afterwards what is over is forgotten.
  // How many events are missing is returned, for a router that may drop some has the right to.
  std::uint64_t settle();

 private:
  Publication* find(std::uint64_t number);
  void answer(std::uint64_t number, Publication::Outcome outcome);
  static bool is_for(const Publication& publication, const Stay& stay);
  bool must_have(const Publication& publication, std::uint64_t number, const Stay& stay) const;

  Findings& findings_;
  Tick tick_ = 0;
  std::uint64_t first_ = 1;  // the number of publications_.front()
  std::vector<Publication> publications_;
  std::vector<std::unique_ptr<Stay>> stays_;
};

}  // namespace crosspoint::simulation
