#include "store/database.h"

#include <fmt/core.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "base/assert.h"

namespace crosspoint::store {
namespace {

std::string sentence(std::string_view path, int code, std::string_view detail) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return fmt::format("{} is in use by another program", path);
    case SQLITE_NOTADB: return fmt::format("{} is not a database of this program", path);
    case SQLITE_CORRUPT: return fmt::format("{} is damaged", path);
    case SQLITE_FULL: return fmt::format("{} cannot be written: the disk is full", path);
    case SQLITE_CANTOPEN:
      return fmt::format("{} cannot be opened: is its folder there, and yours to write?", path);
    case SQLITE_READONLY: return fmt::format("{} cannot be written: it is read-only", path);
    default: return fmt::format("{}: {}", path, detail);
  }
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void Statement::bind(int place, std::string_view text) {
  const int code =
      sqlite3_bind_text64(statement_.get(), place, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  CROSSPOINT_ASSERT(code != SQLITE_RANGE && code != SQLITE_MISUSE);
}

void Statement::bind(int place, std::int64_t number) {
  const int code = sqlite3_bind_int64(statement_.get(), place, number);
  CROSSPOINT_ASSERT(code != SQLITE_RANGE && code != SQLITE_MISUSE);
}

// No bytes are a value too, and a null pointer would be none.
void Statement::bind(int place, Bytes bytes) {
  const void* begin = bytes.empty() ? static_cast<const void*>("") : bytes.data();
  const int code = sqlite3_bind_blob64(statement_.get(), place, begin, bytes.size(), SQLITE_TRANSIENT);
  CROSSPOINT_ASSERT(code != SQLITE_RANGE && code != SQLITE_MISUSE);
}

Result<bool, std::string> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(statement_.get());
    return false;
  }
  auto trouble = sentence(path_, code, sqlite3_errmsg(sqlite3_db_handle(statement_.get())));
  sqlite3_reset(statement_.get());
  return fail(std::move(trouble));
}

Result<void, std::string> Statement::finish() {
  for (;;) {
    const auto row = step();
    if (!row) return fail(row.error());
    if (!*row) return {};
  }
}

std::string Statement::text(int column) const {
  const auto* begin = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return begin == nullptr ? std::string() : std::string(begin, static_cast<std::size_t>(size));
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }

Bytes Statement::bytes(int column) const {
  const auto* begin = static_cast<const std::byte*>(sqlite3_column_blob(statement_.get(), column));
  return {begin, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

void Database::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Result<Database, std::string> Database::open(const std::string& path, const Schema& schema) {
  sqlite3* opened = nullptr;
  // The file and those beside it are made readable for nobody else.
  const mode_t before = ::umask(077);
  const int code = sqlite3_open_v2(path.c_str(), &opened,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(opened, path);
  Result<void, std::string> ready;
  if (code != SQLITE_OK) {
    ready = fail(sentence(path, code, sqlite3_errmsg(opened)));
  } else {
    ready = database.prepare_file(schema);
  }
  ::umask(before);
  if (!ready) return fail(ready.error());
  return database;
}

// A lock that is never given back tells a second process at once; the log in memory that WAL otherwise
// shares between processes is then not needed either.
Result<void, std::string> Database::lock() {
  return execute("PRAGMA locking_mode=EXCLUSIVE; BEGIN IMMEDIATE; COMMIT;");
}

Result<void, std::string> Database::prepare_file(const Schema& schema) {
  if (auto locked = lock(); !locked) return locked;
  const auto version = ask_number("PRAGMA user_version");
  const auto kind = ask_number("PRAGMA application_id");
  const auto tables = ask_number("SELECT count(*) FROM sqlite_schema");
  for (const auto* answer: {&version, &kind, &tables}) {
    if (!*answer) return fail(answer->error());
  }
  const bool is_new = *version == 0 && *tables == 0;
  if (!is_new && (*version == 0 || *kind != schema.application_id)) {
    return fail(sentence(path_, SQLITE_NOTADB, ""));
  }
  if (*version > schema.version) {
    return fail(fmt::format("{} was written by a later version of this program", path_));
  }
  if (auto set = execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"); !set || !is_new) return set;
  return execute(fmt::format("BEGIN; {}; PRAGMA application_id={}; PRAGMA user_version={}; COMMIT;",
                             schema.create, schema.application_id, schema.version));
}

Result<std::int64_t, std::string> Database::ask_number(std::string_view sql) {
  auto ask = prepare(sql);
  if (!ask) return fail(ask.error());
  std::int64_t number = 0;
  if (auto read = ask->for_each([&](const Statement& row) { number = row.integer(0); }); !read) {
    return fail(read.error());
  }
  return number;
}

Result<Statement, std::string> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return fail(sentence(path_, code, sqlite3_errmsg(database_.get())));
  return Statement(statement, path_);
}

Result<void, std::string> Database::execute(std::string_view sql) {
  const int code = sqlite3_exec(database_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return {};
  auto trouble = sentence(path_, code, sqlite3_errmsg(database_.get()));
  if (sqlite3_get_autocommit(database_.get()) == 0) {
    sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  return fail(std::move(trouble));
}

}  // namespace crosspoint::store
