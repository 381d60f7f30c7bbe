#include "client/io/token_source.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace crosspoint::client {
namespace {

namespace fs = std::filesystem;

class TokenFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "crosspoint-token-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory = pattern;
  }
  void TearDown() override { fs::remove_all(directory); }

  std::string path() const { return (directory / "token").string(); }
  void write(std::string_view text, fs::perms permissions = fs::perms::owner_read | fs::perms::owner_write) {
    std::ofstream(path(), std::ios::binary | std::ios::trunc) << text;
    fs::permissions(path(), permissions);
  }
  std::string error() const {
    const auto token = TokenFile(path()).token();
    return token ? "no error" : token.error();
  }

  fs::path directory;
};

TEST_F(TokenFileTest, H5_IsReadAnewEachTime) {
  const TokenFile file(path());
  write("first.to.ken\n");
  EXPECT_EQ(file.token(), "first.to.ken");
  write("  second.to.ken \r\n\n");
  EXPECT_EQ(file.token(), "second.to.ken");
}

TEST_F(TokenFileTest, H5_OneThatEverybodyMayReadOrWriteIsRefused) {
  for (const auto open: {fs::perms::others_read, fs::perms::others_write}) {
    write("S3cret", fs::perms::owner_read | open);
    EXPECT_NE(error().find("open to everybody"), std::string::npos) << error();
    EXPECT_NE(error().find(path()), std::string::npos) << error();
    EXPECT_EQ(error().find("S3cret"), std::string::npos) << error();
  }
  write("S3cret", fs::perms::owner_read | fs::perms::group_read);
  EXPECT_EQ(TokenFile(path()).token(), "S3cret");
}

TEST_F(TokenFileTest, H5_OneThatIsNotThereIsASentence) {
  EXPECT_NE(error().find("No such file"), std::string::npos) << error();
}

TEST_F(TokenFileTest, WhatIsNoTokenIsRefusedAndNotRepeated) {
  for (const auto* text: {"", " \n", "S3cret two", "S3cret\nmore", "S3cr\xc3\xa9t"}) {
    write(text);
    EXPECT_NE(error().find("holds no token"), std::string::npos) << error();
    EXPECT_EQ(error().find("S3cr"), std::string::npos) << error();
  }
}

TEST_F(TokenFileTest, ADirectoryOrAPipeIsNoTokenFileAndHoldsNobodyUp) {
  fs::create_directory(path());
  EXPECT_NE(error().find("no regular file"), std::string::npos) << error();
  fs::remove(path());
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  EXPECT_NE(error().find("no regular file"), std::string::npos) << error();
}

TEST_F(TokenFileTest, LimitsAreKept) {
  write(std::string(token_bytes_max, 't') + "\n");
  EXPECT_EQ(TokenFile(path()).token()->size(), token_bytes_max);
  write(std::string(token_bytes_max + 1, 't'));
  EXPECT_NE(error().find("longer than"), std::string::npos) << error();
  write(std::string(1 << 20, 't'));
  EXPECT_NE(error().find("longer than"), std::string::npos) << error();
  write("t" + std::string(1 << 20, '\n'));
  EXPECT_NE(error().find("longer than"), std::string::npos) << error();
}

}  // namespace
}  // namespace crosspoint::client
