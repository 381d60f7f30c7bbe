#pragma once
// The settings, ready to be asked: which realm, which role, who. Immutable; a router holds the present one by
// shared_ptr, and so does each opening, which ends under the settings that it began with. What becomes of
// sessions when the next one takes its place says standing.h.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "wamp/auth/permissions.h"
#include "wamp/auth/settings.h"

namespace crosspoint::wamp::auth {

// The settings of one realm, or of all that come from one template.
class Realm {
 public:
  explicit Realm(const RealmSettings& settings) : settings_(settings) {}
  Realm(const Realm&) = delete;
  Realm& operator=(const Realm&) = delete;

  struct RoleEntry {
    explicit RoleEntry(const Role& settings) : role(&settings), permissions(settings.rules) {}
    const Role* role;
    Permissions permissions;
  };

  const RealmSettings& settings() const { return settings_; }
  // The first by name; empty: it has none.
  std::string some_role() const { return roles_.empty() ? std::string() : roles_.begin()->first; }
  // Null: there is none.
  const RoleEntry* find_role(std::string_view name) const;
  const Principal* find_principal(std::string_view authid) const;
  const Principal* find_by_key(const CryptosignKey& key) const;
  bool has_cryptosign_keys() const { return !by_key_.empty(); }
  // By SHA-256 or SHA-1, whichever the entry has.
  const Principal* find_by_certificate(Bytes sha256, Bytes sha1) const;
  const DynamicAuthenticator* find_authenticator(Method method) const;
  // Is the authorizer of one of its roles among these procedures?
  bool has_authorizer(std::string_view procedure, Match match) const;

  // May subscribers be told who publishes, whether the publisher asks for it or not? By a rule, or by an
  // authorizer.
  bool discloses_publishers() const;
  bool discloses_callers() const;  // the same for callees

  // Whom to take for somebody that nobody knows, so that the answers look alike: some principal, always the
  // same for the same name, as long as the principals are the same. Null: the realm has none.
  const Principal* model_for(std::string_view authid, Bytes disguise_key) const;

 private:
  friend class RealmBook;
  bool discloses(bool Rule::* to) const;

  const RealmSettings& settings_;
  std::map<std::string, RoleEntry, std::less<>> roles_;
  std::map<std::string, const Principal*, std::less<>> by_authid_;
  std::vector<const Principal*> all_;
  std::map<CryptosignKey, const Principal*> by_key_;
  std::map<ByteVector, const Principal*> by_certificate_;
};

class RealmBook {
 public:
  // The settings have been checked (read_settings.h): names exist, nothing is there twice.
  explicit RealmBook(WampSettings settings);
  RealmBook(const RealmBook&) = delete;
  RealmBook& operator=(const RealmBook&) = delete;

  const WampSettings& settings() const { return settings_; }
  // By its own name, else the template that takes it: of several the one with the longest text before '*'.
  const Realm* find_realm(std::string_view name) const;

 private:
  const WampSettings settings_;
  std::vector<std::unique_ptr<Realm>> realms_;
};

// "lab.*" takes "lab.rig01" and "lab.a.b", and neither "lab." nor "lab"; '*' ends the pattern.
bool takes_realm(std::string_view pattern, std::string_view name);

}  // namespace crosspoint::wamp::auth
