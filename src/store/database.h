#pragma once
// A SQLite database file that belongs to this process alone while it is open, and that loses nothing it has
// committed: write-ahead log, flushed at each commit (https://www.sqlite.org/pragma.html#pragma_synchronous).
//
//   auto database = store::Database::open("access.db", {.version = 1, .schema = "CREATE TABLE …"});
//   auto put = database->prepare("INSERT INTO denied VALUES (?, ?)");
//   put->run(booking, seconds);
//
// Errors are sentences for the operator, and name the file. Used by one thread at a time.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace crosspoint::store {

class Statement {
 public:
  Statement(Statement&&) noexcept = default;

  // Runs it to its end with these values in place of its question marks; rows are thrown away.
  template <class... Values>
  Result<void, std::string> run(const Values&... values) {
    bind_all(values...);
    return finish();
  }
  // Runs it and calls visit() for each row, in which text(), integer() and bytes() read the columns.
  template <class Visit, class... Values>
  Result<void, std::string> for_each(Visit visit, const Values&... values) {
    bind_all(values...);
    for (;;) {
      const auto row = step();
      if (!row) return fail(row.error());
      if (!*row) return {};
      visit(*this);
    }
  }
  std::string text(int column) const;
  std::int64_t integer(int column) const;
  Bytes bytes(int column) const;  // good until visit() returns

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  Statement(sqlite3_stmt* statement, std::string path) : statement_(statement), path_(std::move(path)) {}

  template <class... Values>
  void bind_all(const Values&... values) {
    int place = 0;
    (bind(++place, values), ...);
  }
  void bind(int place, std::string_view text);
  void bind(int place, std::int64_t number);
  void bind(int place, Bytes bytes);
  Result<bool, std::string> step();  // true: there is a row
  Result<void, std::string> finish();

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  std::string path_;
};

class Database {
 public:
  struct Schema {
    // Kept in the file. A file of a later version is refused; there are no earlier ones yet.
    int version = 1;
    std::string_view create;  // run when the file is new
    // What kind of file it is, kept in it too: one kind is not taken for another. 0: not said; below 2^31.
    std::uint32_t application_id = 0;
  };
  // Made if there is none, readable for its owner only. `path` may be ":memory:". Refused, and left as it is:
  // a file that is no database, another program's or another kind's database; one that is damaged, of a later
  // version, or open in another process.
  static Result<Database, std::string> open(const std::string& path, const Schema& schema);
  Database(Database&&) noexcept = default;

  Result<Statement, std::string> prepare(std::string_view sql);
  // One or more statements without values: "BEGIN", "COMMIT".
  Result<void, std::string> execute(std::string_view sql);

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  Database(sqlite3* database, std::string path) : database_(database), path_(std::move(path)) {}
  Result<void, std::string> lock();
  Result<void, std::string> prepare_file(const Schema& schema);
  Result<std::int64_t, std::string> ask_number(std::string_view sql);

  std::unique_ptr<sqlite3, Close> database_;
  std::string path_;
};

}  // namespace crosspoint::store
