#include "client/io/library_options.h"

#include <gtest/gtest.h>

#include "testing/certificates.h"
#include "testing/manual_clock.h"
#include "testing/memory_files.h"

namespace crosspoint::client {
namespace {

struct LibraryOptionsTest : ::testing::Test {
  std::string error(const TlsFiles& named) const {
    const auto context = tls_of(files, named);
    return context ? "no error" : context.error();
  }
  void put_pair(const std::string& name, const net::TlsIdentity& identity) {
    files.put(name + ".pem", identity.certificates_pem);
    files.put(name + ".key", identity.private_key_pem);
  }
  testing::ManualClock clock;
  testing::MemoryFiles files{clock};
};

TEST_F(LibraryOptionsTest, ACertificateIsShownWithItsKeyAlone) {
  put_pair("lab", testing::test_identity());
  put_pair("other", testing::test_authority().issue());
  files.put("nothing.pem", "no certificate");
  files.put("authority.pem", testing::test_authority().certificate_pem());

  EXPECT_EQ(error({"authority.pem", "lab.pem", "lab.key"}), "no error");
  EXPECT_EQ(error({"", "lab.pem", ""}), "certificate_file and certificate_key_file go together");
  EXPECT_EQ(error({"", "", "lab.key"}), "certificate_file and certificate_key_file go together");
  EXPECT_EQ(error({"authority.pem", "lab.pem", "other.key"}),
            "certificate_file, certificate_key_file: the private key in other.key does not belong to the "
            "certificate in "
            "lab.pem");
  EXPECT_TRUE(error({"authority.pem", "nothing.pem", "lab.key"})
                  .starts_with("certificate_file, certificate_key_file: nothing.pem "));
  EXPECT_TRUE(error({"authority.pem", "lab.pem", "lab.pem"})
                  .starts_with("certificate_file, certificate_key_file: lab.pem "));
}

TEST_F(LibraryOptionsTest, WhatCannotBeReadIsNamedWithItsOption) {
  put_pair("lab", testing::test_identity());
  EXPECT_TRUE(error({"away.pem", "", ""}).starts_with("ca_file: the file away.pem cannot be read: "));
  EXPECT_TRUE(error({"lab.pem", "away.pem", "lab.key"})
                  .starts_with("certificate_file: the file away.pem cannot be read: "));
  EXPECT_TRUE(error({"lab.pem", "lab.pem", "away.key"})
                  .starts_with("certificate_key_file: the file away.key cannot be read: "));
}

}  // namespace
}  // namespace crosspoint::client
