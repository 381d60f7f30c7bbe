#pragma once
// Reads one table of a section, key by key, and finds what is wrong with it: values that are none, keys that
// are missing, keys that nobody asked for ("did you mean …?").
//
//   TableReader realm("node.toml", "wamp.realm", table, problems);
//   const std::string name = realm.text(required(name_row));
//   for (const FileTable& inner: realm.tables("token")) …
//   realm.finish();
//
// What a key holds says an Option, as for the table of options: type, default, bounds, choices. Its key is
// the one in this table, "name"; commands, flags and aliases mean nothing here.

#include <string>
#include <string_view>
#include <vector>

#include "config/option.h"
#include "config/toml_file.h"
#include "config/value.h"

namespace crosspoint::config {

class TableReader {
 public:
  // The table and the list of problems outlive it. Sentences begin with file, place and "path.key".
  TableReader(std::string file, std::string path, const FileTable& table, std::vector<std::string>& problems)
      : file_(std::move(file)), path_(std::move(path)), table_(table), problems_(problems) {}

  // The value, or the row's default, also after a problem. Texts: text, secret, choice, endpoint.
  std::string text(const Option& row);
  std::int64_t integer(const Option& row);
  std::uint64_t bytes(const Option& row);
  Duration duration(const Option& row);
  bool boolean(const Option& row);
  std::vector<std::string> list(const Option& row);  // a single text is a list of one
  // The same; a problem when the key is not there.
  std::string required_text(const Option& row);

  bool has(std::string_view key) const { return find(key) != nullptr; }
  // Of a table or a list of tables; none when it is not there.
  const std::vector<FileTable>& tables(std::string_view key);

  // A sentence about a key's value, or, when the key is not there, about the table.
  void problem(std::string_view key, std::string_view sentence);
  // Says which keys nobody asked for.
  void finish();

  std::string path_of(std::string_view key) const { return path_ + "." + std::string(key); }

 private:
  const FileEntry* find(std::string_view key) const;
  Value value(const Option& row);
  void say(Position at, std::string_view key, std::string_view sentence);

  std::string file_, path_;
  const FileTable& table_;
  std::vector<std::string>& problems_;
  std::vector<std::string> asked_;
};

}  // namespace crosspoint::config
