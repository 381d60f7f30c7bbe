#include "wamp/auth/realm_terms.h"

namespace crosspoint::wamp::auth {

RealmPolicy::Terms RealmTerms::terms_of(std::string_view realm) {
  const Realm* found = book_->find_realm(realm);
  if (found == nullptr) return {};
  const RealmSettings& settings = found->settings();
  limits_.uri_check = settings.uri_check;
  limits_.strict_request_ids = settings.strict_request_ids;
  limits_.disclose_me = settings.disclose_me;
  limits_.rules_disclose_publishers = found->discloses_publishers();
  limits_.rules_disclose_callers = found->discloses_callers();
  limits_.broker = settings.broker;
  limits_.dealer = settings.dealer;
  limits_.testaments = settings.testaments;
  limits_.topics = settings.topics;
  limits_.deliveries = settings.deliveries;
  limits_.archive = histories_;
  if (!settings.is_template) return {.limits = &limits_};
  return {.limits = &limits_,
          .goes_when_empty = true,
          .family = settings.name,
          .family_realms_max = settings.realms_max};
}

}  // namespace crosspoint::wamp::auth
