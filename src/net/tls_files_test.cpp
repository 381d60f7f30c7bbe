// Certificates as files that are replaced under a running server: files in memory, and a clock moved by hand.

#include "net/tls_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/certificates.h"
#include "testing/log_text.h"
#include "testing/world.h"

namespace crosspoint::net {
namespace {

using crosspoint::testing::CertificateWish;
using crosspoint::testing::MemoryWorld;
using crosspoint::testing::test_authority;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The clock of MemoryWorld begins on 2025-01-01.
WallTime day(int year, unsigned month, unsigned number) {
  return std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(month) /
                               std::chrono::day(number));
}

class TlsFilesTest : public ::testing::Test {
 protected:
  void put(const std::string& name, const std::string& text) { world.files().put(name, text); }
  void put_pair(const TlsIdentity& identity, const std::string& name = "lab") {
    put(name + ".pem", identity.certificates_pem);
    put(name + ".key", identity.private_key_pem);
  }
  TlsFilePair pair(const std::string& name = "lab") const { return {name + ".pem", name + ".key"}; }

  auto read(const std::vector<TlsFilePair>& files) { return read_certificates(world.files(), files, {}); }

  void watch_files() {
    const std::vector files{pair()};
    auto found = read(files);
    ASSERT_TRUE(found) << found.error();
    watch.emplace(world.loop(), world.files(), files, TlsServerSettings{}, std::move(*found),
                  [this](auto context) { taken.push_back(std::move(context)); });
  }

  const crosspoint::testing::LogText logged;
  MemoryWorld world;
  std::vector<std::shared_ptr<const TlsContext>> taken;
  std::optional<TlsWatch> watch;
};

TEST_F(TlsFilesTest, WhatCannotBeReadIsASentenceThatNamesTheFile) {
  put_pair(test_authority().issue());
  put_pair(test_authority().issue(), "other");
  put("empty.pem", "");
  put("large.pem", std::string(1024 * 1024 + 1, '\n'));
  put("worn.pem", "");
  world.files().break_file("worn.pem", "Input/output error");
  world.files().put_folder("folder");
  const auto lab = pair();
  struct Row {
    TlsFilePair files;
    std::string sentence;
  };
  const Row table[] = {
      {{"none.pem", lab.key}, "none.pem cannot be read: No such file or directory"},
      {{lab.certificate, "none.key"}, "none.key cannot be read: No such file or directory"},
      {{"folder", lab.key}, "folder cannot be read: it is no regular file"},
      {{"worn.pem", lab.key}, "worn.pem cannot be read: Input/output error"},
      {{"large.pem", lab.key}, "large.pem cannot be read: it is larger than 1 MiB"},
      {{"empty.pem", lab.key},
       "empty.pem holds no certificate in PEM format (\"-----BEGIN CERTIFICATE-----\")"},
      {{lab.certificate, lab.certificate},
       lab.certificate + " holds no private key in PEM format, or one that needs a pass phrase"},
      {{lab.certificate, "other.key"},
       "the private key in other.key does not belong to the certificate in lab.pem"},
  };
  for (const auto& row: table) {
    const auto found = read({lab, row.files});
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error(), row.sentence);
  }
  EXPECT_TRUE(read({lab, pair("other")}));
}

TEST_F(TlsFilesTest, CertificateAndKeyMayBeInOneFile) {
  const auto identity = test_authority().issue();
  put("both.pem", identity.private_key_pem + identity.certificates_pem);
  EXPECT_TRUE(read({{"both.pem", "both.pem"}}));
}

TEST_F(TlsFilesTest, J8_ACertificateIsSpokenOfFrom14DaysBeforeItsEndOn) {
  using Grave = TlsNotice::Grave;
  put_pair(test_authority().issue({.valid_from = day(2025, 1, 1), .valid_until = day(2025, 4, 1)}));
  const auto shown = read({pair()});
  ASSERT_TRUE(shown);
  struct Row {
    WallTime now;
    Grave grave;
    std::string sentence;  // empty: nothing to say
  };
  const auto of_file = "the certificate in " + pair().certificate;
  const Row table[] = {
      {day(2024, 12, 31), Grave::yes, of_file + " is valid from 2025-01-01 00:00 UTC on"},
      {day(2025, 1, 1), {}, ""},
      {day(2025, 3, 18) - 1s, {}, ""},
      {day(2025, 3, 18), Grave::no, of_file + " expires on 2025-04-01 00:00 UTC"},
      {day(2025, 4, 1) - 1s, Grave::no, of_file + " expires on 2025-04-01 00:00 UTC"},
      {day(2025, 4, 1), Grave::yes, of_file + " has expired on 2025-04-01 00:00 UTC"},
      {day(2035, 1, 1), Grave::yes, of_file + " has expired on 2025-04-01 00:00 UTC"},
  };
  for (const auto& row: table) {
    const auto found = notices(*shown, row.now);
    ASSERT_EQ(found.size(), row.sentence.empty() ? 0u : 1u);
    if (found.empty()) continue;
    EXPECT_EQ(found[0].sentence, row.sentence);
    EXPECT_EQ(found[0].grave, row.grave);
  }
}

TEST_F(TlsFilesTest, ACertificateWithoutANameIsSpokenOf) {
  put_pair(test_authority().issue({.names = {}, .addresses = {}}));
  const auto found = notices(*read({pair()}), day(2025, 1, 1));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(found[0].sentence, HasSubstr("names no host that it is for"));
}

TEST_F(TlsFilesTest, J8_AReplacedPairIsTakenWithinAMinuteAndAnUnchangedOneIsLeftAlone) {
  put_pair(test_authority().issue());
  watch_files();
  world.advance(10min);
  EXPECT_EQ(taken.size(), 0u);

  put_pair(test_authority().issue());
  world.advance(1min);
  EXPECT_EQ(taken.size(), 1u);
  world.advance(10min);
  EXPECT_EQ(taken.size(), 1u);
}

TEST_F(TlsFilesTest, APairThatIsHalfWrittenIsWaitedFor) {
  const auto next = test_authority().issue();
  put_pair(test_authority().issue());
  watch_files();

  put("lab.pem", next.certificates_pem);
  world.advance(TlsWatch::look_every);
  put("lab.key", next.private_key_pem);
  world.advance(1min);

  EXPECT_EQ(taken.size(), 1u);
  EXPECT_EQ(logged.times("stay"), 0u) << logged.text();
}

TEST_F(TlsFilesTest, J8_J4_WhatIsUnusableIsNotTakenAndToldOnce) {
  const auto right = test_authority().issue();
  const auto expired = test_authority().issue({.valid_until = day(2024, 12, 31)});
  put_pair(right);
  watch_files();
  struct Row {
    TlsIdentity identity;
    std::string words;
  };
  const Row table[] = {
      {{right.certificates_pem, test_authority().issue().private_key_pem},
       "does not belong to the certificate"},
      {{"garbage", right.private_key_pem}, "holds no certificate"},
      {{right.certificates_pem, ""}, "holds no private key"},
      {expired, "has expired on 2024-12-31"},
  };
  for (const auto& row: table) {
    SCOPED_TRACE(row.words);
    put_pair(row.identity);
    world.advance(10min);
    EXPECT_EQ(logged.times(row.words), 1u) << logged.text();
    EXPECT_FALSE(watch->read_again());
    EXPECT_EQ(logged.times(row.words), 2u);
  }
  world.files().remove(pair().key);
  world.advance(10min);
  EXPECT_EQ(logged.times("No such file or directory; the certificates in use stay"), 1u);
  EXPECT_EQ(taken.size(), 0u);

  put_pair(test_authority().issue());
  world.advance(1min);
  EXPECT_EQ(taken.size(), 1u) << "and is none the worse for it";
  EXPECT_EQ(logged.text().find("PRIVATE KEY"), std::string::npos);
}

TEST_F(TlsFilesTest, AskedToItReadsAtOnce) {
  put_pair(test_authority().issue());
  watch_files();
  EXPECT_TRUE(watch->read_again());
  EXPECT_EQ(taken.size(), 1u);
}

TEST_F(TlsFilesTest, WhatIsToBeSaidOfACertificateIsSaidOnceADay) {
  put_pair(test_authority().issue({.valid_until = day(2025, 1, 4)}));
  watch_files();
  EXPECT_EQ(logged.times("expires on 2025-01-04"), 1u);
  world.advance(23h);
  EXPECT_EQ(logged.times("expires on 2025-01-04"), 1u);
  world.advance(2 * 24h);
  EXPECT_EQ(logged.times("expires on 2025-01-04"), 3u);
  EXPECT_EQ(logged.times("has expired"), 0u);
  world.advance(2h);
  EXPECT_EQ(logged.times("has expired"), 1u);

  put_pair(test_authority().issue());
  world.advance(3 * 24h);
  EXPECT_EQ(taken.size(), 1u);
  EXPECT_EQ(logged.times("has expired"), 1u);
}

}  // namespace
}  // namespace crosspoint::net
