#pragma once
// A section of the file that the table of options does not describe, because it holds things of which there
// may be any number: [[wamp.realm]], [[wamp.principal]]. The room that knows what they mean reads them, with
// a TableReader (table_reader.h), and is joined to the command line by cli. Flags and variables have no part
// in it.

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/option.h"
#include "config/toml_file.h"

namespace crosspoint::config {

// What a file holds under the section's name.
struct SectionText {
  std::string name;  // "wamp"
  std::string file;  // to begin sentences with
  FileTable table;
};

// One kind of table in the section, by the rows that its keys are read by: for pages that are made of rows.
struct SectionTable {
  std::string_view path;  // "wamp.realm"; of what stands in the section itself, "wamp"
  enum class Kind { one, many } kind = Kind::many;  // [wamp], [[wamp.realm]]
  std::string_view about;                           // whole sentences
  std::span<const Option> rows;
};

struct Section {
  std::string_view name;
  // Everything that is wrong, as sentences that begin with the place: "node.toml:3:8: wamp.realm.name: …"
  std::function<std::vector<std::string>(const SectionText& text)> check;
  std::string_view about = {};                // the first paragraphs of its page, Markdown
  std::span<const SectionTable> tables = {};  // an outer one before those inside it
};

}  // namespace crosspoint::config
