#include "net/file_changes.h"

#include <gtest/gtest.h>

#include "testing/manual_clock.h"
#include "testing/memory_files.h"

namespace crosspoint::net {
namespace {

class FileChangesTest : public ::testing::Test {
 protected:
  FileChangesTest() {
    files.put("lab.pem", "first");
    files.put("lab.key", "first");
    changes.emplace(files, std::vector<std::string>{"lab.pem", "lab.key"});
  }
  // As a watch does.
  bool look() {
    clock.advance(20s);
    if (!changes->settled()) return false;
    changes->taken();
    return true;
  }

  crosspoint::testing::ManualClock clock;
  crosspoint::testing::MemoryFiles files{clock};
  std::optional<FileChanges> changes;
};

TEST_F(FileChangesTest, WhatHasNotChangedIsNotRead) {
  EXPECT_FALSE(look() || look() || look());
  EXPECT_EQ(files.readings("lab.pem"), 0u) << "only its state is looked at";
}

TEST_F(FileChangesTest, AChangeIsTakenOnceWhenItHasSettled) {
  files.put("lab.pem", "later");
  EXPECT_FALSE(look());
  files.put("lab.key", "later");
  EXPECT_FALSE(look()) << "more of it came since the last look";
  EXPECT_TRUE(look());
  EXPECT_FALSE(look());
}

TEST_F(FileChangesTest, AFileThatIsWrittenIntoHasChanged) {
  EXPECT_FALSE(look());
  files.write_into("lab.key", "anew!");
  EXPECT_FALSE(look());
  EXPECT_TRUE(look());
}

TEST_F(FileChangesTest, SoHasOneThatIsReplacedByAnOlderOneOfTheSameSize) {
  files.put("lab.pem", "older");
  files.set_time("lab.pem", clock.wall() - 24h);
  EXPECT_FALSE(look());
  EXPECT_TRUE(look());
}

TEST_F(FileChangesTest, SoHasOneThatIsGoneAndComesBack) {
  files.remove("lab.pem");
  EXPECT_FALSE(look());
  EXPECT_TRUE(look());
  files.put("lab.pem", "first");
  EXPECT_FALSE(look());
  EXPECT_TRUE(look());
}

TEST_F(FileChangesTest, WhatCannotBeReadMayBeMendedByItsPermissionsAlone) {
  EXPECT_FALSE(look());
  files.change_mode("lab.key", 0640);
  EXPECT_FALSE(look());
  EXPECT_TRUE(look());
}

}  // namespace
}  // namespace crosspoint::net
