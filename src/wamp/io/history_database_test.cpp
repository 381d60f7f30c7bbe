// open_history_database() of history_file.h.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "store/database.h"
#include "wamp/io/history_file.h"

namespace crosspoint::wamp {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr WallTime noon{std::chrono::seconds{1'800'000'000}};
const KeptTopic log_topic{.uri = "com.log", .match = Match::prefix};

SharedKeptEvent logged(std::uint64_t publication, std::size_t args_bytes = 3) {
  KeptEvent event;
  event.publication = PublicationId{publication};
  event.time = noon + Duration(publication);
  event.topic = "com.log.a";
  event.payload =
      KeptPayload({data::Format::json, as_bytes("[" + std::string(args_bytes - 2, '1') + "]"), {}});
  return std::make_shared<const KeptEvent>(std::move(event));
}

struct HistoryDatabaseTest : ::testing::Test {
  HistoryDatabaseTest() {
    std::string pattern = ::testing::TempDir() + "history_XXXXXX";
    folder = ::mkdtemp(pattern.data());
  }
  ~HistoryDatabaseTest() override { std::filesystem::remove_all(folder); }
  std::string path(std::string_view name = "history.db") const { return folder + "/" + std::string(name); }
  std::unique_ptr<HistoryFile> open(std::string_view name = "history.db") const {
    auto opened = open_history_database(path(name));
    EXPECT_TRUE(opened) << opened.error();
    return std::move(*opened);
  }
  static StoredHistory load(HistoryFile& file, const KeptTopic& topic = log_topic) {
    auto loaded = file.load("lab", topic);
    EXPECT_TRUE(loaded) << loaded.error();
    return std::move(*loaded);
  }
  static std::vector<std::uint64_t> ids(const StoredHistory& history) {
    std::vector<std::uint64_t> ids;
    for (const auto& event: history.events) ids.push_back(number(event->publication));
    return ids;
  }
  static void write(HistoryFile& file, const HistoryChange& change) {
    const auto written = file.write({change});
    ASSERT_TRUE(written) << written.error();
  }
  std::string folder;
};

TEST_F(HistoryDatabaseTest, KeepsAnEventAsItWas) {
  KeptEvent event;
  event.publication = PublicationId{id_max};
  event.time = noon + 123'456'789ns;
  event.topic = "com.log.\u00fc";
  event.publisher = KeptPublisher{SessionId{7}, "peter", "operator"};
  event.lists = ReceiverLists{.eligible_authrole = {{"operator"}}};
  event.pass_through = KeptPassThrough({PassThrough::Dialect::ppt, "x_mine", "cbor", {}, {}});
  const std::string args("\x81\x42\x00\xff", 4);
  event.payload = KeptPayload({data::Format::cbor, as_bytes(args), as_bytes("\xa0")});
  {
    const auto file = open();
    write(*file, {load(*file).id, 0, {std::make_shared<const KeptEvent>(event)}, 0});
  }
  const auto file = open();
  const auto history = load(*file);

  ASSERT_EQ(history.events.size(), 1u);
  const KeptEvent& kept = *history.events[0];
  EXPECT_EQ(kept.publication, event.publication);
  EXPECT_EQ(kept.time, event.time);
  EXPECT_EQ(kept.topic, event.topic);
  EXPECT_EQ(kept.publisher->authid, "peter");
  EXPECT_EQ(kept.lists->eligible_authrole, event.lists->eligible_authrole);
  EXPECT_EQ(kept.pass_through.view().scheme, "x_mine");
  EXPECT_EQ(kept.payload.view().format, data::Format::cbor);
  EXPECT_EQ(as_text(kept.payload.view().args), args);
  EXPECT_EQ(as_text(kept.payload.view().kwargs), "\xa0");
  EXPECT_EQ(kept.bytes(), event.bytes());
}

TEST_F(HistoryDatabaseTest, GoesOnWhereItWasAndKeepsHistoriesApart) {
  KeptTopic exact = log_topic;
  exact.match = Match::exact;
  {
    const auto file = open();
    const auto prefix = load(*file), other = load(*file, exact);
    EXPECT_EQ(std::pair(prefix.first, prefix.next), (std::pair<HistoryPlace, HistoryPlace>(0, 0)));
    write(*file, {prefix.id, 0, {logged(9), logged(3), logged(5)}, 0});
    write(*file, {other.id, 0, {logged(7)}, 0});
    write(*file, {prefix.id, 3, {logged(1)}, 1});
  }
  const auto file = open();
  const auto prefix = load(*file);

  EXPECT_THAT(ids(prefix), ElementsAre(3, 5, 1));
  EXPECT_EQ(std::pair(prefix.first, prefix.next), (std::pair<HistoryPlace, HistoryPlace>(1, 4)));
  EXPECT_THAT(ids(load(*file, exact)), ElementsAre(7));
  EXPECT_THAT((*file->load("elsewhere", log_topic)).events, IsEmpty());
}

TEST_F(HistoryDatabaseTest, GivesTheNewestThatTheLimitsAllow) {
  const auto file = open();
  write(*file, {load(*file).id, 0, {logged(1), logged(2), logged(3)}, 0});

  auto few = log_topic;
  few.history.events_max = 2;
  EXPECT_THAT(ids(load(*file, few)), ElementsAre(2, 3));
  EXPECT_EQ(load(*file, few).first, 1);
  auto small = log_topic;
  small.history.bytes_max = logged(1)->bytes();
  EXPECT_THAT(ids(load(*file, small)), ElementsAre(3));
  small.history.bytes_max -= 1;
  const auto none = load(*file, small);
  EXPECT_THAT(none.events, IsEmpty());
  EXPECT_EQ(std::pair(none.first, none.next), (std::pair<HistoryPlace, HistoryPlace>(3, 3)));
}

// A copy of the files at that moment is what a crash would have left.
TEST_F(HistoryDatabaseTest, WhatWasWrittenIsNotLostByACrash) {
  const auto file = open();
  write(*file, {load(*file).id, 0, {logged(1), logged(2)}, 0});
  std::filesystem::copy(path(), path("crashed.db"));
  std::filesystem::copy(path("history.db-wal"), path("crashed.db-wal"));

  const auto crashed = open("crashed.db");
  EXPECT_THAT(ids(load(*crashed)), ElementsAre(1, 2));
}

// No file of this process grows any more.
class FullDisk {
 public:
  explicit FullDisk(std::uintmax_t file_bytes_max) : before_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &limit_);
    const rlimit full{file_bytes_max, limit_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &full);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &limit_);
    std::signal(SIGXFSZ, before_);
  }

 private:
  rlimit limit_{};
  void (*before_)(int);
};

TEST_F(HistoryDatabaseTest, AWriteThatFailsLeavesNothingAndIsGoodTheNextTime) {
  const auto file = open();
  const auto id = load(*file).id;
  write(*file, {id, 0, {logged(1)}, 0});
  const HistoryChange change{id, 1, {logged(2), logged(3, 1'000'000)}, 1};
  {
    const FullDisk full(std::filesystem::file_size(path("history.db-wal")) + 100'000);
    const auto written = file->write({change});
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error(), HasSubstr(path()));
    EXPECT_THAT(ids(load(*file)), ElementsAre(1));
  }
  write(*file, change);
  EXPECT_THAT(ids(load(*file)), ElementsAre(2, 3));
}

TEST_F(HistoryDatabaseTest, RefusesAFileThatIsDamagedOrNotOfItsKind) {
  {
    const auto file = open("damaged.db");
    write(*file, {load(*file).id, 0, {logged(1, 20'000), logged(2, 20'000)}, 0});
  }
  const auto bytes = std::filesystem::file_size(path("damaged.db"));
  std::fstream damaged(path("damaged.db"), std::ios::in | std::ios::out | std::ios::binary);
  damaged.seekp(4 * 4096);
  damaged << std::string(bytes - 4 * 4096, '\xab');
  damaged.close();
  const auto opened = open("damaged.db");
  const auto loaded = opened->load("lab", log_topic);
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error(), HasSubstr("damaged.db is damaged"));

  {
    ASSERT_TRUE(store::Database::open(path("other.db"), {.version = 1, .create = "CREATE TABLE denied (x)"}));
  }
  const auto other = open_history_database(path("other.db"));
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error(), HasSubstr("other.db is not a database of this program"));
}

TEST_F(HistoryDatabaseTest, RefusesAnEventThatIsNone) {
  for (const std::string_view change: {"publication = 0", "format = 'yaml'", "details = '[]'"}) {
    SCOPED_TRACE(change);
    std::filesystem::remove(path());
    {
      const auto file = open();
      write(*file, {load(*file).id, 0, {logged(1)}, 0});
    }
    {
      auto database = store::Database::open(path(), {.version = 1, .application_id = 0x43704869});
      ASSERT_TRUE(database) << database.error();
      ASSERT_TRUE(database->execute("UPDATE event SET " + std::string(change)));
    }
    const auto file = open();
    const auto loaded = file->load("lab", log_topic);
    ASSERT_FALSE(loaded);
    EXPECT_THAT(loaded.error(), HasSubstr("is damaged"));
  }
}

}  // namespace
}  // namespace crosspoint::wamp
