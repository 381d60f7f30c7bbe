// Rows C1 to C5 and N14: the whole matrix, each token refused, and for the reason that the row is about.
#include <gtest/gtest.h>

#include <set>

#include "token/test_tokens.h"

namespace crosspoint::token {
namespace {

using namespace test_tokens;

std::vector<Verifier> verifiers() {
  std::vector<Verifier> made;
  for (const Keys keys: all_keys) made.emplace_back(key_set_of(keys), policy());
  return made;
}

// Signed once for all: RSA is the most of what these tests cost.
const std::vector<HostileRow>& signed_hostile_tokens() {
  static const auto rows = hostile_tokens();
  return rows;
}

TEST(HostileTokens, C1_C2_C3_C4_C5_NoneIsAccepted) {
  const auto& rows = signed_hostile_tokens();
  const auto all = verifiers();

  for (const auto& row: rows) {
    const auto verified = all[static_cast<std::size_t>(row.keys)].verify(row.token, now);
    ASSERT_FALSE(verified) << row.name;
    EXPECT_EQ(to_sentence(verified.error()), to_sentence(row.expected)) << row.name;
  }
  EXPECT_GE(rows.size(), 300u);
}

TEST(HostileTokens, EachRowIsAnAttackOfItsOwn) {
  std::set<std::string> names;
  std::set<std::pair<Keys, std::string>> tokens;
  for (const auto& row: signed_hostile_tokens()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_TRUE(tokens.emplace(row.keys, row.token).second) << row.name;
  }
}

// A matrix in which everything is refused would pass if the verifier refused everything.
TEST(GoodTokens, EachIsAccepted) {
  const auto all = verifiers();
  for (const auto& row: good_tokens()) {
    const auto verified = all[static_cast<std::size_t>(row.keys)].verify(row.token, now);
    EXPECT_TRUE(verified) << row.name << ": " << (verified ? "" : to_sentence(verified.error()));
  }
}

TEST(GoodTokens, C1_NoneIsAcceptedByAnotherKindOfKeys) {
  const auto all = verifiers();
  for (const auto& row: good_tokens()) {
    for (const Keys other: {Keys::secret, Keys::rsa, Keys::p256, Keys::ed25519}) {
      if (row.keys == Keys::key_set || row.keys == other) continue;
      EXPECT_EQ(all[static_cast<std::size_t>(other)].verify(row.token, now).error(),
                Refusal::unsupported_algorithm)
          << row.name << " shown to " << to_string(other);
    }
  }
}

TEST(GoodTokens, C3_NoneSurvivesACutAnywhere) {
  const auto all = verifiers();
  for (const Keys keys: all_keys) {
    const auto token = genuine(keys, header_for(keys), good_claims());
    const auto& verifier = all[static_cast<std::size_t>(keys)];
    for (std::size_t i = 0; i < token.size(); ++i) {
      ASSERT_FALSE(verifier.verify(token.substr(0, i), now)) << to_string(keys) << " cut at " << i;
      ASSERT_FALSE(verifier.verify(token.substr(0, i) + token.substr(i + 1), now))
          << to_string(keys) << " without " << i;
    }
  }
}

}  // namespace
}  // namespace crosspoint::token
