#include "wamp/auth/wampcra.h"

#include <gtest/gtest.h>

namespace crosspoint::wamp::auth {
namespace {

constexpr std::string_view challenge =
    R"({"authid":"peter","authrole":"user","authmethod":"wampcra","authprovider":"static","nonce":"AbC-123_xyz","timestamp":"2026-01-02T03:04:05.678Z","session":3251278072152162})";
constexpr WallTime now{std::chrono::sys_days{std::chrono::January / 2 / 2026} + 3h + 4min + 5s + 678ms};

TEST(WampCra, SignsAsAutobahnDoes) {
  EXPECT_EQ(wampcra_signature(wampcra_from_secret("secret1", ""), challenge),
            "LHxB++e7IgT7KWRM1qPis+zCVMx7tRj/3YFZw21iLpA=");
}

TEST(WampCra, WithASaltTheKeyIsTheTextOfWhatIsDerived) {
  const auto credential = wampcra_from_secret("secret1", "salt123");

  EXPECT_EQ(credential.key.view(), "64xfzBvZhGDT7PB0bQwDeI8/WR1M9x6Cw5dt0yP9koc=");
  EXPECT_EQ(wampcra_signature(credential, challenge), "EybzztI+ow4Rv13mE63ROMIBlwM+ABMd9rRpY5RhmQU=");
}

TEST(WampCra, TheChallengeNamesSessionAndTimeInTheOrderOfTheSpecification) {
  EXPECT_EQ(wampcra_challenge({"peter", "user", "static", SessionId{3251278072152162}}, "AbC-123_xyz", now),
            challenge);
}

TEST(WampCra, ANameWithQuotesStaysOneText) {
  const auto text = wampcra_challenge({"a\"b\\c\n", "user", "static", SessionId{1}}, "n", now);

  EXPECT_NE(text.find(R"("authid":"a\"b\\c\u000a","authrole")"), text.npos) << text;
}

TEST(WampCra, TheClientIsToldHowToDeriveOnlyWhenItHasTo) {
  EXPECT_EQ(wampcra_extra(wampcra_from_secret("s", ""), "{}"), (Fields{{"challenge", std::string("{}")}}));
  EXPECT_EQ(wampcra_extra(wampcra_from_secret("s", "salt", 2000, 16), "{}"),
            (Fields{{"challenge", std::string("{}")},
                    {"salt", std::string("salt")},
                    {"iterations", std::int64_t{2000}},
                    {"keylen", std::int64_t{16}}}));
}

}  // namespace
}  // namespace crosspoint::wamp::auth
