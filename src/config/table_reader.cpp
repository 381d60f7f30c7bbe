#include "config/table_reader.h"

#include <fmt/core.h>

#include <algorithm>

#include "config/nearest_name.h"

namespace crosspoint::config {
namespace {

// What a type holds when nothing is written and the row has no default.
Value nothing_of(ValueType type) {
  switch (type) {
    case ValueType::integer: return std::int64_t{0};
    case ValueType::bytes: return std::uint64_t{0};
    case ValueType::duration: return Duration{};
    case ValueType::boolean: return false;
    case ValueType::list: return std::vector<std::string>();
    default: return std::string();
  }
}

Value initial_of(const Option& row) {
  if (row.initial.empty()) return nothing_of(row.type);
  auto value = read_text(row, row.initial);
  return value ? std::move(*value) : nothing_of(row.type);
}

}  // namespace

const FileEntry* TableReader::find(std::string_view key) const {
  const auto found = std::find_if(table_.entries.begin(), table_.entries.end(),
                                  [key](const FileEntry& entry) { return entry.key == key; });
  return found == table_.entries.end() ? nullptr : &*found;
}

Value TableReader::value(const Option& row) {
  asked_.emplace_back(row.key);
  const FileEntry* entry = find(row.key);
  if (entry == nullptr) return initial_of(row);
  Written written = entry->value;
  if (row.type == ValueType::list && written.kind == Written::Kind::text) {
    written = {Written::Kind::list, {}, {written.text}, true};
  }
  auto value = read_value(row, written);
  if (value) return std::move(*value);
  say(entry->value_at, row.key, value.error());
  return initial_of(row);
}

std::string TableReader::text(const Option& row) { return std::get<std::string>(value(row)); }
std::int64_t TableReader::integer(const Option& row) { return std::get<std::int64_t>(value(row)); }
std::uint64_t TableReader::bytes(const Option& row) { return std::get<std::uint64_t>(value(row)); }
Duration TableReader::duration(const Option& row) { return std::get<Duration>(value(row)); }
bool TableReader::boolean(const Option& row) { return std::get<bool>(value(row)); }
std::vector<std::string> TableReader::list(const Option& row) {
  return std::get<std::vector<std::string>>(value(row));
}

std::string TableReader::required_text(const Option& row) {
  std::string found = text(row);
  if (found.empty()) problem(row.key, has(row.key) ? "is empty" : "is missing");
  return found;
}

const std::vector<FileTable>& TableReader::tables(std::string_view key) {
  static const std::vector<FileTable> none;
  asked_.emplace_back(key);
  const FileEntry* entry = find(key);
  if (entry == nullptr) return none;
  if (entry->tables.empty())
    say(entry->value_at, key, fmt::format("is no table; write [[{}]]", path_of(key)));
  return entry->tables;
}

void TableReader::problem(std::string_view key, std::string_view sentence) {
  const FileEntry* entry = find(key);
  say(entry == nullptr ? table_.at : entry->value_at, key, sentence);
}

void TableReader::finish() {
  for (const FileEntry& entry: table_.entries) {
    if (std::find(asked_.begin(), asked_.end(), entry.key) != asked_.end()) continue;
    say(entry.key_at, printable(entry.key), "no such setting" + hint(entry.key, asked_));
  }
}

void TableReader::say(Position at, std::string_view key, std::string_view sentence) {
  problems_.push_back(fmt::format("{}:{}:{}: {}: {}", file_, at.line, at.column, path_of(key), sentence));
}

}  // namespace crosspoint::config
