#pragma once
// A TOML file as a flat list: each value with its whole key and where it stands. What the keys mean is not
// known here. Bounds: the text may be 1 MiB; a deeper nesting than a configuration needs is an error, not a
// crash.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/value.h"

namespace crosspoint::config {

struct Position {
  unsigned line = 1;    // from 1
  unsigned column = 1;  // from 1, in characters
};

struct FileTable;

struct FileEntry {
  std::string key;  // "serve.listen"; of a table that is not in the list of sections: its name, "srve"
  Position key_at;
  Position value_at;
  Written value;
  bool is_table = false;
  std::vector<FileTable> tables;  // of a table: itself; of a list of tables: each
};

// A table inside a section, for settings that there are any number of ([[wamp.realm]]): see table_reader.h.
// Keys are as they stand in it: "name".
struct FileTable {
  Position at;
  std::vector<FileEntry> entries;
};

struct SyntaxError {
  Position at;
  std::string sentence;
};

// In the order of the file. A table at the top is entered; any other table is an entry itself (is_table).
Result<std::vector<FileEntry>, SyntaxError> read_toml(std::string_view text);

}  // namespace crosspoint::config
