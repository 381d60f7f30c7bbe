#include "token/verifier.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/test_keys.h"
#include "token/compact.h"
#include "token/signer.h"

namespace crosspoint::token {
namespace {

constexpr std::string_view secret = "a secret of the laboratory";
constexpr std::string_view audience = "https://lab.example/access";
const WallTime now{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

KeySet keys() { return *KeySet::from_secret(secret, hmac_algorithms); }

Claims good_claims() {
  return {.topic = "t1", .prefix = "session", .audience = {std::string(audience)}, .expires = now + 1min};
}
std::string sign(const Claims& claims) { return Signer::from_secret(secret)->sign(claims); }

// What a verifier says about these claims: "good", or why not.
std::string_view answer(const Claims& claims, Policy policy = {}, WallTime at = now) {
  const auto verified = Verifier(keys(), std::move(policy)).verify(sign(claims), at);
  return verified ? "good" : to_sentence(verified.error());
}
std::string_view refused(Refusal refusal) { return to_sentence(refusal); }

// Row C4: to the nanosecond, with the leeway on our side of neither.
TEST(Verifier, C4_ATokenIsExpiredFromTheSecondItSays) {
  EXPECT_EQ(answer(good_claims(), {}, now + 1min - 1ns), "good");
  EXPECT_EQ(answer(good_claims(), {}, now + 1min), refused(Refusal::expired));
  EXPECT_EQ(answer(good_claims(), {.leeway = 5s}, now + 1min), refused(Refusal::expired))
      << "clocks that disagree give nobody more time";
}

TEST(Verifier, ATokenIsNotGoodBeforeItsTime) {
  auto early = good_claims();
  early.not_before = now + 5s;
  auto issued_later = good_claims();
  issued_later.issued = now + 5s;

  EXPECT_EQ(answer(early), refused(Refusal::not_yet_valid));
  EXPECT_EQ(answer(early, {.leeway = 5s - 1ns}), refused(Refusal::not_yet_valid));
  EXPECT_EQ(answer(early, {.leeway = 5s}), "good");
  EXPECT_EQ(answer(early, {}, now + 5s), "good");
  EXPECT_EQ(answer(issued_later), refused(Refusal::issued_in_future));
  EXPECT_EQ(answer(issued_later, {.leeway = 5s}), "good");
}

TEST(Verifier, C4_AnExpiryIsDemandedUnlessThePolicyLetsItBeMissing) {
  auto endless = good_claims();
  endless.expires.reset();

  EXPECT_EQ(answer(endless), refused(Refusal::no_expiry));
  EXPECT_EQ(answer(endless, {.expiry = Expiry::optional}), "good");
}

TEST(Verifier, C4_ALongerLifetimeThanThePolicysIsRefused) {
  auto issued_before = good_claims();
  issued_before.issued = now - 59min;

  EXPECT_EQ(answer(good_claims(), {.lifetime_max = 1min}), "good");
  EXPECT_EQ(answer(good_claims(), {.lifetime_max = 1min - issue_slack}), "good");
  EXPECT_EQ(answer(good_claims(), {.lifetime_max = 59s - issue_slack}), refused(Refusal::lifetime_too_long));
  EXPECT_EQ(answer(issued_before, {.lifetime_max = 1h}), "good");
  EXPECT_EQ(answer(issued_before, {.lifetime_max = 59min}), refused(Refusal::lifetime_too_long));
}

// Row C5: no prefix, no slash more, no other case.
TEST(Verifier, C5_TheAudienceIsComparedWhole) {
  const auto answer_for = [](std::vector<std::string> values) {
    auto claims = good_claims();
    claims.audience = std::move(values);
    return answer(claims, {.audience = std::string(audience)});
  };
  const std::string whole(audience);

  EXPECT_EQ(answer_for({whole}), "good");
  EXPECT_EQ(answer_for({"https://other.example", whole}), "good");
  for (const auto& other: {whole + "/", whole.substr(0, whole.size() - 1),
                           std::string("HTTPS://LAB.EXAMPLE/ACCESS"), std::string(), " " + whole}) {
    EXPECT_EQ(answer_for({other}), refused(Refusal::wrong_audience)) << other;
  }
  EXPECT_EQ(answer_for({}), refused(Refusal::wrong_audience));
}

// The access service answers a genuine token for somebody else in words of its own.
TEST(Verifier, TheAudienceCanBeAskedForApart) {
  auto claims = good_claims();
  claims.audience = {"https://a.example", "https://b.example"};
  const Verifier verifier(keys(), {.audience = std::string(audience)});

  const auto genuine = verifier.authenticate(sign(claims), now);

  ASSERT_TRUE(genuine);
  EXPECT_FALSE(verifier.is_for_us(*genuine));
  EXPECT_EQ(joined_audience(*genuine), "https://a.example https://b.example");
  EXPECT_EQ(joined_audience({}), "");
}

TEST(Verifier, C5_TheIssuerIsComparedWhereOneIsDemanded) {
  auto claims = good_claims();
  claims.issuer = "book";

  EXPECT_EQ(answer(claims, {.issuer = "book"}), "good");
  EXPECT_EQ(answer(claims, {.issuer = "other"}), refused(Refusal::wrong_issuer));
  EXPECT_EQ(answer(good_claims(), {.issuer = "book"}), refused(Refusal::wrong_issuer));
}

TEST(Verifier, C1_TheConfigurationDecidesTheAlgorithm) {
  const auto token = Signer::from_secret(secret, Algorithm::hs512)->sign(good_claims());
  const Verifier any(keys(), {});
  const Verifier only_hs256(*KeySet::from_secret(secret), {});

  EXPECT_TRUE(any.verify(token, now));
  EXPECT_EQ(only_hs256.verify(token, now).error(), Refusal::unsupported_algorithm);
}

TEST(Verifier, ATokenAtTheLimitIsReadAndOneByteMoreIsNot) {
  auto claims = good_claims();
  const auto signer = Signer::from_secret(secret);
  // Three bytes of text are four of the token.
  claims.subject = "s";
  const auto missing = (token_bytes_max - signer->sign(claims).size()) / 4 * 3;
  claims.subject.append(missing, 's');
  while (signer->sign(claims).size() < token_bytes_max) claims.subject += 's';
  const auto at_the_limit = signer->sign(claims);
  claims.subject += "ss";
  const auto beyond = signer->sign(claims);
  const Verifier verifier(keys(), {});

  ASSERT_EQ(at_the_limit.size(), token_bytes_max);
  EXPECT_TRUE(verifier.verify(at_the_limit, now));
  EXPECT_EQ(verifier.verify(beyond, now).error(), Refusal::too_long);
}

TEST(Verifier, EveryRefusalHasASentenceOfItsOwn) {
  std::vector<std::string_view> sentences;
  for (int i = 0; i < refusal_count; ++i) {
    const auto sentence = to_sentence(static_cast<Refusal>(i));
    EXPECT_GT(sentence.size(), 10u);
    EXPECT_EQ(std::ranges::count(sentences, sentence), 0);
    sentences.push_back(sentence);
  }
}

}  // namespace
}  // namespace crosspoint::token
