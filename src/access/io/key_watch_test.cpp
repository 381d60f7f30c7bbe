// The keys' file, replaced under a running service: real files, and a clock moved by hand.

#include "access/io/key_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/log.h"
#include "crypto/test_keys.h"
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
    std::string pattern = ::testing::TempDir() + "keys_XXXXXX";
    folder = ::mkdtemp(pattern.data());
    log::configure({.file = (folder / "log").string()});
    put(test_keys::p256_public_pem);
    watch.emplace(
        world.loop(), path(), test_tokens::policy(), [this] { return read(); },
        [this](auto verifier) { taken.push_back(std::move(verifier)); });
  }
  ~KeyWatchTest() override {
    log::configure({});
    std::filesystem::remove_all(folder);
  }

  std::string path() const { return (folder / "issuer.pem").string(); }
  void put(std::string_view text) {
    std::ofstream(folder / "next") << text;
    std::filesystem::rename(folder / "next", path());
  }
  Result<token::KeySet, std::string> read() {
    ++readings;
    std::ifstream file(path());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    auto keys = token::KeySet::from_file_text(text);
    if (!keys) return fail(path() + ": " + keys.error());
    return keys;
  }
  static std::string token_of(test_tokens::Keys keys) {
    return test_tokens::genuine(keys, test_tokens::header_for(keys), test_tokens::good_claims());
  }
  bool accepts(test_tokens::Keys keys) const {
    return taken.back()->verify(token_of(keys), test_tokens::now).has_value();
  }
  std::string log_text() const {
    std::ifstream file(folder / "log");
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::filesystem::path folder;
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
  EXPECT_THAT(log_text(), HasSubstr("keys: 1"));
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
  std::filesystem::remove(path());
  world.advance(1min);
  EXPECT_EQ(taken.size(), 0u);
  EXPECT_THAT(log_text(), HasSubstr(path()));
  EXPECT_THAT(log_text(), HasSubstr("the keys in use stay"));
  EXPECT_THAT(log_text(), Not(HasSubstr(std::string(test_keys::p256_private_pem.substr(40, 20)))));

  put(test_keys::rsa_public_pem);
  world.advance(1min);
  EXPECT_EQ(taken.size(), 1u) << "and is none the worse for it";
}

}  // namespace
}  // namespace crosspoint::access
