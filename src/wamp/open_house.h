#pragma once
// Nobody is asked anything: every realm exists, everybody may join it and do all there is to do. For `serve
// --dev`, which listens on loopback alone, and for tests.

#include "base/random.h"
#include "wamp/doorkeeper.h"
#include "wamp/gate.h"
#include "wamp/router.h"

namespace crosspoint::wamp {

class OpenHouse final : public Doorkeeper, public Gate, public RealmPolicy {
 public:
  // Both outlive it.
  OpenHouse(const RealmLimits& limits, Random& random) : limits_(limits), random_(random) {}

  // authid: what the client asks for, else a random one; authrole "anonymous".
  Answer on_hello(const Hello& hello, const TransportFacts& facts, SessionId session,
                  std::function<void(Verdict)> decided) override;
  Judgement judge(const Request&, const Moment&) override { return {.allowed = true, .disclose = false}; }
  void forget(SessionId) override {}
  Terms terms_of(std::string_view) override { return {.limits = &limits_, .goes_when_empty = true}; }

 private:
  const RealmLimits& limits_;
  Random& random_;
};

}  // namespace crosspoint::wamp
