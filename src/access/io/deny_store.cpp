#include "access/io/deny_store.h"

#include <utility>

#include "base/log.h"
#include "store/database.h"
#include "store/writer.h"

namespace crosspoint::access {
namespace {

constexpr store::Database::Schema schema{
    .version = 1,
    .create = "CREATE TABLE denied (booking TEXT PRIMARY KEY, until_seconds INTEGER NOT NULL) WITHOUT ROWID"};

std::int64_t to_seconds(WallTime at) {
  return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
}

struct Statements {
  store::Statement put;
  store::Statement erase;
  store::Statement prune;
};

class SqliteDenyStore final : public DenyStore {
 public:
  SqliteDenyStore(store::Database database, Statements statements)
      : database_(std::move(database)),
        statements_(std::move(statements)),
        writer_({.begin = [this] { begin_batch(); }, .end = [this] { end_batch(); }}) {}

  Result<std::vector<DeniedBooking>, std::string> load() override {
    std::vector<DeniedBooking> all;
    auto ask = database_.prepare("SELECT booking, until_seconds FROM denied");
    if (!ask) return fail(ask.error());
    const auto read = ask->for_each([&](const store::Statement& row) {
      all.push_back({row.text(0), WallTime(std::chrono::seconds(row.integer(1)))});
    });
    if (!read) return fail(read.error());
    return all;
  }

  void put(DeniedBooking denied, Done done) override {
    writer_.give([this, denied = std::move(denied), done = std::move(done)]() mutable {
      note(statements_.put.run(std::string_view(denied.booking), to_seconds(denied.until)), std::move(done));
    });
  }
  void erase(std::string booking, Done done) override {
    writer_.give([this, booking = std::move(booking), done = std::move(done)]() mutable {
      note(statements_.erase.run(std::string_view(booking)), std::move(done));
    });
  }
  void prune(WallTime now) override {
    writer_.give([this, now] { note(statements_.prune.run(to_seconds(now)), {}); });
  }

 private:
  // Nothing is said to be written before its batch is. One change that fails fails its whole batch: whoever
  // asked is told, and asks again.
  void begin_batch() {
    trouble_.reset();
    if (const auto begun = database_.execute("BEGIN IMMEDIATE"); !begun) trouble_ = begun.error();
  }
  void note(const Result<void, std::string>& result, Done done) {
    if (!result && !trouble_) trouble_ = result.error();
    if (done) owed_.push_back(std::move(done));
  }
  void end_batch() {
    if (trouble_) {
      static_cast<void>(database_.execute("ROLLBACK"));
    } else if (const auto written = database_.execute("COMMIT"); !written) {
      trouble_ = written.error();
    }
    if (trouble_) log::error("access", "the deny list could not be written: {}", *trouble_);
    for (auto& done: owed_) done(trouble_);
    owed_.clear();
  }

  store::Database database_;
  Statements statements_;
  std::optional<std::string> trouble_;  // of the batch
  std::vector<Done> owed_;              // to be called when it is over
  store::Writer writer_;                // last: its thread uses the others
};

class ForgetfulDenyStore final : public DenyStore {
 public:
  Result<std::vector<DeniedBooking>, std::string> load() override { return std::vector<DeniedBooking>(); }
  void put(DeniedBooking, Done done) override { done(std::nullopt); }
  void erase(std::string, Done done) override { done(std::nullopt); }
  void prune(WallTime) override {}
};

}  // namespace

Result<std::unique_ptr<DenyStore>, std::string> open_deny_store(const std::string& path) {
  auto database = store::Database::open(path, schema);
  if (!database) return fail(database.error());
  auto put = database->prepare("INSERT OR REPLACE INTO denied VALUES (?, ?)");
  auto erase = database->prepare("DELETE FROM denied WHERE booking = ?");
  auto prune = database->prepare("DELETE FROM denied WHERE until_seconds < ?");
  for (const auto* statement: {&put, &erase, &prune}) {
    if (!*statement) return fail(statement->error());
  }
  return std::make_unique<SqliteDenyStore>(std::move(*database),
                                           Statements{std::move(*put), std::move(*erase), std::move(*prune)});
}

std::unique_ptr<DenyStore> make_forgetful_deny_store() { return std::make_unique<ForgetfulDenyStore>(); }

}  // namespace crosspoint::access
