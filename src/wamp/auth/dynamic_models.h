#pragma once
// What CHALLENGE looks like for names that a procedure knows: for a name that it refuses, one is made alike,
// so that nobody learns from it which names exist (wamp-router 11.1). The procedure is asked before there is
// a CHALLENGE; so what others were answered is the only thing to go by.
//
// A name is shown the same as long as the same models are there. A new one (a role that nobody of which had
// come yet, other rounds) takes over the names that it wins, and leaves the others.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "wamp/auth/method.h"
#include "wamp/auth/scram.h"
#include "wamp/auth/wampcra.h"

namespace crosspoint::wamp::auth {

struct DynamicModel {
  std::string role;
  std::size_t salt_bytes = 0;  // wampcra: of its text, 0: none
  std::uint32_t iterations = 0;
  std::uint32_t key_bytes = 0;  // wampcra
  ScramKdf kdf = ScramKdf::pbkdf2;
  std::uint32_t memory_kib = 0;

  bool operator==(const DynamicModel&) const = default;

  static DynamicModel of(std::string role, const WampCraCredential& credential);
  static DynamicModel of(std::string role, const ScramCredential& credential);
  // Credentials that cost the same; salt and keys are nobody's, and are to be replaced.
  WampCraCredential wampcra() const;
  ScramCredential scram() const;
};

class DynamicModels {
 public:
  // Of one procedure and method; past it the oldest is forgotten.
  static constexpr std::size_t models_max = 8;

  void note(std::string_view procedure, Method method, DynamicModel model);
  // Null: nobody has been known so far.
  const DynamicModel* model_for(std::string_view procedure, Method method, std::string_view authid,
                                Bytes disguise_key) const;
  void forget_all() { models_.clear(); }  // the settings have changed

 private:
  // As many as the settings name procedures.
  std::map<std::pair<std::string, Method>, std::vector<DynamicModel>> models_;
};

}  // namespace crosspoint::wamp::auth
