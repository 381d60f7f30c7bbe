#pragma once
// A gate for tests that decides later, when it is told what.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "wamp/gate.h"

namespace crosspoint::wamp {

class LateGate final : public Gate {
 public:
  Judgement judge(const Request& request, const Moment&) override {
    const auto about = std::pair(request.action, std::string(request.uri));
    const auto found = waiting.find(request.who.id());
    if (found != waiting.end() && request.petitioner != nullptr) {
      mixed_up |= found->second.about != about || !found->second.answer;
      const auto answer = found->second.answer.value_or(Judgement{});
      waiting.erase(found);
      return answer;
    }
    const auto now = at_once(request);
    if (now) return *now;
    if (request.petitioner == nullptr) return {.kind = Judgement::Kind::unknown};
    waiting[request.who.id()] = {about, request.petitioner, {}};
    return {.kind = Judgement::Kind::later};
  }
  void forget(SessionId session) override { waiting.erase(session); }
  void on_registration(std::string_view realm, std::string_view procedure, Match match) override {
    registered = std::string(realm) + " " + std::string(procedure) + " " + std::string(to_string(match));
  }

  // The session that waits (any of them) goes on.
  void decide(Judgement answer, const Moment& now) { decide(waiting.begin()->first, answer, now); }
  void decide(SessionId session, Judgement answer, const Moment& now) {
    auto& petition = waiting.at(session);
    petition.answer = answer;
    petition.petitioner->on_decided(now);
  }

  struct Petition {
    std::pair<Action, std::string> about;
    Petitioner* petitioner = nullptr;
    std::optional<Judgement> answer;
  };
  std::map<SessionId, Petition> waiting;
  // What it knows without asking anybody.
  std::function<std::optional<Judgement>(const Request&)> at_once = [](const Request&) {
    return std::nullopt;
  };
  std::string registered;
  bool mixed_up = false;  // something else came than what had waited
};

}  // namespace crosspoint::wamp
