// open_history_database() of history_file.h.
#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "store/database.h"
#include "wamp/event_details.h"
#include "wamp/io/history_file.h"

namespace crosspoint::wamp {
namespace {

// `match`, `format`: as WAMP and data/format.h name them. `details`: event_details.h.
constexpr store::Database::Schema history_schema{
    .version = 1,
    .create =
        "CREATE TABLE history (id INTEGER PRIMARY KEY, realm TEXT NOT NULL, uri TEXT NOT NULL,"
        " match TEXT NOT NULL, UNIQUE (realm, uri, match));"
        "CREATE TABLE event (history INTEGER NOT NULL, place INTEGER NOT NULL, publication INTEGER NOT NULL,"
        " time_ns INTEGER NOT NULL, topic TEXT NOT NULL, details TEXT NOT NULL, format TEXT NOT NULL,"
        " args BLOB NOT NULL, kwargs BLOB NOT NULL, PRIMARY KEY (history, place))",
    .application_id = 0x43704869};  // "CpHi"

constexpr std::string_view insert_history =
    "INSERT INTO history (realm, uri, match) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
constexpr std::string_view select_history =
    "SELECT id FROM history WHERE realm = ?1 AND uri = ?2 AND match = ?3";
constexpr std::string_view select_events =
    "SELECT place, publication, time_ns, topic, details, format, args, kwargs FROM event WHERE history = ?1"
    " ORDER BY place DESC LIMIT ?2";
constexpr std::string_view insert_event = "INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
constexpr std::string_view delete_events = "DELETE FROM event WHERE history = ?1 AND place < ?2";

// Nothing: the row is none that this program wrote.
SharedKeptEvent event_of(const store::Statement& row) {
  KeptEvent event;
  const std::int64_t publication = row.integer(1);
  const auto format = data::find_format(row.text(5));
  if (publication < 1 || !is_id(static_cast<std::uint64_t>(publication)) || !format) return nullptr;
  if (!read_event_details(row.text(4), event)) return nullptr;
  event.publication = PublicationId{static_cast<std::uint64_t>(publication)};
  event.time = WallTime(Duration(row.integer(2)));
  event.topic = row.text(3);
  event.payload = KeptPayload({*format, row.bytes(6), row.bytes(7)});
  return std::make_shared<const KeptEvent>(std::move(event));
}

class HistoryDatabase final : public HistoryFile {
 public:
  HistoryDatabase(std::string path, store::Database database, store::Statement insert, store::Statement erase)
      : path_(std::move(path)),
        database_(std::move(database)),
        insert_(std::move(insert)),
        erase_(std::move(erase)) {}

  Result<StoredHistory, std::string> load(const std::string& realm, const KeptTopic& topic) override;
  Result<void, std::string> write(const HistoryChanges& changes) override;

 private:
  Result<std::int64_t, std::string> id_of(const std::string& realm, const KeptTopic& topic);
  Result<void, std::string> load_events(const HistoryLimits& limits, StoredHistory& history);
  Result<void, std::string> write_change(const HistoryChange& change);
  Result<void, std::string> write_event(std::int64_t history, HistoryPlace place, const KeptEvent& event);

  const std::string path_;
  store::Database database_;
  store::Statement insert_, erase_;
};

Result<StoredHistory, std::string> HistoryDatabase::load(const std::string& realm, const KeptTopic& topic) {
  const auto id = id_of(realm, topic);
  if (!id) return fail(id.error());
  StoredHistory history{.id = *id, .realm = realm, .uri = topic.uri, .match = topic.match};
  if (const auto loaded = load_events(topic.history, history); !loaded) return fail(loaded.error());
  return history;
}

Result<std::int64_t, std::string> HistoryDatabase::id_of(const std::string& realm, const KeptTopic& topic) {
  auto insert = database_.prepare(insert_history);
  auto select = database_.prepare(select_history);
  if (!insert || !select) return fail((insert ? select : insert).error());
  const std::string_view realm_name = realm, uri = topic.uri, match = to_string(topic.match);
  if (const auto done = insert->run(realm_name, uri, match); !done) return fail(done.error());
  std::int64_t id = 0;
  const auto read =
      select->for_each([&](const store::Statement& row) { id = row.integer(0); }, realm_name, uri, match);
  if (!read) return fail(read.error());
  return id;
}

// From the newest back to where the limits are met.
Result<void, std::string> HistoryDatabase::load_events(const HistoryLimits& limits, StoredHistory& history) {
  auto select = database_.prepare(select_events);
  if (!select) return fail(select.error());
  std::size_t bytes = 0;
  bool damaged = false, full = false;
  const auto read = select->for_each(
      [&](const store::Statement& row) {
        const HistoryPlace place = row.integer(0);
        if (history.next == 0) history.first = history.next = place + 1;
        if (full || damaged) return;
        auto event = event_of(row);
        damaged = event == nullptr;
        if (damaged) return;
        bytes += event->bytes();
        full = bytes > limits.bytes_max;
        if (full) return;
        history.first = place;
        history.events.push_back(std::move(event));
      },
      history.id, static_cast<std::int64_t>(limits.events_max));
  if (!read) return fail(read.error());
  if (damaged) return fail(fmt::format("{} is damaged: it has an event that is none", path_));
  std::ranges::reverse(history.events);
  return {};
}

Result<void, std::string> HistoryDatabase::write(const HistoryChanges& changes) {
  if (auto begun = database_.execute("BEGIN IMMEDIATE"); !begun) return begun;
  for (const auto& change: changes) {
    if (auto written = write_change(change); !written) {
      static_cast<void>(database_.execute("ROLLBACK"));
      return written;
    }
  }
  return database_.execute("COMMIT");
}

Result<void, std::string> HistoryDatabase::write_change(const HistoryChange& change) {
  if (auto erased = erase_.run(change.id, change.first); !erased) return erased;
  HistoryPlace place = change.at;
  for (const auto& event: change.events) {
    if (auto written = write_event(change.id, place++, *event); !written) return written;
  }
  return {};
}

Result<void, std::string> HistoryDatabase::write_event(std::int64_t history, HistoryPlace place,
                                                       const KeptEvent& event) {
  const Payload payload = event.payload.view();
  const std::string details = write_event_details(event);
  return insert_.run(history, place, static_cast<std::int64_t>(number(event.publication)),
                     std::int64_t{event.time.time_since_epoch().count()}, std::string_view(event.topic),
                     std::string_view(details), data::to_string(payload.format), payload.args,
                     payload.kwargs);
}

}  // namespace

Result<std::unique_ptr<HistoryFile>, std::string> open_history_database(const std::string& path) {
  auto database = store::Database::open(path, history_schema);
  if (!database) return fail(database.error());
  auto insert = database->prepare(insert_event);
  auto erase = database->prepare(delete_events);
  if (!insert || !erase) return fail((insert ? erase : insert).error());
  return std::make_unique<HistoryDatabase>(path, std::move(*database), std::move(*insert), std::move(*erase));
}

}  // namespace crosspoint::wamp
