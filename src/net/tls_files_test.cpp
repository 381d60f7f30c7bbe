// Certificates as files that are replaced under a running server, on real files and a clock moved by hand.

#include "net/tls_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/log.h"
#include "testing/certificates.h"
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
  TlsFilesTest() {
    std::string name = (std::filesystem::temp_directory_path() / "tls_files_XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  ~TlsFilesTest() override {
    log::configure({});
    std::filesystem::remove_all(folder);
  }

  std::string path(const std::string& name) const { return (folder / name).string(); }
  // As certbot and careful people do: a new file takes the name of the old one.
  void put(const std::string& name, const std::string& text) {
    std::ofstream(path("next")) << text;
    std::filesystem::rename(path("next"), path(name));
  }
  void put_pair(const TlsIdentity& identity, const std::string& name = "lab") {
    put(name + ".pem", identity.certificates_pem);
    put(name + ".key", identity.private_key_pem);
  }
  TlsFilePair pair(const std::string& name = "lab") const {
    return {path(name + ".pem"), path(name + ".key")};
  }

  void watch_files() {
    log::configure({.file = path("log")});
    const std::vector files{pair()};
    auto read = read_certificates(files, {});
    ASSERT_TRUE(read) << read.error();
    watch.emplace(world.loop(), files, TlsServerSettings{}, std::move(*read),
                  [this](auto context) { taken.push_back(std::move(context)); });
  }
  std::string log_text() const {
    std::ifstream file(path("log"));
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::size_t times_logged(const std::string& words) const {
    std::size_t times = 0;
    const auto text = log_text();
    for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++times;
    return times;
  }

  std::filesystem::path folder;
  MemoryWorld world;
  std::vector<std::shared_ptr<const TlsContext>> taken;
  std::optional<TlsWatch> watch;
};

TEST_F(TlsFilesTest, WhatCannotBeReadIsASentenceThatNamesTheFile) {
  put_pair(test_authority().issue());
  put_pair(test_authority().issue(), "other");
  put("empty.pem", "");
  put("large.pem", std::string(1024 * 1024 + 1, '\n'));
  const auto lab = pair();
  struct Row {
    TlsFilePair files;
    std::string sentence;
  };
  const Row table[] = {
      {{path("none.pem"), lab.key}, path("none.pem") + " cannot be read: No such file or directory"},
      {{lab.certificate, path("none.key")}, path("none.key") + " cannot be read: No such file or directory"},
      {{folder.string(), lab.key}, folder.string() + " cannot be read: Is a directory"},
      {{path("large.pem"), lab.key}, path("large.pem") + " cannot be read: it is larger than 1 MiB"},
      {{path("empty.pem"), lab.key},
       path("empty.pem") + " holds no certificate in PEM format (\"-----BEGIN CERTIFICATE-----\")"},
      {{lab.certificate, lab.certificate},
       lab.certificate + " holds no private key in PEM format, or one that needs a pass phrase"},
      {{lab.certificate, path("other.key")},
       "the private key in " + path("other.key") + " does not belong to the certificate in " +
           lab.certificate},
  };
  for (const auto& row: table) {
    const auto read = read_certificates(std::vector{lab, row.files}, {});
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error(), row.sentence);
  }
  EXPECT_TRUE(read_certificates(std::vector{lab, pair("other")}, {}));
}

TEST_F(TlsFilesTest, CertificateAndKeyMayBeInOneFile) {
  const auto identity = test_authority().issue();
  put("both.pem", identity.private_key_pem + identity.certificates_pem);
  EXPECT_TRUE(read_certificates(std::vector{TlsFilePair{path("both.pem"), path("both.pem")}}, {}));
}

TEST_F(TlsFilesTest, J8_ACertificateIsSpokenOfFrom14DaysBeforeItsEndOn) {
  using Grave = TlsNotice::Grave;
  put_pair(test_authority().issue({.valid_from = day(2025, 1, 1), .valid_until = day(2025, 4, 1)}));
  const auto read = read_certificates(std::vector{pair()}, {});
  ASSERT_TRUE(read);
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
    const auto found = notices(*read, row.now);
    ASSERT_EQ(found.size(), row.sentence.empty() ? 0u : 1u);
    if (found.empty()) continue;
    EXPECT_EQ(found[0].sentence, row.sentence);
    EXPECT_EQ(found[0].grave, row.grave);
  }
}

TEST_F(TlsFilesTest, ACertificateWithoutANameIsSpokenOf) {
  put_pair(test_authority().issue({.names = {}, .addresses = {}}));
  const auto found = notices(*read_certificates(std::vector{pair()}, {}), day(2025, 1, 1));
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
  EXPECT_EQ(times_logged("stay"), 0u) << log_text();
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
    EXPECT_EQ(times_logged(row.words), 1u) << log_text();
    EXPECT_FALSE(watch->read_again());
    EXPECT_EQ(times_logged(row.words), 2u);
  }
  std::filesystem::remove(pair().key);
  world.advance(10min);
  EXPECT_EQ(times_logged("No such file or directory; the certificates in use stay"), 1u);
  EXPECT_EQ(taken.size(), 0u);

  put_pair(test_authority().issue());
  world.advance(1min);
  EXPECT_EQ(taken.size(), 1u) << "and is none the worse for it";
  EXPECT_EQ(log_text().find("PRIVATE KEY"), std::string::npos);
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
  EXPECT_EQ(times_logged("expires on 2025-01-04"), 1u);
  world.advance(23h);
  EXPECT_EQ(times_logged("expires on 2025-01-04"), 1u);
  world.advance(2 * 24h);
  EXPECT_EQ(times_logged("expires on 2025-01-04"), 3u);
  EXPECT_EQ(times_logged("has expired"), 0u);
  world.advance(2h);
  EXPECT_EQ(times_logged("has expired"), 1u);

  put_pair(test_authority().issue());
  world.advance(3 * 24h);
  EXPECT_EQ(taken.size(), 1u);
  EXPECT_EQ(times_logged("has expired"), 1u);
}

}  // namespace
}  // namespace crosspoint::net
