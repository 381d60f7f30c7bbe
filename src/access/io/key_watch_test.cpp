// The keys' file, replaced under a running service: files in memory, and a clock moved by hand.

#include "access/io/key_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/test_keys.h"
#include "testing/log_text.h"
#include "testing/world.h"
#include "token/test_tokens.h"

namespace crosspoint::access {
namespace {

namespace test_keys = crypto::test_keys;
namespace test_tokens = token::test_tokens;
using ::testing::HasSubstr;
using ::testing::Not;

class KeyWatchTest : public ::testing::Test {
 protected:
  KeyWatchTest() {
    put(test_keys::p256_public_pem);
    watch.emplace(
        world.loop(), world.files(), file, test_tokens::policy(), [this] { return read(); },
        [this](auto verifier) { taken.push_back(std::move(verifier)); });
  }

  void put(std::string_view text) { world.files().put(file, std::string(text)); }
  Result<token::KeySet, std::string> read() {
    ++readings;
    const auto text = world.files().read(file, {});
    if (!text) return fail(file + ": " + text.error().reason);
    auto keys = token::KeySet::from_file_text(*text);
    if (!keys) return fail(file + ": " + keys.error());
    return keys;
  }
  static std::string token_of(test_tokens::Keys keys) {
    return test_tokens::genuine(keys, test_tokens::header_for(keys), test_tokens::good_claims());
  }
  bool accepts(test_tokens::Keys keys) const {
    return taken.back()->verify(token_of(keys), test_tokens::now).has_value();
  }
  static inline const std::string file = "/etc/crosspoint/issuer.pem";
  const testing::LogText logged;
  testing::MemoryWorld world;
  int readings = 0;
  std::vector<std::shared_ptr<const token::Verifier>> taken;
  std::optional<KeyWatch> watch;
};

TEST_F(KeyWatchTest, AReplacedFileIsTakenWithinAMinuteAndAnUnchangedOneIsLeftAlone) {
  world.advance(10min);
  EXPECT_EQ(readings, 0);

  put(test_keys::rsa_public_pem);
  world.advance(1min);
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_TRUE(accepts(test_tokens::Keys::rsa));
  EXPECT_FALSE(accepts(test_tokens::Keys::p256)) << "what only the older keys know";
  world.advance(10min);
  EXPECT_EQ(readings, 1);
}

TEST_F(KeyWatchTest, AFileThatIsBeingWrittenIsWaitedFor) {
  put("-----BEGIN PUBLIC KEY-----\n");
  world.advance(KeyWatch::look_every);
  put(test_keys::rsa_public_pem);
  world.advance(1min);
  EXPECT_EQ(readings, 1);
  EXPECT_EQ(taken.size(), 1u);
}

TEST_F(KeyWatchTest, AskedToItReadsAtOnce) {
  EXPECT_TRUE(watch->read_again());
  EXPECT_TRUE(accepts(test_tokens::Keys::p256));
  EXPECT_THAT(logged.text(), HasSubstr("keys: 1"));
}

TEST_F(KeyWatchTest, J4_WhatIsUnusableIsNotTakenAndIsSaidOnceWithoutAnythingOfAKey) {
  int said = 0;
  for (const std::string_view bad:
       {std::string_view("garbage"), std::string_view(""), test_keys::p256_private_pem,
        std::string_view("{\"keys\":[{\"kty\":\"oct\"}]}")}) {
    SCOPED_TRACE(bad);
    put(bad);
    world.advance(10min);
    EXPECT_EQ(readings, ++said) << "once, until it changes";
    EXPECT_FALSE(watch->read_again());
    ++said;
  }
  world.files().remove(file);
  world.advance(1min);
  EXPECT_EQ(taken.size(), 0u);
  EXPECT_THAT(logged.text(), HasSubstr(file));
  EXPECT_THAT(logged.text(), HasSubstr("the keys in use stay"));
  EXPECT_THAT(logged.text(), Not(HasSubstr(std::string(test_keys::p256_private_pem.substr(40, 20)))));

  put(test_keys::rsa_public_pem);
  world.advance(1min);
  EXPECT_EQ(taken.size(), 1u) << "and is none the worse for it";
}

}  // namespace
}  // namespace crosspoint::access
