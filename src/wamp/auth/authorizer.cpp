#include "wamp/auth/authorizer.h"

#include <fmt/core.h>

namespace crosspoint::wamp::auth {
namespace {

std::string key_of(const AccessRequest& request) {
  return fmt::format("{} {} {} {}", number(request.session), static_cast<int>(request.action),
                     static_cast<int>(request.match), request.uri);
}

const Rule* allowing_rule(const Permissions* permissions, const AccessRequest& request) {
  return permissions == nullptr ? nullptr
                                : permissions->find_pattern(request.uri, request.match, request.action);
}

bool discloses(const Rule& rule, Action action) {
  return action == Action::call ? rule.disclose_caller : action == Action::publish && rule.disclose_publisher;
}

}  // namespace

Verdict Authorizer::decide(const AccessRequest& request, const Authority& authority, MonotonicTime now) {
  if (const Rule* rule = allowing_rule(authority.grant, request)) {
    return Allowed{discloses(*rule, request.action)};
  }
  if (authority.procedure.empty()) {
    const Rule* rule = allowing_rule(authority.role, request);
    if (rule == nullptr) return Denied{};
    return Allowed{discloses(*rule, request.action)};
  }
  if (by_key_.empty()) return AskAuthorizer{};
  const auto found = by_key_.find(key_of(request));
  if (found == by_key_.end()) return AskAuthorizer{};
  if (now < found->second->until) return found->second->verdict;
  erase(found->second);
  return AskAuthorizer{};
}

Verdict Authorizer::remember(const AccessRequest& request, DynamicVerdict verdict, MonotonicTime now) {
  const Verdict said = verdict.allow ? Verdict(Allowed{verdict.disclose}) : Verdict(Denied{});
  if (!verdict.cache || limits_.decisions_max == 0) return said;
  std::string key = key_of(request);
  if (const auto present = by_key_.find(key); present != by_key_.end()) erase(present->second);
  if (decisions_.size() == limits_.decisions_max) {
    erase(decisions_.begin());
    ++evicted_;
  }
  decisions_.push_back({std::move(key), request.session, said, now + limits_.decision_age_max});
  const auto added = std::prev(decisions_.end());
  by_key_.emplace(added->key, added);
  ++by_session_[number(request.session)];
  return said;
}

void Authorizer::erase(Decisions::iterator decision) {
  const auto session = by_session_.find(number(decision->session));
  if (--session->second == 0) by_session_.erase(session);
  by_key_.erase(decision->key);
  decisions_.erase(decision);
}

void Authorizer::forget(SessionId session) {
  if (!by_session_.contains(number(session))) return;
  for (auto at = decisions_.begin(); at != decisions_.end();) {
    const auto next = std::next(at);
    if (at->session == session) erase(at);
    at = next;
  }
}

void Authorizer::forget_all() {
  by_key_.clear();
  by_session_.clear();
  decisions_.clear();
}

}  // namespace crosspoint::wamp::auth
