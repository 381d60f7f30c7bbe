#pragma once
// Which realms the router may have, and on what terms, as the settings say: those that are named, and those
// that come into being by a pattern of names and go with their last session.
//
// One loop's, and outlives the router that asks it.

#include <memory>
#include <string_view>

#include "wamp/auth/realm_book.h"
#include "wamp/router.h"

namespace crosspoint::wamp::auth {

class RealmTerms final : public RealmPolicy {
 public:
  // `histories`, where there are some that outlast the program, outlives the realms.
  explicit RealmTerms(std::shared_ptr<const RealmBook> book, HistoryArchive* histories = nullptr)
      : book_(std::move(book)), histories_(histories) {}

  // Other settings from now on: Router::ask_policy_again() brings them to the realms that are there.
  void use(std::shared_ptr<const RealmBook> book) { book_ = std::move(book); }

  Terms terms_of(std::string_view realm) override;

 private:
  std::shared_ptr<const RealmBook> book_;
  HistoryArchive* histories_;
  RealmLimits limits_;  // of the realm that was asked for last
};

}  // namespace crosspoint::wamp::auth
