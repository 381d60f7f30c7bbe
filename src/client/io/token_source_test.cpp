#include "client/io/token_source.h"

#include <gtest/gtest.h>

#include "testing/manual_clock.h"
#include "testing/memory_files.h"

namespace crosspoint::client {
namespace {

class TokenFileTest : public ::testing::Test {
 protected:
  static constexpr const char* path = "/run/lab/token";

  void write(std::string text, unsigned mode = 0600) { files.put(path, std::move(text), mode); }
  std::string error() const {
    const auto token = TokenFile(files, path).token();
    return token ? "no error" : token.error();
  }

  testing::ManualClock clock;
  testing::MemoryFiles files{clock};
};

TEST_F(TokenFileTest, H5_IsReadAnewEachTime) {
  const TokenFile file(files, path);
  write("first.to.ken\n");
  EXPECT_EQ(file.token(), "first.to.ken");
  write("  second.to.ken \r\n\n");
  EXPECT_EQ(file.token(), "second.to.ken");
}

TEST_F(TokenFileTest, H5_OneThatEverybodyMayReadOrWriteIsRefused) {
  for (const unsigned mode: {0404u, 0402u}) {
    write("S3cret", mode);
    EXPECT_EQ(error(),
              "the token file /run/lab/token cannot be used: it is open to everybody on this machine; chmod "
              "o-rw it");
  }
  write("S3cret", 0440);
  EXPECT_EQ(TokenFile(files, path).token(), "S3cret");
}

TEST_F(TokenFileTest, H5_OneThatIsNotThereIsASentence) {
  EXPECT_EQ(error(), "the token file /run/lab/token cannot be used: No such file or directory");
}

TEST_F(TokenFileTest, WhatIsNoTokenIsRefusedAndNotRepeated) {
  for (const auto* text: {"", " \n", "S3cret two", "S3cret\nmore", "S3cr\xc3\xa9t"}) {
    write(text);
    EXPECT_NE(error().find("holds no token"), std::string::npos) << error();
    EXPECT_EQ(error().find("S3cr"), std::string::npos) << error();
  }
}

TEST_F(TokenFileTest, AFolderIsNoTokenFile) {
  files.put_folder(path);
  EXPECT_NE(error().find("no regular file"), std::string::npos) << error();
}

TEST_F(TokenFileTest, LimitsAreKept) {
  write(std::string(token_bytes_max, 't') + "\n");
  EXPECT_EQ(TokenFile(files, path).token()->size(), token_bytes_max);
  write(std::string(token_bytes_max + 1, 't'));
  EXPECT_NE(error().find("longer than"), std::string::npos) << error();
  write("t" + std::string(token_bytes_max, '\n'));
  EXPECT_EQ(TokenFile(files, path).token(), "t");
  write("t" + std::string(token_bytes_max + 1024, '\n'));
  EXPECT_NE(error().find("larger than"), std::string::npos) << error();
}

}  // namespace
}  // namespace crosspoint::client
