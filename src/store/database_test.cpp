#include "store/database.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace crosspoint::store {
namespace {

constexpr Database::Schema schema{.version = 1,
                                  .create = "CREATE TABLE seen (name TEXT PRIMARY KEY, at INTEGER)"};

struct DatabaseTest : ::testing::Test {
  DatabaseTest() {
    std::string pattern = ::testing::TempDir() + "store_XXXXXX";
    folder = ::mkdtemp(pattern.data());
  }
  ~DatabaseTest() override { std::filesystem::remove_all(folder); }
  std::string file() const { return folder + "/some.db"; }
  std::string folder;
};

std::int64_t count(Database& database) {
  std::int64_t rows = -1;
  auto ask = database.prepare("SELECT count(*) FROM seen");
  EXPECT_TRUE(ask->for_each([&](const Statement& row) { rows = row.integer(0); }));
  return rows;
}

TEST_F(DatabaseTest, KeepsWhatWasPutIntoItForTheNextProcess) {
  {
    auto database = Database::open(file(), schema);
    ASSERT_TRUE(database) << database.error();
    auto put = database->prepare("INSERT INTO seen VALUES (?, ?)");
    ASSERT_TRUE(put->run(std::string_view("a'; DROP TABLE seen; --"), std::int64_t{7}));
  }
  auto database = Database::open(file(), schema);
  ASSERT_TRUE(database) << database.error();

  std::string name;
  auto ask = database->prepare("SELECT name, at FROM seen WHERE at = ?");
  EXPECT_TRUE(ask->for_each([&](const Statement& row) { name = row.text(0); }, std::int64_t{7}));

  EXPECT_EQ(name, "a'; DROP TABLE seen; --");
}

TEST_F(DatabaseTest, OnlyItsOwnerMayReadTheFile) {
  const auto database = Database::open(file(), schema);
  struct stat status{};
  ASSERT_EQ(::stat(file().c_str(), &status), 0);

  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(DatabaseTest, RefusesAFileThatIsNoDatabase) {
  std::ofstream(file()) << std::string(4096, 'x');

  const auto database = Database::open(file(), schema);

  ASSERT_FALSE(database);
  EXPECT_NE(database.error().find("not a database"), std::string::npos) << database.error();
}

TEST_F(DatabaseTest, RefusesAFileOfALaterVersion) {
  {
    ASSERT_TRUE(Database::open(file(), {.version = 2, .create = schema.create}));
  }

  const auto database = Database::open(file(), schema);

  ASSERT_FALSE(database);
  EXPECT_NE(database.error().find("later version"), std::string::npos) << database.error();
}

TEST_F(DatabaseTest, RefusesTheDatabaseOfAnotherProgramAndLeavesItAsItIs) {
  {
    auto other = Database::open(file(), {.version = 0, .create = "CREATE TABLE theirs (x)"});
    ASSERT_TRUE(other) << other.error();
  }
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto database = Database::open(file(), schema);
    ASSERT_FALSE(database);
    EXPECT_NE(database.error().find("not a database of this program"), std::string::npos) << database.error();
  }
}

TEST_F(DatabaseTest, OneKindOfFileIsNotTakenForAnother) {
  Database::Schema kind = schema;
  kind.application_id = 0x43726f73;
  {
    ASSERT_TRUE(Database::open(file(), kind));
  }
  EXPECT_FALSE(Database::open(file(), schema));
  EXPECT_TRUE(Database::open(file(), kind));
  kind.application_id += 1;
  EXPECT_FALSE(Database::open(file(), kind));
}

TEST_F(DatabaseTest, KeepsBytesAsTheyAre) {
  auto database = Database::open(file(), {.version = 1, .create = "CREATE TABLE kept (bytes BLOB NOT NULL)"});
  auto put = database->prepare("INSERT INTO kept VALUES (?)");
  const std::string with_zero("a\0\xff", 3);
  ASSERT_TRUE(put->run(as_bytes(with_zero)));
  ASSERT_TRUE(put->run(Bytes()));

  std::vector<std::string> kept;
  auto ask = database->prepare("SELECT bytes FROM kept ORDER BY rowid");
  ASSERT_TRUE(ask->for_each([&](const Statement& row) { kept.push_back(to_string(row.bytes(0))); }));

  EXPECT_EQ(kept, (std::vector<std::string>{with_zero, ""}));
}

TEST_F(DatabaseTest, RefusesAFolderThatIsNotThere) {
  const auto database = Database::open(folder + "/none/some.db", schema);

  ASSERT_FALSE(database);
  EXPECT_NE(database.error().find("folder"), std::string::npos) << database.error();
}

// SQLite's locks are a process's, so the second one has to be another process.
TEST_F(DatabaseTest, BelongsToOneProcessAtATime) {
  const auto database = Database::open(file(), schema);
  ASSERT_TRUE(database);

  const pid_t other = ::fork();
  if (other == 0) {
    const auto second = Database::open(file(), schema);
    ::_exit(!second && second.error().find("another program") != std::string::npos ? 0 : 1);
  }
  int status = -1;
  ::waitpid(other, &status, 0);

  EXPECT_EQ(status, 0);
}

TEST_F(DatabaseTest, ATransactionThatIsCutOffLeavesNothingBehind) {
  {
    auto database = Database::open(file(), schema);
    ASSERT_TRUE(database->execute("INSERT INTO seen VALUES ('kept', 1)"));
    ASSERT_TRUE(database->execute("BEGIN; INSERT INTO seen VALUES ('lost', 2)"));
  }
  auto database = Database::open(file(), schema);

  EXPECT_EQ(count(*database), 1);
}

TEST_F(DatabaseTest, C15_ATornTailOfTheLogCostsTheLastCommitOnly) {
  const std::string log = file() + "-wal";
  std::string before;
  {
    auto database = Database::open(file(), schema);
    for (int i = 0; i < 10; ++i) {
      ASSERT_TRUE(database->execute("INSERT INTO seen VALUES ('" + std::to_string(i) + "', 1)"));
    }
    // As a crash leaves them: both files while the program still runs.
    std::filesystem::copy(file(), folder + "/crashed.db");
    std::filesystem::copy(log, folder + "/crashed.db-wal");
  }
  std::filesystem::resize_file(folder + "/crashed.db-wal",
                               std::filesystem::file_size(folder + "/crashed.db-wal") - 100);

  auto database = Database::open(folder + "/crashed.db", schema);

  ASSERT_TRUE(database) << database.error();
  EXPECT_EQ(count(*database), 9);
}

}  // namespace
}  // namespace crosspoint::store
